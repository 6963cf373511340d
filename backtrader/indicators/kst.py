"""Know sure thing: four rates of change in one."""

from __future__ import annotations

from typing import Any

from .base import Indicator
from .mabase import MovAv
from .momentum import RateOfChange100


class KnowSureThing(Indicator):
    """The weighted sum of four averaged rates of change, and its average as a signal."""

    alias: Any = ("KST",)
    lines: Any = ("kst", "signal")
    params: Any = (
        ("rp1", 10),
        ("rp2", 15),
        ("rp3", 20),
        ("rp4", 30),
        ("rma1", 10),
        ("rma2", 10),
        ("rma3", 10),
        ("rma4", 10),
        ("rsignal", 9),
        ("rfactors", [1.0, 2.0, 3.0, 4.0]),
        ("_rmovav", MovAv.SMA),
        ("_smovav", MovAv.SMA),
    )
    plotinfo: Any = dict(plothlines=[0.0])

    def __init__(self) -> None:
        p = self.p
        periods = ((p.rp1, p.rma1), (p.rp2, p.rma2), (p.rp3, p.rma3), (p.rp4, p.rma4))
        rates = [p._rmovav(RateOfChange100(self.data, period=roc), period=ma) for roc, ma in periods]
        self.lines.kst = sum(factor * rate for factor, rate in zip(p.rfactors, rates, strict=False))
        self.lines.signal = p._smovav(self.lines.kst, period=p.rsignal)
        super().__init__()


__all__ = ["KnowSureThing"]
