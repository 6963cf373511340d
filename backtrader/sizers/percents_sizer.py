"""Sizes that are a share of the cash."""

from __future__ import annotations

from typing import Any

from .base import Sizer

__all__ = ["AllInSizer", "AllInSizerInt", "PercentSizer", "PercentSizerInt"]


class PercentSizer(Sizer):
    """What a share of the cash buys; with an open position its whole size."""

    params: Any = (("percents", 20), ("retint", False))

    def _getsizing(self, comminfo: Any, cash: float, data: Any, isbuy: bool) -> Any:
        position = self.broker.getposition(data)
        size = position.size if position else cash / data.close[0] * (self.p.percents / 100)
        return int(size) if self.p.retint else size


class AllInSizer(PercentSizer):
    """All of the cash."""

    params: Any = (("percents", 100),)


class PercentSizerInt(PercentSizer):
    """A share of the cash in whole units."""

    params: Any = (("retint", True),)


class AllInSizerInt(PercentSizerInt):
    """All of the cash in whole units."""

    params: Any = (("percents", 100),)
