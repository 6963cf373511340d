"""Every indicator computed in advance equals the same indicator stepped bar by bar, whatever the bars."""

from __future__ import annotations

import math
from array import array
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

import backtrader as bt
from backtrader.lines.kernels import policy
from tests.parity import indicator_data
from tests.parity.data import Row, day_times
from tests.parity.feeds import rows_feed
from tests.parity.indicator_matrix import CASES

NAN = math.nan
BLOCKS = 12
# Needs a package that may be absent, and takes milliseconds a bar.
CHECKED = [case for case in CASES if case.indicator != "CointN"]
# Written some bars back: what a bar shows at its time is not what it shows later.
LATE = {"chikou_span", "fractal_bearish", "fractal_bullish"}
STEPPED: list[dict[str, Any]] = [{"runonce": False}, {"preload": False}, {"exactbars": 1}]
TIMES = day_times(60)
# An example takes a fifth of a second: making a failing one smaller would take minutes.
PHASES = (Phase.explicit, Phase.reuse, Phase.generate)

PRICE = st.integers(1, 400).map(lambda n: n / 4) | st.floats(0.01, 1e6)
ODD = st.sampled_from([0.0, 1.0, 1.0, 100.0, -5.0, NAN, 1e-300, 1e12])


@st.composite
def bars(draw: Any) -> list[Row]:
    """A few bars of every kind: prices that walk, stand still, vanish or are missing."""
    size = draw(st.integers(1, len(TIMES)))
    shapes = draw(st.lists(st.sampled_from("wwwwhfz?n"), min_size=size, max_size=size))
    rows: list[Row] = []
    price, volume = draw(PRICE), 10.0
    for when, shape in zip(TIMES, shapes):
        opened = price
        if shape in "wh":
            price = max(0.01, price * draw(st.sampled_from([0.5, 0.9, 0.99, 1.0, 1.01, 1.1, 2.0])))
        elif shape == "?":
            rows.append((when, *[draw(PRICE | ODD) for _ in range(5)], 0.0))  # type: ignore[arg-type]
            continue
        elif shape in "zn":
            rows.append((when, *[0.0 if shape == "z" else NAN] * 5, 0.0))  # type: ignore[arg-type]
            continue
        elif shape == "f":
            opened, volume = price, 0.0
        span = 1.0 if shape == "h" else 0.0
        top, bottom = max(opened, price) + span, min(opened, price) - span
        volume += 7.0
        rows.append((when, opened, top, bottom, price, volume, 0.0))
    return rows


class Watcher(bt.Strategy):
    """Holds the indicators and notes what each line shows on each bar."""

    params = (("expressions", ()),)

    def __init__(self) -> None:
        names = {
            **vars(bt.indicators),
            "Fractal": bt.studies.Fractal,
            "d": self.datas[0],
            "e": self.datas[-1],
        }
        names["LinePlotterIndicator"] = bt.LinePlotterIndicator
        made = [(text, eval(text, names)) for text in self.p.expressions]
        self.seen = {
            (text, one.lines._getlinealias(n)): (line, array("d"))
            for text, one in made
            for n, line in enumerate(one.lines)
        }

    def next(self) -> None:
        for line, column in self.seen.values():
            column.append(line[0])

    prenext = nextstart = next


def run(expressions: list[str], feeds: list[list[Row]], **kwargs: Any) -> dict[tuple[str, str], list[float]]:
    """What every line showed on every bar, or has in the end if that is more."""
    cerebro = bt.Cerebro(stdstats=False)
    for rows in feeds:
        cerebro.adddata(rows_feed(rows))
    cerebro.addstrategy(Watcher, expressions=expressions)
    seen = cerebro.run(**kwargs)[0].seen
    if kwargs.get("exactbars"):
        return {key: list(column) for key, (_, column) in seen.items() if key[1] not in LATE}
    return {key: list(line.array)[: len(column)] for key, (line, column) in seen.items()}


def same(name: str, a: float, b: float) -> bool:
    """Equal in every bit; a fit of many windows at once may round otherwise than that of one."""
    if a == b or (a != a and b != b):
        return True
    return name.startswith("Hurst") and abs(a - b) <= 1e-12 * max(abs(a), abs(b), 1e-3)


@pytest.mark.parametrize("block", range(BLOCKS))
@settings(deadline=None, max_examples=15, phases=PHASES)
@given(feeds=st.tuples(bars(), bars()), mode=st.sampled_from(STEPPED))
def test_batch_equals_step(block: int, feeds: tuple[list[Row], list[Row]], mode: dict[str, Any]) -> None:
    length = min(len(feeds[0]), len(feeds[1]))
    for count in (1, 2):
        some = [case.expression for case in CHECKED[block::BLOCKS] if case.feeds == count]
        rows = [feed[:length] if count == 2 else feed for feed in feeds[:count]]
        if some:
            check(some, rows, mode)


def check(expressions: list[str], feeds: list[list[Row]], mode: dict[str, Any]) -> None:
    batch, stepped = run(expressions, feeds), run(expressions, feeds, **mode)
    for (text, line), values in stepped.items():
        assert len(values) == len(feeds[0]) == len(batch[text, line])
        for i, (a, b) in enumerate(zip(batch[text, line], values)):
            assert same(text, a, b), f"{text}.{line} at bar {i}: {a!r} in batch, {b!r} with {mode}"


def test_bars_take_every_shape() -> None:
    """The comparison above is worth what its bars are worth."""
    seen: set[str] = set()

    @settings(deadline=None, max_examples=60, database=None, derandomize=True)
    @given(bars())
    def look(rows: list[Row]) -> None:
        closes = [row[4] for row in rows]
        seen.update(
            name
            for name, found in (
                ("missing", any(c != c for c in closes)),
                ("zero", 0.0 in closes),
                ("flat", any(a == b for a, b in pairwise(closes))),
                ("short", len(rows) < 5),
                ("long", len(rows) > 30),
            )
            if found
        )

    look()
    assert seen == {"missing", "zero", "flat", "short", "long"}


@pytest.mark.parametrize("kind", ["walk", "flat", "gaps"])
def test_compiled_equals_uncompiled(monkeypatch: pytest.MonkeyPatch, kind: str) -> None:
    """Machine code gives the bits of Python, for the kernels of single indicators too."""
    pytest.importorskip("numba")
    feeds = [indicator_data.rows(kind, feed)[:120] for feed in (0, 1)]
    expressions = [case.expression for case in CHECKED]
    found = []
    for always in (True, False):
        monkeypatch.setattr(policy, "always", always)
        monkeypatch.setattr(policy, "never", not always)
        found.append(run(expressions, feeds))
    for (text, line), values in found[0].items():
        for i, (a, b) in enumerate(zip(values, found[1][text, line])):
            assert a == b or (a != a and b != b), f"{text}.{line} at bar {i}: {a!r} compiled, {b!r} not"
