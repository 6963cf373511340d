"""How far, and for how long, the account was below its highest value."""

from __future__ import annotations

from typing import Any

from ..utils.autodict import AutoOrderedDict
from .derived import Current, Derived, DerivedByPeriod, value_seen
from .progress import History

__all__ = ["DrawDown", "TimeDrawDown"]

_ARRAY_FROM = 500  # below this many bars a loop is faster than arrays


class DrawDown(Derived):
    """Draw-down of every bar in percent and money, its length in bars, and the largest of each."""

    params: Any = (("fund", None),)

    _fundmode: bool
    _value: float | None
    _maxvalue: float

    def start(self) -> None:
        """Begin without a value."""
        super().start()
        self._fundmode = self.strategy.broker.fundmode if self.p.fund is None else self.p.fund
        self._value, self._maxvalue = None, float("-inf")

    def create_analysis(self) -> None:
        """Zeros under all the names."""
        rets = self.rets = AutoOrderedDict()
        rets.len, rets.drawdown, rets.moneydown = 0, 0.0, 0.0
        # compat: the longest is a float until there is a draw-down
        rets.max.len, rets.max.drawdown, rets.max.moneydown = 0.0, 0.0, 0.0

    def stop(self) -> None:
        """From now on an unknown name is an error."""
        self.rets._close()

    def notify_fund(self, cash: float, value: float, fundvalue: float, shares: float) -> None:
        """Take this bar's value."""
        self._take(fundvalue if self._fundmode else value)

    def _take(self, value: float) -> None:
        self._value = value
        self._maxvalue = max(self._maxvalue, value)

    def next(self) -> None:
        """Measure this bar."""
        rets = self.rets
        assert self._value is not None
        moneydown = self._maxvalue - self._value
        drawdown = 100.0 * moneydown / self._maxvalue
        length = rets.len + 1 if drawdown else 0
        self._note(moneydown, drawdown, length, moneydown, drawdown, length)

    def _note(self, moneydown: float, drawdown: float, length: int, *largest: Any) -> None:
        rets, most = self.rets, self.rets.max
        rets.moneydown, rets.drawdown, rets.len = moneydown, drawdown, length
        most.moneydown = max(most.moneydown, largest[0])
        most.drawdown = max(most.drawdown, largest[1])
        most.len = max(most.len, largest[2])

    # -- derived ---------------------------------------------------------------------------------
    def _catch_up(self, past: History, start: int, stop: int) -> None:
        values = past.fundvalues(stop) if self._fundmode else past.values(stop)
        if stop - start < _ARRAY_FROM:
            for step in range(start, stop):
                self._take(values[step])
                DrawDown.next(self)
            return
        curve = Underwater(values[start:stop], self._maxvalue, self.rets.len)
        self._value, self._maxvalue = float(curve.values[-1]), float(curve.peaks[-1])
        self._note(
            float(curve.moneydown[-1]),
            float(curve.drawdown[-1]),
            int(curve.lengths[-1]),
            float(curve.moneydown.max()),
            float(curve.drawdown.max()),
            int(curve.lengths.max()),
        )


class Underwater:
    """Draw-downs of a whole run of values at once, given the peak and the length before it."""

    def __init__(self, values: Any, peak: float, length: int) -> None:
        import numpy as np

        self.values = np.asarray(values, dtype=float)
        self.peaks = np.maximum(np.maximum.accumulate(self.values), peak)
        self.moneydown = self.peaks - self.values
        if not self.peaks.all():
            raise ZeroDivisionError("the account was never worth anything: a draw-down has no percentage")
        self.drawdown = 100.0 * self.moneydown / self.peaks
        bars = np.arange(1, len(self.values) + 1)
        ends = np.maximum.accumulate(np.where(self.drawdown == 0.0, bars, -length))
        self.lengths = bars - ends


class TimeDrawDown(DerivedByPeriod):
    """Draw-down measured once a period: ``dd``, ``maxdd``, ``ddlen``, ``maxddlen``, ``peak``."""

    params: Any = (("fund", None),)

    dd: Any = Current()
    maxdd: Any = Current()
    ddlen: Any = Current()
    maxddlen: Any = Current()
    peak: Any = Current()
    _course: dict[int, float]
    _fundmode: bool

    def start(self) -> None:
        """Begin without a value."""
        super().start()
        self._fundmode = self.strategy.broker.fundmode if self.p.fund is None else self.p.fund
        self.dd = self.maxdd = 0.0
        self.ddlen = self.maxddlen = 0
        self.peak = float("-inf")
        self._course = {}

    def on_dt_over(self) -> None:
        """Measure the account as it stands when a period begins."""
        broker = self.strategy.broker
        self._measure(broker.fundvalue if self._fundmode else broker.getvalue())

    def _measure(self, value: float) -> None:
        if value > self.peak:
            self.peak = value
            self.ddlen = 0
        self.dd = 100.0 * (self.peak - value) / self.peak
        self.ddlen += bool(self.dd > 0)
        self.maxdd = max(self.maxdd, self.dd)
        self.maxddlen = max(self.maxddlen, self.ddlen)

    def stop(self) -> None:
        """The largest draw-down and the longest, in periods."""
        self.rets["maxdrawdown"] = self.maxdd
        self.rets["maxdrawdownperiod"] = self.maxddlen

    # -- derived ---------------------------------------------------------------------------------
    def course(self, stop: int) -> dict[int, float]:
        """By step, the largest draw-down when a period began; in a batch run, before ``stop``."""
        if self._past is not None:
            self._do_until(self._past, stop)
        return self._course

    def _catch_up(self, past: History, start: int, stop: int) -> None:
        values = past.fundvalues(stop) if self._fundmode else past.values(stop)
        for step, _, _ in self._changes(past, start, stop):
            self._measure(value_seen(past, values, step, self._fundmode))
            if self._parent is not None:  # who may want to know
                self._course[step] = self.maxdd
