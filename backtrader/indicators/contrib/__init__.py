"""Indicators that users gave to the original."""

from __future__ import annotations

from . import vortex

__all__ = ["vortex"]
