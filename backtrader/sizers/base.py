"""Sizer: how many units an order gets when the strategy does not say."""

from __future__ import annotations

from typing import Any

from ..utils.construct import ParamsBase

__all__ = ["Sizer", "SizerBase"]


class Sizer(ParamsBase):
    """Base of sizers; ``_getsizing`` decides."""

    strategy: Any = None
    broker: Any = None
    p: Any

    def getsizing(self, data: Any, isbuy: bool) -> Any:
        """The size for an order in ``data`` now."""
        broker = self.broker
        return self._getsizing(broker.getcommissioninfo(data), broker.getcash(), data, isbuy)

    def _getsizing(self, comminfo: Any, cash: float, data: Any, isbuy: bool) -> Any:
        name = type(self).__name__
        raise NotImplementedError(f"{name} must define _getsizing(comminfo, cash, data, isbuy)")

    def set(self, strategy: Any, broker: Any) -> None:
        """Tell the sizer whom it works for."""
        self.strategy, self.broker = strategy, broker


SizerBase = Sizer
