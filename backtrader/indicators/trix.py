"""The rate of change of an average of an average of an average."""

from __future__ import annotations

from typing import Any

from .base import Indicator
from .mabase import MovAv


class Trix(Indicator):
    """The change of the triple average within ``_rocperiod`` bars, in per cent."""

    alias: Any = ("TRIX",)
    lines: Any = ("trix",)
    params: Any = (("period", 15), ("_rocperiod", 1), ("_movav", MovAv.EMA))
    plotinfo: Any = dict(plothlines=[0.0])

    def __init__(self) -> None:
        average = self.data
        for _ in range(3):
            average = self.p._movav(average, period=self.p.period)
        self.lines.trix = 100.0 * (average / average(-self.p._rocperiod) - 1.0)
        super().__init__()

    def _plotlabel(self) -> Any:
        p = self.p
        return [p.period] + [p._rocperiod] * p.notdefault("_rocperiod") + [p._movav] * p.notdefault("_movav")


class TrixSignal(Trix):
    """`Trix` with its average as a signal."""

    lines: Any = ("signal",)
    params: Any = (("sigperiod", 9),)

    def __init__(self) -> None:
        super().__init__()
        self.lines.signal = self.p._movav(self.lines[0], period=self.p.sigperiod)


__all__ = ["Trix", "TrixSignal"]
