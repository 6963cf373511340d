"""What packages of others rely on without anybody having promised it; tests/thirdparty runs the packages."""

from __future__ import annotations

from collections import deque
from pathlib import Path
from typing import Any

import pytest

import backtrader as bt


def cerebro_with(data_dir: Path, strategy: Any) -> bt.Cerebro:
    cerebro = bt.Cerebro(stdstats=False)
    path = data_dir / "acme-2020.csv"
    cerebro.adddata(bt.feeds.BacktraderCSVData(dataname=str(path)))
    cerebro.addstrategy(strategy)
    return cerebro


class FewKeywords(bt.BrokerBase):
    """A broker that knows some of the keywords of an order, and orders that are told instead of given."""

    def __init__(self) -> None:
        super().__init__()
        self.sent: list[Any] = []
        self.told: deque[Any] = deque()

    class Order(bt.OrderBase):
        def __init__(self, owner: Any, data: Any, size: float, price: float, side: int) -> None:
            self.owner, self.data, self.size, self.price, self.ordtype = owner, data, size, price, side
            self.exectype = bt.Order.Limit
            super().__init__()
            self.accept()

    def buy(
        self, owner: Any, data: Any, size: Any, price: Any = None, plimit: Any = None, **kwargs: Any
    ) -> Any:
        return self._send(owner, data, size, price, bt.Order.Buy)

    def sell(
        self, owner: Any, data: Any, size: Any, price: Any = None, plimit: Any = None, **kwargs: Any
    ) -> Any:
        return self._send(owner, data, size, price, bt.Order.Sell)

    def _send(self, *said: Any) -> Any:
        order = self.Order(*said)
        self.sent.append(order)
        self.told.append(order.clone())
        return order

    def get_notification(self) -> Any:
        return self.told.popleft() if self.told else None

    def getcash(self) -> float:
        return 500.0

    def getvalue(self, datas: Any = None) -> float:
        return 700.0

    def getposition(self, data: Any) -> Any:
        return bt.Position()

    def next(self) -> None:
        pass


@pytest.mark.parametrize("mode", [{}, {"runonce": False}])
def test_a_broker_that_knows_few_keywords(data_dir: Path, mode: dict[str, Any]) -> None:
    class Sends(bt.Strategy):
        heard: list[Any] = []

        def next(self) -> None:
            if len(self) == 2:
                self.buy(size=3, price=80.0)
                self.sell(size=2, price=90.0)

        def notify_order(self, order: Any) -> None:
            self.heard.append((order.size, order.status, order.created.price))

    cerebro = cerebro_with(data_dir, Sends)
    broker = cerebro.setbroker(FewKeywords())
    cerebro.addanalyzer(bt.analyzers.TimeReturn)
    (strategy,) = cerebro.run(**mode)
    assert strategy.heard == [(3, bt.Order.Accepted, 80.0), (-2, bt.Order.Accepted, 90.0)]
    assert [order.executed.remsize for order in broker.sent] == [3, -2]
    assert set(strategy.analyzers[0].get_analysis().values()) == {0.0}
    Sends.heard.clear()


def test_orders_of_a_strategy_can_be_listed(data_dir: Path) -> None:
    class Trades(bt.Strategy):
        def next(self) -> None:
            if len(self) in (2, 5):
                self.buy() if len(self) == 2 else self.close()

    (strategy,) = cerebro_with(data_dir, Trades).run()
    assert [(order.size, order.getstatusname()) for order in strategy._orders] == [
        (1, "Completed"), (-1, "Completed"),
    ]  # fmt: skip


def test_lines_know_whose_they_are(data_dir: Path) -> None:
    class Uses(bt.Strategy):
        def __init__(self) -> None:
            self.of_line = bt.ind.SMA(self.data.high, period=2)
            self.of_delay = bt.ind.SMA(self.data(-1), period=2)
            self.ahead = self.data.close(1)

    (strategy,) = cerebro_with(data_dir, Uses).run()
    data = strategy.data
    assert strategy.of_line._clock.owner is data
    assert strategy.of_delay._clock.owner is strategy
    assert data._getlinealias(0) == "close"
    assert [type(one).__name__ for one in strategy.getindicators()] == [
        "SMA", "_LineDelay", "SMA", "_LineForward",
    ]  # fmt: skip
    assert isinstance(strategy.ahead, bt.linebuffer._LineForward)


def test_analyzers_made_inside_an_observer_are_stepped_only(data_dir: Path) -> None:
    class Counts(bt.Analyzer):
        def start(self) -> None:
            raise AssertionError("not started")

        def next(self) -> None:
            self.rets[len(self)] = True

    class Watches(bt.observers.Value):
        def __init__(self) -> None:
            super().__init__()
            self.counts = Counts()

    cerebro = cerebro_with(data_dir, bt.Strategy)
    cerebro.addobserver(Watches)
    (strategy,) = cerebro.run()
    assert len(strategy.stats.watches.counts.rets) == len(strategy) == 254


def test_one_that_needs_its_start_says_what_to_do(data_dir: Path) -> None:
    class Watches(bt.Observer):
        lines = ("x",)

        def __init__(self) -> None:
            self.returns = bt.analyzers.TimeReturn()

        def next(self) -> None:
            pass

    cerebro = cerebro_with(data_dir, bt.Strategy)
    cerebro.addobserver(Watches)
    with pytest.raises(AttributeError) as caught:
        cerebro.run()
    assert any("_addanalyzer_slave(TimeReturn" in note for note in caught.value.__notes__)
