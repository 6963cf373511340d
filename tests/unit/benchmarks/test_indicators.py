"""The benchmark of the indicators: it knows all of them, and says what misses a target."""

from __future__ import annotations

from typing import Any

import pytest

import backtrader as bt
from benchmarks import bench_indicators as bench
from benchmarks.indicator_cases import CASES, WINDOWED

# What has no formula of its own: bases, and a window that is given to it.
BASES = {
    "BaseApplyN", "Indicator", "MovingAverageBase", "OperationN", "OscillatorMixIn", "PeriodN", "WindowIndicator",
}  # fmt: skip


def test_every_built_in_indicator_is_measured() -> None:
    known = {case.name for case in CASES}
    measured = {getattr(bt.indicators, name, getattr(bt, name, None)) for name in known}
    missing = {
        name
        for name, found in vars(bt.indicators).items()
        if isinstance(found, type)
        and issubclass(found, bt.Indicator)
        and "_aliased" not in vars(found)
        and not name.startswith("_")
        and found not in measured
    }
    assert missing == BASES
    assert len(known) == len(CASES) > 120
    assert set(WINDOWED) <= known


def test_only_what_the_user_brings_has_no_loop_beside_it() -> None:
    assert {case.name for case in CASES if not case.by_hand} == {"ApplyN", "ReduceN", "CointN"}


@pytest.mark.slow
@pytest.mark.parametrize("case", [c for c in CASES if c.by_hand], ids=lambda case: case.name)
def test_the_loops_by_hand_are_the_same_formula(case: Any, worker: Any) -> None:
    answer = worker.compare(made=case.made, by_hand=case.by_hand, bars=700)
    assert answer["distance"] < bench.CLOSE_ENOUGH


@pytest.fixture(scope="module")
def worker() -> Any:
    """Measures in this process."""
    pytest.importorskip("numba")
    pytest.importorskip("pandas")
    import sys
    from pathlib import Path

    from benchmarks import indicator_worker

    folder = str(Path(indicator_worker.__file__).parent)
    sys.path.insert(0, folder)
    try:
        made = indicator_worker.OurWorker()
        made.columns(700)
    finally:
        sys.path.remove(folder)
    return made


def entry(by_hand: float, once: float, step: float) -> dict[str, Any]:
    """An indicator with these ratios."""
    return {
        "ours": 2e-9,
        "by_hand": {"ratio": by_hand},
        "once": {"ratio": once, "ours": [2e-9], "other": [3e-7]},
        "step": {"ratio": step, "ours": [1e-6], "other": [2e-6]},
        "differs": [],
    }


def test_what_misses_a_target_is_named() -> None:
    found = {"good": entry(2.9, 150.0, 1.4), "slow": entry(3.1, 99.0, 0.9)}
    found["apart"] = {**entry(1.0, 100.0, 2.0), "by_hand": {}, "once": {}, "differs": ["oracle: other bits"]}
    targets = bench._targets(found, {"SumN": {"ratio": 1.6}, "Lowest": {"ratio": 1.0}})
    assert list(targets.values()) == [["slow"], ["slow"], ["slow"], ["SumN"]]

    result = {
        "date": "2026-01-01", "commit": "abc", "machine": {"cpu": "one"}, "workloads": found, "targets": targets,
        "sizes": {"bars": 1000, "oracle_bars": 100, "step_bars": 10}, "periods": {},
    }  # fmt: skip
    lines = bench.table(result).splitlines()
    rows = {line.split()[0]: line for line in lines if line[:5].strip() in ("good", "slow", "apart")}
    assert rows["good"].split()[1:8] == ["2.00", "0.69", "2.90", "300.00", "150.00", "1.00", "2.00"]
    assert rows["apart"].endswith("oracle: other bits") and rows["good"].endswith("same")
    assert "batch at most 3 times a hand-written loop: missed by 1: slow" in lines


def test_an_unknown_name_is_refused() -> None:
    with pytest.raises(SystemExit, match="no such indicator: SMAA"):
        bench.main(["--only", "SMAA"])
