"""Runs with several timeframes computed in advance show what they show bar by bar."""

from __future__ import annotations

import datetime as dt
import warnings
from collections import Counter
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

import backtrader as bt
from backtrader.core import assemble, larger

from .timeframe_runs import LINES, Plan, Zone, columns, shown

TF = bt.TimeFrame
UNITS = {
    "seconds": (TF.Seconds, dt.timedelta(seconds=1)),
    "minutes": (TF.Minutes, dt.timedelta(minutes=1)),
    "days": (TF.Days, dt.timedelta(days=1)),
}
TARGETS = {
    "seconds": [(TF.Seconds, 5), (TF.Seconds, 30), (TF.Minutes, 1), (TF.Minutes, 5), (TF.Days, 1)],
    "minutes": [
        *((TF.Minutes, compression) for compression in (1, 2, 5, 7, 15, 60)),
        (TF.Days, 1), (TF.Days, 1), (TF.Days, 2), (TF.Weeks, 1), (TF.Months, 1),
    ],
    "days": [(TF.Days, 2), (TF.Days, 3), (TF.Weeks, 1), (TF.Weeks, 1), (TF.Weeks, 2), (TF.Months, 1), (TF.Years, 1)],
}  # fmt: skip
STRIDES = {"even": [1], "gaps": [1] * 20 + [2, 3, 5], "wide": [1, 1, 1, 2, 20, 60, 400, 1000, 3000]}
STARTS = [dt.datetime(2021, 3, 26, hour, minute) for hour, minute in ((9, 0), (9, 7), (0, 0), (22, 0))]
EXTRAS = ["stdstats", "cheat", "quick", "analyzers", "observers", "timer", "talking"]
# An example takes some hundredths of a second, so a failing one is made smaller by hand if need be.
PHASES = (Phase.explicit, Phase.reuse, Phase.generate)
PATHS: Counter[str] = Counter()


@st.composite
def times(draw: Any, unit: str, start: dt.datetime) -> list[dt.datetime]:
    """When a feed has bars."""
    if unit == "days":
        start = start.replace(hour=0, minute=0) if draw(st.booleans()) else start.replace(hour=23, minute=59)
    strides = draw(st.sampled_from(list(STRIDES.values())))
    count = draw(st.sampled_from([1, 2, 20, 60, 120, 200]))
    rnd = draw(st.randoms(use_true_random=False))
    found, now = [], start
    for _ in range(count):
        found.append(now)
        now += UNITS[unit][1] * rnd.choice(strides)
    return found


@st.composite
def feed(draw: Any, unit: str, when: list[dt.datetime] | None = None) -> dict[str, Any]:
    """Arguments of a feed."""
    if when is None:
        later = dt.timedelta(minutes=draw(st.sampled_from([0, 0, 0, 1, 30, -60, 600])))
        when = draw(times(unit, draw(st.sampled_from(STARTS)) + later))
    found: dict[str, Any] = {"timeframe": UNITS[unit][0]}
    if draw(st.integers(0, 3)) == 0:
        found["sessionend"] = dt.time(
            draw(st.sampled_from([9, 10, 16, 23])), draw(st.sampled_from([0, 30, 59]))
        )
    if draw(st.integers(0, 6)) == 0:
        found["tz"] = Zone(draw(st.sampled_from([-5, 2, 5.5])))
    missing = 0.1 if draw(st.integers(0, 15)) == 0 else 0.0
    return {**found, "columns": columns(when, draw(st.integers(0, 1 << 20)), missing)}


@st.composite
def options(draw: Any, unit: str) -> dict[str, Any]:
    """Arguments of ``resampledata``."""
    timeframe, compression = draw(st.sampled_from(TARGETS[unit]))
    found: dict[str, Any] = {"timeframe": timeframe, "compression": compression}
    for name in ("bar2edge", "adjbartime", "rightedge"):
        if draw(st.integers(0, 7)) == 0:
            found[name] = False
    if draw(st.integers(0, 9)) == 0:
        found["boundoff"] = draw(st.sampled_from([1, 2]))
    return found


@st.composite
def plans(draw: Any) -> Plan:
    """Feeds, what is made of them, and what a strategy computes and listens to."""
    units, feeds, added = [], [], []

    def add(unit: str, made: Any, how: Any) -> None:
        units.append(unit)
        feeds.append(made)
        added.append((len(feeds) - 1, how))

    unit = draw(st.sampled_from(["minutes", "minutes", "minutes", "seconds", "days"]))
    shape = draw(st.sampled_from(["one", "one", "alike", "several", "own", "only own"]))
    if shape != "only own":
        when = draw(times(unit, draw(st.sampled_from(STARTS))))
        add(unit, draw(feed(unit, when)), None)
        for _ in range({"alike": 1, "several": draw(st.integers(1, 2))}.get(shape, 0)):
            other = unit if shape == "alike" else draw(st.sampled_from([unit, "minutes", "days"]))
            add(other, draw(feed(other, when if shape == "alike" else None)), None)
    plain = len(feeds)
    for _ in range(draw(st.integers(1, 3)) if shape not in ("own", "only own") else draw(st.integers(0, 1))):
        if plain:
            of = draw(st.integers(0, plain - 1))
            added.append((of, draw(options(units[of]))))
    for _ in range(draw(st.integers(1, 3)) if shape in ("own", "only own") else 0):
        other = draw(st.sampled_from([unit, "minutes"]))
        add(other, draw(feed(other)), draw(options(other)))
    kinds = st.tuples(st.sampled_from(sorted(LINES)), st.integers(0, 3), st.integers(0, 3))
    extras = draw(st.sets(st.sampled_from(EXTRAS), max_size=3)) if draw(st.booleans()) else set()
    return Plan(
        feeds,
        added,
        draw(st.lists(kinds, max_size=4)),
        frozenset(extras),
        draw(st.sampled_from([1, 1, 1, 2])),
    )


@pytest.fixture(autouse=True, scope="module")
def watched() -> Any:
    """Count in which way the runs are laid out."""
    patch = pytest.MonkeyPatch()
    ahead, recorded, batch = larger.lay_out_ahead, larger.record, assemble.run_batch

    def noted_ahead(cast: Any) -> Any:
        found = ahead(cast)
        PATHS["ahead"] += found is not None
        return found

    def noted_record(*args: Any) -> Any:
        PATHS["recorded"] += 1
        return recorded(*args)

    def noted_batch(*args: Any) -> None:
        PATHS["batch"] += 1
        batch(*args)

    patch.setattr(larger, "lay_out_ahead", noted_ahead)
    patch.setattr(larger, "record", noted_record)
    patch.setattr(assemble, "run_batch", noted_batch)
    yield
    patch.undo()


@settings(
    max_examples=150,
    deadline=None,
    phases=PHASES,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
@given(plans())
def _shows_what_is_seen_bar_by_bar(plan: Plan) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # bars at times that go back
        bar_by_bar = shown(plan, runonce=False)
        before = PATHS["batch"]
        ahead = shown(plan)
    assert PATHS["batch"] == before + 1
    assert repr(ahead) == repr(bar_by_bar)


def test_a_batch_shows_what_is_seen_bar_by_bar() -> None:
    """And both ways of a batch were taken often enough for that to say something."""
    PATHS.clear()
    _shows_what_is_seen_bar_by_bar()
    assert PATHS["ahead"] > 50
    assert PATHS["recorded"] > 10
