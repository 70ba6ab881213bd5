from os import PathLike
from typing import Any

import pyarrow

__version__: str

class NotScreened(Exception):
    """A list that was asked for is missing, empty, shrunk or too old: nobody was screened."""

class Engine:
    """The law and the lists of one folder each, ready to be asked about tables. One a process is enough, also for several threads."""

    def __init__(
        self,
        *,
        packs: str | PathLike[str] | None = None,
        lists: str | PathLike[str] | None = None,
        as_of: str | None = None,
        known_by: str | None = None,
        max_list_age: int | None = None,
    ) -> None:
        """Read packs and lists; the packs built in, and no lists, where no folder is named.

        ``as_of``: the law and the lists as they stood on this day (``"2026-11-22"``); ``assess`` takes each transfer's own date without it,
        ``screen`` must have it. ``known_by``: the law as it was recorded by this day. ``max_list_age``: older lists are refused, in days before
        ``as_of``.

        Raises ``NotScreened`` when a list cannot be used, ``ValueError`` when packs or dates cannot be read.
        """

    @property
    def basis(self) -> str:
        """Digests of packs, lists, names and program, as JSON: engines with the same basis give the same answers."""

    def screen(self, parties: Any) -> pyarrow.RecordBatch:
        """Screen parties: one row a hit, and one a record that could not be read (``rejected``).

        Takes anything with the Arrow C interface that has a column ``id`` and the columns of the contract's table of parties. A party without
        a row had no hit, which is no clearance.
        """

    def assess(self, transfers: Any, *, documents: bool = True) -> pyarrow.RecordBatch:
        """Assess transfers: one row each, in their order.

        Takes a column ``id`` and the columns of the contract's table of transfers. With ``documents`` the whole determination as JSON in
        ``determination``; without, a sentence in ``summary``.
        """

    @staticmethod
    def hits_schema() -> pyarrow.Schema: ...
    @staticmethod
    def determinations_schema() -> pyarrow.Schema: ...
