"""Every indicator, and users' classes made of them, give the original's values: bit for bit, in every mode."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest

import backtrader as bt
from tests.unit.indicators import oracle_worker as worker
from tests.unit.indicators.cases import BUILT_IN, DATASETS, USER, USER_CLASSES

CASES = BUILT_IN + USER
MODES = {"batch": tuple(DATASETS), "event": ("walk", "holes"), "exactbars=1": ("walk",)}

# Recurrences that need the value before, which the original does not keep in its shortest buffers.
FORGETS = ("bt.ind.Accum(d)", "bt.ind.ZLInd(", "bt.ind.NonZeroDifference(d, d.open)")


def _in_original(python: Path, mode: str) -> Any:
    request = {
        "bars": {
            name: {key: [v.hex() for v in column] for key, column in columns.items()}
            for name, columns in DATASETS.items()
            if name in MODES[mode]
        },
        "cases": CASES,
        "modes": [mode],
        "prelude": USER_CLASSES,
    }
    script = str(Path(worker.__file__))
    done = subprocess.run(
        [python, script], input=json.dumps(request), capture_output=True, text=True, check=True
    )
    return json.loads(done.stdout)


def _here(mode: str) -> Any:
    scope: dict[str, Any] = {"bt": bt}
    exec(USER_CLASSES, scope)
    return {name: {mode: worker.evaluate(DATASETS[name], CASES, scope, mode)} for name in MODES[mode]}


@pytest.fixture(scope="module", params=MODES)
def answers(request: pytest.FixtureRequest, oracle: Path) -> tuple[str, Any, Any]:
    """What both engines say, in one mode."""
    mode = request.param
    return mode, _in_original(oracle, mode), _here(mode)


@pytest.mark.parity
@pytest.mark.parametrize("case", CASES)
def test_values_are_those_of_the_original(answers: tuple[str, Any, Any], case: str) -> None:
    mode, original, here = answers
    compared = 0
    for name in MODES[mode]:
        want, got = original[name][mode][case], here[name][mode][case]
        # What the original cannot compute (short data, division by zero) must not fail here.
        assert "error" not in got, f"{name}: {got}"
        if "error" in want or (mode == "exactbars=1" and case.startswith(FORGETS)):
            continue
        compared += 1
        assert got["minperiod"] == want["minperiod"], name
        assert list(got["lines"]) == list(want["lines"]), name
        for line, values in want["lines"].items():
            assert got["lines"][line] == values, f"{name}: {line}"
    assert compared or case.startswith(FORGETS)
