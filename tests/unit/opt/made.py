"""Prices, strategies and entries made for the tests of the analysis."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pandas as pd

import backtrader as bt


def prices(count: int = 600, seed: int = 1, start: str = "2015-01-01", freq: str = "B") -> Any:
    """A random walk with a little drift as a DataFrame."""
    generator = np.random.default_rng(seed)
    close = 100 * np.exp(np.cumsum(generator.normal(0.0004, 0.01, count)))
    first = close * np.exp(generator.normal(0, 0.002, count))
    high, low = np.maximum(first, close) * 1.003, np.minimum(first, close) * 0.997
    index = pd.date_range(start, periods=count, freq=freq)
    return pd.DataFrame(
        {"open": first, "high": high, "low": low, "close": close, "volume": 1000.0}, index=index
    )


class Cross(bt.Strategy):
    """Long while the fast average is above the slow one."""

    params: Any = (("fast", 5), ("slow", 20), ("stake", 50))

    def __init__(self) -> None:
        fast, slow = bt.ind.SMA(period=self.p.fast), bt.ind.SMA(period=self.p.slow)
        self.above = fast > slow

    def next(self) -> None:
        if self.above[0] and not self.position:
            self.buy(size=self.p.stake)
        elif not self.above[0] and self.position:
            self.close()


def bowl(noise: float = 0.0, seed: int = 0) -> list[dict[str, Any]]:
    """A grid over two parameters with the best at a=15, b=60; a matters much more."""
    generator = np.random.default_rng(seed)
    found = []
    for a in range(5, 31, 5):
        for b in range(20, 101, 10):
            score = 1.5 - ((a - 15) / 10) ** 2 - ((b - 60) / 80) ** 2 + noise * generator.normal()
            metrics = {"sharpe_ratio": score, "max_drawdown_pct": 20 - 5 * score, "trades": 200.0 / a}
            params = {"a": a, "b": b}
            found.append({"number": len(found), "params": params, "score": score, "metrics": metrics})
    return found


def mixed(count: int = 200, seed: int = 0) -> list[dict[str, Any]]:
    """Entries by chance with numbers, choices, a conditional parameter, failures and missing scores."""
    generator = np.random.default_rng(seed)
    found = []
    for number in range(count):
        params: dict[str, Any] = {
            "zeta": int(generator.integers(5, 60)),
            "band": str(generator.choice(["none", "bollinger", "keltner"])),
            "alpha": float(np.exp(generator.uniform(math.log(0.001), 0))),
        }
        if params["band"] != "none":
            params["width"] = float(generator.uniform(1, 3))
        score = -(((params["zeta"] - 20) / 20) ** 2) + 0.01 * generator.normal()
        entry: dict[str, Any] = {"number": number, "params": params, "score": score, "metrics": {"x": score}}
        if number % 20 == 7:
            entry |= {"state": "failed", "score": math.nan, "error": "ValueError"}
        elif number % 20 == 11:
            entry |= {"score": math.nan}
        elif number % 20 == 13:
            entry |= {"valid": False, "score": 100.0}
        found.append(entry)
    return found
