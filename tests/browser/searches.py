"""Documents of searches for the page: made once, some by real runs, some of chance."""

from __future__ import annotations

import math
from functools import lru_cache
from typing import Any

import numpy as np

import backtrader as bt
from backtrader.analyzers.metrics import METRICS
from backtrader.opt import compare, optimize, walk_forward
from backtrader.opt.entry import Entry
from backtrader.opt.reportdata import build


class Cross(bt.Strategy):
    """Long while the fast average is above the slow one."""

    params: Any = (("fast", 5), ("slow", 20))

    def __init__(self) -> None:
        self.above = bt.ind.SMA(period=self.p.fast) > bt.ind.SMA(period=self.p.slow)

    def next(self) -> None:
        if self.above[0] and not self.position:
            self.buy(size=50)
        elif not self.above[0] and self.position:
            self.close()


@lru_cache(maxsize=1)
def prices() -> Any:
    """A random walk with a little drift."""
    import pandas as pd

    generator = np.random.default_rng(1)
    close = 100 * np.exp(np.cumsum(generator.normal(0.0004, 0.01, 700)))
    index = pd.date_range("2015-01-01", periods=700, freq="B")
    return pd.DataFrame(
        {"open": close, "high": close * 1.01, "low": close * 0.99, "close": close, "volume": 1000.0},
        index=index,
    )


def grid() -> dict[str, Any]:
    """A grid over two parameters, with a walk-forward."""
    space = {"fast": (2, 20, 3), "slow": (25, 100, 15)}
    result = optimize(Cross, prices(), space, "sharpe_ratio", keep_returns=True)
    walked = walk_forward(
        Cross,
        prices(),
        {"fast": [2, 8], "slow": [20, 40]},
        "sharpe_ratio",
        train=250,
        test=100,
        hindsight=True,
    )
    return build(result, walk_forward=walked)


def several() -> dict[str, Any]:
    """Two objectives."""
    space = {"fast": (2, 20, 3), "slow": (25, 100, 15)}
    return build(optimize(Cross, prices(), space, ["total_return", "min:max_drawdown_pct"]))


def one() -> dict[str, Any]:
    """One parameter, and scores without end."""
    entries = [Entry({"n": n}, math.inf if n == 7 else float(n), {"sqn": n / 3}, n) for n in range(1, 20)]
    return build(entries)


def failed() -> dict[str, Any]:
    """Nothing but failures."""
    return build(
        [Entry({"a": n}, number=n, state="failed", error="Traceback\nValueError: no") for n in range(5)]
    )


def compared() -> dict[str, Any]:
    """Two searches side by side."""
    a, b = (
        optimize(Cross, prices(), {"fast": fast, "slow": [30, 50]}, "sharpe_ratio", keep_returns=True)
        for fast in ([5, 8], [3, 10])
    )
    return build(compare(a, b, names=("wide", "narrow")))


def chance(count: int = 300) -> dict[str, Any]:
    """Numbers, a choice, a conditional and a logarithmic parameter, with failures and invalid runs."""
    return build(made(count))


def many() -> dict[str, Any]:
    """100,000 runs."""
    return build(made(100_000))


def made(count: int) -> list[Entry]:
    """Runs of chance."""
    generator = np.random.default_rng(0)
    fast, slow = generator.integers(2, 60, count), generator.integers(20, 300, count)
    alpha = np.exp(generator.uniform(-7, 0, count))
    kinds = generator.choice(["sma", "ema", "a moving average with a very long name"], count)
    score = 1.2 - ((fast - 20) / 30) ** 2 - ((slow - 120) / 150) ** 2 + generator.normal(0, 0.4, count)
    metrics = generator.normal(0, 1, (count, len(METRICS))) + score[:, None]
    found = []
    for n in range(count):
        params: dict[str, Any] = {
            "fast": int(fast[n]),
            "slow": int(slow[n]),
            "alpha": float(alpha[n]),
            "kind": str(kinds[n]),
        }
        if params["kind"] != "sma":
            params["width"] = float(alpha[n] * 3)
        entry = Entry(params, float(score[n]), dict(zip(METRICS, metrics[n].tolist())), n, seconds=0.1)
        if n % 50 == 7:
            entry.state, entry.score, entry.error = (
                "failed",
                math.nan,
                f"Traceback\n  line\nValueError: {n % 3} is bad",
            )
        elif n % 50 == 9:
            entry.valid = False
        found.append(entry)
    return found
