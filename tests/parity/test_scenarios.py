"""Every scenario in every mode: the trace of this engine must be the original's."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from .harness import Parity
from .modes import Mode
from .registry import Scenario, scenarios

SCENARIOS = scenarios()
RUNS = [
    pytest.param(scenario, mode, id=f"{scenario.module}-{scenario.name}-{mode.name}")
    for scenario in SCENARIOS.values()
    for mode in scenario.modes()
]


@pytest.fixture(scope="module")
def parity(oracle: Path) -> Iterator[Parity]:
    """Both engines, started once for all scenarios."""
    pair = Parity()
    yield pair
    pair.close()


@pytest.mark.parity
@pytest.mark.parametrize(("scenario", "mode"), RUNS)
def test_scenario(parity: Parity, scenario: Scenario, mode: Mode, request: pytest.FixtureRequest) -> None:
    if scenario.module.startswith("talib"):
        request.getfixturevalue("same_talib")
    report = parity.check(scenario, mode)
    known = scenario.known_difference(mode.name)
    if known and not report.equal:
        pytest.xfail(f"deliberate: {known}")
    again = f"python -m tests.parity {scenario.name} --mode '{mode.name}'"
    assert report.equal, f"{scenario.doc}\n{report}\nagain: {again}"


def test_there_are_enough() -> None:
    assert len(SCENARIOS) >= 80
    assert all(scenario.doc for scenario in SCENARIOS.values())
