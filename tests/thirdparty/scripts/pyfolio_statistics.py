"""quantstats on what PyFolio collects."""

from __future__ import annotations

import warnings
from pathlib import Path

warnings.simplefilter("ignore")

import matplotlib  # noqa: E402

matplotlib.use("Agg")

import quantstats  # noqa: E402
from sample import sample, say  # noqa: E402

(strategy,) = sample().run()
returns, positions, transactions, leverage = strategy.analyzers.pyfolio.get_pf_items()
say(list(positions.columns), len(positions), list(transactions.columns), len(transactions), len(leverage))
returns.index = returns.index.tz_convert(None)
for name in (
    "sharpe", "sortino", "max_drawdown", "cagr", "volatility", "calmar", "win_rate", "value_at_risk",
    "cvar", "kelly_criterion", "profit_factor", "skew", "kurtosis", "ulcer_index", "recovery_factor",
):  # fmt: skip
    say(name, float(getattr(quantstats.stats, name)(returns)))
report = Path("report.html")
quantstats.reports.html(returns, output=str(report), title="sample")
say("report", report.stat().st_size > 100_000)
