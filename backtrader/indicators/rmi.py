"""The relative momentum index."""

from __future__ import annotations

from typing import Any

from .rsi import RSI


class RelativeMomentumIndex(RSI):
    """A relative strength index of movements over ``lookback`` bars."""

    alias: Any = ("RMI",)
    linealias: Any = (("rsi", ("rmi",)),)
    params: Any = (("period", 20), ("lookback", 5))
    plotlines: Any = dict(rsi=dict(_name="rmi"))

    def _plotlabel(self) -> Any:
        p = self.p
        return [p.period, p.lookback] + [p.movav] * p.notdefault("movav")


__all__ = ["RelativeMomentumIndex"]
