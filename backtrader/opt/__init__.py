"""Parameter search: spaces, objectives, samplers, studies that can go on, and what to make of results.

>>> from backtrader.opt import optimize
>>> result = optimize(MyStrategy, "prices.csv", {"fast": (5, 30, 5), "slow": (20, 100, 10)}, "sharpe_ratio")
>>> result.best_params, result.best_score

What a name needs is imported when it is first used; ``backtrader[opt]`` brings the packages behind it.
"""

from __future__ import annotations

import importlib
from typing import Any

#: The public names by the module they live in.
_HOMES = {
    "space": ["Dimension", "ParamSpace", "SpaceError"],
    "objective": [
        "Constraint", "MaxDrawdownConstraint", "MinTradesConstraint", "ObjectiveError", "ObjectiveFunction",
    ],
    "entry": ["Entry", "Outcome"],
    "job": ["Job", "JobError", "job_of"],
    "executors": ["Executor", "ExecutorError", "make_executor"],
    "cluster": ["Cluster", "ClusterError"],
    "store": ["DEFAULT_FILE", "Store", "StoreError", "StudyRecord"],
    "options": ["Options", "StudyError"],
    "study": ["Interrupted", "Study"],
    "tally": ["NoScore", "TooManyFailures"],
    "results": ["OptimizationResult"],
    "samplers": ["Sampler", "SamplerError", "make_sampler", "register_sampler", "sampler_names"],
    "pruners": ["HalvingPruner", "MedianPruner", "PercentilePruner", "Pruner"],
    "optimizers": [
        "BayesianOptimizer", "GeneticOptimizer", "GridSearchOptimizer", "MultiStageOptimizer",
        "OptimizerBase", "RandomSearchOptimizer", "optimize", "study_of",
    ],
    "paramoptimizer": ["ParamOptimizer", "ParamResult"],
    "scheduler": ["SchedulerError", "Task", "TaskScheduler", "TaskStatus"],
    "server": ["OptimizerServer", "OptimizerWithProgress"],
    "optunaexport": ["to_optuna"],
    "analysis": ["OptimizationAnalyzer"],
    "importance": ["parameter_importance"],
    "pareto": ["hypervolume", "pareto_front"],
    "surroundings": ["Surroundings", "robust_best", "sensitivity"],
    "narrowing": ["narrow"],
    "honesty": [
        "deflated_sharpe", "effective_trials", "expected_maximum_sharpe", "haircut_sharpe",
        "minimum_backtest_years", "minimum_track_record", "probabilistic_sharpe",
    ],
    "cscv": ["pbo"],
    "overfitting": ["OverfittingReport", "overfitting_report"],
    "walkforward": ["WalkForwardResult", "walk_forward"],
    "crossval": ["CrossValidation", "cross_validate"],
    "folds": ["combinatorial_purged", "purged_kfold"],
    "report": ["write_report"],
    "comparison": ["Comparison", "compare", "compare_params", "paired_bootstrap"],
}  # fmt: skip
_NAMES = {name: home for home, names in _HOMES.items() for name in names}

__all__ = sorted(_NAMES)  # noqa: PLE0605


def __getattr__(name: str) -> Any:
    """Import what the name stands for."""
    if name not in _NAMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    found = getattr(importlib.import_module(f"{__name__}.{_NAMES[name]}"), name)
    globals()[name] = found
    return found


def __dir__() -> list[str]:
    return sorted({*globals(), *_NAMES})
