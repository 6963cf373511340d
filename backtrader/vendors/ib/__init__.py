"""Interactive Brokers."""

from __future__ import annotations

# the store learns of its feed and its broker from their modules
from . import broker, feed

__all__ = ["broker", "feed"]
