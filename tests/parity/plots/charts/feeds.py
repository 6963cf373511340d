"""Several feeds, timeframes, and names."""

from __future__ import annotations

import datetime as dt

import backtrader as bt

from ..stage import Drawing, Quiet, chart, daily, drawing, minutes, together_with


@chart
def two_feeds() -> Drawing:
    return drawing(daily(), daily("zeno"))


@chart(
    differs={
        "legend": "entries of all feeds in a pane are in its legend, not those of the last alone",
        "format_x": "the cursor shows no time of day for daily bars in any pane",
    }
)
def two_feeds_one_pane() -> Drawing:
    first, second = daily(), daily("zeno")
    second.plotinfo.plotmaster = first
    return drawing(first, second)


@chart(differs={"ylim": "the axis reaches over both feeds"})
def two_feeds_one_pane_one_axis() -> Drawing:
    first, second = daily(), daily("zeno")
    second.plotinfo.plotmaster = first
    second.plotinfo.sameaxis = True
    return drawing(first, second, style="candle", volume=False)


@chart(
    differs={
        "ylim": "the axis reaches over both feeds",
        "legend": "entries of all feeds in a pane are in its legend, not those of the last alone",
    }
)
def sameaxis_with_volume() -> Drawing:
    first, second = daily(), daily("zeno")
    second.plotinfo.plotmaster = first
    second.plotinfo.sameaxis = True
    return drawing(first, second)


@chart(
    differs={
        "legend": "entries of all feeds in a pane are in its legend, not those of the last alone",
        "format_x": "the cursor shows no time of day for daily bars in any pane",
    }
)
def three_feeds_over_one() -> Drawing:
    first, second, third = daily(), daily("zeno"), daily("zeno", name="again")
    second.plotinfo.plotmaster = third.plotinfo.plotmaster = first
    return drawing(first, second, third, volume=False)


@chart
def a_feed_not_drawn() -> Drawing:
    first, second = daily(), daily("zeno")
    second.plotinfo.plot = False
    return drawing(first, second)


@chart
def first_feed_not_drawn() -> Drawing:
    first, second = daily(), daily("zeno")
    first.plotinfo.plot = False
    return drawing(first, second)


@chart
def a_feed_without_its_indicators() -> Drawing:
    first = daily()
    first.plotinfo.plotind = False
    return drawing(first)


@chart
def feed_with_plotname() -> Drawing:
    first = daily(name="A name")
    first.plotinfo.plotname = "Shown instead"
    return drawing(first, daily("zeno", name="Another name"), style="bar")


@chart
def days_and_weeks() -> Drawing:
    cerebro = together_with(daily(), bt.TimeFrame.Weeks)
    return drawing(cerebro=cerebro, parts=lambda s: bt.ind.RSI(s.data1, period=5, safediv=True))


@chart
def days_and_weeks_of_another() -> Drawing:
    cerebro = bt.Cerebro()
    cerebro.adddata(daily())
    cerebro.resampledata(daily("zeno"), timeframe=bt.TimeFrame.Weeks, name="weekly")
    return drawing(cerebro=cerebro, style="candle")


@chart
def weeks_before_days() -> Drawing:
    cerebro = bt.Cerebro()
    cerebro.resampledata(daily(), timeframe=bt.TimeFrame.Weeks)
    cerebro.adddata(daily("zeno"))
    return drawing(cerebro=cerebro, style="bar")


@chart
def weeks_alone() -> Drawing:
    cerebro = bt.Cerebro()
    cerebro.resampledata(daily(until=dt.date(2020, 12, 31)), timeframe=bt.TimeFrame.Weeks)
    return drawing(cerebro=cerebro, style="candle")


@chart
def replayed_weeks() -> Drawing:
    cerebro = bt.Cerebro()
    cerebro.replaydata(daily(), timeframe=bt.TimeFrame.Weeks)
    return drawing(cerebro=cerebro, style="candle")


@chart
def minutes_of_a_day() -> Drawing:
    return drawing(minutes(dt.datetime(2020, 3, 2, 12, 0)), style="candle")


@chart
def minutes_of_two_days() -> Drawing:
    return drawing(minutes(), style="line", volume=False)


@chart
def five_minutes_and_one() -> Drawing:
    cerebro = together_with(minutes(dt.datetime(2020, 3, 2, 13, 0)), bt.TimeFrame.Minutes, 5)
    return drawing(cerebro=cerebro)


@chart
def feeds_of_different_length() -> Drawing:
    return drawing(daily(fromdate=dt.datetime(2020, 3, 1)), daily("zeno", until=dt.date(2020, 5, 15)))


@chart(crash="AttributeError")
def no_bars() -> Drawing:
    return drawing(daily(until=dt.date(2020, 1, 1)), strategy=Quiet)


@chart(differs={"x ticks": "the bar has a date"})
def a_single_bar() -> Drawing:
    return drawing(daily(until=dt.date(2020, 1, 2)), strategy=Quiet, style="candle")


@chart
def a_few_bars() -> Drawing:
    return drawing(daily(until=dt.date(2020, 1, 8)), strategy=Quiet, style="bar")


@chart
def a_year() -> Drawing:
    return drawing(daily(until=dt.date(2020, 12, 31)))


class East(dt.tzinfo):
    """Five hours behind, with what the original asks of a zone."""

    def utcoffset(self, when: dt.datetime | None) -> dt.timedelta:
        return dt.timedelta(hours=-5)

    def dst(self, when: dt.datetime | None) -> dt.timedelta:
        return dt.timedelta(0)

    def localize(self, when: dt.datetime) -> dt.datetime:
        return when.replace(tzinfo=self)


@chart(differs={"format_x": "dates are those of the feed's time zone, not UTC"})
def minutes_in_a_time_zone() -> Drawing:
    cerebro = bt.Cerebro(tz=East())
    cerebro.adddata(minutes(dt.datetime(2020, 3, 2, 12, 0), tz=East()))
    return drawing(cerebro=cerebro, strategy=Quiet)
