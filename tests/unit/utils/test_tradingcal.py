"""Trading calendars: next days, last days, sessions."""

from __future__ import annotations

import datetime as dt
import random
import subprocess
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from backtrader.utils.dateintern import TIME_MAX, tzparse
from backtrader.utils.tradingcal import PandasMarketCalendar, TradingCalendar, TradingCalendarBase

HOLIDAY = dt.date(2021, 1, 4)
SHORT_DAY = (dt.date(2021, 1, 5), dt.time(9, 30), dt.time(13))


def usual() -> TradingCalendar:
    """Half past nine to four, with a holiday and a short day."""
    return TradingCalendar(
        open=dt.time(9, 30), close=dt.time(16), holidays=[HOLIDAY], earlydays=[SHORT_DAY], offdays=[6, 7]
    )


def answers(calendar: Any, seed: int) -> list[Any]:
    """What a calendar says about many days; also run under the original."""
    rng, found = random.Random(seed), []
    for _ in range(300):
        day = dt.date(2020, 12, 1) + dt.timedelta(days=rng.randrange(90))
        moment = dt.datetime.combine(day, dt.time(rng.randrange(12), rng.randrange(60)))
        found.append((str(calendar.nextday(day)), calendar.last_weekday(day), calendar.last_monthday(day)))
        found.append((calendar.last_yearday(day), [str(each) for each in calendar.schedule(moment)]))
    return found


@pytest.mark.parity
def test_answers_are_the_originals(oracle: Path, tmp_path: Path) -> None:
    source = Path(__file__).read_text()
    parts = source[source.index("HOLIDAY") : source.index("@pytest.mark.parity")]
    script = tmp_path / "answers.py"
    script.write_text(
        "from __future__ import annotations\nimport datetime as dt, random\n"
        "from backtrader.tradingcal import *\n" + parts + "print(answers(usual(), 3))\n"
    )
    theirs = subprocess.run([oracle, "-P", script], capture_output=True, text=True, check=True)
    assert theirs.stdout.strip() == str(answers(usual(), 3))


def test_defaults() -> None:
    calendar = TradingCalendar()
    assert calendar.schedule(dt.datetime(2021, 1, 1, 10)) == (
        dt.datetime(2021, 1, 1),
        dt.datetime.combine(dt.date(2021, 1, 1), TIME_MAX),
    )
    assert calendar.nextday(dt.datetime(2021, 1, 1, 10, 30)) == dt.datetime(2021, 1, 4, 10, 30)


@pytest.mark.parametrize("day", [dt.date(2021, 1, 1), dt.datetime(2021, 1, 1, 5)])
@pytest.mark.parametrize("holiday", [HOLIDAY, dt.datetime(2021, 1, 4)])
def test_a_holiday_counts_for_dates_and_moments(day: dt.date, holiday: dt.date) -> None:
    assert TradingCalendar(holidays=[holiday]).nextday(day).day == 5


def test_the_week_of_the_next_day() -> None:
    assert TradingCalendar().nextday_week(dt.date(2021, 1, 1)) == 1


def test_a_moment_after_the_close_belongs_to_the_next_session() -> None:
    calendar = usual()
    assert calendar.schedule(dt.datetime(2021, 1, 5, 14)) == calendar.schedule(dt.datetime(2021, 1, 6))
    assert calendar.schedule(dt.datetime(2021, 1, 6, 16, 0, 1)) == calendar.schedule(dt.datetime(2021, 1, 7))


def test_hours_are_wall_clocks_of_the_zone() -> None:
    new_york = tzparse("America/New_York")
    winter, summer = dt.datetime(2021, 1, 6, 15), dt.datetime(2021, 7, 6, 15)
    assert usual().schedule(winter, new_york) == (
        dt.datetime(2021, 1, 6, 14, 30),
        dt.datetime(2021, 1, 6, 21),
    )
    assert usual().schedule(summer, new_york) == (
        dt.datetime(2021, 7, 6, 13, 30),
        dt.datetime(2021, 7, 6, 20),
    )


def test_the_base_says_what_it_lacks() -> None:
    with pytest.raises(NotImplementedError, match="_nextday"):
        TradingCalendarBase().nextday(dt.date(2021, 1, 1))
    with pytest.raises(NotImplementedError, match="schedule"):
        TradingCalendarBase().schedule(dt.date(2021, 1, 1))


class Market:
    """The two methods that pandas_market_calendars has; counts how often it is asked."""

    def __init__(self) -> None:
        self.asked = 0

    def valid_days(self, start: dt.date, end: dt.date) -> Any:
        self.asked += 1
        return pd.bdate_range(start, end, tz="UTC")

    def schedule(self, start: dt.date, end: dt.date) -> Any:
        self.asked += 1
        days = pd.bdate_range(start, end)
        opens, closes = days + pd.Timedelta(hours=14, minutes=30), days + pd.Timedelta(hours=21)
        return pd.DataFrame(
            {"market_open": opens.tz_localize("UTC"), "market_close": closes.tz_localize("UTC")}, index=days
        )


def test_a_market_calendar_answers_like_fixed_hours() -> None:
    market = Market()
    calendar = PandasMarketCalendar(calendar=market, cachesize=20)
    same = TradingCalendar(open=dt.time(14, 30), close=dt.time(21))
    rng, moment = random.Random(1), dt.datetime(2021, 1, 1)
    for _ in range(500):
        moment += dt.timedelta(hours=rng.randrange(-6, 20))
        day = moment.date()
        assert calendar.nextday(moment).date() == same.nextday(day)
        assert calendar.last_weekday(day) == same.last_weekday(day)
        assert calendar.last_monthday(moment) == same.last_monthday(moment)
        session = calendar.schedule(moment)
        if session[1].date() == day:
            assert session == same.schedule(moment)
        assert moment <= session[1]
        assert session[0].weekday() < 5
    assert market.asked < 200  # most answers come from what is kept


def test_a_market_without_days_says_so() -> None:
    class Closed(Market):
        def valid_days(self, start: dt.date, end: dt.date) -> Any:
            return []

    with pytest.raises(ValueError, match="no trading day in the 5 days after 2021-01-01"):
        PandasMarketCalendar(calendar=Closed(), cachesize=5).nextday(dt.date(2021, 1, 1))
