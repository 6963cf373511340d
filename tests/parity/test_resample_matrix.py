"""Resampled and replayed feeds of every timeframe, with all options: each bar as the original makes it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from .compare import compare_bytes
from .harness import Parity
from .modes import Mode
from .resample_cases import matrix, name_of, request, runs

RUNS = [pytest.param(case, mode, id=f"{name_of(case)}-{mode.name}") for case, mode in runs()]


@pytest.fixture(scope="module")
def parity(oracle: Path) -> Iterator[Parity]:
    """Both engines, started once for all cases."""
    pair = Parity()
    yield pair
    pair.close()


@pytest.mark.parity
@pytest.mark.parametrize(("case", "mode"), RUNS)
def test_case(parity: Parity, case: dict[str, Any], mode: Mode) -> None:
    asked = request(case, mode)
    oracle, product = parity.oracle.ask(asked), parity.product.ask(asked)
    error = json.loads(oracle)["error"]
    assert error is None, error["where"]
    report = compare_bytes(oracle, product)
    assert report.equal, str(report)


def test_there_are_enough() -> None:
    cases = matrix()
    assert len(cases) >= 150
    assert len({name_of(case) for case in cases}) == len(cases)
    assert {case["how"] for case in cases} == {"resample", "replay"}
