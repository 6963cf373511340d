"""Orders and fund values of the past, fed in as the clock reaches them."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator
from math import nan
from typing import Any

__all__ = ["FundHistory", "OrderHistory", "moment"]


def moment(when: Any) -> datetime.datetime:
    """A date and time from what users write: ``2020-01-02``, the same with a time, a date, a datetime."""
    if isinstance(when, str):
        return datetime.datetime.fromisoformat(when)
    if isinstance(when, datetime.datetime):
        return when
    return datetime.datetime(when.year, when.month, when.day)


class OrderHistory:
    """One iterable of [when, size, price, feed]; the feed is an index or a name, by default the first."""

    def __init__(self, orders: Iterable[Any], notify: bool) -> None:
        self.notify = notify
        self._rest = iter(orders)
        self._next: Any = next(self._rest, None)

    def __bool__(self) -> bool:
        return self._next is not None

    def due(self, cerebro: Any) -> Iterator[tuple[Any, float, float]]:
        """(feed, size, price) of every order whose time has come."""
        while self._next is not None:
            when, size, price, *where = self._next
            data = _feed(cerebro, where[0] if where else None)
            if not len(data) or moment(when) > data.datetime.datetime():
                return
            self._next = next(self._rest, None)
            yield data, size, price


def _feed(cerebro: Any, which: Any) -> Any:
    if which is None:
        return cerebro.datas[0]
    return cerebro.datas[which] if isinstance(which, int) else cerebro.datasbyname[which]


class FundHistory:
    """An iterable of [when, value of a share, value of the fund]; before the first one both are NaN."""

    def __init__(self, fund: Iterable[Any]) -> None:
        self._rest = iter(fund)
        self._next: Any = next(self._rest, None)
        self.last = nan, nan
        self.start_value: float | None = None if self._next is None else self._next[2]

    def at(self, now: datetime.datetime) -> tuple[float, float]:
        """(value of a share, value of the fund) as of ``now``."""
        # compat: not more than one entry a time, so entries closer than the bars are reported late
        if self._next is not None and moment(self._next[0]) <= now:
            self.last = self._next[1], self._next[2]
            self._next = next(self._rest, None)
        return self.last
