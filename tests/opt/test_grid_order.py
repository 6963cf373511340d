"""A grid goes through combinations in the order, and to the results, of the original's `optstrategy`."""

from __future__ import annotations

import ast
import subprocess
from pathlib import Path
from typing import Any

import backtrader as bt
from backtrader.opt import GridSearchOptimizer

# Both engines run this text: the original as a file, this one below.
SCRIPT = """
import backtrader as bt


class Cross(bt.Strategy):
    params = (("fast", 5), ("slow", 20), ("stake", 1))

    def __init__(self):
        averages = [bt.indicators.SMA(self.data.close, period=p) for p in (self.p.fast, self.p.slow)]
        self.cross = bt.indicators.CrossOver(*averages)

    def next(self):
        if self.cross > 0:
            self.order_target_size(target=self.p.stake)
        elif self.cross < 0:
            self.order_target_size(target=-self.p.stake)


class Value(bt.Analyzer):
    def stop(self):
        self.value = self.strategy.broker.getvalue()

    def get_analysis(self):
        return self.value
"""
RANGES: dict[str, Any] = {"stake": [1, 3], "fast": range(3, 12, 4), "slow": [15, 30, 22]}
MAIN = f"""
cerebro = bt.Cerebro(maxcpus=1, stdstats=False)
cerebro.adddata(bt.feeds.BacktraderCSVData(dataname=FILE))
cerebro.addanalyzer(Value, _name="value")
cerebro.optstrategy(Cross, **{{name: list(values) for name, values in {RANGES!r}.items()}})
print([
    [r[0].p.stake, r[0].p.fast, r[0].p.slow, r[0].analyzers.value.get_analysis()] for r in cerebro.run()
])
"""


def test_grid_order_and_values(oracle: Path, data_dir: Path, tmp_path: Path) -> None:
    bars = data_dir / "acme-2020.csv"
    assert bars.exists()
    script = tmp_path / "sweep.py"
    script.write_text(f"FILE = {str(bars)!r}\n{SCRIPT}{MAIN}")
    done = subprocess.run(
        [str(oracle), str(script)], capture_output=True, text=True, cwd=tmp_path, check=True
    )
    theirs = ast.literal_eval(done.stdout)
    names: dict[str, Any] = {}
    exec(SCRIPT, names)

    def make(params: dict[str, Any]) -> bt.Cerebro:
        cerebro = bt.Cerebro(stdstats=False)
        cerebro.adddata(bt.feeds.BacktraderCSVData(dataname=str(bars)))
        cerebro.addstrategy(names["Cross"], **params)
        return cerebro

    result = GridSearchOptimizer(make, "final_value").optimize({k: list(v) for k, v in RANGES.items()})
    ours = [[e.params["stake"], e.params["fast"], e.params["slow"], e.score] for e in result]
    assert ours == theirs and len(ours) == 18
    assert len({value for *_, value in ours}) > 10  # the runs do differ
