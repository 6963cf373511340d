"""What is wrong with price data, before a strategy trades on it: ``python -m backtrader.audit FILE…``"""

from __future__ import annotations

from .model import Finding, Table
from .reading import read
from .run import KINDS, audit

__all__ = ["KINDS", "Finding", "Table", "audit", "read"]
