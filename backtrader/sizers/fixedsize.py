"""Sizes that are numbers given in advance."""

from __future__ import annotations

from typing import Any

from .base import Sizer

__all__ = ["FixedReverser", "FixedSize", "FixedSizeTarget", "SizerFix"]


class FixedSize(Sizer):
    """Always the same stake, or a tranche of it."""

    params: Any = (("stake", 1), ("tranches", 1))

    def _getsizing(self, comminfo: Any, cash: float, data: Any, isbuy: bool) -> Any:
        return _tranche(self.p)

    def setsizing(self, stake: Any) -> None:
        """Change the stake."""
        # compat: with tranches the new stake is ignored and the old one divided
        self.p.stake = _tranche(self.p) if self.p.tranches > 1 else stake


SizerFix = FixedSize


class FixedReverser(Sizer):
    """The stake to open, twice the stake to turn an open position around."""

    params: Any = (("stake", 1),)

    def _getsizing(self, comminfo: Any, cash: float, data: Any, isbuy: bool) -> Any:
        held = self.broker.getposition(data).size
        return self.p.stake * (1 + (held != 0))


class FixedSizeTarget(Sizer):
    """For targets: in tranches up to the stake."""

    params: Any = (("stake", 1), ("tranches", 1))

    def _getsizing(self, comminfo: Any, cash: float, data: Any, isbuy: bool) -> Any:
        if self.p.tranches > 1:
            return min(self.strategy.position.size + _tranche(self.p), self.p.stake)
        return self.p.stake

    def setsizing(self, stake: Any) -> None:
        """Change the stake."""
        # compat: with tranches the size asked for counts from the position at that moment
        if self.p.tranches > 1:
            self.p.stake = min(self.strategy.position.size + _tranche(self.p), self.p.stake)
        else:
            self.p.stake = stake


def _tranche(p: Any) -> Any:
    return abs(int(p.stake / p.tranches)) if p.tranches > 1 else p.stake
