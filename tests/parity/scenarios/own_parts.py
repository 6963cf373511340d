"""Commission schemes, brokers, callbacks written by users; timers."""

from __future__ import annotations

import datetime as dt
from typing import Any

import backtrader as bt

from ..data import by_day, daily, minutes
from ..feeds import intraday
from ..registry import scenario
from ..stage import Stage
from .support import InOut, Program


class Tiered(bt.CommInfoBase):
    """A commission with a minimum and tiers."""

    params = (
        ("minimum", 1.5),
        ("stocklike", True),
        ("commtype", bt.CommInfoBase.COMM_PERC),
        ("percabs", True),
    )

    def _getcommission(self, size: float, price: float, pseudoexec: bool) -> float:
        value = abs(size) * price
        rate = self.p.commission if value < 1000 else self.p.commission / 2
        return max(self.p.minimum, value * rate)


class Contract(bt.CommInfoBase):
    """A futures contract by hand: margin by price, own profit and interest."""

    params = (("stocklike", False), ("commtype", bt.CommInfoBase.COMM_FIXED), ("mult", 5.0))

    def get_margin(self, price: float) -> float:
        return price * 0.2

    def getcommission(self, size: float, price: float) -> float:
        return abs(size) * 0.7 + 0.01 * price


class Lender(bt.CommissionInfo):
    """Own credit interest."""

    def _get_credit_interest(
        self, data: Any, size: float, price: float, days: int, dt0: Any, dt1: Any
    ) -> float:
        return days * abs(size) * price * 0.001 if size < 0 else 0.0


@scenario()
def commission_of_user(s: Stage) -> Any:
    """Three commission schemes written by users."""
    for info in (Tiered(commission=0.01), Contract(margin=20.0), Lender(interest=1.0, commission=0.001)):
        cerebro = s.simple(InOut, s.feed(daily(40, 220), "d0"), short=True, size=12)
        cerebro.broker.addcommissioninfo(info)
        s.run(cerebro)


class Counting(bt.brokers.BackBroker):
    """A broker subclass: hooks into submit and notify."""

    params = (("limit", 3),)

    def __init__(self) -> None:
        super().__init__()
        self.seen: list[Any] = []

    def buy(self, owner: Any, data: Any, size: float, *args: Any, **kwargs: Any) -> Any:
        self.seen.append(["buy", size])
        return super().buy(owner, data, min(size, self.p.limit), *args, **kwargs)

    def notify(self, order: Any) -> None:
        self.seen.append(["notify", order.status])
        super().notify(order)

    def next(self) -> None:
        self.seen.append(["next"])
        super().next()


@scenario()
def broker_of_user(s: Stage) -> Any:
    """A subclass of BackBroker."""
    cerebro = s.simple(InOut, s.feed(daily(30, 221), "d0"), size=5)
    broker = Counting(cash=5000.0, limit=2)
    cerebro.setbroker(broker)
    s.run(cerebro)
    s.note("seen", broker.seen)


class Timed(bt.Strategy):
    """Timers of its own."""

    params = (("cheat", False),)

    def __init__(self) -> None:
        self.add_timer(
            dt.time(9, 10),
            offset=dt.timedelta(minutes=2),
            repeat=dt.timedelta(minutes=5),
            cheat=self.p.cheat,
            tag="own",
        )
        self.add_timer(bt.timer.SESSION_START, weekdays=[1, 3], weekcarry=True)
        self.add_timer(bt.timer.SESSION_END, offset=-dt.timedelta(minutes=3))

    def notify_timer(self, timer: Any, when: Any, *args: Any, **kwargs: Any) -> None:
        if kwargs.get("tag"):
            self.buy(size=1)


@scenario()
def timers_of_strategy(s: Stage) -> Any:
    """Timers by time, with repeats, at session start and end."""
    kwargs = {"sessionstart": dt.time(9, 0), "sessionend": dt.time(9, 40), **intraday()}
    return s.simple(Timed, s.feed(minutes(200), "d0", **kwargs))


@scenario()
def timers_cheating(s: Stage) -> Any:
    """Cheat timers with cheat_on_open."""
    cerebro = s.cerebro(cheat_on_open=True)
    cerebro.adddata(
        s.feed(minutes(100), "d0", sessionstart=dt.time(9, 0), sessionend=dt.time(9, 40), **intraday())
    )
    cerebro.addstrategy(Timed, cheat=True)
    return cerebro


class HearsTimers(bt.Strategy):
    """Hears Cerebro's timers."""

    def __init__(self) -> None:
        self.log: list[Any] = []

    def notify_timer(self, timer: Any, when: Any, *args: Any, **kwargs: Any) -> None:
        self.log.append([timer.p.tid, when, args, kwargs, len(self), len(self.data)])


@scenario()
def timers_of_cerebro(s: Stage) -> Any:
    """Cerebro's timers on days: weekdays, month days with carry, allow."""
    cerebro = s.simple(HearsTimers, s.feed(daily(90, 222), "d0"))
    cerebro.add_timer(bt.timer.SESSION_START, strats=True, weekdays=[2, 5])
    cerebro.add_timer(bt.timer.SESSION_START, strats=True, monthdays=[1, 14, 20], monthcarry=True)
    cerebro.add_timer(bt.timer.SESSION_START, strats=True, monthdays=[6], monthcarry=False)
    cerebro.add_timer(bt.timer.SESSION_START, strats=True, allow=lambda day: day.day % 10 == 3)
    cerebro.add_timer(
        bt.timer.SESSION_START, offset=dt.timedelta(), strats=True, weekdays=[7], weekcarry=True
    )
    return cerebro


@scenario(like={"exactbars=1": "exactbars=-1"}, crash={"exactbars=1": "IndexError"})
def timers_two_feeds(s: Stage) -> Any:
    """A timer with the session of another feed."""
    rows = minutes(120, per_day=40)
    cerebro = s.simple(
        HearsTimers, s.feed(rows, "d0", **intraday()), s.feed(by_day(rows), "d1", sessionend=dt.time(9, 25))
    )
    cerebro.add_timer(bt.timer.SESSION_END, tzdata=cerebro.datas[1], strats=True)
    cerebro.add_timer(dt.time(9, 15), strats=True, repeat=dt.timedelta(minutes=10))
    return cerebro


class OwnCerebro(bt.Cerebro):
    """Cerebro's own callbacks overridden."""

    heard: list[Any] = []

    def notify_data(self, data: Any, status: int, *args: Any, **kwargs: Any) -> None:
        self.heard.append(["data", data._name, status])

    def notify_timer(self, timer: Any, when: Any, *args: Any, **kwargs: Any) -> None:
        self.heard.append(["timer", when])


@scenario()
def cerebro_of_user(s: Stage) -> None:
    """A subclass of Cerebro with its own callbacks."""
    OwnCerebro.heard = []
    cerebro = OwnCerebro()
    cerebro.adddata(s.feed(daily(6, 223), "d0"))
    cerebro.addstrategy(Program, plan={2: lambda t: t.buy()})
    cerebro.add_timer(bt.timer.SESSION_START)
    s.run(cerebro)
    s.note("heard", OwnCerebro.heard)


@scenario(skip={"stepped": "nothing runs", "quiet": "nothing runs"})
def small_tools(s: Stage) -> None:
    """AutoDict family, math helpers, TimeFrame names."""
    auto = bt.utils.AutoDict()
    auto.one.two.three = 5
    ordered = bt.utils.AutoOrderedDict()
    ordered.b.c += 3
    ordered.a = 1
    ordered._close()
    s.note("auto", [auto, ordered, list(ordered.keys())])
    s.attempt("closed", lambda: ordered.new)
    s.note("dot", [bt.utils.DotDict(x=3).x])
    tf = bt.TimeFrame
    s.note(
        "names",
        [
            tf.getname(tf.Minutes, 1),
            tf.getname(tf.Days, 2),
            tf.TName(tf.Weeks),
            tf.TFrame("Months"),
            tf.Names,
        ],
    )
    m = bt.mathsupport
    s.note(
        "math",
        [
            m.average([1, 2, 4]),
            m.average([1, 2, 4], bessel=True),
            m.variance([1, 2, 4]),
            m.standarddev([1, 2, 4], bessel=True),
        ],
    )
