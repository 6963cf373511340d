"""Round trips tell what the trades of a run were."""

from __future__ import annotations

from typing import Any

import pytest

import backtrader as bt
from backtrader.core.trips import round_trips

pd = pytest.importorskip("pandas")


class Plan(bt.Strategy):
    """Orders by bar."""

    params = (("plan", {}),)

    def next(self) -> None:
        for verb, words in self.p.plan.get(len(self), ()):
            getattr(self, verb)(**words)


def trips(plan: dict[int, Any], commission: float = 0.0, **options: Any) -> Any:
    prices = [100, 102, 104, 103, 101, 99, 98, 100, 103, 106]
    rows = [(p, p + 1.5, p - 0.5, p + 1.0, 1.0) for p in prices]
    table = pd.DataFrame(
        rows,
        columns=["open", "high", "low", "close", "volume"],
        index=pd.date_range("2024-01-01", periods=len(rows)),
        dtype=float,
    )
    cerebro = bt.Cerebro()
    cerebro.adddata(bt.feeds.PandasData(dataname=table), name="X")
    cerebro.addstrategy(Plan, plan=plan)
    cerebro.broker.setcommission(commission)
    return round_trips(cerebro.run(**options))


@pytest.mark.parametrize("options", [{}, {"runonce": False}], ids=["batch", "event"])
def test_a_long_trade(options: dict[str, Any]) -> None:
    (trip,) = trips({1: [("buy", {"size": 3})], 4: [("close", {})]}, commission=0.01, **options)
    assert (trip.size, trip.entry, trip.exit, trip.bars) == (3, 102.0, 101.0, 3)
    assert (trip.opened.day, trip.closed.day) == (2, 5)
    assert trip.gross == -3.0 and trip.net == pytest.approx(-3.0 - 0.01 * 3 * 203)
    assert (trip.best, trip.worst) == (105.5 - 102.0, 102.0 - 100.5)


def test_built_up_and_sold_in_parts() -> None:
    plan = {
        1: [("buy", {"size": 1})],
        2: [("buy", {"size": 3})],
        4: [("sell", {"size": 1})],
        6: [("close", {})],
    }
    (trip,) = trips(plan)
    assert (trip.size, trip.entry) == (4, (102 + 3 * 104) / 4)
    assert trip.exit == pytest.approx((101 + 3 * 98) / 4)
    assert trip.gross == pytest.approx(4 * (trip.exit - trip.entry))


def test_turned_around_in_one_order_makes_two() -> None:
    first, second = trips({1: [("buy", {"size": 2})], 4: [("sell", {"size": 5})], 7: [("close", {})]})
    assert (first.size, first.exit, second.size, second.entry, second.exit) == (2, 101.0, -3, 101.0, 100.0)
    assert second.gross == 3.0
    assert (second.best, second.worst) == (101.0 - 97.5, 102.5 - 101.0)


def test_trade_ids_are_kept_apart() -> None:
    plan = {
        1: [("buy", {"size": 1, "tradeid": 1}), ("buy", {"size": 1, "tradeid": 2})],
        3: [("sell", {"size": 1, "tradeid": 1})],
        5: [("sell", {"size": 1, "tradeid": 2})],
    }
    one, two = trips(plan)
    assert [(t.tradeid, t.exit) for t in (one, two)] == [(1, 103.0), (2, 99.0)]


def test_one_that_is_still_open_has_no_exit() -> None:
    (trip,) = trips({1: [("sell", {"size": 2})]})
    assert (trip.size, trip.closed, trip.exit, trip.bars) == (-2, None, None, 8)
    assert (trip.best, trip.worst) == (102.0 - 97.5, 107.5 - 102.0)
