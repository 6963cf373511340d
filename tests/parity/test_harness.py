"""The harness itself: it finds nothing where nothing is, and finds every change that is made."""

from __future__ import annotations

import copy
import json
import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from .compare import compare, compare_bytes
from .engine import ROOT, WorkerDied, oracle_engine
from .fuzz import DIFFERENT, EQUAL, Pair
from .fuzz_gen import make_case
from .fuzz_shrink import shrink
from .harness import Parity, request
from .modes import MODES
from .registry import Scenario, scenarios

SAMPLE = [
    "brackets",
    "minutes_and_five",
    "analyzers_one_year",
    "filler_of_user",
    "optimise_one_process",
    "vendor_store_feed_broker",
]


@pytest.fixture(scope="module")
def twice(oracle: Path) -> Iterator[Parity]:
    """The original on both sides."""
    pair = Parity(cached=False, plain=True, start_product=oracle_engine)
    yield pair
    pair.close()


def _trace(parity: Parity, name: str, mode: str = "default") -> dict[str, Any]:
    found: dict[str, Any] = json.loads(parity.oracle.ask(request(scenarios()[name], MODES[mode])))
    return found


def _leaves(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    if isinstance(value, dict):
        for key, item in value.items():
            yield from _leaves(item, (*path, key))
    elif isinstance(value, list):
        for i, item in enumerate(value):
            yield from _leaves(item, (*path, i))
    else:
        yield path


def _changed(trace: dict[str, Any], path: tuple[Any, ...]) -> dict[str, Any]:
    """The trace with one leaf altered by as little as counts."""
    out = copy.deepcopy(trace)
    at: Any = out
    for key in path[:-1]:
        at = at[key]
    old = at[path[-1]]
    at[path[-1]] = (
        (not old)
        if isinstance(old, bool)
        else old * (1 + 1e-7) + 1e-7
        if isinstance(old, float) and old == old
        else "changed"
    )
    return out


@pytest.mark.parity
@pytest.mark.parametrize("name", SAMPLE)
@pytest.mark.parametrize("mode", ["default", "runonce=False", "exactbars=-1"])
def test_the_original_equals_itself(twice: Parity, name: str, mode: str) -> None:
    report = twice.check(scenarios()[name], MODES[mode], exact=True)
    assert report.equal, str(report)


@pytest.mark.parity
@pytest.mark.parametrize("name", SAMPLE)
def test_every_change_is_found(twice: Parity, name: str) -> None:
    trace = _trace(twice, name)
    leaves = list(_leaves({key: trace[key] for key in ("events", "notes", "results")}))
    assert len(leaves) > 50
    for path in random.Random(name).sample(leaves, 60 if len(leaves) > 60 else len(leaves)):
        report = compare(trace, _changed(trace, path))
        assert not report.equal, path
        assert str(report)


@pytest.mark.parity
def test_rounding_is_counted_and_times_are_exact(twice: Parity) -> None:
    trace = _trace(twice, "brackets")
    other = copy.deepcopy(trace)
    bar = next(event for event in other["events"] if event["event"] == "next")
    bar["value"] *= 1 + 1e-12
    report = compare(trace, other)
    assert report.equal
    assert report.rounded == 1
    assert "value" in report.worst
    assert not compare(trace, other, exact=True).equal
    bar["datetime"] += 1e-6
    assert not compare(trace, other).equal


@pytest.mark.parity
def test_missing_and_extra_callbacks_are_found(twice: Parity) -> None:
    trace = _trace(twice, "brackets")
    shorter = trace | {"events": trace["events"][:-1]}
    swapped = trace | {"events": [trace["events"][1], trace["events"][0], *trace["events"][2:]]}
    for other in (shorter, swapped):
        assert not compare(trace, other).equal
        assert not compare(other, trace).equal


@pytest.mark.parity
def test_types_count(twice: Parity) -> None:
    """1 is not 1.0 and not True: a user sees the difference."""
    trace = _trace(twice, "brackets")
    for value in (1.0, True):
        other = copy.deepcopy(trace)
        order = next(event for event in other["events"] if event["event"] == "notify_order")["order"]
        assert order["created"]["size"] == 1
        order["created"]["size"] = value
        assert not compare(trace, other).equal
        assert compare(trace | {"loose": True}, other).equal == (value is not True)


@pytest.mark.parity
def test_exceptions_are_compared_by_family(twice: Parity) -> None:
    trace = _trace(twice, "exception_in_next")
    assert trace["error"]["type"] == "KeyError"
    kin = trace | {
        "error": {"type": "Special", "family": ["Special", "KeyError"], "message": "", "where": ""}
    }
    alien = trace | {"error": {"type": "ValueError", "family": ["ValueError"], "message": "", "where": ""}}
    assert compare(trace, kin).equal
    assert not compare(trace, alien).equal
    assert not compare(trace, trace | {"error": None}).equal


@pytest.mark.parity
def test_a_dead_worker_is_reported_and_replaced(twice: Parity) -> None:
    engine = oracle_engine()
    try:
        engine.timeout = 0.001
        with pytest.raises(WorkerDied, match="no answer"):
            engine.ask(request(scenarios()["cross_500_days"], MODES["default"]))
        engine.timeout = 60
        assert b'"error":null' in engine.ask(request(scenarios()["brackets"], MODES["default"]))
    finally:
        engine.close()


@pytest.mark.parity
def test_traces_are_kept_until_the_source_changes(oracle: Path, tmp_path: Path) -> None:
    parity = Parity(plain=True, start_product=oracle_engine)
    parity.store.folder = tmp_path
    try:
        scenario, mode = scenarios()["brackets"], MODES["default"]
        trace = parity.oracle_trace(scenario, mode)
        assert parity.store.get(scenario, mode) == trace
        assert parity.store.get(Scenario("other", scenario.module, ""), mode) is None
        assert parity.store.get(scenario, MODES["quiet"]) is None
    finally:
        parity.close()


class _Crooked(Pair):
    """A pair whose second engine is given one price a cent off."""

    def judge(self, case: dict[str, Any]) -> Any:
        asked = {"do": "fuzz", "case": case, "mode": "default", "run": {}, "watch": True}
        bent = copy.deepcopy(asked)
        bent["case"]["feeds"][0]["rows"][1][1] += 0.01
        one, other = self.oracle.ask(asked), self.product.ask(bent)
        report = compare_bytes(one, other)
        return (EQUAL if report.equal else DIFFERENT), report, one


@pytest.mark.parity
def test_fuzz_finds_and_shrinks(oracle: Path) -> None:
    pair = _Crooked(oracle_engine(), oracle_engine())
    try:
        case = next(
            case
            for case in (make_case(5, k) for k in range(100))
            if pair.differs(case) and len(case["program"]) > 8
        )
        small = shrink(case, pair.differs, tries=200)
        assert pair.differs(small)
        assert len(small["program"]) <= 2
        assert len(small["feeds"][0]["rows"]) < len(case["feeds"][0]["rows"])
        straight = Pair(pair.oracle, pair.product)
        assert straight.judge(small)[0] == EQUAL
    finally:
        pair.close()


def test_cases_are_reproducible() -> None:
    assert make_case(3, 4) == make_case(3, 4)
    assert make_case(3, 4) != make_case(3, 5)
    assert json.loads(json.dumps(make_case(3, 4), allow_nan=False)) == make_case(3, 4)


def test_the_package_names_no_engine_at_import() -> None:
    """Harness modules must not import an engine: they run beside both."""
    for name in (
        "compare",
        "engine",
        "harness",
        "registry",
        "modes",
        "fuzz",
        "fuzz_gen",
        "fuzz_shrink",
        "data",
    ):
        text = (ROOT / "tests" / "parity" / f"{name}.py").read_text(encoding="utf-8")
        assert "import backtrader" not in text
