"""Resampled and replayed feeds of every timeframe, with all options: each bar as the original makes it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from .compare import compare, kind_of
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


# Cases in which the original ends with an error and this engine does not: at the end of the input nothing but a
# resampled bar with a time to come is left, or a session that ended early is looked for until the calendar ends.
NOTHING_LEFT = "min() arg is an empty sequence"
NO_END = "date value out of range"
STOPS = {
    "replay-fives-Days1-calendar-alone": NO_END,
    "replay-late-Days1-calendar-beside": NO_END,
    "replay-late-Minutes5-calendar-beside": NO_END,
    "resample-days-Days2-plain-beside": NOTHING_LEFT,
    "resample-fives-Days1-calendar-alone": NO_END,
    "resample-late-Days1-calendar-beside": NO_END,
    "resample-late-Minutes5-calendar-beside": NO_END,
    "resample-seconds-Minutes1-boundoff-beside": NOTHING_LEFT,
    "resample-seconds-Minutes5-boundoff-beside": NOTHING_LEFT,
    "resample-ticks-Ticks1-plain-beside": NOTHING_LEFT,
    "resample-ticks-Ticks1-takelate-beside": NOTHING_LEFT,
    "resample-ticks-Ticks3-boundoff-beside": NOTHING_LEFT,
    "resample-ticks-Ticks3-late-session-beside": NOTHING_LEFT,
    "resample-ticks-Ticks3-leftedge-beside": NOTHING_LEFT,
    "resample-ticks-Ticks3-plain-beside": NOTHING_LEFT,
    "resample-ticks-Ticks3-zone-session-beside": NOTHING_LEFT,
}

# The bar that is being built goes back before the first one: values of a feed without bars are not kept here.
WITHOUT_BARS = {
    "replay-ticks-MicroSeconds250000-everything-beside",
    "replay-late-Seconds20-everything-beside",
}


@pytest.mark.parity
@pytest.mark.parametrize(("case", "mode"), RUNS)
def test_case(parity: Parity, case: dict[str, Any], mode: Mode) -> None:
    asked = request(case, mode)
    answers = [engine.ask(asked) for engine in (parity.oracle, parity.product)]
    if answers[0] == answers[1] and answers[0].endswith(b'"error":null}'):
        return
    oracle, product = map(json.loads, answers)
    stops = STOPS.get(name_of(case))
    assert (oracle["error"] and oracle["error"]["message"]) == stops, "such a case compares nothing"
    if stops:
        assert product["error"] is None
        return
    if _out_of_step(oracle):
        oracle, product = _events(oracle), _events(product)
    report = compare(oracle, product)
    if name_of(case) in WITHOUT_BARS:
        assert {kind_of(found) for found in report.differences} <= {"prenext .lines.ranges[]"}
        return
    assert report.equal, str(report)


def _out_of_step(trace: dict[str, Any]) -> bool:
    """Late input can take a replayed feed back by a bar; the original's indicators grow on every bar from then on."""
    (result,) = trace["results"][0]
    lens = {name: length for name, length, _ in result.get("lens", ())}
    lines = result.get("lines", {})
    return any(line["len"] > lens["large"] for path, line in lines.items() if path.startswith("means[1]"))


def _events(trace: dict[str, Any]) -> dict[str, Any]:
    """The callbacks, without what observers show, which are out of step, too."""
    events = [{key: value for key, value in event.items() if key != "observers"} for event in trace["events"]]
    return {**trace, "events": events, "results": []}


def test_there_are_enough() -> None:
    cases = matrix()
    assert len(cases) >= 150
    assert len({name_of(case) for case in cases}) == len(cases)
    assert {case["how"] for case in cases} == {"resample", "replay"}
