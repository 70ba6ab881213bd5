#!/bin/sh
# Builds the wheel into an environment of its own and runs its tests, those over Spark too where there is Java.
#
#     crates/catchall-python/check.sh [PROGRAM]      PROGRAM: a built `catchall`, the twin of every answer
set -eu
here=$(dirname "$(realpath "$0")")
program=${1:-$here/../../target/release/catchall}
test -x "$program" || { echo "there is no program at $program: build it first, or name one" >&2; exit 2; }
cd "$here"
environment=${ENVIRONMENT:-$here/.venv}
test -d "$environment" || python3 -m venv "$environment"
"$environment/bin/pip" install --quiet "maturin>=1.9,<2"
cargo fmt --check
cargo clippy --all-targets --locked -- -D warnings
VIRTUAL_ENV=$environment "$environment/bin/maturin" develop --locked --extras spark,test
CATCHALL_PROGRAM=$(realpath "$program") "$environment/bin/python" -m pytest -q tests
