"""What a search came to, in all the words it can be asked in."""

from __future__ import annotations

import math

from backtrader.opt.entry import FAILED, Entry
from backtrader.opt.objective import ObjectiveFunction
from backtrader.opt.results import OptimizationResult

ENTRIES = [
    {"params": {"a": 1}, "score": 1.0, "metrics": {"sqn": 1.0}},
    {"params": {"a": 2}, "score": 9.0, "metrics": {"sqn": 9.0}, "valid": False},
    {"params": {"a": 3}, "score": 5.0, "metrics": {"sqn": 5.0}},
    {"params": {"a": 4}, "score": math.nan, "state": FAILED},
]


def test_all_the_names() -> None:
    result = OptimizationResult(ENTRIES, ObjectiveFunction("sqn"), optimization_time=2.0, name="x")
    assert (result.best_params, result.best_score, result.best_metric) == ({"a": 3}, 5.0, 5.0)
    assert result.best_metrics == {"sqn": 5.0} and result.metric_name == "sqn"
    assert result.total_runs == len(result) == 4 and result.optimization_time == 2.0
    assert result.results is result.all_results and result[0].params == {"a": 1}
    best = result.get_best()
    assert best is not None and best["params"] == best.params == {"a": 3} and dict(best)["score"] == 5.0
    assert [entry.score for entry in result.top(5)] == [5.0, 1.0]
    assert repr(result) == "<OptimizationResult: 4 runs in 2.0 s, best sqn 5 (a=3)>"
    assert [entry.params["a"] for entry in result] == [1, 2, 3, 4]


def test_small_is_good() -> None:
    result = OptimizationResult(ENTRIES, ObjectiveFunction(False, {"sqn": 1.0}))
    assert result.best_params == {"a": 1} and [entry.score for entry in result.top()] == [1.0, 5.0]


def test_nothing_that_counts() -> None:
    result = OptimizationResult([ENTRIES[1], ENTRIES[3]])
    assert result.best_params == {} and math.isnan(result.best_score) and result.get_best() is None
    assert "none that counts" in repr(result)


def test_entries_are_read_when_they_are_looked_at() -> None:
    read: list[int] = []

    def entries() -> list[Entry]:
        read.append(1)
        return [Entry({"a": 1}, 2.0)]

    result = OptimizationResult(entries, best=Entry({"a": 1}, 2.0), total_runs=1)
    assert (result.best_score, result.total_runs, read) == (2.0, 1, [])
    assert len(result.all_results) == len(result.all_results) == 1 and read == [1]


def test_the_front_of_several_objectives() -> None:
    points = [(1.0, 5.0), (2.0, 4.0), (2.0, 6.0), (3.0, 1.0), (3.0, 1.0), (0.0, math.nan)]
    entries = [Entry({"a": n}, p[0], number=n, scores=p) for n, p in enumerate(points)]
    both = [ObjectiveFunction("sqn"), ObjectiveFunction("calmar_ratio")]
    assert [e.number for e in OptimizationResult(entries, both).pareto_front()] == [2, 3, 4]
    other = [ObjectiveFunction("sqn"), ObjectiveFunction(False, {"calmar_ratio": 1.0})]
    assert [e.number for e in OptimizationResult(entries, other).pareto_front()] == [3, 4]
