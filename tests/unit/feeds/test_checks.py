"""What a run says about its bars before it starts."""

from __future__ import annotations

import datetime as dt
import logging
from typing import Any

import pandas as pd
import pytest

import backtrader as bt
from backtrader.errors import DataError
from backtrader.feeds import checks

from . import stage

Rows = list[Any]


def rows(count: int, first: dt.datetime = dt.datetime(2020, 1, 1)) -> Rows:
    return [(first + dt.timedelta(days=i), 10, 12, 9, 11, 100, 0) for i in range(count)]


def messages(feeds: list[Any], caplog: pytest.LogCaptureFixture, **options: Any) -> list[str]:
    """The lines of a run."""
    caplog.clear()
    cerebro = bt.Cerebro(**options)
    for feed in feeds:
        cerebro.adddata(feed)
    with caplog.at_level(logging.WARNING, logger="backtrader.data"):
        cerebro.run()
    return [record.getMessage() for record in caplog.records]


@pytest.fixture(params=["rows", "numpy"])
def _way(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Few bars are looked at by Python alone, many by numpy: both must see the same."""
    if request.param == "numpy":
        monkeypatch.setattr(checks, "_WORTH_LOADED", 0)
        monkeypatch.setattr(checks, "_BLOCK", 7)


BAD = {
    "high below close": ((10, 10.5, 9, 11), "high 10.5 is below close 11"),
    "high below open": ((10, 9.5, 9, 9.2), "high 9.5 is below open 10"),
    "low above open": ((10, 12, 10.5, 11), "low 10.5 is above open 10"),
    "low above close": ((11, 12, 10.5, 10), "low 10.5 is above close 10"),
    "close missing": ((10, 12, 9, float("nan")), "close is missing"),
    "low missing": ((10, 12, float("nan"), 11), "low is missing"),
    "zero": ((10, 12, 0, 11), "low is 0"),
    "negative": ((10, 12, -9, 11), "low is -9"),
}


@pytest.mark.usefixtures("_way")
@pytest.mark.parametrize("name", BAD)
def test_an_impossible_bar_is_told(name: str, caplog: pytest.LogCaptureFixture) -> None:
    prices, why = BAD[name]
    bars = rows(40)
    bars[20] = (bars[20][0], *prices, 100, 0)
    (message,) = messages([stage.Rows(dataname=bars, name="acme")], caplog)
    assert message.startswith("feed 'acme': 1 bar is impossible, first bar 21 (2020-01-21 00:00:00): " + why)
    assert "python -m backtrader.audit" in message


@pytest.mark.usefixtures("_way")
def test_clean_bars_are_not_mentioned(caplog: pytest.LogCaptureFixture) -> None:
    assert messages([stage.Rows(dataname=rows(40))], caplog) == []
    flat = [(when, 10, 10, 10, 10, 0, 0) for when, *_ in rows(40)]
    assert messages([stage.Rows(dataname=flat)], caplog) == []


@pytest.mark.usefixtures("_way")
def test_a_feed_of_something_else_is_not_mentioned(caplog: pytest.LogCaptureFixture) -> None:
    rates = [(when, -1, -0.5, -2, -1, 0, 0) for when, *_ in rows(40)]
    closes = pd.DataFrame({"close": range(1, 41)}, index=pd.date_range("2020-01-01", periods=40))
    assert messages([stage.Rows(dataname=rates)], caplog) == []
    assert messages([bt.feeds.PandasData(dataname=closes)], caplog) == []


@pytest.mark.usefixtures("_way")
def test_many_are_counted_in_one_line_and_once_per_feed(caplog: pytest.LogCaptureFixture) -> None:
    bars = rows(40)
    for i in (5, 6, 30):
        bars[i] = (bars[i][0], 10, 8, 9, 11, 100, 0)
    feed = stage.Rows(dataname=bars, name="acme")
    (message,) = messages([feed], caplog)
    assert "3 bars are impossible, first bar 6" in message
    assert messages([feed], caplog) == [], "the second run does not say it again"


def test_all_bars_of_a_long_feed_are_looked_at(caplog: pytest.LogCaptureFixture) -> None:
    count = 3 * checks._BLOCK + 5
    frame = pd.DataFrame(
        {"open": 10.0, "high": 12.0, "low": 9.0, "close": 11.0},
        index=pd.date_range("2000-01-01", periods=count, freq="min"),
    )
    frame.iloc[-1, 1] = 10.5
    frame.iloc[2 * checks._BLOCK, 2] = 0.0
    (message,) = messages([bt.feeds.PandasData(dataname=frame, name="long")], caplog)
    assert f"2 bars are impossible, first bar {2 * checks._BLOCK + 1} " in message


def test_it_can_be_switched_off_and_made_strict(caplog: pytest.LogCaptureFixture) -> None:
    bars = rows(40)
    bars[20] = (bars[20][0], 10, 8, 9, 11, 100, 0)
    assert messages([stage.Rows(dataname=bars)], caplog, audit=False) == []
    with pytest.raises(DataError, match="feed 'acme': 1 bar is impossible"):
        messages([stage.Rows(dataname=bars, name="acme")], caplog, audit="strict")


def test_bars_that_come_one_by_one_are_not_looked_at(caplog: pytest.LogCaptureFixture) -> None:
    bars = rows(40)
    bars[20] = (bars[20][0], 10, 8, 9, 11, 100, 0)
    assert messages([stage.Rows(dataname=bars)], caplog, preload=False, runonce=False) == []
    assert messages([stage.Rows(dataname=bars)], caplog, runonce=False) != []


def test_a_sweep_says_it_once(caplog: pytest.LogCaptureFixture) -> None:
    class Idle(bt.Strategy):
        params = (("x", 0),)

    bars = rows(40)
    bars[20] = (bars[20][0], 10, 8, 9, 11, 100, 0)
    cerebro = bt.Cerebro(maxcpus=1)
    cerebro.adddata(stage.Rows(dataname=bars))
    cerebro.optstrategy(Idle, x=range(4))
    with caplog.at_level(logging.WARNING, logger="backtrader.data"):
        cerebro.run()
    assert len(caplog.records) == 1


def test_a_feed_that_starts_late_is_named(caplog: pytest.LogCaptureFixture) -> None:
    old = stage.Rows(dataname=rows(100), name="old")
    new = stage.Rows(dataname=rows(50, dt.datetime(2020, 2, 20)), name="new")
    (message,) = messages([old, new], caplog)
    assert message == (
        "feed 'new' starts on 2020-02-20, the run on 2020-01-01: until then strategies only get prenext()"
    )
    assert (
        messages(
            [stage.Rows(dataname=rows(100)), stage.Rows(dataname=rows(95, dt.datetime(2020, 1, 6)))], caplog
        )
        == []
    )
