"""Writers of plain text: to standard output, a file, or memory."""

from __future__ import annotations

import io
import itertools
import os
import sys
from collections.abc import Callable, Iterable, Iterator
from typing import Any, TextIO

from ..lines.series import LineSeries
from .base import WriterBase

__all__ = ["WriterFile", "WriterStringIO"]


class WriterFile(WriterBase):
    """Text to ``out``: nothing for standard output, a file's name, or an open file.

    A named file is closed at the end, an open one with ``close_out``.  With ``csv`` there is a row
    for each bar, its fields apart by ``csvsep``, numbered with ``csv_counter``, and empty where a value
    is missing with ``csv_filternan``.  The report is indented by ``indent`` a level and has lines of
    ``separators`` (one after the other, level by level) up to column ``seplen``; its floats are rounded
    to ``rounding`` digits, if given.
    """

    params: Any = (
        ("out", None),
        ("close_out", False),
        ("csv", False),
        ("csvsep", ","),
        ("csv_filternan", True),
        ("csv_counter", True),
        ("indent", 2),
        ("separators", ["=", "-", "+", "*", ".", "~", '"', "^", "#"]),
        ("seplen", 79),
        ("rounding", None),
    )

    out: TextIO
    close_out: bool
    headers: list[str]
    values: list[Any]
    _len: Iterator[int]
    _started = False

    def __init__(self) -> None:
        self._len = itertools.count(1)
        # compat: not emptied between the runs of an optimisation, whose later header rows repeat the first
        self.headers = []
        self.values = []

    # -- life-cycle --------------------------------------------------------------------------------
    def start(self) -> None:
        """Open what is written to; the header row."""
        self._open()
        self._started = True
        if self.p.csv:
            self.writelineseparator()
            self.writeiterable(self.headers, counter="Id")

    def _open(self) -> None:
        out = self.p.out
        self.close_out = self.p.close_out
        if out is None:
            self.out = sys.stdout
        elif isinstance(out, str | os.PathLike):
            # the runs of an optimisation follow one another in the file
            self.out = open(out, "a" if self._started else "w", encoding="utf-8")  # noqa: SIM115
            self.close_out = True
        else:
            self.out = out

    def stop(self) -> None:
        """Close what is to be closed."""
        if self.close_out:
            self.out.close()

    # -- bars ----------------------------------------------------------------------------------------
    def next(self) -> None:
        """The row of this bar."""
        if self.p.csv:
            self.writeiterable(self.values, func=str, counter=next(self._len))
            self.values = []

    def addheaders(self, headers: list[str]) -> None:
        """More columns."""
        if self.p.csv:
            self.headers.extend(headers)

    def addvalues(self, values: list[Any]) -> None:
        """More values for this bar's row."""
        if not self.p.csv:
            return
        if self.p.csv_filternan:
            values = ["" if value != value else value for value in values]
        self.values.extend(values)

    # -- text ----------------------------------------------------------------------------------------
    def writeiterable(
        self, iterable: Iterable[Any], func: Callable[[Any], str] | None = None, counter: Any = ""
    ) -> None:
        """One row of fields, each turned into text by ``func``, after ``counter`` if rows are numbered."""
        fields = [str(counter)] if self.p.csv_counter else []
        fields.extend(map(func or str, iterable))
        self.writeline(self.p.csvsep.join(fields))

    def writeline(self, line: str) -> None:
        """One line."""
        self.out.write(line + "\n")

    def writelines(self, lines: Iterable[str]) -> None:
        """Several lines."""
        for line in lines:
            self.writeline(line)

    def writelineseparator(self, level: int = 0) -> None:
        """A separator as long as what is left at this level of indentation."""
        separators, indentation = self.p.separators, level * self.p.indent
        separator = separators[level % len(separators)]
        self.writeline(" " * indentation + separator * (self.p.seplen - indentation))

    def writedict(self, dct: Any, level: int = 0, recurse: bool = False) -> None:
        """Nested dictionaries, indented, each below a separator; ``recurse`` says that we are inside one."""
        if not recurse:
            self.writelineseparator(level)
        lead = " " * (level * self.p.indent) + ("- " if recurse else "")
        for key, value in dct.items():
            if isinstance(value, dict):
                if recurse:
                    self.writelineseparator(level)
                self.writeline(f"{lead}{key}:")
                self.writedict(value, level + 1, recurse=True)
            else:
                self.writeline(f"{lead}{key}: {self._told(value)}")

    def _told(self, value: Any) -> str:
        if isinstance(value, str):
            return value
        if isinstance(value, float) and self.p.rounding is not None:
            return str(round(value, self.p.rounding))
        if isinstance(value, type):
            return value.__name__ if issubclass(value, LineSeries) else str(value)
        # compat: what is inside a list is neither rounded nor named
        return ", ".join(map(str, value)) if isinstance(value, Iterable) else str(value)


class WriterStringIO(WriterFile):
    """The same text in memory: ``writer.out`` is a stream that stands at its beginning after the run."""

    params: Any = (("out", io.StringIO),)

    def _open(self) -> None:
        self.close_out = self.p.close_out
        if not self._started:
            self.out = self.p.out() if callable(self.p.out) else self.p.out
        self.out.seek(0, io.SEEK_END)  # the runs of an optimisation follow one another

    def stop(self) -> None:
        """Back to the beginning, for the reader."""
        self.out.seek(0)
        super().stop()
