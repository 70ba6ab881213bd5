"""What the tests share: the program itself as the twin of every answer, and a folder of lists that it has made."""

import json
import os
import pathlib
import shutil
import subprocess

import pytest

ROOT = pathlib.Path(__file__).resolve().parents[3]


def program() -> str:
    named = os.environ.get("CATCHALL_PROGRAM")
    found = [named] if named else [ROOT / "target/release/catchall", ROOT / "target/debug/catchall", shutil.which("catchall")]
    for path in found:
        if path and pathlib.Path(path).exists():
            return str(path)
    pytest.fail("the program is the twin of these tests: `cargo build`, or name it in CATCHALL_PROGRAM")


@pytest.fixture(scope="session")
def catchall_program(tmp_path_factory):
    """Runs the program in the project's folder, and gives what it wrote."""
    path = program()

    def run(*arguments, codes=(0,)):
        done = subprocess.run([path, *map(str, arguments)], cwd=ROOT, capture_output=True, text=True, check=False)
        assert done.returncode in codes, done.stderr
        return done.stdout

    return run


@pytest.fixture(scope="session")
def lists(catchall_program, tmp_path_factory):
    folder = tmp_path_factory.mktemp("lists")
    catchall_program("lists", "import", "--quiet", "--source", "a sample", ROOT / "data/lists/un/consolidated.xml", "--lists", folder)
    return folder


@pytest.fixture(scope="session")
def names(lists, catchall_program):
    """The first name of every party of the list."""
    shown = catchall_program("lists", "show", "un", "--lists", lists, "--format", "json").splitlines()
    return [json.loads(line)["names"][0]["text"] for line in shown]
