"""How orders fill: slippage, partial fills, cheat-on-close, cheat-on-open."""

from __future__ import annotations

from typing import Any

import backtrader as bt

from ..data import daily, line_up, minutes, with_flats, with_nans
from ..feeds import intraday
from ..registry import scenario
from ..stage import Stage
from .support import Program

O = bt.Order
WAVE = [100, 102, 104, 103, 101, 98, 96, 97, 99, 101, 104, 106, 105, 102, 99, 97, 95, 96, 98, 100]


def mixed(t: Any) -> Any:
    """One order of each type in turn, prices around the close."""
    n, c = len(t), t.data.close[0]
    side = t.buy if n % 2 else t.sell
    up = 1 if n % 2 else -1
    kind = n % 6
    if kind == 0:
        return side(size=4)
    if kind == 1:
        return side(exectype=O.Limit, price=round(c * (1 - up * 0.005), 2), size=3)
    if kind == 2:
        return side(exectype=O.Stop, price=round(c * (1 + up * 0.004), 2), size=3)
    if kind == 3:
        return side(
            exectype=O.StopLimit,
            price=round(c * (1 + up * 0.003), 2),
            plimit=round(c * (1 + up * 0.002), 2),
            size=2,
        )
    if kind == 4:
        return side(exectype=O.StopTrail, trailpercent=0.01, size=2)
    return side(exectype=O.Close, size=1)


def _mixed(s: Stage, seed: int = 31, rows: Any = None) -> Any:
    feed = s.feed(rows or daily(80, seed), "d0")
    return s.simple(Program, feed, cash=100000.0, plan=dict.fromkeys(range(2, 76), mixed))


@scenario()
def slippage_percent(s: Stage) -> Any:
    """Percentage slippage with the defaults of set_slippage_perc."""
    cerebro = _mixed(s)
    cerebro.broker.set_slippage_perc(0.003)
    return cerebro


@scenario()
def slippage_fixed(s: Stage) -> Any:
    """Fixed slippage."""
    cerebro = _mixed(s)
    cerebro.broker.set_slippage_fixed(0.35)
    return cerebro


@scenario()
def slippage_switches(s: Stage) -> Any:
    """Every combination of slip_open, slip_limit, slip_match, slip_out."""
    for number in range(16):
        cerebro = _mixed(s, 40)
        flags = {
            name: bool(number >> i & 1)
            for i, name in enumerate(("slip_open", "slip_limit", "slip_match", "slip_out"))
        }
        cerebro.broker.set_slippage_perc(0.006, **flags)
        s.run(cerebro)


@scenario()
def slippage_params(s: Stage) -> Any:
    """Slippage given as broker parameters: perc wins over fixed, opens do not slip by default."""
    cerebro = _mixed(s)
    cerebro.broker = bt.brokers.BackBroker(cash=50000.0, slip_perc=0.002, slip_fixed=5.0)
    return cerebro


@scenario()
def slippage_no_match(s: Stage) -> Any:
    """slip_match False: no fill outside the bar, tried again."""
    cerebro = _mixed(s, 33, with_flats(daily(80, 33), part=0.4))
    cerebro.broker.set_slippage_fixed(0.6, slip_match=False, slip_open=True)
    return cerebro


@scenario()
def filler_fixed_size(s: Stage) -> Any:
    """FixedSize filler: partial fills bar by bar."""
    cerebro = s.simple(
        Program, s.feed(daily(40, 34), "d0"), cash=1e6,
        plan={2: lambda t: t.buy(size=23), 9: lambda t: t.sell(size=40, exectype=O.Limit, price=t.data.close[0]),
              20: lambda t: t.buy(size=12, exectype=O.Stop, price=t.data.close[0] * 1.002)},
    )  # fmt: skip
    cerebro.broker.set_filler(bt.fillers.FixedSize(size=5))
    return cerebro


@scenario()
def filler_bar_percent(s: Stage) -> Any:
    """FixedBarPerc filler: a share of the bar's volume."""
    cerebro = s.simple(
        Program, s.feed(with_flats(daily(40, 35), part=0.2), "d0"), cash=1e7,
        plan={2: lambda t: t.buy(size=900), 15: lambda t: t.close(), 22: lambda t: t.sell(size=700)},
    )  # fmt: skip
    cerebro.broker.set_filler(bt.broker.filler.FixedBarPerc(perc=20.0))
    return cerebro


@scenario()
def filler_bar_points(s: Stage) -> Any:
    """BarPointPerc filler: volume spread over the bar's range."""
    cerebro = s.simple(
        Program, s.feed(daily(40, 36), "d0"), cash=1e7,
        plan={2: lambda t: t.buy(size=300, exectype=O.Limit, price=t.data.close[0]), 14: lambda t: t.close(),
              20: lambda t: t.sell(size=200, exectype=O.Stop, price=t.data.close[0])},
    )  # fmt: skip
    cerebro.broker.set_filler(bt.broker.fillers.BarPointPerc(minmov=0.05, perc=50.0))
    return cerebro


@scenario()
def filler_of_user(s: Stage) -> Any:
    """A filler written by the user sees order, price and ago; brackets and OCO with partial fills."""
    seen: list[Any] = []

    def filler(order: Any, price: float, ago: int) -> float:
        seen.append([order.executed.remsize, price, ago, order.data.volume[ago]])
        return min(abs(order.executed.remsize), 2 if len(seen) % 3 else 0)

    def oco(t: Any) -> Any:
        first = t.buy(exectype=O.Limit, price=t.data.close[0] * 1.01, size=6)
        return [first, t.sell(exectype=O.Limit, price=t.data.close[0] * 1.05, oco=first, size=6)]

    cerebro = s.simple(
        Program, s.feed(daily(60, 37), "d0"), cash=1e6,
        plan={2: lambda t: t.buy_bracket(exectype=O.Market, size=7, stopprice=90.0, limitprice=t.data.close[0] * 1.005),
              20: oco, 30: lambda t: t.close(), 35: lambda t: t.buy(size=9), 37: lambda t: t.cancel(t.made[-1])},
    )  # fmt: skip
    cerebro.broker.set_filler(filler)
    s.run(cerebro)
    s.note("seen", seen)


@scenario()
def cheat_on_close(s: Stage) -> Any:
    """coc: Market at the creation close, dated then; buy(coc=False) opts out."""
    cerebro = s.simple(
        Program, s.feed(line_up(WAVE * 2), "d0"),
        plan={2: lambda t: t.buy(size=2), 4: lambda t: t.buy(size=1, coc=False), 6: lambda t: t.close(),
              8: lambda t: t.sell(exectype=O.Limit, price=99.0), 10: lambda t: t.buy(exectype=O.Close),
              12: lambda t: t.buy_bracket(exectype=O.Market, stopprice=99.0, limitprice=108.0)},
    )  # fmt: skip
    cerebro.broker.set_coc(True)
    return cerebro


class Opener(bt.Strategy):
    """Orders in next_open and in next."""

    def __init__(self) -> None:
        self.sma = bt.ind.SMA(period=4)
        self.log: list[Any] = []

    def next_open(self) -> None:
        self.log.append(["open", len(self), len(self.data), self.data.open[0], self.data.datetime.date(0)])
        if len(self) % 6 == 0:
            self.buy(size=2)
        if len(self) % 6 == 3 and self.position:
            self.close()
        if len(self) % 11 == 5:
            self.sell(exectype=O.Limit, price=self.data.open[0] * 1.01)

    def next(self) -> None:
        self.log.append(["next", len(self)])
        if len(self) % 7 == 1:
            self.sell(size=1)


@scenario()
def cheat_on_open(s: Stage) -> Any:
    """cheat_on_open: next_open orders fill at the same bar's open."""
    cerebro = s.cerebro(cheat_on_open=True)
    cerebro.adddata(s.feed(daily(40, 38), "d0"))
    cerebro.addstrategy(Opener)
    return cerebro


@scenario()
def cheat_on_open_late(s: Stage) -> Any:
    """broker_coo False: next_open orders fill one bar later."""
    cerebro = s.cerebro(cheat_on_open=True, broker_coo=False)
    cerebro.adddata(s.feed(daily(40, 38), "d0"))
    cerebro.addstrategy(Opener)
    return cerebro


@scenario(like={"exactbars=1": "exactbars=-1"}, crash={"exactbars=1": "IndexError"})
def cheat_on_open_two_feeds(s: Stage) -> Any:
    """cheat_on_open with a slower second feed, during prenext too."""
    from ..data import every

    rows = minutes(60)
    cerebro = s.cerebro(cheat_on_open=True)
    cerebro.adddata(s.feed(rows, "d0", **intraday()))
    cerebro.adddata(s.feed(every(rows, 10), "d1", **intraday(10)))
    cerebro.addstrategy(Opener)
    return cerebro


@scenario()
def coo_without_cheat(s: Stage) -> Any:
    """Broker's coo alone (set_coo)."""
    cerebro = _mixed(s, 39)
    cerebro.broker.set_coo(True)
    return cerebro


@scenario()
def gaps_and_nan_volume(s: Stage) -> Any:
    """Orders against bars with NaN volume and jumps."""
    return _mixed(s, 0, with_nans(daily(80, 41, vola=0.06), part=0.3))


@scenario(variants={"tradehistory": {"tradehistory": True}})
def mixed_orders(s: Stage) -> Any:
    """All types in turn, no extras."""
    return _mixed(s, 42)
