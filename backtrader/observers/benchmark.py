"""The account's return beside that of a data."""

from __future__ import annotations

from typing import Any

from .. import analyzers
from ..lines.clock import NAN
from .timereturn import TimeReturn

__all__ = ["Benchmark"]


class Benchmark(TimeReturn):
    """Return of the account and of ``data`` (the first by default) since the current period began.

    With ``_doprenext`` also before the strategy's minimum period, with ``firstopen`` measured from
    the data's first open instead of its close.
    """

    _stclock = True
    params: Any = (("data", None), ("_doprenext", False), ("firstopen", False))
    lines: Any = ("benchmark",)
    plotinfo: Any = dict(plot=True, subplot=True)
    plotlines: Any = dict(benchmark=dict(_name="Benchmark"))

    def __init__(self) -> None:
        if self.p.data is None:
            self.p.data = self.data0
        super().__init__()
        self.tbench = self.treturn
        own = dict(self.p._getkwargs(), data=None)
        self.treturn = self._owner._addanalyzer_slave(analyzers.TimeReturn, **own)

    def _plotlabel(self) -> Any:
        return [*super()._plotlabel(), self.p.data._name]

    def next(self) -> None:
        """Record this bar."""
        super().next()
        self.lines.benchmark[0] = self.tbench.rets.get(self.treturn.dtkey, NAN)

    def prenext(self) -> None:
        """Before the minimum period only if asked for."""
        if self.p._doprenext:
            super().prenext()
