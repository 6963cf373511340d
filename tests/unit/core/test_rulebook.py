"""The rule behind each fill, and the band of what bars do not tell."""

from __future__ import annotations

from typing import Any

import pytest

import backtrader as bt
from backtrader.broker.matching import MATCHERS
from backtrader.core.rulebook import RULES

pd = pytest.importorskip("pandas")


def frame(*rows: tuple[float, float, float, float]) -> Any:
    index = pd.date_range("2024-01-01", periods=len(rows), freq="D")
    table = pd.DataFrame(rows, columns=["open", "high", "low", "close"], index=index)
    return table.assign(volume=1000.0)


class Bracket(bt.Strategy):
    """In on bar 1 with a stop at 95 and a target at 105."""

    def next(self) -> None:
        if len(self) == 1:
            self.buy_bracket(size=10, exectype=bt.Order.Market, stopprice=95.0, limitprice=105.0)


class Group(bt.Strategy):
    def next(self) -> None:
        if len(self) == 1:
            self.buy(size=10)
        if len(self) == 2:
            target = self.sell(size=10, price=105.0, exectype=bt.Order.Limit)
            self.sell(size=10, price=95.0, exectype=bt.Order.Stop, oco=target)


FLAT = (100.0, 101.0, 99.0, 100.0)
BOTH = (100.0, 106.0, 94.0, 100.0)
UP = (100.0, 106.0, 99.0, 105.0)
GAP = (107.0, 108.0, 94.0, 100.0)


def book(strategy: Any, *rows: Any, commission: float = 0.0, **options: Any) -> Any:
    cerebro = bt.Cerebro()
    cerebro.adddata(bt.feeds.PandasData(dataname=frame(*rows)), name="X")
    cerebro.addstrategy(strategy)
    cerebro.broker.setcommission(commission)
    cerebro.run(**options)
    return cerebro.fills()


@pytest.mark.parametrize("options", [{}, {"runonce": False}], ids=["batch", "event"])
@pytest.mark.parametrize("strategy", [Bracket, Group])
def test_a_bar_with_both_prices_gives_a_band(strategy: Any, options: dict[str, Any]) -> None:
    found = book(strategy, FLAT, FLAT, FLAT, FLAT, BOTH, FLAT, **options)
    assert len(found) == 2 and len(found.ambiguous) == 1
    leaving = found.ambiguous[0]
    assert {leaving.price, leaving.other_price} == {95.0, 105.0}
    assert (found.worst, found.best) == (9950.0, 10050.0)
    assert found.final_value in (found.worst, found.best)
    assert "could be 9,950.00 to 10,050.00" in str(found)


def test_an_order_that_would_have_filled_at_the_open_counts_at_the_open() -> None:
    found = book(Bracket, FLAT, FLAT, FLAT, FLAT, GAP, FLAT)
    assert found.ambiguous[0].other_price == 107.0
    assert (found.worst, found.best) == (9950.0, 10070.0)


def test_a_bar_that_tells_gives_none() -> None:
    found = book(Bracket, FLAT, FLAT, FLAT, FLAT, UP, FLAT)
    assert not found.ambiguous
    assert found.worst == found.best == found.final_value
    assert "No fill depends" in str(found)


def test_commission_of_the_other_price_is_counted() -> None:
    found = book(Bracket, FLAT, FLAT, FLAT, FLAT, BOTH, FLAT, commission=0.01)
    entry, leave_low, leave_high = 10 * 100 * 0.01, 10 * 95 * 0.01, 10 * 105 * 0.01
    assert found.worst == pytest.approx(10_000 - 50 - entry - leave_low)
    assert found.best == pytest.approx(10_000 + 50 - entry - leave_high)


def test_every_rule_has_its_sentence() -> None:
    found = book(Bracket, FLAT, FLAT, FLAT, FLAT, (107.0, 108.0, 99.0, 105.0), FLAT)
    assert found.by_rule == {"open": 1, "limit at open": 1}
    assert set(found.to_frame()["rule"]) <= set(RULES)
    assert found.to_frame()["price"].tolist() == [100.0, 107.0]
    bar, rules = (100.0, 110.0, 90.0, 95.0), set()
    from backtrader.broker.slippage import NONE

    for match in MATCHERS.values():
        for buy in (True, False):
            for price in (80.0, 95.0, 100.0, 105.0, 120.0):
                for cap in (80.0, 95.0, 100.0, 105.0, 120.0):
                    outcome = match(buy, price, cap, bar, NONE)
                    if outcome is not None and outcome[0] is not None:
                        rules.add(outcome[1])
    assert rules <= set(RULES)
    assert len(rules) >= 8


def test_without_fills_it_says_so() -> None:
    assert str(book(bt.Strategy, FLAT, FLAT)) == "No order was filled."
