"""Fan-out of what stores, feeds, brokers and timers have to say; writers."""

from __future__ import annotations

from typing import Any


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
        for status, args, kwargs in data.get_notifications():
            cerebro.notify_data(data, status, *args, **kwargs)
            for callback in cerebro.datacbs:
                callback(data, status, *args, **kwargs)
            for strat in strats:
                strat.notify_data(data, status, *args, **kwargs)


def broker_step(cerebro: Any, strats: list[Any]) -> None:
    """Let the broker match, then hand its notifications to the strategies that own the orders."""
    broker = cerebro._broker
    broker.next()
    quick = cerebro.p.quicknotify
    while True:
        order = broker.get_notification()
        if order is None:
            return
        owner = order.owner
        if owner is None:
            owner = strats[0]
        owner._addnotification(order, quicknotify=quick)


def write_headers(cerebro: Any, strats: list[Any]) -> None:
    """Column headers for the writers that write every bar."""
    writers = [writer for writer in cerebro.runwriters if writer.p.csv]
    if not writers:
        return
    headers: list[str] = []
    for data in cerebro.datas:
        if data.csv:
            headers.extend(data.getwriterheaders())
    for writer in writers:
        writer.addheaders(headers)
        for strat in strats:
            writer.addheaders(strat.getwriterheaders())


def write_bar(cerebro: Any, strats: list[Any]) -> None:
    """One row for the writers that write every bar."""
    values: list[Any] = []
    if cerebro.writers_csv:
        for data in cerebro.datas:
            if data.csv:
                values.extend(data.getwritervalues())
        for strat in strats:
            values.extend(strat.getwritervalues())
    for writer in cerebro.runwriters:
        if writer.p.csv:
            writer.addvalues(values)
            writer.next()


def stop_writers(cerebro: Any, strats: list[Any]) -> None:
    """Let the writers tell about feeds and strategies, then stop them."""
    if not cerebro.runwriters:
        return
    datas = {f"Data{i}": data.getwriterinfo() for i, data in enumerate(cerebro.datas)}
    strategies: dict[str, Any] = {}
    for strat in strats:
        name = type(strat).__name__
        key, n = name, 1
        while key in strategies:
            key, n = f"{name}-{n}", n + 1
        strategies[key] = strat.getwriterinfo()
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
