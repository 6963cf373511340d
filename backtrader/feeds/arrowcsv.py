"""``pandas.read_csv`` for plain files by way of pyarrow, which reads without holding Python's lock.

Each file becomes a table in a thread; the tables become frames together, because making a
frame costs as much as reading a small file.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping
from typing import Any

from ..utils.optional import require
from .tablefiles import _MISSING

#: Arguments of ``pandas.read_csv`` that are served; with any other one pandas reads by itself.
_SERVED = {"sep", "delimiter", "parse_dates", "index_col"}
_SAMPLE = 4096


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


def read_table(path: str, read_args: Mapping[str, Any]) -> Any:
    """A file as a pyarrow table with pandas' idea of its types; None if pandas should read it."""
    pa = require("pyarrow")
    arrow_csv = require("pyarrow.csv")
    separator = read_args.get("sep", read_args.get("delimiter", ","))
    dates = read_args.get("parse_dates") or []
    try:
        with open(path, "rb") as file:
            data = file.read()
        names, first = _head(data, separator)
        if len(set(names)) < len(names) or "" in names or len(names) != len(first):
            return None
        types = {}
        for name, text in zip(names, first, strict=True):
            if name in dates:
                types[name] = pa.timestamp("us")
            elif text[:1].isdigit() and not _is_number(text):
                types[name] = pa.string()  # pandas leaves dates as texts
        for _ in range(2):
            table = _read(pa, arrow_csv, data, separator, types)
            surprises = {
                field.name: _as_pandas(pa, field.type)
                for field in table.schema
                if field.name not in types and _as_pandas(pa, field.type) is not None
            }
            if not surprises:
                return table
            types.update(surprises)
    except (OSError, ValueError, UnicodeDecodeError):
        return None
    return None


def _read(pa: Any, arrow_csv: Any, data: bytes, separator: str, types: dict[str, Any]) -> Any:
    return arrow_csv.read_csv(
        pa.BufferReader(data),
        read_options=arrow_csv.ReadOptions(use_threads=False, block_size=max(len(data), 65536)),
        parse_options=arrow_csv.ParseOptions(delimiter=separator),
        convert_options=arrow_csv.ConvertOptions(
            column_types=types, null_values=list(_MISSING), strings_can_be_null=True
        ),
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


def _as_pandas(pa: Any, kind: Any) -> Any:
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
