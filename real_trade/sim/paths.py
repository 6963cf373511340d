"""Where prices come from: files of bars or ticks, or a generator with a seed.

A path is a sequence of ticks.  A bar becomes four of them: open, the two extremes (the nearer one to the
open first) and close, each with a quarter of the volume.  Times are shifted so that the path begins when
the venue opens, or so that a part of it lies before that.
"""

from __future__ import annotations

import csv
import datetime
import math
import random
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

from ..errors import ConfigError
from .instruments import Listing

__all__ = ["Tick", "open_path", "read_bars", "walk"]

ZERO = Decimal(0)
_TIMES = ("timestamp", "time", "open_time", "datetime", "date", "ts", "t")
_COLUMNS = {
    "open": ("open", "o"), "high": ("high", "h"), "low": ("low", "l"),
    "close": ("close", "price", "c", "last"), "volume": ("volume", "vol", "v", "quantity", "qty", "amount"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Tick:
    """A price, and what was traded at it."""

    time_ms: int
    price: Decimal
    volume: Decimal = ZERO


@dataclass(frozen=True, slots=True)
class Row:
    """A bar or a tick of a file; ``open`` is None in a tick."""

    time_ms: int
    open: Decimal | None
    high: Decimal | None
    low: Decimal | None
    close: Decimal
    volume: Decimal


def open_path(source: str, listing: Listing, seed: int, tick_seconds: float) -> Iterator[Tick] | None:
    """The path that a setting names: ``walk``, ``flat`` or a file; times of a file are its own.

    ``flat`` is no path at all.  ``walk:0.8`` sets the yearly volatility of a walk.
    """
    word, _, detail = source.partition(":")
    if word == "flat":
        return None
    if word == "walk":
        try:
            volatility = float(detail) if detail else 0.6
        except ValueError:
            raise ConfigError(f"{source}: {detail!r} is no volatility (say walk or walk:0.6)") from None
        return walk(listing, seed, tick_seconds, volatility)
    path = Path(source)
    if not path.is_file():
        raise ConfigError(f"{source}: no such file; a path is flat, walk or a CSV or Parquet file")
    return ticks_of(read_bars(path), str(path))


# -- generated ---------------------------------------------------------------------------------------------


def walk(listing: Listing, seed: int, tick_seconds: float, volatility: float = 0.6) -> Iterator[Tick]:
    """A random walk without end, from time 0: the same for the same pair and seed, so that a perpetual
    follows its spot market.
    """
    dice = random.Random(f"{seed}/{listing.base}/{listing.quote}/walk")
    price, step = float(listing.start_price), volatility * math.sqrt(tick_seconds / (365 * 86400))
    busy = 1.0
    places = max(0, -int(listing.tick.normalize().as_tuple().exponent))
    time_ms, tick_ms = 0, max(1, int(tick_seconds * 1000))
    while True:
        # Quiet and busy times follow each other, as in markets.
        busy = min(4.0, max(0.3, busy * math.exp(dice.gauss(0, 0.05))))
        price *= math.exp(dice.gauss(0, step * busy) - (step * busy) ** 2 / 2)
        price = max(price, float(listing.min_price or listing.tick) * 100)
        worth = dice.expovariate(1 / 4000) * busy
        yield Tick(time_ms, Decimal(f"{price:.{places}f}"), Decimal(f"{worth / price:.6f}"))
        time_ms += tick_ms


# -- from files --------------------------------------------------------------------------------------------


def read_bars(path: Path) -> Iterator[Row]:
    """Rows of a CSV or Parquet file, oldest first; raises `ConfigError` that names the file and the row."""
    rows = _parquet(path) if path.suffix.lower() in (".parquet", ".pq") else _csv(path)
    names: dict[str, str] | None = None
    last = -1
    for number, row in rows:
        if names is None:
            names = _names(path, row)
        parsed = _row(path, number, row, names)
        if parsed.time_ms < last:
            raise ConfigError(f"{path}, row {number}: it is older than the row before it")
        last = parsed.time_ms
        yield parsed
    if names is None:
        raise ConfigError(f"{path}: it has no rows")


def _csv(path: Path) -> Iterator[tuple[int, dict[str, Any]]]:
    with path.open(newline="", encoding="utf-8-sig") as file:
        for number, row in enumerate(csv.DictReader(file), 2):
            yield number, {str(name).strip().lower(): value for name, value in row.items()}


def _parquet(path: Path) -> Iterator[tuple[int, dict[str, Any]]]:
    from backtrader.utils.optional import require

    parquet = require("pyarrow.parquet", "parquet")
    number = 0
    for batch in parquet.ParquetFile(path).iter_batches(batch_size=4096):
        columns = {
            name.lower(): column.to_pylist()
            for name, column in zip(batch.schema.names, batch.columns, strict=True)
        }
        for index in range(batch.num_rows):
            number += 1
            yield number, {name: column[index] for name, column in columns.items()}


def _names(path: Path, row: dict[str, Any]) -> dict[str, str]:
    """Which column is what."""
    known = {"time": _TIMES, **_COLUMNS}
    found = {field: name for field, words in known.items() for name in reversed(words) if name in row}
    for needed in ("time", "close"):
        if needed not in found:
            choice = ", ".join(known[needed])
            raise ConfigError(
                f"{path}: no column for the {needed} (one of {choice}); it has {', '.join(row)}"
            )
    return found


def _row(path: Path, number: int, row: dict[str, Any], names: dict[str, str]) -> Row:
    def amount(field: str) -> Decimal | None:
        if field not in names:
            return None
        try:
            value = Decimal(str(row[names[field]]))
        except InvalidOperation:
            value = Decimal("nan")
        if not value.is_finite() or value < 0 or (value == 0 and field != "volume"):
            raise ConfigError(f"{path}, row {number}: {names[field]} is {row[names[field]]!r}")
        return value

    close = amount("close")
    assert close is not None
    bar = Row(
        _time(path, number, row[names["time"]]), amount("open"), amount("high"), amount("low"), close,
        amount("volume") or ZERO,
    )  # fmt: skip
    if bar.high is not None and bar.low is not None and not bar.low <= close <= bar.high:
        raise ConfigError(
            f"{path}, row {number}: close {close} is not between low {bar.low} and high {bar.high}"
        )
    return bar


def _time(path: Path, number: int, value: Any) -> int:
    """Milliseconds since 1970 out of a number of seconds, ms, µs or ns, an ISO text or a datetime; UTC."""
    if isinstance(value, datetime.date) and not isinstance(value, datetime.datetime):
        value = datetime.datetime(value.year, value.month, value.day)
    if not isinstance(value, datetime.datetime):
        text = str(value).strip()
        try:
            amount = float(text)
            for digits, factor in ((1e11, 1000.0), (1e14, 1.0), (1e17, 0.001)):
                if amount < digits:
                    return int(amount * factor)
            return int(amount / 1e6)
        except ValueError:
            pass  # no number: a date, then
        try:
            value = datetime.datetime.fromisoformat(text)
        except ValueError:
            raise ConfigError(f"{path}, row {number}: {text!r} is no time") from None
    stamp = value if value.tzinfo else value.replace(tzinfo=datetime.UTC)
    return int(stamp.timestamp() * 1000)


def ticks_of(rows: Iterable[Row], name: str) -> Iterator[Tick]:
    """Ticks of bars, spread over the time until the next bar."""
    before: Row | None = None
    length = 60_000
    for row in rows:
        if before is not None:
            length = max(1, row.time_ms - before.time_ms)
            yield from _spread(before, length)
        before = row
    if before is not None:
        yield from _spread(before, length)


def _spread(row: Row, length: int) -> Iterator[Tick]:
    if row.open is None or row.high is None or row.low is None:
        yield Tick(row.time_ms, row.close, row.volume)
        return
    low_first = row.open - row.low <= row.high - row.open
    middle = (row.low, row.high) if low_first else (row.high, row.low)
    part = row.volume / 4
    for step, price in enumerate((row.open, *middle, row.close)):
        yield Tick(row.time_ms + step * length // 4, price, part)
