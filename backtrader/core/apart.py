"""Taking a finished run apart, so that its memory is free at once.

Lines, indicators, strategies and orders know each other in circles, which only the garbage collector can
free, and it comes late: a search that makes thousands of runs would fill the memory with runs that are
over, and every run would begin in memory that was never touched before.
"""

from __future__ import annotations

from typing import Any

from ..broker.back import BackBroker

__all__ = ["take_apart"]


def take_apart(cerebro: Any) -> None:
    """Empty all objects made for the last run of ``cerebro``; its feeds stay as they are."""
    kept = {id(part) for data in cerebro.datas for part in (data, *data.lines)}
    clocks = {id(clock): clock for data in cerebro.datas for clock in (data._now, data._eval)}
    for strategy in cerebro.runningstrats:
        clocks[id(strategy._now)] = strategy._now
        parts = [*strategy._all_analyzers(), getattr(strategy, "_history", None)]
        for part in parts:
            if part is not None:
                part.__dict__.clear()
    for clock in clocks.values():
        gone = [holder for holder in clock.holders if id(holder) not in kept]
        clock.holders = [holder for holder in clock.holders if id(holder) in kept]
        clock.lines = [line for line in clock.lines if id(line) in kept]
        clock.shared = clock.run_table = clock.filler = None
        for holder in gone:
            holder.__dict__.clear()
    cerebro.runningstrats = []
    broker = cerebro._broker
    if type(broker).init is BackBroker.init:
        broker.init()  # it will do so again when it is started: until then it need not keep the orders
    cerebro._announcer = None
