"""Life of orders: validity, cancelling, OCO, brackets, parents and children, notifications."""

from __future__ import annotations

import datetime as dt
from typing import Any

import backtrader as bt

from ..data import daily, line_up, minutes
from ..feeds import intraday
from ..registry import scenario
from ..stage import Stage
from .support import Program

O = bt.Order
WAVE = [100, 102, 104, 103, 101, 98, 96, 97, 99, 101, 104, 106, 105, 102, 99, 97, 95, 96, 98, 100]


def _wave(s: Stage, plan: dict[int, Any], **kwargs: Any) -> Any:
    return s.simple(Program, s.feed(line_up(WAVE * 2), "d0"), plan=plan, **kwargs)


def _far(t: Any, **kwargs: Any) -> Any:
    return t.buy(exectype=O.Limit, price=50.0, **kwargs)


@scenario()
def validity_daily(s: Stage) -> Any:
    """Until cancelled, dates, datetimes, timedeltas, DAY and plain numbers on daily bars."""
    return _wave(s, {
        2: lambda t: [
            _far(t), _far(t, valid=dt.date(2021, 3, 6)), _far(t, valid=dt.datetime(2021, 3, 7)),
            _far(t, valid=dt.timedelta(days=3)), _far(t, valid=O.DAY), _far(t, valid=dt.timedelta()),
            _far(t, valid=0), _far(t, valid=5), _far(t, valid=t.data.datetime[0] + 4.0),
        ],
        5: lambda t: [t.buy(valid=dt.date(2021, 3, 1)), t.buy(exectype=O.Close, valid=dt.date(2021, 3, 1))],
        8: lambda t: t.buy(exectype=O.Limit, price=99.0, valid=dt.timedelta(days=1)),
    })  # fmt: skip


@scenario()
def validity_intraday(s: Stage) -> Any:
    """DAY, timedeltas and datetimes on minute bars across sessions."""
    plan = {
        5: lambda t: [
            _far(t, valid=O.DAY),
            _far(t, valid=dt.timedelta(minutes=7)),
            _far(t, valid=dt.datetime(2021, 3, 2, 9, 3)),
        ],
        8: lambda t: [_far(t, valid=dt.date(2021, 3, 1)), _far(t, valid=dt.date(2021, 3, 2))],
    }
    return s.simple(Program, s.feed(minutes(60, per_day=20), "d0", **intraday()), plan=plan)


@scenario()
def cancelling(s: Stage) -> Any:
    """Cancel in the creation bar, later, twice, after completion, nothing at all."""

    def cancel(i: int) -> Any:
        return lambda t: t.cancel(t.made[i])

    return _wave(s, {
        2: [lambda t: t.buy(), cancel(0), lambda t: _far(t), cancel(2)], 4: [lambda t: _far(t), lambda t: _far(t, size=2)],
        5: [cancel(4), cancel(0)], 6: [cancel(4), cancel(2), cancel(5)], 7: cancel(5),
        9: [lambda t: t.broker.cancel(t.buy(exectype=O.Limit, price=200.0))], 11: lambda t: t.cancel(None),
    })  # fmt: skip


@scenario()
def oco_groups(s: Stage) -> Any:
    """One cancels the others: by fill, by cancel, by expiry."""

    def three(t: Any, **kwargs: Any) -> list[Any]:
        first = t.buy(exectype=O.Limit, price=99.0, **kwargs)
        return [first, t.buy(exectype=O.Stop, price=107.0, oco=first), _far(t, oco=first)]

    def chain(t: Any) -> list[Any]:
        first = _far(t)
        second = _far(t, oco=first)
        return [first, second, t.sell(exectype=O.Limit, price=103.0, oco=second)]

    return _wave(s, {
        2: three, 8: lambda t: three(t, valid=dt.timedelta(days=2)), 12: chain,
        20: lambda t: [_far(t), _far(t)], 21: lambda t: _far(t, oco=t.made[-1]), 23: lambda t: t.cancel(t.made[-2]),
    })  # fmt: skip


@scenario()
def oco_same_bar(s: Stage) -> Any:
    """Both orders of a group could fill in the same bar."""

    def both(t: Any) -> list[Any]:
        first = t.buy(exectype=O.Limit, price=t.data.close[0] * 0.995)
        return [first, t.sell(exectype=O.Limit, price=t.data.close[0] * 1.001, oco=first), t.buy(oco=first)]

    return s.simple(Program, s.feed(daily(40, 8), "d0"), plan=dict.fromkeys(range(2, 36, 4), both))


@scenario()
def brackets(s: Stage) -> Any:
    """buy_bracket and sell_bracket: main, then stop or limit."""
    return _wave(s, {
        2: lambda t: t.buy_bracket(price=102.0, stopprice=97.0, limitprice=105.0),
        6: lambda t: t.buy_bracket(exectype=O.Market, stopprice=95.0, limitprice=103.0, size=2),
        12: lambda t: t.sell_bracket(price=106.0, stopprice=108.0, limitprice=98.0),
        16: lambda t: t.sell_bracket(exectype=O.Market, stopprice=97.0, limitprice=90.0),
    })  # fmt: skip


@scenario()
def bracket_variants(s: Stage) -> Any:
    """Brackets without stop or limit, with trailing stops, extra arguments, validity."""
    return _wave(s, {
        2: lambda t: t.buy_bracket(price=102.0, stopexec=None, limitprice=105.0),
        4: lambda t: t.buy_bracket(exectype=O.Market, stopprice=97.0, limitexec=None),
        6: lambda t: t.buy_bracket(exectype=O.Market, stopexec=O.StopTrail, stopargs={"trailamount": 2.0}, limitprice=110.0),
        9: lambda t: t.buy_bracket(price=60.0, stopprice=50.0, limitprice=105.0, valid=dt.timedelta(days=2)),
        10: lambda t: t.buy_bracket(exectype=O.Market, stopexec=None, limitexec=None),
        14: lambda t: t.sell_bracket(
            exectype=O.Market, stopexec=O.StopLimit, stopprice=104.0, stopargs={"plimit": 104.5}, limitprice=97.0,
            limitargs={"tag": "limit"}, oargs={"tag": "main"},
        ),
        20: lambda t: t.buy_bracket(exectype=O.StopTrail, trailamount=1.5, stopprice=95.0, limitprice=104.0),
    })  # fmt: skip


@scenario()
def bracket_cancels(s: Stage) -> Any:
    """Cancelling main or children of a bracket."""

    def cancel(i: int) -> Any:
        return lambda t: t.cancel(t.made[i])

    return _wave(s, {
        2: lambda t: t.buy_bracket(price=60.0, stopprice=50.0, limitprice=105.0), 4: cancel(0),
        6: lambda t: t.buy_bracket(exectype=O.Market, stopprice=80.0, limitprice=120.0), 9: cancel(5),
        10: lambda t: t.buy_bracket(exectype=O.Market, stopprice=80.0, limitprice=120.0), 13: cancel(8),
        14: lambda t: t.buy_bracket(price=60.0, stopprice=50.0, limitprice=105.0), 16: cancel(10),
        18: [lambda t: t.buy_bracket(exectype=O.Market, stopprice=80.0, limitprice=120.0), cancel(13)],
    })  # fmt: skip


@scenario()
def bracket_same_bar(s: Stage) -> Any:
    """Tight brackets on random bars: entry and exits may fall into one bar."""

    def step(t: Any) -> Any:
        c = t.data.close[0]
        if len(t) % 2:
            return t.buy_bracket(
                price=round(c * 0.998, 2), stopprice=round(c * 0.99, 2), limitprice=round(c * 1.004, 2)
            )
        return t.sell_bracket(
            exectype=O.Market, stopprice=round(c * 1.006, 2), limitprice=round(c * 0.995, 2), size=2
        )

    return s.simple(Program, s.feed(daily(70, 9), "d0"), plan=dict.fromkeys(range(2, 66, 3), step))


@scenario()
def manual_children(s: Stage) -> Any:
    """parent and transmit by hand, several children, a child added late."""

    def group(t: Any) -> list[Any]:
        main = t.buy(size=2, transmit=False)
        stop = t.sell(size=2, exectype=O.Stop, price=97.5, parent=main, transmit=False)
        extra = t.sell(size=1, exectype=O.Limit, price=104.0, parent=main, transmit=False)
        return [main, stop, extra, t.sell(size=2, exectype=O.Limit, price=108.0, parent=main)]

    return _wave(s, {
        2: group, 5: lambda t: t.sell(exectype=O.Limit, price=90.0, parent=t.made[0]),
        9: lambda t: t.buy(transmit=False), 12: lambda t: t.buy(size=4),
    })  # fmt: skip


@scenario(differs={"all": "the original sends a parent again when a child joins it late: an order doubled"})
def late_child(s: Stage) -> Any:
    """A child whose parent is over is rejected."""
    return _wave(s, {
        2: lambda t: t.buy(size=2, transmit=False), 3: lambda t: t.sell(exectype=O.Limit, price=110.0, parent=t.made[0]),
        6: lambda t: t.sell(exectype=O.Limit, price=112.0, parent=t.made[0]),
        8: lambda t: _far(t, transmit=False), 9: lambda t: t.sell(parent=t.made[3], exectype=O.Limit, price=105.0),
        11: lambda t: t.cancel(t.made[3]), 13: lambda t: t.sell(parent=t.made[3], exectype=O.Limit, price=105.0),
    })  # fmt: skip


class Reacting(bt.Strategy):
    """Sends orders from notifications; old hook names."""

    def __init__(self) -> None:
        self.log: list[Any] = []

    def next(self) -> None:
        if len(self) % 9 == 2:
            self.buy(size=3)

    def notify(self, order: Any) -> None:
        self.log.append([len(self), order.getstatusname(), order.alive(), self.position.size])
        if order.status == order.Completed and order.isbuy():
            self.sell(size=3, exectype=O.StopTrail, trailamount=1.5)

    def notify_operation(self, trade: Any) -> None:
        self.log.append([len(self), trade.status, trade.pnl, trade.isclosed])


@scenario(
    variants={
        "quicknotify": {"quicknotify": True},
        "quicknotify stepped": {"quicknotify": True, "runonce": False},
    }
)
def orders_from_notifications(s: Stage) -> Any:
    """Orders sent inside notify_order; ``notify`` and ``notify_operation`` are accepted names; quicknotify."""
    return s.simple(Reacting, s.feed(daily(60, 3), "d0"))


@scenario(variants={"quicknotify": {"quicknotify": True}})
def two_strategies(s: Stage) -> Any:
    """Two strategies on one account: each hears of its own orders."""
    cerebro = s.cerebro()
    cerebro.adddata(s.feed(line_up(WAVE), "d0"))
    cerebro.addstrategy(
        Program, plan={2: lambda t: t.buy(size=2), 6: lambda t: t.close(), 9: lambda t: t.sell()}
    )
    cerebro.addstrategy(
        Program, plan={3: lambda t: t.buy(), 4: lambda t: t.sell(size=5), 9: lambda t: t.close()}
    )
    return cerebro


@scenario()
def many_open_orders(s: Stage) -> Any:
    """Dozens of orders alive at once, filled in creation order."""

    def step(t: Any) -> list[Any]:
        c = t.data.close[0]
        return [t.buy(exectype=O.Limit, price=round(c * (1 - k / 300), 2)) for k in range(4)] + [
            t.sell(exectype=O.Limit, price=round(c * (1 + k / 300), 2)) for k in range(4)
        ]

    return s.simple(Program, s.feed(daily(40, 21), "d0"), cash=1e6, plan=dict.fromkeys(range(2, 36, 3), step))


@scenario()
def open_orders_listed(s: Stage) -> Any:
    """get_orders_open and positions of the broker."""

    def look(t: Any) -> None:
        open_ = t.broker.get_orders_open()
        s.note("open", [[o.exectype, o.status, o.alive()] for o in open_])
        s.note("positions", [[p.size, p.price] for p in t.broker.positions.values()])

    return _wave(
        s,
        {
            2: lambda t: [t.buy(), _far(t), _far(t)],
            3: look,
            4: lambda t: t.cancel(t.made[1]),
            5: look,
            6: look,
        },
    )
