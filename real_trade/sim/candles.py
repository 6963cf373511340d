"""Candles and day statistics, out of trades: what happened to one symbol, by the minute."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal

from ..model import Side
from .orders import Trade

__all__ = ["INTERVALS", "Candle", "Tape", "opens_at"]

MINUTE = 60_000
DAY = 1440 * MINUTE
ZERO = Decimal(0)

#: Length of an interval in milliseconds; a month has none.
INTERVALS: dict[str, int] = {
    "1m": MINUTE, "3m": 3 * MINUTE, "5m": 5 * MINUTE, "15m": 15 * MINUTE, "30m": 30 * MINUTE,
    "1h": 60 * MINUTE, "2h": 120 * MINUTE, "4h": 240 * MINUTE, "6h": 360 * MINUTE, "8h": 480 * MINUTE,
    "12h": 720 * MINUTE, "1d": DAY, "3d": 3 * DAY, "1w": 7 * DAY, "1M": 0,
}  # fmt: skip

#: The epoch was a Thursday; weeks begin on Mondays.
_WEEK_OFFSET = 4 * DAY


@dataclass(slots=True)
class Candle:
    """One interval; ``first`` and ``last`` are trade numbers, -1 if there was none."""

    open_ms: int
    open: Decimal
    high: Decimal
    low: Decimal
    close: Decimal
    volume: Decimal = ZERO
    money: Decimal = ZERO
    trades: int = 0
    bought: Decimal = ZERO
    """What takers bought of the volume."""
    bought_money: Decimal = ZERO
    first: int = -1
    last: int = -1

    def add(self, trade: Trade) -> None:
        """Count a trade in."""
        price, quantity = trade.price, trade.quantity
        if not self.trades:
            self.open = self.high = self.low = price
            self.first = trade.number
        self.high, self.low, self.close = max(self.high, price), min(self.low, price), price
        self.volume += quantity
        self.money += price * quantity
        self.trades += 1
        self.last = trade.number
        if trade.taker_side is Side.BUY:
            self.bought += quantity
            self.bought_money += price * quantity

    def join(self, later: Candle) -> None:
        """Take in the candle that follows."""
        if later.trades and not self.trades:
            self.open = self.high = self.low = later.open
            self.first = later.first
        if later.trades or not self.trades:
            self.high, self.low = max(self.high, later.high), min(self.low, later.low)
            self.close = later.close
        self.last = later.last if later.trades else self.last
        self.volume += later.volume
        self.money += later.money
        self.trades += later.trades
        self.bought += later.bought
        self.bought_money += later.bought_money


def opens_at(interval: str, time_ms: int) -> int:
    """When the candle of that interval that holds a moment opened, in UTC."""
    if interval == "1M":
        when = datetime.datetime.fromtimestamp(time_ms / 1000, datetime.UTC)
        return int(datetime.datetime(when.year, when.month, 1, tzinfo=datetime.UTC).timestamp() * 1000)
    length = INTERVALS[interval]
    shift = _WEEK_OFFSET if interval == "1w" else 0
    return (time_ms - shift) // length * length + shift


def closes_at(interval: str, open_ms: int) -> int:
    """The last millisecond of the candle that opened then."""
    if interval == "1M":
        return opens_at("1M", open_ms + 32 * DAY) - 1
    return open_ms + INTERVALS[interval] - 1


class Tape:
    """Minutes of one symbol, without gaps: a minute without trades has the close of the one before."""

    def __init__(self, start_ms: int, price: Decimal, kept: int = 200_000) -> None:
        self.minutes: list[Candle] = [_flat(opens_at("1m", start_ms), price)]
        self._kept = kept
        self._day: tuple[tuple[int, int], Candle] | None = None

    def trade(self, trade: Trade) -> None:
        """Count a trade in."""
        self.roll(trade.time_ms)
        self.minutes[-1].add(trade)

    def roll(self, now_ms: int) -> None:
        """Begin the minutes that have begun since."""
        current = opens_at("1m", now_ms)
        last = self.minutes[-1]
        while last.open_ms < current:
            last = _flat(last.open_ms + MINUTE, last.close)
            self.minutes.append(last)
        if len(self.minutes) > self._kept * 1.1:
            del self.minutes[: -self._kept]

    def _index(self, at_ms: int) -> int:
        return max(0, min(len(self.minutes), (at_ms - self.minutes[0].open_ms) // MINUTE))

    def candles(self, interval: str, start_ms: int | None, end_ms: int | None, limit: int) -> list[Candle]:
        """Candles that opened between two moments: the first ones from a start, else the last ones."""
        step = INTERVALS[interval] or 31 * DAY
        first = opens_at(interval, self.minutes[0].open_ms)
        if start_ms is not None:
            low = max(first, opens_at(interval, start_ms - 1) + step if start_ms else first)
            if interval == "1M" or opens_at(interval, low) != low:
                low = max(first, opens_at(interval, low))
            high = low + step * (limit + 1)
        else:
            newest = self.minutes[-1].open_ms if end_ms is None else min(end_ms, self.minutes[-1].open_ms)
            low = max(first, opens_at(interval, newest) - step * limit)
            high = newest + MINUTE
        found = [
            candle
            for candle in self._joined(interval, opens_at(interval, low), high)
            if (start_ms is None or candle.open_ms >= start_ms)
            and (end_ms is None or candle.open_ms <= end_ms)
        ]
        return found[:limit] if start_ms is not None else found[-limit:]

    def current(self, interval: str) -> Candle:
        """The candle that is not over yet."""
        at = opens_at(interval, self.minutes[-1].open_ms)
        return self.at(interval, at)

    def at(self, interval: str, open_ms: int) -> Candle:
        """The candle that opened then."""
        return next(self._joined(interval, open_ms, closes_at(interval, open_ms)))

    def _joined(self, interval: str, low_ms: int, high_ms: int) -> Iterator[Candle]:
        joined: Candle | None = None
        for minute in self.minutes[self._index(low_ms) : self._index(high_ms) + 1]:
            if minute.open_ms > high_ms:
                break
            at = opens_at(interval, minute.open_ms)
            if joined is None or joined.open_ms != at:
                if joined is not None:
                    yield joined
                joined = replace(minute, open_ms=at)
            else:
                joined.join(minute)
        if joined is not None:
            yield joined

    def day(self) -> Candle:
        """The last 24 hours as one candle."""
        key = (self.minutes[-1].open_ms, self.minutes[-1].trades)
        if self._day is None or self._day[0] != key:
            minutes = self.minutes[-1440:]
            whole = replace(minutes[0])
            for minute in minutes[1:]:
                whole.join(minute)
            self._day = (key, whole)
        return self._day[1]


def _flat(open_ms: int, price: Decimal) -> Candle:
    return Candle(open_ms, price, price, price, price)
