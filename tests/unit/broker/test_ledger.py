"""The record of a run, and the curves worked out from it."""

from __future__ import annotations

from array import array
from math import isnan
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from backtrader.broker import CommissionInfo
from backtrader.broker import ledger as ledger_module
from backtrader.broker.ledger import Ledger

PLAIN = CommissionInfo(commission=0.001)


def a_ledger(scheme: Any = PLAIN, cash: float = 1000.0, shares: float = 10.0) -> Ledger:
    ledger = Ledger(lambda data: scheme)
    ledger.post(0, cash, shares)
    return ledger


def test_without_anything_happening_nothing_changes() -> None:
    curves = a_ledger().series(4)
    assert list(curves.cash) == list(curves.value) == [1000.0] * 4
    assert list(curves.fundvalue) == [100.0] * 4
    assert list(curves.fundshares) == [10.0] * 4


def test_a_holding_is_worth_its_close() -> None:
    ledger = a_ledger()
    ledger.hold(1, "x", 2, 50.0)
    ledger.post(1, 900.0, 10.0)
    ledger.hold(3, "x", 0, 0.0)
    ledger.post(3, 1020.0, 10.0)
    curves = ledger.series(5, {"x": [50.0, 55.0, 57.0, 60.0, 99.0]}.__getitem__)
    assert list(curves.value) == [1000.0, 1010.0, 1014.0, 1020.0, 1020.0]
    assert list(curves.cash) == [1000.0, 900.0, 900.0, 1020.0, 1020.0]


def test_the_last_entry_of_a_step_counts() -> None:
    ledger = a_ledger()
    ledger.post(1, 500.0, 10.0)
    ledger.post(1, 600.0, 12.0)
    curves = ledger.series(2)
    assert (curves.cash[1], curves.fundshares[1]) == (600.0, 12.0)


def test_a_share_of_nothing_has_no_value() -> None:
    assert isnan(a_ledger(shares=0.0).series(1).fundvalue[0])


def test_fills_are_records() -> None:
    ledger = a_ledger()
    ledger.fill(7, 3, 737000.0, -2, 50.0, 0.1, 4.0, "stop gap")
    (fill,) = ledger.fills
    assert (fill.ref, fill.step, fill.size, fill.rule) == (7, 3, -2, "stop gap")
    assert list(ledger.fills_since(1)) == []


def test_kept_steps_come_as_they_were_noted() -> None:
    ledger = a_ledger()
    ledger.keep(2, 1.0, 2.0, 3.0, 4.0)
    ledger.keep(3, 5.0, 6.0, 7.0, 8.0)
    ledger.keep(3, 5.0, 6.5, 7.0, 8.0)  # the same step once more
    curves = ledger.series(4)
    assert list(curves.cash) == [1000.0, 1000.0, 1.0, 5.0]
    assert list(curves.value) == [1000.0, 1000.0, 2.0, 6.5]
    ledger.keep(6, 0.0, 9.0, 0.0, 0.0)  # steps without news repeat the last one
    assert list(ledger.series(7).value) == [1000.0, 1000.0, 2.0, 6.5, 6.5, 6.5, 9.0]


def test_frozen_steps_keep_their_schemes() -> None:
    schemes = {"x": CommissionInfo(leverage=1.0)}
    ledger = Ledger(schemes.__getitem__)
    ledger.post(0, 100.0, 1.0)
    ledger.hold(0, "x", 1, 50.0)
    ledger.freeze()
    schemes["x"] = CommissionInfo(leverage=2.0)
    assert ledger.series(1, {"x": [60.0]}.__getitem__).value[0] == 160.0
    assert ledger.keep_values


EVENTS = st.lists(
    st.tuples(
        st.integers(0, 3),  # steps since the event before
        st.sampled_from("abc"),
        st.integers(-5, 5),
        st.floats(1, 100),
        st.floats(-1000, 1000),
    ),
    max_size=12,
)
SCHEMES = st.sampled_from(
    [
        PLAIN,
        CommissionInfo(leverage=3.0),
        CommissionInfo(margin=7.0, mult=10.0),
        CommissionInfo(automargin=0.5, margin=1.0, mult=2.0),
    ]
)


@settings(max_examples=60)
@given(EVENTS, SCHEMES, st.booleans(), st.randoms(use_true_random=False))
def test_by_arrays_or_step_by_step_the_bits_are_the_same(
    events: list[tuple[int, str, int, float, float]], scheme: Any, shortcash: bool, random: Any
) -> None:
    """And asking in between changes nothing."""
    steps = 30
    closes = {
        name: [random.choice([random.uniform(1, 100), float("nan")]) for _ in range(steps)] for name in "abc"
    }

    def filled() -> Ledger:
        ledger = Ledger(lambda data: scheme, shortcash)
        ledger.post(0, 1000.0, 10.0)
        step = 0
        for gap, name, size, price, cash in events:
            step += gap
            if step < steps:
                ledger.hold(step, name, size, price if size else 0.0)
                ledger.post(step, cash, 10.0 + step)
        ledger.closes_of = closes.__getitem__
        return ledger

    whole = filled().series(steps)
    pieces = filled()
    for upto in sorted(random.sample(range(steps), 3)):
        pieces.series_upto(upto)
    threshold = ledger_module._ARRAY_FROM
    ledger_module._ARRAY_FROM = 1
    try:
        by_arrays = filled()
        by_arrays.series_upto(random.randrange(steps))
        arrays = by_arrays.series(steps)
    finally:
        ledger_module._ARRAY_FROM = threshold
    for one, two, three in zip(whole, pieces.series(steps), arrays):
        assert [number.hex() for number in one] == [number.hex() for number in two]
        assert [number.hex() for number in one] == [number.hex() for number in three]


def test_who_asks_for_values_must_say_where_the_closes_are() -> None:
    ledger = a_ledger()
    ledger.hold(0, "x", 1, 50.0)
    with pytest.raises(AssertionError, match="closes"):
        ledger.series(1)


def test_curves_in_pieces_are_the_curves(monkeypatch: pytest.MonkeyPatch) -> None:
    """Positions are carried over from piece to piece, and nothing is kept."""
    import numpy as np

    monkeypatch.setattr("backtrader.broker.ledger._PIECE", 37)
    closes = {
        name: array("d", [100 + seed + (i * 7919) % 13 for i in range(300)]) for seed, name in enumerate("ab")
    }
    ledger = a_ledger()
    held = {"a": 0.0, "b": 0.0}
    for step in range(3, 300, 11):
        name = "ab"[step % 2]
        held[name] = 0.0 if held[name] else 1.0 + step % 5
        ledger.hold(step, name, held[name], 100.0 + step % 3)
        ledger.post(step, 1000.0 - step, 10.0)
    assert ledger.is_plain(300)
    pieces = list(ledger.in_pieces(300, closes.__getitem__))
    assert [start for start, _ in pieces] == list(range(0, 300, 37))
    whole = ledger.series(300, closes.__getitem__)
    for number, curve in enumerate(whole):
        assert np.concatenate([piece[number] for _, piece in pieces]).tolist() == list(curve)
    ledger.post(290, 700.0, 11.0)
    assert ledger.is_plain(290) and not ledger.is_plain(300), "money came in: shares were made for it"
