"""Search for the best pair of moving averages on two processes, and write the report.

python examples/sweep.py
python examples/sweep.py --open
"""

from __future__ import annotations

import argparse
import webbrowser
from pathlib import Path
from typing import Any

import backtrader as bt
from backtrader.opt import optimize

DATA = Path(__file__).parent / "data" / "acme-daily.csv"


class Averages(bt.Strategy):
    """All in while the fast average is above the slow one."""

    params: Any = (("fast", 8), ("slow", 40))

    def __init__(self) -> None:
        self.above = bt.ind.SMA(period=self.p.fast) > bt.ind.SMA(period=self.p.slow)

    def next(self) -> None:
        if self.above[0] and not self.position:
            self.order_target_percent(target=0.9)
        elif not self.above[0] and self.position:
            self.close()


def main() -> None:
    """Try every combination, print the best, write all of it as one page."""
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    arguments.add_argument("--output", type=Path, default=Path("sweep.html"))
    arguments.add_argument("--open", action="store_true", help="show the report in the browser")
    given = arguments.parse_args()
    space = {"fast": (4, 30, 2), "slow": (20, 120, 5), "constraints": ["fast < slow"]}
    result = optimize(
        Averages, DATA, space, "sharpe_ratio", cash=10_000, commission=0.001, n_jobs=2, keep_returns=True
    )
    best = ", ".join(f"{name}={value}" for name, value in result.best_params.items())
    took = f"{result.total_runs} runs in {result.optimization_time:.1f} s"
    print(f"{took}; best Sharpe ratio {result.best_score:.2f}: {best}")
    path = result.report(given.output)
    print(f"report: {path}")
    if given.open:
        webbrowser.open(path.resolve().as_uri())


if __name__ == "__main__":
    main()
