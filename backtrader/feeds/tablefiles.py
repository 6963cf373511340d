"""Parquet and CSV files as a stream of columns, a block of rows at a time.

pyarrow reads both quickly. Without it CSV is read by our own code, to the same numbers; Parquet
needs it. What comes out holds one block in memory, however large the file is.
"""

from __future__ import annotations

import bz2
import csv
import gzip
import importlib.util
import io
import lzma
import os
from collections.abc import Callable, Iterator, Mapping
from itertools import islice
from typing import TYPE_CHECKING, Any

from ..errors import DataError
from ..utils.optional import require
from . import csvcolumns
from .csvbase import split_columns
from .tables import find_columns, numbers_to_micros, texts_to_micros

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

#: Microseconds since 1970 under ``datetime``, floats under the other lines, and whether the time is UTC.
Block = tuple[dict[str, Any], bool]

BLOCK_ROWS = 65536
_CSV_BYTES = 4 << 20
#: What pandas holds to be missing, so that both ways read the same.
_MISSING = (
    "", "#N/A", "#N/A N/A", "#NA", "-1.#IND", "-1.#QNAN", "-NaN", "-nan", "1.#IND", "1.#QNAN", "<NA>",
    "N/A", "NA", "NULL", "NaN", "None", "n/a", "nan", "null",
)  # fmt: skip


class TableFile:
    """One file: where it is, which columns it has, how to read it in blocks."""

    def __init__(
        self,
        path: Any,
        lines: list[str],
        wanted: Mapping[str, Any],
        dtformat: str | None = None,
        separator: str = ",",
        rows: int = BLOCK_ROWS,
    ) -> None:
        self.path = os.fspath(path)
        self.lines, self.wanted = lines, wanted
        self.dtformat, self.separator, self.rows = dtformat, separator, rows

    def blocks(self) -> Iterator[Block]:
        """The file from its first row to its last."""
        lower = self.path.lower()
        if not os.path.exists(self.path):
            raise DataError(f"{self.path}: there is no such file")
        if lower.endswith((".parquet", ".pq")):
            return self._parquet()
        return self._arrow_csv() if _has_pyarrow() else self._plain_csv()

    # -- pyarrow ---------------------------------------------------------------------------------
    def _parquet(self) -> Iterator[Block]:
        parquet = require("pyarrow.parquet", extra="parquet", why="reading Parquet files")
        try:
            file = parquet.ParquetFile(self.path, pre_buffer=False, buffer_size=1 << 20)
        except Exception as error:
            raise DataError(f"{self.path}: not a Parquet file that can be read ({error})") from error
        with file:
            names = file.schema_arrow.names
            places = find_columns(names, self.lines, self.wanted, self.path)
            columns = [names[place] for place in places.values()]
            first = 0
            for batch in file.iter_batches(batch_size=self.rows, columns=columns, use_threads=False):
                yield self._of_arrow(dict(zip(places, map(batch.column, columns), strict=True)), first)
                first += batch.num_rows

    def _arrow_csv(self) -> Iterator[Block]:
        arrow_csv = require("pyarrow.csv", extra="parquet", why="reading CSV in blocks")
        names, sample = self._head()
        if not names:
            return
        places = find_columns(names, self.lines, self.wanted, self.path)
        if len(set(names)) < len(names):
            yield from self._plain_csv()  # columns of one name cannot be told apart there
            return
        types = self._csv_types(places, names, sample)
        try:
            reader = arrow_csv.open_csv(
                self.path,
                read_options=arrow_csv.ReadOptions(block_size=_CSV_BYTES, use_threads=False),
                parse_options=arrow_csv.ParseOptions(delimiter=self.separator),
                convert_options=arrow_csv.ConvertOptions(
                    column_types=types,
                    include_columns=list(types),
                    null_values=list(_MISSING),
                    strings_can_be_null=False,
                ),
            )
            first = 0
            for batch in reader:
                chosen = {line: batch.column(names[place]) for line, place in places.items()}
                yield self._of_arrow(chosen, first)
                first += batch.num_rows
        except (ValueError, OSError) as error:
            raise DataError(f"{self.path}: cannot be read: {error}") from error

    def _csv_types(self, places: Mapping[str, int], names: list[str], sample: list[str]) -> dict[str, Any]:
        pa = require("pyarrow")
        types = {}
        for line, place in places.items():
            if line != "datetime":
                types[names[place]] = pa.float64()
            elif self.dtformat is None and _iso(sample[place] if place < len(sample) else ""):
                types[names[place]] = pa.timestamp("us")
            else:
                types[names[place]] = pa.string()
        return types

    def _of_arrow(self, columns: Mapping[str, Any], first: int) -> Block:
        """A batch as floats and microseconds; ``first`` is the row number of its first row."""
        import numpy as np

        out: dict[str, Any] = {}
        aware = False
        for line, column in columns.items():
            try:
                if line == "datetime":
                    out[line], aware = _arrow_times(column, self.dtformat)
                else:
                    values = column.cast("float64").to_numpy(zero_copy_only=False)
                    out[line] = np.asarray(values, dtype=np.float64)
            except (ValueError, TypeError, OverflowError) as error:
                raise DataError(
                    f"{self.path}: {line} cannot be read in the block from row {first}: {error}"
                ) from error
        return out, aware

    # -- without pyarrow ----------------------------------------------------------------------------
    def _plain_csv(self) -> Iterator[Block]:
        with open_text(self.path) as file:
            names = next(csv.reader([file.readline()], delimiter=self.separator), [])
            if not names:
                return
            places = find_columns(names, self.lines, self.wanted, self.path)
            first = 2  # the row number a person would give: the names are row 1
            while True:
                lines = list(islice(file, self.rows))
                if not lines:
                    return
                block = self._of_lines([line.rstrip("\r\n") + "\n" for line in lines], places, first)
                yield block
                first += len(lines)

    def _of_lines(self, lines: list[str], places: Mapping[str, int], first: int) -> Block:
        lines = [line for line in lines if line != "\n"]
        fields = None if '"' in "".join(lines) else split_columns(lines, self.separator)
        if fields is None:
            fields = self._by_reader(lines, first)
        out: dict[str, Any] = {}
        aware = False
        for line, place in places.items():
            if place >= len(fields):
                raise DataError(f"{self.path}, row {first}: column {place} ({line}) is missing")
            try:
                if line == "datetime":
                    out[line], aware = texts_to_micros(fields[place], self.dtformat)
                else:
                    out[line] = _floats(fields[place])
            except ValueError as error:
                bad = self._bad_row(fields[place], line, first)
                raise DataError(f"{self.path}{bad}: {line} cannot be read: {error}") from error
        return out, aware

    def _by_reader(self, lines: list[str], first: int) -> list[list[str]]:
        rows = list(csv.reader(io.StringIO("".join(lines)), delimiter=self.separator))
        width = len(rows[0])
        for number, row in enumerate(rows, first):
            if len(row) != width:
                raise DataError(f"{self.path}, row {number}: {len(row)} fields where others have {width}")
        return [list(column) for column in zip(*rows, strict=True)]

    def _bad_row(self, texts: list[str], line: str, first: int) -> str:
        read: Callable[[str], Any] = _floats_of_one if line != "datetime" else self._time_of_one
        for number, text in enumerate(texts, first):
            try:
                read(text)
            except ValueError:
                return f", row {number}"
        return f", block from row {first}"

    def _time_of_one(self, text: str) -> Any:
        return texts_to_micros([text], self.dtformat)

    def _head(self) -> tuple[list[str], list[str]]:
        """The names and the first row."""
        with open_text(self.path) as file:
            rows = list(csv.reader(islice(file, 2), delimiter=self.separator))
        return (rows[0] if rows else []), (rows[1] if len(rows) > 1 else [])


def open_text(path: str) -> Any:
    """A text file for reading, packed or not."""
    opener: Any = {".gz": gzip.open, ".bz2": bz2.open, ".xz": lzma.open}.get(os.path.splitext(path)[1], open)
    return opener(path, "rt", encoding="utf-8-sig", newline="")


def _has_pyarrow() -> bool:
    return importlib.util.find_spec("pyarrow") is not None


def _iso(text: str) -> bool:
    """Whether pyarrow reads this as a moment: ISO, without a zone (it would drop it)."""
    return len(text) in (10, 16, 19) and text[4:5] == "-" and text[7:8] == "-"


def _arrow_times(column: Any, dtformat: str | None) -> tuple[NDArray[np.int64], bool]:
    """A pyarrow column of any kind of time as microseconds."""
    import numpy as np

    pa = require("pyarrow")
    kind = column.type
    if pa.types.is_timestamp(kind):
        if column.null_count:
            raise ValueError(f"row {_first_null(column)} of the block has no date")
        return np.asarray(column.cast(pa.timestamp("us", kind.tz), safe=False).cast("int64")), (
            kind.tz is not None
        )
    if pa.types.is_date(kind):
        days = column.cast(pa.date32()).cast("int32").to_numpy(zero_copy_only=False)
        return np.asarray(days, dtype=np.int64) * 86_400_000_000, False
    if pa.types.is_integer(kind) or pa.types.is_floating(kind):
        return numbers_to_micros(np.asarray(column.to_numpy(zero_copy_only=False))), True
    return texts_to_micros([text or "" for text in column.to_pylist()], dtformat)


def _first_null(column: Any) -> int:
    nulls = column.is_null().to_pylist()
    return int(nulls.index(True))


def _floats(texts: list[str]) -> NDArray[np.float64]:
    """Numbers; what stands for nothing is NaN."""
    try:
        return csvcolumns.floats(texts)
    except ValueError:
        import numpy as np

        return np.array([_floats_of_one(text) for text in texts], dtype=np.float64)


def _floats_of_one(text: str) -> float:
    return float("nan") if text.strip() in _MISSING else float(text)
