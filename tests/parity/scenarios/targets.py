"""order_target_*, sizers, positions, trades."""

from __future__ import annotations

from typing import Any

import backtrader as bt

from ..data import daily
from ..registry import scenario
from ..stage import Stage
from .support import InOut, Program

O = bt.Order


def _targets(kind: str, values: list[float], every: int = 4, **kwargs: Any) -> dict[int, Any]:
    def step(value: float) -> Any:
        return lambda t: getattr(t, kind)(target=value, **kwargs)

    return {2 + every * i: step(value) for i, value in enumerate(values)}


@scenario()
def target_size(s: Stage) -> Any:
    """order_target_size through zero and to the other side, without need, with other exec types."""
    plan = _targets("order_target_size", [5, 8, 8, 3, -4, -4, -1, 0, 0, 2])
    s.run(s.simple(Program, s.feed(daily(50, 80), "d0"), plan=plan))
    plan = _targets("order_target_size", [5, -5, 0], every=6, exectype=O.Limit, price=100.0)
    return s.simple(Program, s.feed(daily(40, 81), "d0"), plan=plan)


@scenario()
def target_value(s: Stage) -> Any:
    """order_target_value rounds down; with price; for futures the margin counts."""
    values = [1000, 2500, 2500, 800, -1500, -3000, 0, 400]
    s.run(s.simple(Program, s.feed(daily(50, 82), "d0"), plan=_targets("order_target_value", values)))
    s.run(
        s.simple(
            Program, s.feed(daily(50, 82), "d0"), plan=_targets("order_target_value", values, price=90.0)
        )
    )
    cerebro = s.simple(Program, s.feed(daily(50, 82), "d0"), plan=_targets("order_target_value", values))
    cerebro.broker.setcommission(commission=1.0, margin=120.0, mult=4.0)
    return cerebro


@scenario()
def target_percent(s: Stage) -> Any:
    """order_target_percent of the account, up to all of it, short too."""
    values = [0.1, 0.5, 0.95, 0.2, -0.3, -0.9, 0.0, 1.0, 0.99]
    cerebro = s.simple(
        Program, s.feed(daily(60, 83), "d0"), plan=_targets("order_target_percent", values, every=5)
    )
    cerebro.broker.setcommission(commission=0.001)
    return cerebro


class Rebalance(bt.Strategy):
    """Keeps weights over several feeds."""

    def next(self) -> None:
        if len(self) % 5 == 1:
            for i, data in enumerate(self.datas):
                self.order_target_percent(data, target=0.1 + 0.15 * ((i + len(self)) % 4))


@scenario()
def rebalancing(s: Stage) -> Any:
    """Weights over three feeds, sell orders after buys."""
    return s.simple(Rebalance, *(s.feed(daily(60, 84 + i), f"d{i}") for i in range(3)), cash=50000.0)


class Plain(bt.Strategy):
    """Orders without sizes: the sizer decides."""

    def __init__(self) -> None:
        self.log: list[Any] = []

    def next(self) -> None:
        n = len(self) % 12
        if n in (2, 4):
            self.buy()
        elif n == 6:
            self.sell()
        elif n == 8:
            self.close()
        elif n == 10:
            self.sell()
        self.log.append(
            [
                self.getsizing(isbuy=True),
                self.getsizing(self.data, isbuy=False),
                type(self.getsizer()).__name__,
            ]
        )


@scenario()
def sizers(s: Stage) -> Any:
    """All the ready-made sizers."""
    z = bt.sizers
    for cls, kwargs in (
        (z.FixedSize, {"stake": 3}), (z.FixedSize, {"stake": 10, "tranches": 3}), (z.FixedReverser, {"stake": 2}),
        (z.FixedSizeTarget, {"stake": 4, "tranches": 2}), (z.PercentSizer, {"percents": 30}),
        (z.PercentSizerInt, {"percents": 30}), (z.AllInSizer, {}), (z.AllInSizerInt, {"percents": 90}), (z.SizerFix, {"stake": 7}),
    ):  # fmt: skip
        cerebro = s.simple(Plain, s.feed(daily(26, 87), "d0"))
        cerebro.addsizer(cls, **kwargs)
        s.run(cerebro)


@scenario()
def sizers_by_index(s: Stage) -> Any:
    """One sizer for all, another for the second strategy; setsizer inside a strategy."""

    class Own(Plain):
        def __init__(self) -> None:
            super().__init__()
            self.setsizer(bt.sizers.FixedSize(stake=9))

    cerebro = s.cerebro()
    cerebro.adddata(s.feed(daily(26, 88), "d0"))
    cerebro.addsizer(bt.sizers.FixedSize, stake=2)
    for cls in (Plain, Plain, Own):
        cerebro.addstrategy(cls)
    cerebro.addsizer_byidx(1, bt.sizers.FixedSize, stake=5)
    return cerebro


class ByHand(bt.Sizer):
    """A user's sizer; sees what upstream gives it."""

    params = (("share", 0.1), ("log", None))

    def _getsizing(self, comminfo: Any, cash: float, data: Any, isbuy: bool) -> float:
        position = self.broker.getposition(data)
        self.p.log.append([comminfo.p.commission, cash, data._name, isbuy, len(self.strategy), position.size])
        return int(self.p.share * cash / data.close[0]) if isbuy else abs(position.size)


@scenario()
def sizer_of_user(s: Stage) -> Any:
    """A sizer written by the user."""
    seen: list[Any] = []
    cerebro = s.simple(Plain, s.feed(daily(30, 89), "d0"))
    cerebro.addsizer(ByHand, share=0.2, log=seen)
    s.run(cerebro)
    s.note("seen", seen)


@scenario()
def trade_ids(s: Stage) -> Any:
    """Several trades side by side through tradeid; trades and positions part ways."""
    plan = {
        2: lambda t: t.buy(size=2, tradeid=1), 4: lambda t: t.buy(size=3, tradeid=2), 6: lambda t: t.sell(size=1, tradeid=1),
        8: lambda t: t.sell(size=3, tradeid=2), 10: lambda t: t.sell(size=4, tradeid=1), 12: lambda t: t.close(tradeid=1),
        14: lambda t: t.buy(size=5), 15: lambda t: t.close(tradeid=2),
    }  # fmt: skip
    cerebro = s.simple(Program, s.feed(daily(22, 90), "d0"), plan=plan)
    cerebro.broker.setcommission(commission=0.002)
    cerebro.addanalyzer(bt.analyzers.TradeAnalyzer)
    return cerebro


@scenario(
    variants={
        "tradehistory": {"tradehistory": True},
        "tradehistory stepped": {"tradehistory": True, "runonce": False},
    }
)
def reversals(s: Stage) -> Any:
    """Adding, reducing, reversing: closed and opened in one go."""
    sizes = [3, 2, -1, -4, -6, 2, 9, -5, 4, -4, 1, -2]

    def step(size: int) -> Any:
        return lambda t: t.buy(size=size) if size > 0 else t.sell(size=-size)

    cerebro = s.simple(
        Program, s.feed(daily(45, 91), "d0"), plan={2 + 3 * i: step(size) for i, size in enumerate(sizes)}
    )
    cerebro.broker.setcommission(commission=0.001)
    return cerebro


class WithHistory(bt.Strategy):
    """Switches the history of trades on by itself."""

    def __init__(self) -> None:
        self.set_tradehistory(True)

    def next(self) -> None:
        if len(self) % 6 == 1:
            self.buy(size=2)
        elif len(self) % 6 == 3:
            self.buy(size=1)
        elif len(self) % 6 == 5:
            self.close()


@scenario()
def trade_history(s: Stage) -> Any:
    """set_tradehistory in the strategy."""
    return s.simple(WithHistory, s.feed(daily(30, 92), "d0"))


class Compensating(bt.Strategy):
    """Hedges on another feed whose executions count for the first."""

    def next(self) -> None:
        if len(self) == 3:
            self.buy(self.data0, size=5)
        elif len(self) == 7:
            self.sell(self.data1, size=2)
        elif len(self) == 12:
            self.sell(self.data1, size=6)


@scenario()
def compensation(s: Stage) -> Any:
    """data.compensate routes position and trade to another feed."""
    one, two = s.feed(daily(20, 93), "d0"), s.feed(daily(20, 94), "d1")
    two.compensate(one)
    return s.simple(Compensating, one, two)


@scenario(skip={"stepped": "nothing runs", "quiet": "nothing runs"})
def position_object(s: Stage) -> None:
    """Position on its own: update, pseudoupdate, set, fix, clone."""
    position = bt.Position(5, 100.0)
    for size, price in (
        (3, 110.0),
        (-2, 120.0),
        (-6, 90.0),
        (-4, 80.0),
        (10, 95.0),
        (-6, 90.0),
        (0, 50.0),
        (1.5, 10.0),
    ):
        clone = position.clone()
        s.note("pseudo", [*position.pseudoupdate(size, price), clone.size, clone.price])
        s.note(
            "update",
            [
                *position.update(size, price),
                position.size,
                position.price,
                position.upopened,
                position.upclosed,
            ],
        )
    s.note("fix", [position.fix(7, 12.0), position.size, position.price])
    s.note("set", [*position.set(-3, 11.0), bool(position), abs(position.size)])
    s.note("flat", [bool(bt.Position()), bt.Position().size, bt.Position().price])


@scenario()
def steady_flow(s: Stage) -> Any:
    """In and out on the beat, long and short in turn, with commission."""
    cerebro = s.simple(InOut, s.feed(daily(120, 95), "d0"), short=True)
    cerebro.broker.setcommission(commission=0.001)
    return cerebro
