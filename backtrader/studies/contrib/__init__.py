"""Studies that users gave to the original."""

from __future__ import annotations

from . import fractal

__all__ = ["fractal"]
