"""What a run expects of a writer."""

from __future__ import annotations

from typing import Any

from ..utils.construct import ParamsBase

__all__ = ["WriterBase"]


class WriterBase(ParamsBase):
    """Base of writers: derive from it to send what a run has to tell somewhere else.

    A run calls `start`, at the end `writedict` with the whole report, then `stop`.  Writers with a
    parameter ``csv`` that is set also get `addheaders` before the start, and for every bar `addvalues`
    and `next`.
    """

    def start(self) -> None:
        """The run begins; the headers are known."""

    def stop(self) -> None:
        """The run is over."""

    def next(self) -> None:
        """A bar is over; its values were added."""

    def addheaders(self, headers: list[str]) -> None:
        """Names of columns, in the order of the values to come."""

    def addvalues(self, values: list[Any]) -> None:
        """Values of this bar."""

    def writedict(self, dct: Any, level: int = 0, recurse: bool = False) -> None:
        """The report: nested dictionaries, in order."""
