"""Feeds that read text: one bar a line, fields between separators."""

from __future__ import annotations

import os.path
import sys
from collections import deque
from collections.abc import Iterator
from itertools import islice, repeat
from typing import Any

from ..errors import DataError
from .base import DataBase
from .sources import backwards, open_text, path_of

_BLOCK_ROWS = 32768
_WORTH_NUMPY = 2000  # rows from which whole columns are faster even if numpy has to be imported

_UNREADABLE = (ValueError, IndexError, OverflowError, StopIteration, ZeroDivisionError, KeyError)


class CSVDataBase(DataBase):
    """Opens the source (see `open_text`) and splits its lines.

    A subclass implements ``_loadline(linetokens)`` and returns True, False or None like ``_load``.
    A line it cannot read is an error that names the file, the row and the text.
    """

    params: Any = (("headers", True), ("separator", ","))

    _reads_text = True

    f: Any = None
    separator: str
    _row = 0
    _row_step = 1
    _unread: deque[str]

    def _after_init(self) -> None:
        if not self.p.name and not self._name:
            self._name = os.path.splitext(os.path.basename(path_of(self.p.dataname)))[0]
        super()._after_init()

    # -- the source ----------------------------------------------------------------------------
    def start(self) -> None:
        """Open the source and skip the line with the names of the columns."""
        super().start()
        self._row, self._row_step, self._unread = 0, 1, deque()
        if self.f is None:
            self.f = open_text(self.p.dataname)
        if self.p.headers:
            self._row += 1
            self.f.readline()
        self.separator = self.p.separator

    def _turn_around(self) -> None:
        """Read the lines that are left from the last to the first."""
        self.f, count = backwards(self.f)
        self._row, self._row_step = self._row + count + 1, -1

    def stop(self) -> None:
        """Close the source."""
        super().stop()
        self._close()

    def preload(self) -> None:
        """Load all bars and close the source."""
        try:
            super().preload()
        finally:
            self._close()

    def _close(self) -> None:
        if self.f is not None:
            self.f.close()
            self.f = None

    # -- rows ----------------------------------------------------------------------------------
    def _getnextline(self) -> list[str] | None:
        """The fields of the next line; None at the end."""
        if self.f is None:
            return None
        line = self._unread.popleft() if self._unread else self.f.readline()
        if not line:
            return None
        self._row += self._row_step
        return line.rstrip("\n").split(self.separator)

    def _load(self) -> Any:
        tokens = CSVDataBase._getnextline(self)  # compat: a subclass' own _getnextline is not asked
        while tokens is not None and self._no_bar(tokens):
            tokens = CSVDataBase._getnextline(self)
        if tokens is None:
            return False
        try:
            return self._loadline(tokens)
        except _UNREADABLE as error:
            raise self._row_error(tokens, error) from error

    def _loadline(self, linetokens: list[str]) -> Any:
        raise NotImplementedError(f"{type(self).__name__} does not say how to read a line (_loadline)")

    def _no_bar(self, tokens: list[str]) -> bool:
        """Whether a line stands for nothing and is passed over."""
        return False

    def _row_error(self, tokens: list[str], error: Exception) -> DataError:
        where = f"{path_of(self.p.dataname) or self._name or type(self).__name__}, row {self._row}"
        bad = self._bad_field(tokens) if any(tokens) else "the row is empty"
        text = self.separator.join(tokens)
        reason = bad or f"{type(error).__name__}: {error}"
        return DataError(f"{where}: cannot be read: {reason}; the row is {text!r}")

    def _bad_field(self, tokens: list[str]) -> str:
        """Which field of a line is wrong, in words; empty if a subclass cannot tell."""
        return ""

    # -- columns ---------------------------------------------------------------------------------
    def _column_chunks(self) -> Iterator[Any]:
        """Blocks of lines as columns, up to the first block that has to be read row by row."""
        yield from self._scanned_chunks()
        while self.f is not None:
            lines = self._next_lines()
            if not lines:
                return
            columns = self._columns_of(lines)
            if columns is None:
                self._unread.extendleft(reversed(lines))
                return
            self._row += len(lines) * self._row_step
            yield columns

    def _next_lines(self) -> list[str]:
        unread = self._unread
        lines = [unread.popleft() for _ in range(min(len(unread), _BLOCK_ROWS))]
        return lines or list(islice(iter(self.f.readline, ""), _BLOCK_ROWS))

    def _scanned_chunks(self) -> Iterator[Any]:
        """Blocks read by machine code, if that is worth it, as far as it goes."""
        if self._wanted(0) is None or not hasattr(self.f, "read"):
            return
        from . import csvfast
        from .byteblocks import ByteBlocks

        blocks = ByteBlocks(self.f, path_of(self.p.dataname))
        if not csvfast.compiled.worthwhile(blocks.size()):
            return
        while block := blocks.read():
            width = block.count(self.separator.encode(), 0, block.index(b"\n")) + 1
            scanned = self._wanted(width).scan(block)
            if scanned is None:
                break
            columns = self._finished(scanned, width)
            if columns is None:
                break
            self._row += len(columns["datetime"]) * self._row_step
            yield columns
        self._unread.extend(blocks.give_back())

    def _finished(self, scanned: tuple[Any, Any], width: int) -> Any:
        micros, columns = scanned
        try:
            return self._finish_columns(micros, columns, width)
        except _UNREADABLE:
            return None

    def _wanted(self, width: int) -> Any:
        """A `csvfast.Wanted` for files with so many columns; None if only the text will do."""
        return None

    def _finish_columns(self, micros: Any, columns: Any, width: int) -> Any:
        """Columns by line name out of the wall clock in microseconds and the columns that were wanted.

        None to have the block read by other means.
        """
        raise NotImplementedError(f"{type(self).__name__} does not say what its columns mean")

    def _columns_of(self, lines: list[str]) -> Any:
        if len(lines) < _WORTH_NUMPY and "numpy" not in sys.modules:
            return None
        fields = split_columns(lines, self.separator)
        if fields is None:
            return None
        try:
            return self._read_columns(fields)
        except _UNREADABLE:  # reading it by rows finds the place
            return None

    def _read_columns(self, fields: list[list[str]]) -> Any:
        """Columns by line name out of columns of text; None to have them read row by row."""
        return None


def split_columns(lines: list[str], separator: str) -> list[list[str]] | None:
    """Columns of text out of lines; None if the lines do not have the same number of fields."""
    if len(separator) != 1:
        return None
    counts = set(map(str.count, lines, repeat(separator)))
    if len(counts) != 1:
        return None
    width = counts.pop() + 1
    flat = "".join(lines).removesuffix("\n").replace("\n", separator).split(separator)
    if len(flat) != width * len(lines):
        return None
    return [flat[i::width] for i in range(width)]
