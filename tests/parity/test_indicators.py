"""Every indicator of the original: default and odd parameters, four modes, five kinds of bars.

``python -m tests.parity.indicator_check`` runs the same by hand; `indicator_known` lists what may differ.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from .indicator_check import CRASHED, DIFFERENT, KNOWN, NEAR, SAME, IndicatorParity, difference
from .indicator_data import KINDS
from .indicator_known import KNOWN as REASONS
from .indicator_matrix import CASES, CLASSES, PARTS, alias_case

STATISTICS = {"CointN", "OLS_BetaN", "OLS_Slope_InterceptN", "OLS_TransformationN"}
BLOCKS = 6


@pytest.fixture(scope="module")
def parity(oracle: Path) -> Iterator[IndicatorParity]:
    """Both engines, started once."""
    pair = IndicatorParity()
    yield pair
    pair.close()


Check = Callable[[str, list[Any]], None]


@pytest.fixture
def check(parity: IndicatorParity, record_property: Callable[[str, object], None]) -> Check:
    """Compare cases, and tell the end of the run how many there were."""

    def checked(kind: str, cases: list[Any], **kwargs: Any) -> None:
        tally = parity.tally
        before = tally.outcomes.copy()
        problems = parity.check(kind, cases, **kwargs)
        found = tally.outcomes - before
        record_property("indicators", {name: found[name] for name in (SAME, NEAR, CRASHED, KNOWN, DIFFERENT)})
        again = "python -m tests.parity.indicator_check 'PART OF AN EXPRESSION' --kind KIND --mode MODE"
        assert not problems, "\n".join([*problems, f"again: {again}"])
        assert found.total()

    return checked


@pytest.mark.parity
@pytest.mark.parametrize("block", range(BLOCKS))
@pytest.mark.parametrize("kind", KINDS)
def test_indicators(check: Check, kind: str, block: int) -> None:
    classes = [name for name in CLASSES if name not in STATISTICS][block::BLOCKS]
    check(kind, [case for case in CASES if case.indicator in classes])


@pytest.mark.parity
@pytest.mark.usefixtures("same_statsmodels")
@pytest.mark.parametrize("kind", KINDS)
def test_indicators_with_statsmodels(check: Check, kind: str) -> None:
    check(kind, [case for case in CASES if case.indicator in STATISTICS])


@pytest.mark.parity
def test_every_name(parity: IndicatorParity, check: Check) -> None:
    """No indicator of the original is left out, and each of its other names is the same indicator."""
    theirs, ours = parity.names()
    assert set(CLASSES) <= set(theirs)
    other = {name: bases[0] for name, bases in theirs.items() if name not in CLASSES and name not in PARTS}
    assert {name: base for name, base in other.items() if base not in CLASSES} == {}
    assert set(theirs) <= set(ours)
    assert {name: ours[name][0] for name in other} == other
    cases = [alias_case(name, base) for name, base in other.items() if base not in STATISTICS]
    check("trend", cases, modes=("default",))
    assert len(theirs) >= 300


def test_there_are_enough() -> None:
    assert len(CLASSES) >= 130
    assert len(CASES) * len(KINDS) * 4 >= 10_000
    assert len({case.expression for case in CASES}) == len(CASES)
    assert all(one.reason for one in REASONS)


def test_a_difference_is_found() -> None:
    nan = float("nan")
    assert difference([nan, 1.0, -0.0], [nan, 1.0, 0.0]) == ("", 0.0)  # type: ignore[arg-type]
    found, farthest = difference([100.0, 0.5], [100.00000000001, 0.5])  # type: ignore[arg-type]
    assert not found
    assert 0.0 < farthest <= 1e-12
    for right, ours in (
        ([100.0], [100.000000001]),
        ([nan], [1.0]),
        ([1.0], [nan]),
        ([1e308], [float("inf")]),
    ):
        assert difference(right, ours)[0]  # type: ignore[arg-type]
    assert difference([1.0], [1.0, 2.0])[0]  # type: ignore[arg-type]
