"""The names of the package, where they are looked for, and what importing them costs."""

from __future__ import annotations

import importlib
import subprocess
import sys

import pytest

from backtrader import opt

#: Old path -> names people import from it.
OLD = {
    "backtrader.optimizers": ["GridSearchOptimizer", "ParamSpace", "OptimizationResult", "optimize"],
    "backtrader.optimizers.base": ["OptimizerBase", "OptimizationResult"],
    "backtrader.optimizers.grid_search": ["GridSearchOptimizer"],
    "backtrader.optimizers.bayesian": ["BayesianOptimizer"],
    "backtrader.optimizers.random_search": ["RandomSearchOptimizer"],
    "backtrader.optimizers.genetic": ["GeneticOptimizer"],
    "backtrader.optimizers.scheduler": ["TaskScheduler", "Task", "TaskStatus"],
    "backtrader.optimizers.analysis": ["OptimizationAnalyzer"],
    "backtrader.utils.opt_utils": ["ParamOptimizer", "ParamResult"],
    "backtrader.analyzers.opt_analyzer": ["OptimizationAnalyzer"],
}


@pytest.mark.parametrize("name", opt.__all__)
def test_each_name_is_there(name: str) -> None:
    assert getattr(opt, name) is not None


@pytest.mark.parametrize("path", OLD)
def test_old_paths_give_the_same_things(path: str) -> None:
    module = importlib.import_module(path)
    for name in OLD[path]:
        assert getattr(module, name) is getattr(opt, name)


def test_a_name_that_is_not_there() -> None:
    with pytest.raises(AttributeError, match="no attribute 'Optimiser'"):
        opt.Optimiser
    assert set(opt.__all__) <= set(dir(opt))


@pytest.mark.parametrize("module", ["backtrader", "backtrader.opt", "backtrader.optimizers"])
def test_importing_brings_in_nothing_heavy(module: str) -> None:
    heavy = [
        "optuna",
        "sqlalchemy",
        "numpy",
        "sklearn",
        "scipy",
        "rich",
        "aiohttp",
        "dask",
        "distributed",
        "pandas",
        "psycopg",
        "pebble",
    ]
    code = f"import sys, {module}; print([n for n in {heavy} if n in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
