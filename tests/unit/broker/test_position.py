"""Sizes and average prices."""

from __future__ import annotations

import copy
import datetime
import pickle
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backtrader.broker.position import Position, combine

SIZES = st.integers(-50, 50)
PRICES = st.floats(1, 1000)


@pytest.mark.parametrize(
    ("held", "delta", "expected"),
    [
        ((0, 0.0), (5, 10.0), (5, 10.0, 5, 0)),  # opened
        ((5, 10.0), (5, 12.0), (10, 11.0, 5, 0)),  # grown: average
        ((5, 10.0), (-2, 12.0), (3, 10.0, 0, -2)),  # shrunk: price stays
        ((5, 10.0), (-5, 12.0), (0, 0.0, 0, -5)),  # closed: no price
        ((5, 10.0), (-8, 12.0), (-3, 12.0, -3, -5)),  # turned: new price
        ((-5, 10.0), (-5, 12.0), (-10, 11.0, -5, 0)),
        ((-5, 10.0), (8, 12.0), (3, 12.0, 3, 5)),
        ((0, 0.0), (0, 12.0), (0, 0.0, 0, 0)),
        ((5, 10.0), (0, 12.0), (5, 10.0, 0, 0)),
    ],
)
def test_combine(held: tuple[int, float], delta: tuple[int, float], expected: tuple[float, ...]) -> None:
    assert combine(*held, *delta) == expected


@given(SIZES, PRICES, SIZES, PRICES)
def test_opened_and_closed_are_the_change(size: int, price: float, delta: int, at: float) -> None:
    new, _, opened, closed = combine(size, price if size else 0.0, delta, at)
    assert new == size + delta
    assert opened + closed == delta


@given(SIZES, PRICES, SIZES, PRICES)
def test_pseudoupdate_changes_nothing_and_tells_the_same(
    size: int, price: float, delta: int, at: float
) -> None:
    position = Position(size, price)
    told = position.pseudoupdate(delta, at)
    assert (position.size, position.price) == (size, price if size else 0.0)
    assert told == position.update(delta, at)


def test_truth_is_a_size_and_length_its_amount() -> None:
    assert (bool(Position(0)), bool(Position(-3))) == (False, True)
    assert len(Position(-3, 1.0)) == 3


def test_an_update_remembers_the_price_before() -> None:
    position = Position(5, 10.0)
    position.update(-8, 12.0, datetime.datetime(2020, 1, 2))
    assert (position.price_orig, position.upopened, position.upclosed) == (10.0, -3, -5)
    assert position.datetime == datetime.datetime(2020, 1, 2)


def test_the_time_of_an_update_may_be_worked_out_later() -> None:
    position = Position()
    feed = SimpleNamespace(num2date=lambda number: datetime.datetime.fromordinal(int(number)))
    position.update(1, 10.0, (feed, 737000.0))
    assert position.datetime == datetime.datetime.fromordinal(737000)


def test_taking_over_a_position() -> None:
    position = Position(5, 10.0)
    assert position.set(8, 12.0) == (8, 12.0, 3, 0)
    assert position.set(-2, 9.0) == (-2, 9.0, -2, 8)
    assert position.set(0, 9.0) == (0, 0.0, 0, -2)


def test_fix_says_whether_the_size_was_right() -> None:
    position = Position(5, 10.0)
    assert position.fix(5, 11.0)
    assert not position.fix(4, 11.0)
    assert (position.size, position.price) == (4, 11.0)


def test_a_position_can_be_copied_and_pickled() -> None:
    position = Position(5, 10.0)
    position.update(3, 12.0)
    position.note = "mine"  # type: ignore[attr-defined]
    for twin in (pickle.loads(pickle.dumps(position)), copy.deepcopy(position)):
        assert (twin.size, twin.price, twin.price_orig, twin.note) == (8, position.price, 10.0, "mine")


def test_the_printed_form_names_every_number() -> None:
    assert str(Position(5, 10.0)).splitlines()[1:3] == ["- Size: 5", "- Price: 10.0"]
