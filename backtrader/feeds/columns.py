"""Feeds of files that are larger than memory: Parquet and CSV, read in blocks of whole columns.

Preloaded, they take seven doubles a bar. With ``exactbars=1`` one block is in memory, and the
file may be of any length.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from ..errors import DataError
from ..lines.timeframe import TimeFrame
from ..utils.datearrays import datetimes_to_nums
from .base import DataBase
from .csvcolumns import micros_of_day
from .tablefiles import BLOCK_ROWS, Block, TableFile

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_DAY = 86_400_000_000


class BlocksData(DataBase):
    """Bars that come in blocks of whole columns, one block in memory; a subclass implements ``_files``."""

    #: Whether a day's bar without a time of day gets the end of the session, as text feeds do.
    _dates_end_sessions = False

    _rows: Iterator[Any]

    def start(self) -> None:
        """Begin at the first row again."""
        super().start()
        self._rows = self._iterate()

    def _files(self) -> Iterator[Iterator[Block]]:
        """The sources one after the other, each a stream of blocks."""
        raise NotImplementedError(f"{type(self).__name__} does not say what to read (_files)")

    # -- columns -----------------------------------------------------------------------------------
    def _column_chunks(self) -> Iterator[Any]:
        self._rows = iter(())
        return self._blocks()

    def _blocks(self) -> Iterator[dict[str, NDArray[np.float64]]]:
        for file in self._files():
            for columns, aware in file:
                columns["datetime"] = self._times(columns["datetime"], aware)
                yield columns

    def _times(self, micros: NDArray[np.int64], aware: bool) -> NDArray[np.float64]:
        """What the datetime line holds before ``tzinput`` is applied to it."""
        if aware:
            self._tzinput = None  # the file says its zone itself
        elif self._dates_end_sessions and self.p.timeframe >= TimeFrame.Days:
            return self._session_ends(micros)
        return datetimes_to_nums(micros, "us")

    def _session_ends(self, micros: NDArray[np.int64]) -> NDArray[np.float64]:
        """As `GenericCSVData` stamps days and longer: the session's end if that is later."""
        import numpy as np

        plain = datetimes_to_nums(micros, "us")
        written = datetimes_to_nums(micros, "us", self._tzinput) if self._tzinput else plain
        midnight = np.floor_divide(micros, _DAY) * _DAY
        ends = datetimes_to_nums(midnight + micros_of_day(self.p.sessionend), "us", self._tz)
        return np.where(ends > written, ends, plain)

    # -- rows --------------------------------------------------------------------------------------
    def _iterate(self) -> Iterator[Any]:
        for columns in self._blocks():
            values = [column.tolist() for column in columns.values()]
            lines = [getattr(self.lines, name) for name in columns]
            for row in zip(*values, strict=True):
                yield zip(lines, row, strict=True)

    def _load(self) -> bool:
        row = next(self._rows, None)
        if row is None:
            return False
        for line, value in row:
            line[0] = value
        return True


class ColumnsData(BlocksData):
    """Bars out of a file with named columns; the kind of file is told by its suffix.

    A line's parameter names its column (or gives its position); -1 looks for the usual names
    (``Date``, ``Open``, ``vol`` …), None means that there is no such column. A line added in a
    subclass is looked for under its own name. Times with a zone become UTC; others are read as
    ``tzinput`` says.
    """

    params: Any = (
        ("datetime", -1),
        ("open", -1),
        ("high", -1),
        ("low", -1),
        ("close", -1),
        ("volume", -1),
        ("openinterest", -1),
        ("dtformat", None),  # strptime format of a text column of dates; None: ISO or a count since 1970
        ("separator", ","),
        ("blockrows", BLOCK_ROWS),
    )

    def _after_init(self) -> None:
        source = self.p.dataname
        if not self.p.name and not self._name and isinstance(source, (str, os.PathLike)):
            self._name = os.path.splitext(os.path.basename(os.fspath(source)))[0]
        super()._after_init()

    def _files(self) -> Iterator[Iterator[Block]]:
        """The sources one after the other, each a stream of blocks."""
        if self.p.dataname is None:
            raise DataError(f"{type(self).__name__} needs a file: dataname='prices.parquet'")
        yield self._table(self.p.dataname).blocks()

    def _table(self, path: Any) -> TableFile:
        names = list(self.lines._names)
        wanted = {name: getattr(self.p, name, -1) for name in names}
        return TableFile(path, names, wanted, self.p.dtformat, self.p.separator, self.p.blockrows)


class ParquetData(ColumnsData):
    """Bars out of a Parquet file (needs pyarrow); times are taken as they are."""


class ColumnsCSVData(ColumnsData):
    """Bars out of a text file whose first row names the columns.

    Reads what `GenericCSVData` reads, to the same bars, without being told positions or the
    date's format. pyarrow makes it faster, nothing more.
    """

    _dates_end_sessions = True
