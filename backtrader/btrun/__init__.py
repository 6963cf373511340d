"""The command line: ``btrun --data prices.csv --strategy mymodule:MyStrategy:fast=5,slow=20``."""

from __future__ import annotations

from .btrun import btrun

__all__ = ["btrun"]
