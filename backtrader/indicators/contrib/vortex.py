"""The vortex indicator, under its first address."""

from __future__ import annotations

from ..vortex import Vortex as _Vortex


class Vortex(_Vortex):
    """The same as `backtrader.indicators.vortex.Vortex`."""


__all__ = ["Vortex"]
