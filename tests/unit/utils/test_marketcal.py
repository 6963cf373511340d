"""Calendars of exchanges through the two packages that know them."""

from __future__ import annotations

import datetime as dt
import random
import sys
from typing import Any

import pytest

import backtrader as bt
from backtrader.errors import OptionalPackageError
from backtrader.utils.marketcal import ExchangeDays, market
from backtrader.utils.tradingcal import PandasMarketCalendar, TradingCalendar, as_calendar
from tests.unit.feeds.stage import Rows, bars

pytestmark = pytest.mark.filterwarnings("ignore")  # the packages warn about pandas to come

PACKAGES = ("pandas_market_calendars", "exchange_calendars")
THANKSGIVING_FRIDAY = dt.datetime(2021, 11, 26)  # New York closes at one


def calendars() -> list[Any]:
    """New York by name and as an object of either package."""
    first, second = (pytest.importorskip(name) for name in PACKAGES)
    return [
        PandasMarketCalendar(calendar="NYSE"),
        PandasMarketCalendar(calendar=first.get_calendar("NYSE")),
        PandasMarketCalendar(calendar=second.get_calendar("XNYS")),
    ]


def test_both_packages_say_the_same() -> None:
    rng, (named, *others) = random.Random(4), calendars()
    for _ in range(300):
        moment = dt.datetime(2019, 1, 1) + dt.timedelta(minutes=rng.randrange(3 * 365 * 1440))
        said = [named.nextday(moment), named.last_weekday(moment), named.last_monthday(moment)]
        for other in others:
            assert [other.nextday(moment), other.last_weekday(moment), other.last_monthday(moment)] == said
            assert other.schedule(moment) == named.schedule(moment)


def test_holidays_and_short_days_are_known() -> None:
    for calendar in calendars():
        assert calendar.nextday(dt.date(2021, 7, 2)).date() == dt.date(2021, 7, 6)  # the fourth is a Sunday
        assert calendar.last_monthday(dt.date(2021, 5, 28))  # Memorial Day is the 31st
        opens, closes = calendar.schedule(THANKSGIVING_FRIDAY)
        assert (opens.hour, opens.minute, closes.hour) == (14, 30, 18)
        assert calendar.schedule(closes + dt.timedelta(seconds=1))[0].date() == dt.date(2021, 11, 29)


@pytest.mark.parametrize("missing", PACKAGES)
def test_one_package_is_enough(monkeypatch: pytest.MonkeyPatch, missing: str) -> None:
    calendars()
    found = without(monkeypatch, missing)
    assert PandasMarketCalendar(calendar="XNYS").nextday(dt.date(2021, 7, 2)).day == 6
    assert isinstance(market("XNYS"), ExchangeDays) is (found == ["exchange_calendars"])


def without(monkeypatch: pytest.MonkeyPatch, *missing: str) -> list[str]:
    """As if packages were not installed; those that are left."""
    from importlib import util

    real = util.find_spec
    monkeypatch.setattr(util, "find_spec", lambda name, *a: None if name in missing else real(name, *a))
    for name in missing:
        monkeypatch.setitem(sys.modules, name, None)
    return [name for name in PACKAGES if name not in missing]


def test_without_any_package_the_error_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    without(monkeypatch, *PACKAGES)
    with pytest.raises(OptionalPackageError, match=r"the calendar 'NYSE' needs.*backtrader\[calendars\]"):
        PandasMarketCalendar(calendar="NYSE")


def test_an_unknown_name_is_answered_with_the_nearest() -> None:
    calendars()
    with pytest.raises(ValueError, match=r"no calendar called 'NYSEE'; did you mean.*NYSE"):
        PandasMarketCalendar(calendar="NYSEE")


def test_an_early_exchange_begins_where_it_is_known() -> None:
    known = pytest.importorskip("exchange_calendars")
    calendar = PandasMarketCalendar(calendar=known.get_calendar("XNYS", start="2020-01-01"))
    with pytest.raises(ValueError, match="no trading day in the 365 days after 2010-01-01"):
        calendar.nextday(dt.date(2010, 1, 1))


def test_what_may_be_given_as_a_calendar() -> None:
    own = TradingCalendar()
    assert as_calendar(own) is own
    assert isinstance(as_calendar(TradingCalendar), TradingCalendar)
    calendars()
    assert isinstance(as_calendar("NYSE"), PandasMarketCalendar)


def minutes_of(day: dt.date, closes: int) -> list[Any]:
    """Half-hour bars in UTC from the opening of New York to ``closes``."""
    time, rows = dt.datetime.combine(day, dt.time(15)), []
    while time.hour < closes or (time.hour == closes and not time.minute):
        rows.append((time, 10, 12, 9, 11, 5, 0))
        time += dt.timedelta(minutes=30)
    return rows


@pytest.mark.parametrize("number", range(3))
def test_sessions_and_weeks_end_as_the_exchange_says(number: int) -> None:
    calendar = calendars()[number]
    rows = minutes_of(dt.date(2021, 11, 24), 21) + minutes_of(dt.date(2021, 11, 26), 18)
    data = Rows(dataname=rows, timeframe=bt.TimeFrame.Minutes, compression=30)
    cerebro = bt.Cerebro()
    cerebro.addcalendar(calendar)
    cerebro.resampledata(data, timeframe=bt.TimeFrame.Days)
    cerebro.run()
    ends = [bt.num2date(float.fromhex(value)) for value in bars(data)["datetime"]]
    assert ends == [dt.datetime(2021, 11, 24, 21), dt.datetime(2021, 11, 26, 18)]


def test_a_feed_may_have_a_calendar_of_its_own() -> None:
    calendars()
    rows = [(dt.datetime(2021, 5, day), 10, 12, 9, 11, 5, 0) for day in (24, 25, 26, 27, 28)]
    data = Rows(dataname=rows, calendar="NYSE")
    seen: list[int] = []

    class Watch(bt.Strategy):
        def next(self) -> None:
            seen.append(len(self.data))

    cerebro = bt.Cerebro()
    cerebro.resampledata(data, timeframe=bt.TimeFrame.Months)
    cerebro.addstrategy(Watch)
    cerebro.run()
    assert seen == [1]
    assert data._calendar.last_monthday(dt.date(2021, 5, 28))
