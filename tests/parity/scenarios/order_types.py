"""Order execution types, price by price."""

from __future__ import annotations

import datetime as dt
from typing import Any

import backtrader as bt

from ..data import daily, line_up, minutes, with_flats
from ..feeds import intraday
from ..registry import scenario
from ..stage import Stage
from .support import Program

O = bt.Order
WAVE = [100, 102, 104, 103, 101, 98, 96, 97, 99, 101, 104, 106, 105, 102, 99, 97, 95, 96, 98, 100]


def _wave(s: Stage, plan: dict[int, Any], **kwargs: Any) -> Any:
    return s.simple(Program, s.feed(line_up(WAVE * 2), "d0"), plan=plan, **kwargs)


@scenario()
def market_orders(s: Stage) -> Any:
    """Market: next open; size defaults; negative sizes; nothing for size 0."""
    return _wave(s, {
        2: lambda t: t.buy(), 4: lambda t: t.buy(size=3), 6: lambda t: t.sell(size=10), 8: lambda t: t.close(),
        9: lambda t: [t.close(), t.buy(size=0)], 10: lambda t: t.buy(size=-2), 11: lambda t: t.sell(size=-5),
        13: lambda t: [t.buy(size=1), t.sell(size=1), t.buy(size=2, exectype=O.Market, price=1.0)],
        16: lambda t: t.close(size=1),
    })  # fmt: skip


@scenario()
def limit_orders(s: Stage) -> Any:
    """Limit: better open, exact touch, no touch, without a price."""
    return _wave(s, {
        2: lambda t: t.buy(exectype=O.Limit, price=99.0, size=1),
        3: lambda t: t.buy(exectype=O.Limit, price=101.0, size=2),
        4: lambda t: t.buy(exectype=O.Limit, size=3),
        7: lambda t: t.sell(exectype=O.Limit, price=100.0, size=2),
        8: lambda t: t.sell(exectype=O.Limit, price=90.0, size=1),
        9: lambda t: t.sell(exectype=O.Limit, size=1),
        12: lambda t: t.sell(exectype=O.Limit, price=150.0, size=1),
        14: lambda t: t.buy(exectype=O.Limit, plimit=99.0, size=1),
        15: lambda t: t.buy(exectype=O.Limit, price=97.0, plimit=90.0, size=1),
    })  # fmt: skip


@scenario()
def stop_orders(s: Stage) -> Any:
    """Stop: gap through, touch, already beyond."""
    return _wave(s, {
        2: lambda t: t.buy(exectype=O.Stop, price=105.0), 3: lambda t: t.sell(exectype=O.Stop, price=99.0, size=2),
        5: lambda t: t.sell(exectype=O.Stop, price=120.0), 8: lambda t: t.buy(exectype=O.Stop, price=100.0, size=4),
        9: lambda t: t.buy(exectype=O.Stop, price=10.0), 12: lambda t: t.sell(exectype=O.Stop, size=1),
    })  # fmt: skip


@scenario()
def stoplimit_orders(s: Stage) -> Any:
    """StopLimit: trigger and limit in one bar, later, never."""
    return _wave(s, {
        2: lambda t: t.buy(exectype=O.StopLimit, price=104.0, plimit=103.0, size=1),
        3: lambda t: t.sell(exectype=O.StopLimit, price=100.0, plimit=99.0, size=1),
        4: lambda t: t.sell(exectype=O.StopLimit, price=100.0, plimit=101.5, size=2),
        6: lambda t: t.buy(exectype=O.StopLimit, price=97.5, plimit=98.5, size=3),
        8: lambda t: t.buy(exectype=O.StopLimit, price=100.0, plimit=90.0, size=3),
        9: lambda t: t.buy(exectype=O.StopLimit, price=100.0, size=1),
        11: lambda t: t.sell(exectype=O.StopLimit, plimit=104.5, size=1),
    })  # fmt: skip


@scenario()
def stoplimit_random(s: Stage) -> Any:
    """Many StopLimit orders on random bars: every branch of the trigger bar."""

    def step(t: Any) -> Any:
        c = t.data.close[0]
        n = len(t)
        side = t.buy if n % 2 else t.sell
        up = 1 if n % 2 else -1
        stop = round(c * (1 + up * 0.004 * (n % 5)), 1)
        return side(
            exectype=O.StopLimit, price=stop, plimit=round(stop * (1 + 0.003 * (n % 7 - 3)), 1), size=1
        )

    return s.simple(Program, s.feed(daily(90, 11), "d0"), plan=dict.fromkeys(range(2, 85), step))


@scenario()
def trailing_stops(s: Stage) -> Any:
    """StopTrail by amount and by percent, both sides, with and without a base price."""
    return _wave(s, {
        2: lambda t: [t.buy(size=6), t.sell(exectype=O.StopTrail, trailamount=2.0)],
        3: lambda t: t.sell(exectype=O.StopTrail, trailpercent=0.02),
        4: lambda t: t.sell(exectype=O.StopTrail, price=100.0, trailamount=1.5),
        12: lambda t: t.buy(exectype=O.StopTrail, trailamount=2.5), 13: lambda t: t.buy(exectype=O.StopTrail, trailpercent=0.03),
        14: lambda t: t.buy(exectype=O.StopTrail, price=104.0, trailpercent=0.05),
    })  # fmt: skip


@scenario()
def trailing_stoplimits(s: Stage) -> Any:
    """StopTrailLimit keeps the distance of its limit."""
    return _wave(s, {
        2: lambda t: [t.buy(size=5), t.sell(exectype=O.StopTrailLimit, price=102, plimit=101.0, trailamount=2.0)],
        3: lambda t: t.sell(exectype=O.StopTrailLimit, plimit=103.5, trailpercent=0.02),
        10: lambda t: t.buy(exectype=O.StopTrailLimit, price=101.0, plimit=104.0, trailamount=2.0),
        12: lambda t: t.buy(exectype=O.StopTrailLimit, plimit=107.0, trailpercent=0.01),
    })  # fmt: skip


@scenario()
def trails_random(s: Stage) -> Any:
    """Trailing orders on random bars."""

    def step(t: Any) -> Any:
        n = len(t)
        side = t.buy if n % 3 == 0 else t.sell
        kind = {"trailamount": 0.5 + n % 4} if n % 2 else {"trailpercent": 0.005 * (1 + n % 5)}
        if n % 5 == 0:
            return side(
                exectype=O.StopTrailLimit, plimit=round(t.data.close[0] * (0.99 + 0.01 * (n % 3)), 2), **kind
            )
        return side(exectype=O.StopTrail, **kind)

    return s.simple(Program, s.feed(daily(80, 12), "d0"), plan=dict.fromkeys(range(2, 75), step))


@scenario()
def close_orders_daily(s: Stage) -> Any:
    """Close orders on daily bars fill at the next bar's close."""
    return _wave(s, {
        2: lambda t: t.buy(exectype=O.Close), 5: lambda t: t.sell(exectype=O.Close, size=2),
        7: lambda t: t.buy(exectype=O.Close, valid=t.data.datetime.date(0)), 9: lambda t: t.close(exectype=O.Close),
    })  # fmt: skip


@scenario(like={"exactbars=1": "exactbars=-1"})
def close_orders_intraday(s: Stage) -> Any:
    """Close orders on minute bars wait for the end of the session; with one bar of memory the original misdates them."""
    plan = {
        3: lambda t: t.buy(exectype=O.Close),
        25: lambda t: t.sell(exectype=O.Close),
        30: lambda t: t.buy(size=2),
    }
    return s.simple(Program, s.feed(minutes(70, per_day=20), "d0", **intraday()), plan=plan)


@scenario(variants={"eosbar": {}})
def close_orders_session(s: Stage) -> Any:
    """The same with a session end that a bar hits exactly."""
    cerebro = s.simple(
        Program, s.feed(minutes(70, per_day=20), "d0", sessionend=dt.time(9, 20), **intraday()),
        plan={3: lambda t: t.buy(exectype=O.Close), 20: lambda t: t.sell(exectype=O.Close, size=2),
              30: lambda t: t.buy(exectype=O.Close)},
    )  # fmt: skip
    cerebro.broker.seteosbar(s.mode.name == "eosbar")
    return cerebro


@scenario()
def flat_bars(s: Stage) -> Any:
    """All types against bars of one price."""

    def step(t: Any) -> Any:
        c, n = t.data.close[0], len(t)
        price = round(c * (1 + 0.004 * (n % 5 - 2)), 2)
        kind = (O.Market, O.Limit, O.Stop, O.StopLimit, O.Close)[n % 5]
        return (t.buy if n % 2 else t.sell)(
            exectype=kind, price=price, plimit=price if kind == O.StopLimit else None
        )

    return s.simple(
        Program, s.feed(with_flats(daily(60, 5), part=0.5), "d0"), plan=dict.fromkeys(range(2, 56), step)
    )


@scenario()
def order_info(s: Stage) -> Any:
    """Extra keywords travel in order.info; addinfo; returned objects and notifications compare equal."""

    def later(t: Any) -> Any:
        t.made[0].addinfo(added=7)
        return t.buy(note="again")

    cerebro = _wave(s, {2: lambda t: t.buy(tag="x", number=3), 3: later})

    def check(t: Any, order: Any) -> None:
        s.note(
            "same",
            [order == t.made[0], order is t.made[0], order.ref == t.made[0].ref, bool(order.info.absent)],
        )

    cerebro.addstrategy(Program, plan={2: lambda t: t.buy(tag="y")}, filled=check)
    return cerebro
