"""Bars out of a pandas DataFrame, read column by column; pandas itself is never imported here."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from ..errors import DataError
from ..utils.datearrays import datetimes_to_nums
from ..utils.dateintern import date2num
from ..utils.params import nearest
from .base import DataBase

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_BLOCK_ROWS = 65536


class _FrameData(DataBase):
    """Reads columns of a DataFrame by position; a subclass says which one goes to which line."""

    datafields = ["datetime", "open", "high", "low", "close", "volume", "openinterest"]

    _sources: dict[str, Any]
    _rows: Iterator[Any]
    _size: int

    def start(self) -> None:
        """Find the columns."""
        super().start()
        frame = self.p.dataname
        self._size = len(frame)
        places = self._places(frame)
        self._sources = {"datetime": self._time_source(frame, places.pop("datetime"))}
        self._sources.update((name, frame.iloc[:, place]) for name, place in places.items())
        self._rows = self._iterate()

    def _places(self, frame: Any) -> dict[str, int]:
        """The column (position) of every line that has one; -1 for ``datetime`` is the index."""
        raise NotImplementedError

    def _time_source(self, frame: Any, place: int) -> Any:
        return (frame.index if place < 0 else frame.iloc[:, place]).array

    def _iterate(self) -> Iterator[Any]:
        lines = [getattr(self.lines, name) for name in self._sources]
        for columns in self._blocks():
            values = (column.tolist() for column in columns.values())
            yield from (zip(lines, row, strict=True) for row in zip(*values, strict=True))

    def _load(self) -> bool:
        row = next(self._rows, None)
        if row is None:
            self._rows = iter(())  # a generator cannot be sent to another process
            return False
        for line, value in row:
            line[0] = value
        return True

    def _column_chunks(self) -> Iterator[Any]:
        self._rows = iter(())
        return self._blocks()

    def _blocks(self) -> Iterator[Any]:
        for start in range(0, self._size, _BLOCK_ROWS):
            stop = min(start + _BLOCK_ROWS, self._size)
            block = {}
            for name, source in self._sources.items():
                read = _nums if name == "datetime" else _floats
                try:
                    block[name] = read(source[start:stop] if read is _nums else source.iloc[start:stop])
                except (ValueError, TypeError, OverflowError) as error:
                    raise self._column_error(name, start, stop, error) from error
            yield block

    def _column_error(self, name: str, start: int, stop: int, error: Exception) -> DataError:
        feed = self._name or type(self).__name__
        relative = " (numbers below are counted from the first of them)" if start else ""
        rows = f"rows {start} to {stop - 1}{relative}"
        return DataError(f"feed {feed!r}: {name} cannot be read, {rows}: {error}")


class PandasData(_FrameData):
    """Columns by name or position.

    ``datetime``: None is the index, a negative number a column named like that (else the index).
    The others: None means there is none, a negative number a column named like the line if there
    is one.  ``nocase`` compares names without case.
    """

    params: Any = (
        ("nocase", True),
        ("datetime", None),
        ("open", -1),
        ("high", -1),
        ("low", -1),
        ("close", -1),
        ("volume", -1),
        ("openinterest", -1),
    )

    datafields = list(_FrameData.datafields)

    def _places(self, frame: Any) -> dict[str, int]:
        names = [self._comparable(name) for name in frame.columns]
        if names and not any(isinstance(name, str) for name in names) and self._searches():
            raise DataError(
                f"the columns are named {names[0]!r} and so on, not by names: rename them or give positions"
            )
        found = {"datetime": -1}
        for line in self.lines._names:
            place = self._place(line, getattr(self.p, line), names)
            if place is not None:
                found[line] = place
        return found

    def _searches(self) -> bool:
        prices = [getattr(self.p, line) for line in self.lines._names if line != "datetime"]
        return all(wanted is not None and not isinstance(wanted, str) and wanted < 0 for wanted in prices)

    def _place(self, line: str, wanted: Any, names: list[Any]) -> int | None:
        if wanted is None:
            return None
        if not isinstance(wanted, str):
            if wanted >= len(names):
                raise DataError(f"{line}={wanted}: the DataFrame has {len(names)} columns, counted from 0")
            if wanted >= 0:
                return int(wanted)
            wanted, needed = line, False
        else:
            needed = True
        wanted = self._comparable(wanted)
        if wanted in names:
            return names.index(wanted)
        if needed:
            raise DataError(f"{line}={wanted!r}: no such column; {nearest(wanted, map(str, names))}")
        return None

    def _comparable(self, name: Any) -> Any:
        return name.lower() if self.p.nocase and isinstance(name, str) else name


class PandasDirectData(_FrameData):
    """Columns by position as ``DataFrame.itertuples`` counts them: 0 is the index.

    A negative number or None means there is none.
    """

    params: Any = (
        ("datetime", 0),
        ("open", 1),
        ("high", 2),
        ("low", 3),
        ("close", 4),
        ("volume", 5),
        ("openinterest", 6),
    )

    datafields = list(_FrameData.datafields)

    def _places(self, frame: Any) -> dict[str, int]:
        found = {}
        width = len(frame.columns)
        for line in self.lines._names:
            place = getattr(self.p, line)
            if place is None or place < 0:
                continue
            if place > width:
                raise DataError(
                    f"{line}={place}: there is the index (0) and columns 1 to {width}; -1 is for none"
                )
            found[line] = place - 1
        return found


def _floats(series: Any) -> NDArray[np.float64]:
    """Values as floats; what pandas holds to be missing is NaN."""
    import numpy as np

    if isinstance(series.dtype, np.dtype) and series.dtype.kind in "fiub":
        return np.asarray(series, dtype=np.float64)
    values: NDArray[np.float64] = series.to_numpy(dtype="float64", na_value=np.nan)
    return values


def _nums(times: Any) -> NDArray[np.float64]:
    """Dates, of a datetime dtype or as objects, as numbers in UTC."""
    import numpy as np

    if hasattr(times, "asi8") and hasattr(times, "tz"):
        return datetimes_to_nums(times.asi8, times.unit)
    for value in times:
        if not hasattr(value, "toordinal"):
            raise TypeError(
                f"{value!r} is no date; convert with pandas.to_datetime, or say which column holds dates"
            )
    return np.array([date2num(value) for value in times], dtype=np.float64)
