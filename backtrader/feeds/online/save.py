"""What a source gives, as a file: written in parts, resumed after an interruption, never half there."""

from __future__ import annotations

import csv
import datetime as _dt
import json
import math
import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ...errors import DataError
from .source import Bar, Source

HEADER = ["datetime", "open", "high", "low", "close", "volume", "openinterest"]


@dataclass
class Saved:
    """What a download came to."""

    path: Path
    bars: int
    """Bars in the file."""
    fetched: int
    """Bars that this call brought."""
    restarted: bool = False
    """Whether earlier bars were thrown away because the provider's prices had changed since."""


Progress = Callable[[Saved, Bar], Any]


def save(
    source: Source,
    path: str | os.PathLike[str],
    begin: _dt.datetime | None = None,
    end: _dt.datetime | None = None,
    update: bool = False,
    progress: Progress | None = None,
) -> Saved:
    """Download into ``path``, a CSV file that the feeds of this package read.

    Bars go to ``path.part`` page by page; when all are there it takes the place of ``path``. A
    ``.part`` of the same request is continued. ``update`` continues a finished file. Where the two
    meet, one bar is fetched again: if its prices have changed (adjusted prices do when a split or
    dividend came), everything is downloaded anew, because old and new bars would not fit.
    """
    target = Path(path)
    if target.exists() and not update:
        raise DataError(f"{target}: exists already; update it, or remove it first")
    part = _Part(target, source, begin)
    known = part.known(update)
    try:
        return _continue(source, part, known, begin, end, progress)
    except _Changed:
        part.remove()
        saved = _continue(source, part, None, begin, end, progress)
        saved.restarted = True
        return saved


def _continue(
    source: Source,
    part: _Part,
    known: tuple[int, Bar] | None,
    begin: _dt.datetime | None,
    end: _dt.datetime | None,
    progress: Progress | None,
) -> Saved:
    bars, last = known if known is not None else (0, None)
    saved = Saved(part.target, bars, 0)
    with part.open(fresh=last is None) as file:
        writer = csv.writer(file, lineterminator="\n")
        if last is None:
            writer.writerow(HEADER)
        met = last is None
        for page in source.pages(begin if last is None else last.when, end):
            for bar in page:
                if last is not None and bar.when <= last.when:
                    if bar.when == last.when:
                        if not _alike(bar, last):
                            raise _Changed
                        met = True
                    continue
                if not met:
                    raise _Changed  # the bar that was there last is gone
                writer.writerow(_row(bar, source.intraday))
                last = bar
                saved.bars += 1
                saved.fetched += 1
            file.flush()
            os.fsync(file.fileno())
            if progress is not None and page:
                progress(saved, page[-1])
    if not saved.bars:
        part.remove()
        raise DataError(f"{source.provider}: {source.symbol}: there are no bars between the dates asked for")
    part.finish()
    return saved


class _Changed(Exception):
    """The provider tells another past than before."""


class _Part:
    """The unfinished file, and the note beside it of what it is a part of."""

    def __init__(self, target: Path, source: Source, begin: _dt.datetime | None) -> None:
        self.target = target
        self.path = target.with_name(target.name + ".part")
        self.note = target.with_name(target.name + ".part.json")
        self.request = {**source.describe(), "begin": str(begin or "")}
        self.intraday = source.intraday

    def known(self, update: bool) -> tuple[int, Bar] | None:
        """How many bars are there already, and the last of them; None to start anew."""
        if self.path.exists() and self._asked() == self.request:
            return self._read(self.path)
        if not update or not self.target.exists():
            return None
        self.path.write_bytes(self.target.read_bytes())
        return self._read(self.path)

    def _asked(self) -> Any:
        try:
            return json.loads(self.note.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return None

    def _read(self, path: Path) -> tuple[int, Bar] | None:
        """Count bars and read the last whole row; a row that was cut off is removed."""
        data = path.read_bytes()
        whole = data[: data.rfind(b"\n") + 1]
        if len(whole) < len(data):
            path.write_bytes(whole)
        lines = whole.decode("utf-8").splitlines()
        if len(lines) < 2 or lines[0].split(",") != HEADER:
            return None
        fields = lines[-1].split(",")
        try:
            return len(lines) - 1, Bar(_dt.datetime.fromisoformat(fields[0]), *map(float, fields[1:7]))
        except (ValueError, TypeError):
            return None

    def open(self, fresh: bool) -> Any:
        """The file to write to, from its beginning or its end."""
        self.note.write_text(json.dumps(self.request), encoding="utf-8")
        return open(self.path, "w" if fresh else "a", encoding="utf-8", newline="")

    def finish(self) -> None:
        """Put the finished file in its place."""
        os.replace(self.path, self.target)
        self.note.unlink(missing_ok=True)

    def remove(self) -> None:
        """Forget what was written."""
        self.path.unlink(missing_ok=True)
        self.note.unlink(missing_ok=True)


def _alike(bar: Bar, other: Bar) -> bool:
    """The same prices; the volume of the last bar may still have grown."""
    return all(math.isclose(a, b, rel_tol=1e-6) for a, b in zip(bar[1:5], other[1:5], strict=True))


def _row(bar: Bar, intraday: bool) -> list[str]:
    when = bar.when.strftime("%Y-%m-%d %H:%M:%S" if intraday else "%Y-%m-%d")
    return [when, *(_number(value) for value in bar[1:])]


def _number(value: float) -> str:
    if value != value:
        return ""
    return str(int(value)) if value == int(value) and abs(value) < 1e15 else repr(value)
