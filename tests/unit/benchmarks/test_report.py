"""The record and the table of a benchmark run, from made-up measurements."""

from __future__ import annotations

import json
from typing import Any

import pytest

from benchmarks import bench, measure, report


def entry(**agreement: list[str]) -> dict[str, Any]:
    """A workload in which we took 1 and 2 microseconds a bar and the original 100 and 300."""
    engines = {
        name: {"steps": steps, "microseconds_per_step": times, "cpu_microseconds_per_step": times}
        for name, steps, times in (("ours", 1000, [1.0, 2.0]), ("oracle", 100, [100.0, 300.0]))
    }
    return {
        "title": "a workload",
        "floor": 120.0,
        "engines": engines,
        "ratios": measure._ratios(engines),
        "agreement": agreement,
    }


def result(**workloads: dict[str, Any]) -> dict[str, Any]:
    """A record of these workloads."""
    return report.record(workloads, [], quick=True)


def test_ratios_are_taken_pair_by_pair() -> None:
    assert entry()["ratios"] == {
        "ours": {"median": 125.0, "min": 100.0, "max": 150.0},
        "cpu_ours": {"median": 125.0, "min": 100.0, "max": 150.0},
    }


def test_results_must_be_equal_to_the_last_digit() -> None:
    assert measure.differences({"value": 0.1 + 0.2, "orders": 3}, {"value": 0.3, "orders": 3}) == [
        "value: 0.30000000000000004 against 0.3"
    ]
    assert measure.differences({"a": 1}, {"b": 1}) == ["nothing to compare"]
    # of a sweep the original runs some combinations only
    assert measure.differences({"a": 1, "b": 2}, {"b": 2}) == []


def test_the_table_says_what_was_compared() -> None:
    text = report.table(result(W9=entry(oracle=[], peer=["orders: 1 against 2"])))
    row = next(line for line in text.splitlines() if line.startswith("W9"))
    assert "1.50" in row
    assert "125.0 (100.0 to 150.0)" in row
    assert "same as oracle, NOT peer (oracle ran 100 bars)" in row
    assert "W9: not the peer's result: orders: 1 against 2" in text


def test_only_a_difference_from_the_original_fails() -> None:
    assert report.disagreements(result(A=entry(oracle=["x"]), B=entry(oracle=[], peer=["y"]))) == ["A"]


def test_a_record_names_no_place() -> None:
    text = json.dumps(result(W9=entry(oracle=[])))
    assert "/" not in text.replace("python/", "")


@pytest.mark.parametrize(("only", "wanted"), [(None, True), ("W1", True), ("W1-1M", True), ("W1b", False)])
def test_a_name_chooses_all_that_start_with_it(only: str | None, wanted: bool) -> None:
    assert bench._wanted("W1-1M", only) is wanted
