"""Live trading with the strategies that ``backtrader`` tests.

The package is where venues, the order journal and the runner go; they arrive issue by
issue, and what is there is listed in the change log. ``real_trade`` uses ``backtrader``
and is never imported by it, so a backtest needs nothing of what a venue needs.
"""

from backtrader._version import __version__

__all__ = ["__version__"]
