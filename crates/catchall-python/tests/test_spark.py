"""The same answers from a Spark session of two workers as from one engine, and from workers that have other lists none at all."""

import json
import os
import shutil
import sys

import pyarrow
import pytest

pytest.importorskip("pyspark")
if shutil.which("java") is None:
    pytest.skip("Spark needs a Java runtime", allow_module_level=True)

from pyspark.errors import PythonException
from pyspark.sql import SparkSession

import catchall.spark
from catchall import Engine

from conftest import ROOT

DAY = "2026-11-22"
PACKS = str(ROOT / "packs")


@pytest.fixture(scope="module")
def session():
    os.environ["PYSPARK_PYTHON"] = sys.executable
    made = (
        SparkSession.builder.master("local[2]")
        .config("spark.ui.enabled", "false")
        .config("spark.driver.bindAddress", "127.0.0.1")
        .config("spark.driver.host", "127.0.0.1")
        .config("spark.sql.execution.arrow.maxRecordsPerBatch", "50")
        .getOrCreate()
    )
    yield made
    made.stop()


def in_order(rows):
    return sorted(rows, key=lambda row: json.dumps(row, default=str))


def rows_of(table):
    return in_order(table.toArrow().to_pylist())


@pytest.fixture(scope="module")
def parties(names):
    rows = [{"id": f"{turn}-{place}", "name": name[: len(name) - turn]} for turn in range(5) for place, name in enumerate(names)]
    return pyarrow.Table.from_pylist([*rows, {"id": "", "name": "nobody"}])


@pytest.mark.parametrize("ship", [True, False])
def test_screening_is_the_same_on_many_workers(session, parties, lists, ship):
    wanted = Engine(packs=PACKS, lists=lists, as_of=DAY).screen(parties.to_batches()[0]).to_pylist()
    assert sum(row["rejected"] is None for row in wanted) > 10
    spread = session.createDataFrame(parties).repartition(7)
    made = catchall.spark.screen(spread, as_of=DAY, lists=str(lists), packs=PACKS, ship=ship)
    assert rows_of(made) == in_order(wanted)


def test_assessment_is_the_same_on_many_workers(session):
    transfers = session.read.csv(str(ROOT / "examples/transfers.csv"), header=True)
    made = catchall.spark.assess(transfers.repartition(3), packs=PACKS)
    wanted = Engine(packs=PACKS).assess(transfers.toArrow().to_batches()[0])
    assert rows_of(made) == in_order(wanted.to_pylist())


def test_a_worker_with_other_lists_stops_the_job(session, parties, lists, catchall_program, tmp_path):
    theirs = tmp_path / "lists"
    shutil.copytree(lists, theirs)
    made = catchall.spark.screen(session.createDataFrame(parties), as_of=DAY, lists=str(theirs), packs=PACKS, ship=False)
    # Between the driver's word and the workers' reading somebody puts another list there.
    sample = ROOT / "data/lists/uk/UK-Sanctions-List.xml"
    catchall_program("lists", "import", "--quiet", "--source", "a sample", sample, "--lists", theirs)
    with pytest.raises(PythonException, match="other packs or lists than the driver"):
        made.count()
