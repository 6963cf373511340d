"""Search for a pair of moving averages, and ask how much of the result is luck.

python examples/honest_search.py
python examples/honest_search.py --pictures out
"""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

import backtrader as bt
from backtrader.opt import OptimizationAnalyzer, job_of, walk_forward
from backtrader.opt.study import Study

DATA = Path(__file__).parent / "data" / "acme-daily.csv"
SPACE: dict[str, Any] = {"fast": (4, 24, 4), "slow": (20, 100, 10), "constraints": ["fast < slow"]}


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
    """Search, judge the best, walk forward."""
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    arguments.add_argument("--pictures", type=Path, help="folder to write pictures to")
    pictures = arguments.parse_args().pictures

    run: dict[str, Any] = {"cash": 10_000.0, "commission": 0.001}
    job = job_of(Averages, DATA, keep_returns=True, **run)
    result = Study(job, SPACE, "sharpe_ratio").run()
    print(f"{result.total_runs} runs, best Sharpe ratio {result.best_score:.2f} with {result.best_params}\n")

    analyzer = OptimizationAnalyzer(result)
    around = analyzer.sensitivity()
    print(
        f"what surrounds it: {around.verdict} ({around.plateau:.2f}); robust: {analyzer.get_robust().params}"
    )
    print(f"at the edge of its range: {', '.join(around.edges) or 'no parameter'}\n")
    print(analyzer.overfitting, "\n")

    walk = walk_forward(Averages, DATA, SPACE, "sharpe_ratio", train="2Y", test="6M", hindsight=True, **run)
    print(walk)

    if pictures is not None:
        pictures.mkdir(parents=True, exist_ok=True)
        analyzer.plot_optimization_surface("fast", "slow").savefig(pictures / "opt-surface.png", dpi=90)
        analyzer.plot_parameter_distribution().savefig(pictures / "opt-distribution.png", dpi=90)
        walk.plot().savefig(pictures / "opt-walk-forward.png", dpi=90)


if __name__ == "__main__":
    main()
