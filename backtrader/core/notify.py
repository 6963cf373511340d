"""Fan-out of what stores, feeds, brokers and timers have to say; writers."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ..broker.desk import OrderDesk
from ..feeds.status import Statuses

_TAKE = Statuses.get_notifications


def store_notifications(cerebro: Any, strats: list[Any]) -> None:
    """Messages of stores: to Cerebro, to callbacks, to strategies."""
    for store in cerebro.stores:
        for msg, args, kwargs in store.get_notifications():
            cerebro.notify_store(msg, *args, **kwargs)
            for callback in cerebro.storecbs:
                callback(msg, *args, **kwargs)
            for strat in strats:
                strat.notify_store(msg, *args, **kwargs)


def data_notifications(cerebro: Any, strats: list[Any]) -> None:
    """Status changes of feeds: to Cerebro, to callbacks, to strategies."""
    for data in cerebro.datas:
        if not data.notifs and type(data).get_notifications is _TAKE:
            continue
        for status, args, kwargs in data.get_notifications():
            cerebro.notify_data(data, status, *args, **kwargs)
            for callback in cerebro.datacbs:
                callback(data, status, *args, **kwargs)
            for strat in strats:
                strat.notify_data(data, status, *args, **kwargs)


def broker_stepper(cerebro: Any, strats: list[Any]) -> Callable[[], None]:
    """What lets the broker match and hands its notifications to the strategies that own the orders."""
    broker, quick = cerebro._broker, cerebro.p.quicknotify
    take = broker.get_notification
    usual = getattr(take, "__func__", None) is OrderDesk.get_notification

    def step() -> None:
        broker.next()
        if usual and not (broker.notifs or broker._unsaid):
            return  # most of the time all was told already, or there was nothing to tell
        while (order := take()) is not None:
            owner = order.owner
            if owner is None:
                owner = strats[0]
            owner._addnotification(order, quicknotify=quick)

    return step


def write_data_headers(cerebro: Any) -> None:
    """Column headers of the feeds, for the writers that write every bar."""
    headers = [header for data in cerebro.datas if data.csv for header in data.getwriterheaders()]
    for writer in cerebro._csvwriters:
        writer.addheaders(headers)


def write_strategy_headers(cerebro: Any, strats: list[Any]) -> None:
    """Column headers of what belongs to strategies, for the writers that write every bar."""
    if cerebro._csvwriters:
        for strat in strats:
            headers = strat.getwriterheaders()
            for writer in cerebro._csvwriters:
                writer.addheaders(headers)
        cerebro._written = [strat.getwritervalues() for strat in strats]


def write_bar(cerebro: Any, index: int, strat: Any) -> None:
    """A row after the step of the strategy at ``index``, for the writers that write every bar.

    compat: several strategies make several rows of one bar; those whose turn is yet to come are shown
    as they were on the bar before.
    """
    cerebro._written[index] = strat.getwritervalues()
    row = [value for data in cerebro.datas if data.csv for value in data.getwritervalues()]
    for values in cerebro._written:
        row.extend(values)
    for writer in cerebro._csvwriters:
        writer.addvalues(row)
        writer.next()


def stop_writers(cerebro: Any, strats: list[Any]) -> None:
    """Let the writers tell about feeds and strategies, then stop them."""
    if not cerebro.runwriters:
        return
    datas = {f"Data{i}": data.getwriterinfo() for i, data in enumerate(cerebro.datas)}
    # compat: of several strategies of one class the last one is told about
    strategies = {type(strat).__name__: strat.getwriterinfo() for strat in strats}
    info = {"Cerebro": {"Datas": datas, "Strategies": strategies}}
    for writer in cerebro.runwriters:
        writer.writedict(info)
        writer.stop()


def check_timers(timers: list[Any], strats: list[Any], now: float) -> None:
    """Tell who asked that a timer is due."""
    for timer in timers:
        if not timer.check(now):
            continue
        timer.params.owner.notify_timer(timer, timer.lastwhen, *timer.args, **timer.kwargs)
        if timer.params.strats:
            for strat in strats:
                strat.notify_timer(timer, timer.lastwhen, *timer.args, **timer.kwargs)
