"""A strategy and an account that only exist as arrays, for analyzers to be stepped over or derived from."""

from __future__ import annotations

import datetime as dt
from types import SimpleNamespace
from typing import Any

from backtrader.analyzers.progress import EVERYBODY, Progress
from backtrader.lines.clock import Clock
from backtrader.lines.iterator import StrategyBase
from backtrader.lines.timeframe import TimeFrame
from backtrader.utils.dateintern import date2num, num2date
from backtrader.utils.owner import owning


class _Now:
    """Stands for the strategy's datetime line."""

    def __init__(self, strategy: Stand, tz: Any) -> None:
        self.strategy, self._tz = strategy, tz

    def datetime(self) -> dt.datetime:
        return num2date(self.strategy.times[self.strategy.clock.idx], self._tz)

    def date(self) -> dt.date:
        return self.datetime().date()


class _Broker:
    """Half of the account is cash, a third is in the data."""

    fundmode = eager = False

    def __init__(self, strategy: Stand) -> None:
        self.strategy = strategy
        self.before_change: Any = None

    def ask_later(self, datas: list[Any], before_change: Any) -> None:
        self.before_change = before_change

    def get_cash(self) -> float:
        return self.getvalue() / 2.0

    def get_value(self, datas: list[Any]) -> float:
        return self.getvalue() / 3.0

    def getvalue(self) -> float:
        return self.strategy.values[max(self.strategy.clock.idx, 0)]

    @property
    def fundvalue(self) -> float:
        return self.getvalue() / 100.0


class _Data:
    _timeframe, _compression, _minperiod, _name = TimeFrame.Days, 1, 1, "data"

    def __init__(self, strategy: Stand) -> None:
        self.strategy = strategy

    @property
    def datetime(self) -> Any:
        return self.strategy.datetime


class Stand(StrategyBase):
    """Values of an account at given times; analyzers made by `add` belong to it."""

    def _take_arguments(self, args: Any, kwargs: Any) -> Any:
        run = SimpleNamespace(runningstrats=[self], p=SimpleNamespace(quicknotify=False))
        self.__dict__.update(
            datas=[_Data(self)], cerebro=run, analyzers=[], clock=Clock(), times=[], values=[], woken=[]
        )
        return args, kwargs

    def _after_init(self) -> None:
        pass

    def __init__(self, times: list[dt.datetime], values: list[float], tz: Any = None) -> None:
        self.times, self.values = [date2num(time) for time in times], values
        self.datetime, self.broker = _Now(self, tz), _Broker(self)

    def _all_analyzers(self) -> list[Any]:
        return self.analyzers

    def __len__(self) -> int:
        return len(self.clock)

    def add(self, cls: Any, **kwargs: Any) -> Any:
        """An analyzer of this strategy."""
        with owning(self):
            analyzer = cls(**kwargs)
        self.analyzers.append(analyzer)
        return analyzer

    def step(self) -> None:
        """One bar, as a run calls it."""
        self.clock.idx += 1
        value = self.broker.getvalue()
        for analyzer in self.analyzers:
            analyzer._notify_cashvalue(value / 2.0, value)
            analyzer._notify_fund(value / 2.0, value, self.broker.fundvalue, 100.0)
        for analyzer in self.analyzers:
            analyzer._next()

    def run(self) -> None:
        """All bars from start to stop."""
        for analyzer in self.analyzers:
            analyzer._start()
        while self.clock.idx + 1 < len(self.times):
            self.step()
        self.stop()

    def stop(self) -> None:
        for analyzer in self.analyzers:
            analyzer._stop()


class Past:
    """The account's history of such a strategy."""

    def __init__(self, strategy: Stand) -> None:
        self.progress = Progress(strategy.clock)
        self.datetimes, self.late = strategy.times, {}
        self.strategy = strategy

    def values(self, upto: int) -> list[float]:
        return self.strategy.values[:upto]

    def fundvalues(self, upto: int) -> list[float]:
        return [value / 100.0 for value in self.strategy.values[:upto]]

    def cash(self, upto: int) -> list[float]:
        return [value / 2.0 for value in self.strategy.values[:upto]]

    def column(self, data: Any, line: Any) -> list[float]:
        assert line is self.strategy.datetime
        return self.strategy.times

    def worth(self, data: Any, start: int, stop: int) -> list[float]:
        return [value / 3.0 for value in self.strategy.values[start:stop]]

    def wake(self, analyzer: Any, always: bool = False) -> None:
        self.strategy.woken.append(analyzer)


def derive(strategy: Stand, bars: int) -> Past:
    """Start a run which shows ``bars`` bars and calls nobody."""
    past = Past(strategy)
    for analyzer in strategy.analyzers:
        analyzer._history = past
    for analyzer in strategy.analyzers:
        analyzer._start()
    strategy.clock.idx = bars - 1
    past.progress.turn = EVERYBODY
    return past
