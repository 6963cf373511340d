"""``pandas.read_csv`` for plain files by way of pyarrow, which reads without holding Python's lock.

Each file becomes a table in a thread; the tables become frames together, because making a
frame costs as much as reading a small file.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping, Sequence
from itertools import accumulate
from typing import Any

from ..utils.optional import require
from .tablefiles import _MISSING

#: Arguments of ``pandas.read_csv`` that are served; with any other one pandas reads by itself.
_SERVED = {"sep", "delimiter", "parse_dates", "index_col"}
_SAMPLE = 4096
_SMALL_BYTES = 1 << 18  # files up to this size are read together
_INT64_DIGITS = 18  # longer whole numbers are no floats to pandas


def takes(read_args: Mapping[str, Any]) -> bool:
    """Whether these arguments of ``pandas.read_csv`` can be served here."""
    if not set(read_args) <= _SERVED:
        return False
    separator = read_args.get("sep", read_args.get("delimiter", ","))
    dates, index = read_args.get("parse_dates", False), read_args.get("index_col")
    return (
        isinstance(separator, str)
        and len(separator) == 1
        and (dates in (None, False) or _names(dates))
        and (index is None or (isinstance(index, (str, int)) and not isinstance(index, bool)))
    )


def _names(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(name, str) for name in value)


class TableReader:
    """Reads files as pyarrow tables with pandas' idea of their types, from any number of threads.

    Finding out the types costs as much as reading, so they are guessed from the first row; a file
    that does not keep to it is read again, and its column is not guessed in the next ones.
    """

    def __init__(self, read_args: Mapping[str, Any]) -> None:
        self._pa = require("pyarrow")
        self._csv = require("pyarrow.csv")
        self._separator = read_args.get("sep", read_args.get("delimiter", ","))
        self._dates = frozenset(read_args.get("parse_dates") or ())
        self._uneven: set[str] = set()
        self._options: dict[Any, Any] = {}

    def read_together(self, paths: Sequence[str]) -> list[Any]:
        """Files as tables; None for those that pandas should read.

        Small files with the same columns are read as one, because starting to read costs as much
        as reading them.
        """
        tables: list[Any] = [None] * len(paths)
        alike: dict[Any, list[int]] = {}
        datas: list[bytes] = []
        for i, path in enumerate(paths):
            try:
                with open(path, "rb") as file:
                    datas.append(file.read())
            except OSError:
                datas.append(b"")  # pandas will say what is wrong
            alike.setdefault(self._kind(datas[i]), []).append(i)
        for kind, places in alike.items():
            found = (
                None if kind is None or len(places) < 2 else self._as_one([datas[i] for i in places], kind)
            )
            for i, table in zip(places, found or [self.read(datas[i]) for i in places], strict=True):
                tables[i] = table
        return tables

    def _kind(self, data: bytes) -> Any:
        """The columns of a file that can be read together with others of its kind; None if it cannot."""
        if len(data) > _SMALL_BYTES or b'"' in data:
            return None
        try:
            names, first = _head(data, self._separator)
        except ValueError:
            return None
        if self._hopeless(names, first):
            return None
        types = self._certain(names, first) | self._guessed(names, first)
        return (tuple(types.items()), data.partition(b"\n")[0]) if len(types) == len(names) else None

    def _as_one(self, datas: list[bytes], kind: Any) -> list[Any] | None:
        """The tables of files of one kind; None if they have to be read one by one."""
        bodies = [data.partition(b"\n")[2] for data in datas]
        bodies = [body if not body or body.endswith(b"\n") else body + b"\n" for body in bodies]
        counts = [body.count(b"\n") for body in bodies]
        try:
            whole = self._parse(b"\n".join([kind[1], b"".join(bodies)]), dict(kind[0]))
        except ValueError:
            return None
        if whole.num_rows != sum(counts):
            return None  # empty lines somewhere
        ends = list(accumulate(counts))
        return [whole.slice(end - count, count) for end, count in zip(ends, counts, strict=True)]

    def read(self, data: bytes) -> Any:
        """The text of a file as a table; None if pandas should read it."""
        try:
            names, first = _head(data, self._separator)
            if self._hopeless(names, first):
                return None
            certain = self._certain(names, first)
            guessed = certain | self._guessed(names, first)
            try:
                return self._as_pandas(data, guessed)
            except ValueError:
                if guessed == certain:
                    return None
            table = self._as_pandas(data, certain)
            self._uneven.update(
                name for name, kind in guessed.items() if table.schema.field(name).type != kind
            )
            return table
        except ValueError:
            return None

    @staticmethod
    def _hopeless(names: list[str], first: list[str]) -> bool:
        """Whether pandas has rules for these columns that pyarrow does not know."""
        return (
            len(set(names)) < len(names)
            or "" in names
            or len(names) != len(first)
            or any(text.isdecimal() and len(text) > _INT64_DIGITS for text in first)
        )

    def _certain(self, names: list[str], first: list[str]) -> dict[str, Any]:
        types = {}
        for name, text in zip(names, first, strict=True):
            if name in self._dates:
                types[name] = self._pa.timestamp("us")
            elif text[:1].isdigit() and not _is_number(text):
                types[name] = self._pa.string()  # pandas leaves dates as texts
        return types

    def _guessed(self, names: list[str], first: list[str]) -> dict[str, Any]:
        types = {}
        for name, text in zip(names, first, strict=True):
            if name in self._dates or name in self._uneven or not text[:1].isdigit():
                continue
            if text.isdecimal() and (text[0] != "0" or text == "0"):
                types[name] = self._pa.int64()
            elif "." in text and _is_number(text):
                types[name] = self._pa.float64()
        return types

    def _as_pandas(self, data: bytes, types: dict[str, Any]) -> Any:
        """The table, what pyarrow alone takes for a date or for nothing being set right."""
        table = self._parse(data, types)
        surprises = {
            field.name: _of_pandas(self._pa, field.type)
            for field in table.schema
            if field.name not in types and _of_pandas(self._pa, field.type) is not None
        }
        return self._parse(data, types | surprises) if surprises else table

    def _parse(self, data: bytes, types: dict[str, Any]) -> Any:
        key = tuple(types.items())
        options = self._options.get(key)
        if options is None:
            options = self._options[key] = self._csv.ConvertOptions(
                column_types=types, null_values=list(_MISSING), strings_can_be_null=True
            )
        return self._csv.read_csv(
            self._pa.BufferReader(data),
            read_options=self._csv.ReadOptions(use_threads=False, block_size=max(len(data), 65536)),
            parse_options=self._csv.ParseOptions(delimiter=self._separator),
            convert_options=options,
        )


def _head(data: bytes, separator: str) -> tuple[list[str], list[str]]:
    """Names and first row of a file; empty if there are none."""
    sample = data[:_SAMPLE].decode("utf-8-sig", errors="strict" if len(data) <= _SAMPLE else "ignore")
    rows = csv.reader((line for line in sample.splitlines()[:2] if line), delimiter=separator)
    names = next(rows, [])
    return names, next(rows, [])


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return "_" not in text


def _of_pandas(pa: Any, kind: Any) -> Any:
    """The type pandas gives to what pyarrow takes for a date or for nothing; None if they agree."""
    if pa.types.is_null(kind):
        return pa.float64()
    return pa.string() if pa.types.is_temporal(kind) else None


def assemble(tables: list[Any], read_args: Mapping[str, Any]) -> Iterator[Any]:
    """The frames of tables, in order: tables alike are converted at once and cut apart again."""
    pandas = require("pandas", extra="pandas", why="ParallelCSVLoader")
    pa = require("pyarrow")
    frames: list[Any] = [None] * len(tables)
    alike: dict[Any, list[int]] = {}
    for i, table in enumerate(tables):
        # a column with something missing is of another type in pandas
        missing = tuple(column.null_count > 0 for column in table.columns)
        alike.setdefault((str(table.schema), missing), []).append(i)
    for group in alike.values():
        whole = pa.concat_tables([tables[i] for i in group]).to_pandas()
        whole = _finish(pandas, whole, read_args)
        begin = 0
        for i in group:
            end = begin + tables[i].num_rows
            frame = whole.iloc[begin:end]
            if read_args.get("index_col") is None:
                frame.index = pandas.RangeIndex(end - begin)
            frames[i] = frame
            begin = end
    return iter(frames)


def _finish(pandas: Any, frame: Any, read_args: Mapping[str, Any]) -> Any:
    unit = pandas.to_datetime(["2020-01-02"]).unit  # pandas changed its mind about this one
    for name in read_args.get("parse_dates") or []:
        if unit != "us":
            frame[name] = frame[name].astype(f"datetime64[{unit}]")
    index = read_args.get("index_col")
    if index is None:
        return frame
    return frame.set_index(frame.columns[index] if isinstance(index, int) else index)
