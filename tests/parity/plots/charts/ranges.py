"""Parts of a run and several figures."""

from __future__ import annotations

import datetime as dt

import backtrader as bt

from ..stage import Drawing, chart, daily, drawing, together_with


def _rsi(s: object) -> None:
    bt.ind.RSI(s.data, safediv=True)  # type: ignore[attr-defined]


@chart
def two_figures() -> Drawing:
    return drawing(numfigs=2, parts=_rsi)


@chart
def three_figures_of_two_feeds() -> Drawing:
    return drawing(daily(), daily("zeno"), numfigs=3, style="candle")


@chart
def from_a_bar() -> Drawing:
    return drawing(start=40, parts=_rsi)


@chart
def between_bars() -> Drawing:
    return drawing(start=20, end=60, parts=_rsi, style="candle")


@chart
def up_to_a_bar_from_the_end() -> Drawing:
    return drawing(end=-30, parts=_rsi, style="bar")


@chart(crash="IndexError")
def last_bars() -> Drawing:
    return drawing(start=-40, parts=_rsi)


@chart
def between_dates() -> Drawing:
    return drawing(start=dt.date(2020, 2, 3), end=dt.date(2020, 4, 30), parts=_rsi)


@chart
def between_datetimes() -> Drawing:
    return drawing(start=dt.datetime(2020, 2, 1, 12), end=dt.datetime(2020, 5, 3, 15), parts=_rsi, numfigs=2)


@chart
def dates_outside_the_run() -> Drawing:
    return drawing(start=dt.date(2019, 1, 1), end=dt.date(2030, 1, 1))


@chart
def range_of_two_feeds() -> Drawing:
    cerebro = together_with(daily(), bt.TimeFrame.Weeks)
    return drawing(cerebro=cerebro, start=30, end=90, style="candle")


@chart(
    differs={
        "ylim": "the part of each feed is found by date",
        "collections": "the same",
        "lines": "the same",
        "tags": "the same",
        "legend": "the same",
    }
)
def range_of_feeds_of_different_length() -> Drawing:
    return drawing(
        daily(fromdate=dt.datetime(2020, 3, 1)), daily("zeno", until=dt.date(2020, 5, 15)), start=20, end=80
    )


@chart
def end_beyond_the_run() -> Drawing:
    return drawing(end=5000)


@chart
def four_figures_that_do_not_divide() -> Drawing:
    return drawing(numfigs=4)


@chart
def figures_of_a_range() -> Drawing:
    return drawing(start=10, end=101, numfigs=3, parts=_rsi)


@chart(crash="IndexError", refused="BacktraderError")
def an_empty_range() -> Drawing:
    return drawing(start=dt.date(2021, 1, 1), end=dt.date(2021, 2, 1))


@chart(crash="IndexError", refused="BacktraderError")
def start_beyond_the_run() -> Drawing:
    return drawing(start=500)
