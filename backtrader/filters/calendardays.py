"""Bars for calendar days on which there was no trading."""

from __future__ import annotations

import datetime as _dt
from typing import Any

from ..utils.construct import ParamsBase


class CalendarDays(ParamsBase):
    """Puts a bar in for every day that is missing between two bars.

    ``fill_price`` is the price of such a bar; None or 0 takes the close of the bar before, -1 the
    middle between its high and low.

    compat: the day of the second bar gets one too, right before that bar.
    """

    params: Any = (
        ("fill_price", None),
        ("fill_vol", float("nan")),
        ("fill_oi", float("nan")),
    )

    p: Any

    ONEDAY = _dt.timedelta(days=1)

    def __init__(self, data: Any) -> None:
        self.begin_again()

    def begin_again(self) -> None:
        """A run starts: there is no bar before."""
        self.lastdt = _dt.date.max

    def __call__(self, data: Any) -> bool:
        moment = data.datetime.datetime()
        day, before = moment.date(), self.lastdt
        self.lastdt = day
        if day - before <= self.ONEDAY:
            return False
        price = self._price(data)
        data._save2stack(erase=True)
        bar = data._barstack.pop()
        day = before
        while day < moment.date():
            day += self.ONEDAY
            time = data.date2num(_dt.datetime.combine(day, moment.time()))
            data._add2stack([price, price, price, price, self.p.fill_vol, self.p.fill_oi, time])
        data._add2stack(bar)
        return False

    def _price(self, data: Any) -> float:
        given = self.p.fill_price
        if not given:
            return float(data.close[-1])
        return float(given) if given > 0 else (data.high[-1] + data.low[-1]) / 2.0
