"""Screening and assessment of tables that are spread over a Spark cluster.

Every Python worker opens the packs and lists once and keeps them; rows go in and out as Arrow batches. All the machines must answer from the same
law and the same lists: the driver says which, by digest, and a worker that has others stops the job.
"""

from __future__ import annotations

import functools
import json
import os
from collections.abc import Iterator

import pyarrow
from pyspark.sql import DataFrame
from pyspark.sql.pandas.types import from_arrow_schema

from . import Engine

__all__ = ["assess", "screen"]


def screen(
    parties: DataFrame,
    *,
    as_of: str,
    lists: str | None = None,
    packs: str | None = None,
    max_list_age: int | None = None,
    ship: bool = True,
) -> DataFrame:
    """Screen the parties of a table against the lists as they stood on ``as_of``: one row a hit, and one a record that could not be read.

    ``lists`` and ``packs`` name folders. With ``ship`` the driver sends them to the workers; without, each worker reads the same path of its own,
    as it must under Spark Connect.
    """
    asked = {"as_of": as_of, "known_by": None, "max_list_age": max_list_age}
    return _spread(parties, "screen", asked, {"lists": lists, "packs": packs}, ship, {})


def assess(
    transfers: DataFrame,
    *,
    as_of: str | None = None,
    known_by: str | None = None,
    lists: str | None = None,
    packs: str | None = None,
    max_list_age: int | None = None,
    documents: bool = True,
    ship: bool = True,
) -> DataFrame:
    """Assess the transfers of a table: one row each. See ``screen`` for the folders and ``Engine.assess`` for the columns."""
    asked = {"as_of": as_of, "known_by": known_by, "max_list_age": max_list_age}
    return _spread(transfers, "assess", asked, {"lists": lists, "packs": packs}, ship, {"documents": documents})


def _spread(table: DataFrame, verb: str, asked: dict, folders: dict, ship: bool, options: dict) -> DataFrame:
    # The driver reads everything first: what is wrong is said here and at once, and the index of the lists lies ready before it is sent.
    own = Engine(**asked, **folders)
    wanted = own.basis
    schema = from_arrow_schema(Engine.hits_schema() if verb == "screen" else Engine.determinations_schema())
    shipped = {}
    if ship:
        for name, folder in folders.items():
            if folder is not None:
                table.sparkSession.sparkContext.addFile(os.path.abspath(folder), recursive=True)
                shipped[name] = os.path.basename(os.path.abspath(folder))
    settings = json.dumps([asked, folders, shipped], sort_keys=True)
    # Spark takes a point in a column's name for a way into it: inside, columns go by their numbers.
    names = table.columns
    numbered = table.toDF(*(f"column_{number}" for number in range(len(names))))

    def work(batches: Iterator[pyarrow.RecordBatch]) -> Iterator[pyarrow.RecordBatch]:
        engine = _engine(settings, wanted)
        for batch in batches:
            yield getattr(engine, verb)(batch.rename_columns(names), **options)

    return numbered.mapInArrow(work, schema)


@functools.lru_cache(maxsize=2)
def _engine(settings: str, wanted: str) -> Engine:
    """The engine of this worker, opened once for all its tasks."""
    asked, folders, shipped = json.loads(settings)
    if shipped:
        from pyspark import SparkFiles

        folders = {name: SparkFiles.get(shipped[name]) if name in shipped else folder for name, folder in folders.items()}
    engine = Engine(**asked, **folders)
    if engine.basis != wanted:
        raise RuntimeError(f"this machine has other packs or lists than the driver: {engine.basis} here, {wanted} there")
    return engine
