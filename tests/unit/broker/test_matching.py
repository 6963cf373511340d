"""Prices of fills, one rule a test."""

from __future__ import annotations

import pytest

from backtrader.broker import Order, matching
from backtrader.broker.slippage import NONE, Slippage

#            open   high   low    close
BAR = (100.0, 104.0, 97.0, 102.0)
FALLING = (102.0, 104.0, 97.0, 99.0)
BUY, SELL = True, False


def test_every_execution_type_but_close_has_its_function() -> None:
    assert set(matching.MATCHERS) == set(range(8)) - {Order.Close}


def test_market_fills_at_the_open() -> None:
    assert matching.market(BUY, 0.0, 0.0, BAR, NONE) == (100.0, "open")


def test_market_slips_only_if_openings_slip() -> None:
    assert matching.market(BUY, 0.0, 0.0, BAR, Slippage(fixed=3.0)) == (103.0, "open")
    assert matching.market(SELL, 0.0, 0.0, BAR, Slippage(fixed=9.0)) == (97.0, "open")
    assert matching.market(BUY, 0.0, 0.0, BAR, Slippage(fixed=3.0, at_open=False)) == (100.0, "open")


@pytest.mark.parametrize(
    ("buy", "limit", "outcome"),
    [
        (BUY, 98.0, (98.0, "limit")),
        (BUY, 101.0, (100.0, "limit at open")),
        (BUY, 96.0, None),
        (BUY, 97.0, (97.0, "limit")),
        (SELL, 103.0, (103.0, "limit")),
        (SELL, 99.0, (100.0, "limit at open")),
        (SELL, 105.0, None),
        (SELL, 104.0, (104.0, "limit")),
    ],
)
def test_limit(buy: bool, limit: float, outcome: matching.Outcome) -> None:
    assert matching.limit(buy, limit, limit, BAR, NONE) == outcome


def test_a_limit_holds_slippage() -> None:
    slip = Slippage(fixed=5.0)
    assert matching.limit(BUY, 0.0, 101.0, BAR, slip) == (101.0, "limit at open")
    # a seller is held by his limit alone, the buyer by the high as well
    assert matching.limit(SELL, 0.0, 96.0, BAR, slip) == (96.0, "limit at open")
    assert matching.limit(BUY, 0.0, 110.0, BAR, slip) == (104.0, "limit at open")
    assert matching.limit(BUY, 0.0, 101.0, BAR, Slippage(fixed=5.0, match=False, limit=False)) is None


@pytest.mark.parametrize(
    ("buy", "price", "outcome"),
    [
        (BUY, 103.0, (103.0, "stop")),
        (BUY, 99.0, (100.0, "stop gap")),
        (BUY, 105.0, None),
        (SELL, 98.0, (98.0, "stop")),
        (SELL, 101.0, (100.0, "stop gap")),
        (SELL, 96.0, None),
    ],
)
def test_stop(buy: bool, price: float, outcome: matching.Outcome) -> None:
    assert matching.stop(buy, price, price, BAR, NONE) == outcome


@pytest.mark.parametrize(
    ("buy", "price", "limit", "bar", "outcome"),
    [
        (BUY, 105.0, 106.0, BAR, None),  # not reached
        (BUY, 103.0, 103.5, BAR, (103.0, "stop limit")),  # limit beyond the stop: filled at the stop
        (BUY, 99.0, 98.0, BAR, (98.0, "limit")),  # open beyond the stop: a limit order at once
        (BUY, 99.0, 96.0, BAR, (None, "triggered")),
        (BUY, 103.0, 101.0, BAR, (None, "triggered")),  # a rising bar may never have come back
        (BUY, 103.0, 101.0, FALLING, (101.0, "stop limit, limit")),  # a falling one has
        (BUY, 103.0, 98.0, FALLING, (None, "triggered")),
        (SELL, 96.0, 95.0, BAR, None),
        (SELL, 98.0, 97.5, BAR, (98.0, "stop limit")),
        (SELL, 98.0, 101.0, BAR, (101.0, "stop limit, limit")),
        (SELL, 98.0, 101.0, FALLING, (None, "triggered")),
        (SELL, 98.0, 99.0, (100.0, 104.0, 97.0, 100.0), (99.0, "stop limit, limit")),
        (BUY, 103.0, 101.0, (100.0, 104.0, 97.0, 100.0), (None, "triggered")),
    ],
)
def test_stop_limit(
    buy: bool, price: float, limit: float, bar: matching.Bar, outcome: matching.Outcome
) -> None:
    assert matching.stop_limit(buy, price, limit, bar, NONE) == outcome


def test_history_is_not_discussed() -> None:
    assert matching.historical(BUY, 1.0, 1.0, BAR, Slippage(fixed=5.0)) == (1.0, "history")


@pytest.mark.parametrize(
    ("now", "end", "annotated", "outcome"),
    [
        (10.0, 12.0, None, None),  # the bar it was made in
        (11.0, 12.0, 50.0, None),  # the session goes on
        (12.0, 12.0, 50.0, (60.0, 0, "close")),  # the last bar
        (13.0, 12.0, 50.0, (50.0, -1, "previous close")),  # it was the bar before
        (13.0, 12.0, None, (60.0, 0, "close")),  # nothing noted: this one must do
    ],
)
def test_close_of_session(now: float, end: float, annotated: float | None, outcome: object) -> None:
    assert matching.session_close(now, 10.0, end, 60.0, annotated) == outcome
