"""Cash, margin, commissions, futures, interest, short selling, fund mode, order history."""

from __future__ import annotations

import datetime as dt
from typing import Any

import backtrader as bt

from ..data import daily, minutes, scaled
from ..feeds import intraday
from ..registry import scenario
from ..stage import Stage
from .support import InOut, Program

O = bt.Order


def _inout(s: Stage, rows: Any = None, strategy: Any = InOut, **params: Any) -> Any:
    return s.simple(strategy, s.feed(rows or daily(60, 50), "d0"), **params)


@scenario()
def commission_percent(s: Stage) -> Any:
    """Percentage commission through setcommission."""
    cerebro = _inout(s, short=True)
    cerebro.broker.setcommission(commission=0.001)
    return cerebro


@scenario()
def commission_kinds(s: Stage) -> Any:
    """Every combination of commtype, percabs, stocklike and margin."""
    for number, kind in enumerate((None, bt.CommInfoBase.COMM_PERC, bt.CommInfoBase.COMM_FIXED)):
        for percabs in (True, False):
            for stocklike, margin in ((True, None), (False, None), (False, 30.0), (True, 30.0)):
                cerebro = _inout(s, daily(20, 51 + number), short=True)
                cerebro.broker.setcommission(
                    commission=0.25,
                    commtype=kind,
                    percabs=percabs,
                    stocklike=stocklike,
                    margin=margin,
                    mult=2.0,
                )
                s.run(cerebro)


@scenario()
def commission_classes(s: Stage) -> Any:
    """The ready-made commission classes."""
    classes = bt.commissions
    for cls, kwargs in (
        (classes.CommInfo_Stocks_Perc, {"commission": 0.5}), (classes.CommInfo_Stocks_Fixed, {"commission": 0.02}),
        (classes.CommInfo_Futures_Perc, {"commission": 0.02, "mult": 5.0, "margin": 40.0}),
        (classes.CommInfo_Futures_Fixed, {"commission": 1.5, "mult": 10.0, "margin": 20.0}),
        (bt.CommissionInfo, {"commission": 0.002}), (bt.CommInfoBase, {"commission": 0.2}),
    ):  # fmt: skip
        cerebro = _inout(s, daily(30, 55), short=True)
        cerebro.broker.addcommissioninfo(cls(**kwargs))
        s.run(cerebro)


@scenario()
def commission_by_name(s: Stage) -> Any:
    """Different schemes for different feeds."""
    cerebro = s.cerebro()
    for i in range(3):
        cerebro.adddata(s.feed(daily(30, 56 + i), f"d{i}"))
    cerebro.broker.setcommission(commission=0.001)
    cerebro.broker.setcommission(commission=2.0, margin=50.0, mult=10.0, name="d1")
    cerebro.broker.addcommissioninfo(bt.CommissionInfo(commission=0.01, leverage=2.0), name="d2")

    class All(bt.Strategy):
        def next(self) -> None:
            for i, data in enumerate(self.datas):
                if len(self) % 10 == 2 + i:
                    self.buy(data, size=3)
                elif len(self) % 10 == 6 + i:
                    self.close(data)
            s.note("info", [self.broker.getcommissioninfo(d).p.commission for d in self.datas])

    cerebro.addstrategy(All)
    return cerebro


@scenario()
def futures_marking(s: Stage) -> Any:
    """Futures: cash moves with every close, value is margin."""
    cerebro = _inout(s, short=True, size=4)
    cerebro.broker.setcommission(commission=2.0, margin=60.0, mult=5.0)
    return cerebro


@scenario()
def automargin(s: Stage) -> Any:
    """automargin: by multiplier, by factor, off."""
    for value in (-1, 3.0, False):
        cerebro = _inout(s, daily(30, 59), short=True)
        cerebro.broker.setcommission(commission=1.0, margin=15.0, mult=2.0, automargin=value)
        s.run(cerebro)


@scenario()
def leverage(s: Stage) -> Any:
    """Leverage divides what is needed for stocks."""
    cerebro = _inout(s, short=True, size=150)
    cerebro.broker.setcommission(commission=0.001, leverage=3.0)
    return cerebro


@scenario()
def interest_short(s: Stage) -> Any:
    """Interest on short positions, across weekends."""
    for int2pnl in (True, False):
        cerebro = _inout(s, short=True, size=20)
        cerebro.broker.setcommission(commission=0.0005, interest=0.08)
        cerebro.broker.set_int2pnl(int2pnl)
        s.run(cerebro)


@scenario()
def interest_long(s: Stage) -> Any:
    """Interest also on longs; minutes: only when the date changes."""
    for rows, kwargs in ((daily(60, 50), {}), (minutes(90, 3, per_day=15), intraday())):
        cerebro = s.simple(InOut, s.feed(rows, "d0", **kwargs), short=True, size=20, hold=11)
        cerebro.broker.setcommission(interest=0.1, interest_long=True)
        s.run(cerebro)


def _greedy(t: Any) -> Any:
    n, c = len(t), t.data.close[0]
    side = t.buy if n % 4 < 2 else t.sell
    if n % 3 == 0:
        return side(size=40, exectype=O.Limit, price=round(c * 1.01, 2))
    return side(size=60)


@scenario()
def margin_shortage(s: Stage) -> Any:
    """Not enough cash: at submission, at execution."""
    return s.simple(
        Program,
        s.feed(daily(60, 60, vola=0.04), "d0"),
        cash=9000.0,
        plan=dict.fromkeys(range(2, 56), _greedy),
    )


@scenario()
def margin_shortage_futures(s: Stage) -> Any:
    """The same with futures: closing part only, ruin."""
    cerebro = s.simple(
        Program,
        s.feed(daily(60, 61, vola=0.05), "d0"),
        cash=4000.0,
        plan=dict.fromkeys(range(2, 56), _greedy),
    )
    cerebro.broker.setcommission(commission=2.0, margin=70.0, mult=3.0)
    return cerebro


@scenario()
def margin_brackets(s: Stage) -> Any:
    """A bracket or an OCO group whose main order is refused."""

    def group(t: Any) -> list[Any]:
        first = t.buy(exectype=O.Limit, price=90.0)
        return [first, t.buy(size=10000, oco=first)]

    return s.simple(
        Program, s.feed(daily(30, 62), "d0"), cash=1500.0,
        plan={2: lambda t: t.buy_bracket(exectype=O.Market, size=100, stopprice=90.0, limitprice=120.0),
              5: group, 8: lambda t: t.buy_bracket(exectype=O.Market, size=9, stopprice=90.0, limitprice=120.0),
              10: lambda t: [t.buy(size=8), t.buy(size=8), t.sell(size=3)]},
    )  # fmt: skip


@scenario()
def checksubmit_off(s: Stage) -> Any:
    """checksubmit False: no Submitted, only the check at execution."""
    cerebro = s.simple(
        Program,
        s.feed(daily(60, 60, vola=0.04), "d0"),
        cash=9000.0,
        plan=dict.fromkeys(range(2, 56), _greedy),
    )
    cerebro.broker.set_checksubmit(False)
    return cerebro


@scenario()
def shortcash_off(s: Stage) -> Any:
    """shortcash False: a short costs cash."""
    cerebro = _inout(s, short=True, size=30)
    cerebro.broker.set_shortcash(False)
    cerebro.broker.setcommission(commission=0.002)
    return cerebro


@scenario()
def margin_shortcash_off(s: Stage) -> Any:
    """shortcash False with too little cash."""
    cerebro = s.simple(
        Program,
        s.feed(daily(60, 63, vola=0.04), "d0"),
        cash=6000.0,
        plan=dict.fromkeys(range(2, 56), _greedy),
    )
    cerebro.broker.set_shortcash(False)
    return cerebro


class Values(bt.Strategy):
    """Asks the broker for values in all its ways."""

    def __init__(self) -> None:
        self.log: list[Any] = []

    def next(self) -> None:
        b = self.broker
        if len(self) % 7 == 2:
            self.buy(self.data0, size=5)
            self.sell(self.datas[-1], size=2)
        elif len(self) % 7 == 5:
            self.close(self.data0)
        row = [b.getvalue(), b.get_value([self.data0]), b.getcash(), b.get_cash(), b.getvalue()]
        row += [b.get_value(mkt=True), b.get_value(lever=True), b.get_leverage(), b.startingcash]
        row += [b.get_value(self.datas), b.getvalue(), b.getposition(self.data0).size]
        self.log.append(row)


@scenario()
def values_asked(s: Stage) -> Any:
    """getvalue with and without feeds; with several feeds the original overwrites the stored total."""
    s.run(s.simple(Values, s.feed(daily(20, 64), "d0")))
    cerebro = s.simple(Values, s.feed(daily(20, 64), "d0"), s.feed(daily(20, 65), "d1"))
    cerebro.broker.setcommission(commission=0.001, leverage=2.0)
    s.run(cerebro)


@scenario()
def adding_cash(s: Stage) -> Any:
    """add_cash and set_cash while running."""
    plan = {
        2: lambda t: t.buy(size=5), 4: lambda t: t.broker.add_cash(1000.0), 7: lambda t: t.broker.add_cash(-500.0),
        9: lambda t: [t.broker.add_cash(10.0), t.broker.add_cash(20.0), t.close()][-1:],
        14: lambda t: t.broker.set_cash(7777.0),
    }  # fmt: skip
    return s.simple(Program, s.feed(daily(20, 66), "d0"), plan=plan)


@scenario()
def fund_mode(s: Stage) -> Any:
    """Fund mode: shares and value per share, cash added, analyzers and observers follow."""
    cerebro = s.simple(
        Program, s.feed(daily(40, 67), "d0"),
        plan={2: lambda t: t.buy(size=20), 10: lambda t: t.broker.add_cash(3000.0), 20: lambda t: t.close(),
              25: lambda t: t.broker.add_cash(-2000.0), 27: lambda t: t.sell(size=10)},
    )  # fmt: skip
    cerebro.broker.set_fundmode(True, 50.0)
    cerebro.addobserver(bt.observers.FundValue)
    cerebro.addobserver(bt.observers.FundShares)
    for analyzer in (bt.analyzers.TimeReturn, bt.analyzers.Returns, bt.analyzers.DrawDown):
        cerebro.addanalyzer(analyzer)
    s.note("mode", [cerebro.broker.get_fundmode(), cerebro.broker.fundmode])
    return cerebro


@scenario(crash={"batch": "AttributeError"}, like={"default": "runonce=False"})
def fund_history(s: Stage) -> Any:
    """set_fund_history overrides share value and shares by date; the original does not manage it in batch mode."""
    cerebro = _inout(s, daily(20, 68))
    cerebro.set_fund_history(
        [
            [dt.date(2021, 3, 1), 90.0, 100.0],
            ["2021-03-10", 95.0, 120.0],
            [dt.datetime(2021, 3, 17), 99.0, 150.0],
        ]
    )
    return cerebro


@scenario()
def order_history(s: Stage) -> Any:
    """Orders from a list: strings, dates, prices, with and without notification."""
    for notify in (True, False):
        cerebro = s.simple(
            Program, s.feed(daily(30, 69), "d0"), plan={12: lambda t: t.buy(size=2), 20: lambda t: t.close()}
        )
        cerebro.add_order_history(
            [["2021-03-02", 10, 101.5], [dt.date(2021, 3, 5), -4, 99.0], [dt.datetime(2021, 3, 9), -6, 98.0]],
            notify=notify,
        )
        cerebro.addanalyzer(bt.analyzers.TradeAnalyzer)
        s.run(cerebro)


@scenario()
def order_history_feeds(s: Stage) -> Any:
    """The same on two feeds, by number and by name, from a generator."""
    cerebro = s.simple(Program, s.feed(daily(30, 69), "one"), s.feed(daily(30, 70), "two"))
    rows = [
        ["2021-03-02", 10, 101.5, 0],
        ["2021-03-03", 3, 90.5, "two"],
        ["2021-03-12", -13, 99.0, "one"],
        ["2021-03-15", -9, 88.0, 1],
    ]
    cerebro.add_order_history(iter(rows), notify=True)
    return cerebro


@scenario(skip={"stepped": "nothing runs", "quiet": "nothing runs"})
def commission_calculator(s: Stage) -> None:
    """The methods of commission objects, called directly."""
    infos = [
        bt.CommissionInfo(commission=0.001), bt.CommissionInfo(commission=2.0, margin=100.0, mult=10.0),
        bt.CommissionInfo(commission=1.0, automargin=0.5, mult=2.0), bt.CommInfoBase(commission=0.1, leverage=4.0),
        bt.CommInfoBase(commission=3.0, stocklike=True, commtype=bt.CommInfoBase.COMM_FIXED),
    ]  # fmt: skip
    for i, info in enumerate(infos):
        for size, price in ((5, 100.0), (-5, 101.5), (0, 99.0), (2.5, 10.0)):
            row = [
                info.getcommission(size, price),
                info.confirmexec(size, price),
                info.getoperationcost(size, price),
            ]
            row += [
                info.getvaluesize(size, price),
                info.profitandloss(size, price, 105.0),
                info.cashadjust(size, price, 103.0),
            ]
            row += [
                info.get_margin(price),
                info.getsize(price, 5000.0),
                info.get_leverage(),
                info.margin,
                info.stocklike,
            ]
            s.note(f"info {i} {size} {price}", row)


@scenario()
def cheap_prices(s: Stage) -> Any:
    """Tiny prices, large sizes, fractional sizes: rounding of accounts."""

    def step(t: Any) -> Any:
        return (t.buy if len(t) % 3 else t.sell)(size=1234.567 * (1 + len(t) % 4))

    cerebro = s.simple(
        Program, s.feed(scaled(daily(40, 71), 0.01), "d0"), plan=dict.fromkeys(range(2, 38), step)
    )
    cerebro.broker.setcommission(commission=0.00075, interest=0.03)
    return cerebro
