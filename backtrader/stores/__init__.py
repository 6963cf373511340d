"""Stores: one connection shared by feeds and a broker."""

from __future__ import annotations

from .base import MetaSingleton, Store

__all__ = ["MetaSingleton", "Store"]
