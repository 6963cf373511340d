"""The ring of the last values."""

from __future__ import annotations

from array import array
from collections import deque
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import backtrader as bt
from backtrader.errors import StaleViewError


def test_the_oldest_makes_room() -> None:
    ring = bt.CyclicBuffer(3, float)
    assert (len(ring), ring.full, ring.capacity) == (0, False, 3)
    ring.extend([1.0, 2.0, 3.0])
    assert ring.full and list(ring) == [1.0, 2.0, 3.0]
    ring.append(4.0)
    assert (ring[0], ring[-1], len(ring)) == (2.0, 4.0, 3)


def test_an_index_outside_is_an_error() -> None:
    ring = bt.CyclicBuffer(3, float)
    for index in (0, -1):
        with pytest.raises(IndexError):
            ring[index]
    ring.extend([1.0, 2.0])
    for index in (2, -3):
        with pytest.raises(IndexError, match="ring with 2 values"):
            ring[index]


@given(
    capacity=st.integers(1, 9),
    blocks=st.lists(st.lists(st.floats(-1e6, 1e6), max_size=7), max_size=8),
    kind=st.sampled_from([None, float, "float64", np.float64, object]),
)
def test_it_is_a_deque_with_a_longest_length(capacity: int, blocks: list[list[float]], kind: Any) -> None:
    ring, expected = bt.CyclicBuffer(capacity, kind), deque[float](maxlen=capacity)
    for block in blocks:
        ring.extend(block)
        expected.extend(block)
        assert list(ring) == list(expected) and len(ring) == len(expected)
        assert [ring[i] for i in range(-len(ring), len(ring))] == [*expected, *expected]
        assert ring.to_array().tolist() == list(expected)
        assert ring.full == (len(expected) == capacity)
        assert list(ring[1:]) == list(expected)[1:]
        assert list(ring[::-2]) == list(expected)[::-2]


def test_the_array_is_the_same_until_a_change() -> None:
    ring = bt.CyclicBuffer(3, float)
    ring.extend([1.0, 2.0])
    before = ring.to_array()
    assert ring.to_array() is before and before.dtype == np.float64
    ring.append(3.0)
    assert ring.to_array().tolist() == [1.0, 2.0, 3.0]
    ring.extend([4.0, 5.0])
    assert before.tolist() == [1.0, 2.0]


def test_without_a_type_it_holds_any_object() -> None:
    ring = bt.CyclicBuffer(2)
    ring.extend(["a", None, [1, 2]])
    assert list(ring) == [None, [1, 2]]
    assert ring.to_array().dtype == object
    with pytest.raises(TypeError, match="no memory to view"):
        ring.get_view()


@pytest.mark.parametrize(
    ("kind", "values"),
    [
        (int, [1, 2, 3]),
        ("i4", [1, 2, 3]),
        (bool, [True, False, True]),
        (complex, [1j, 2j, 3j]),
        ("f4", [1.5, 2.5, 3.5]),
    ],
)
def test_types_of_numpy(kind: Any, values: list[Any]) -> None:
    ring = bt.CyclicBuffer(2, kind)
    ring.extend(values)
    assert list(ring) == values[1:]
    assert ring.to_array().dtype == np.dtype(kind)


def test_a_value_of_the_wrong_type_changes_nothing() -> None:
    ring = bt.CyclicBuffer(2, float)
    ring.extend([1.0, 2.0])
    with pytest.raises(TypeError):
        ring.append("three")
    assert list(ring) == [1.0, 2.0]


def test_clear_forgets_all() -> None:
    ring = bt.CyclicBuffer(2)
    ring.extend([object(), object(), object()])
    ring.clear()
    assert len(ring) == 0 and not ring.full and list(ring) == []
    ring.append("x")
    assert list(ring) == ["x"]


@pytest.mark.parametrize("capacity", [0, -1])
def test_room_for_nothing_is_refused(capacity: int) -> None:
    with pytest.raises(ValueError, match="capacity"):
        bt.CyclicBuffer(capacity)
    with pytest.raises(TypeError):
        bt.CyclicBuffer(2.5)  # type: ignore[arg-type]


def test_a_view_needs_no_copy_even_when_the_ring_has_wrapped() -> None:
    ring = bt.CyclicBuffer(4, float)
    ring.extend(range(7))
    view = ring.get_view()
    assert view.tolist() == [3.0, 4.0, 5.0, 6.0] and ring.get_view(2).tolist() == [5.0, 6.0]
    assert np.shares_memory(np.asarray(view), np.frombuffer(ring._memory))
    kept = view.copy()
    ring.append(7.0)
    with pytest.raises(StaleViewError):
        view[0]
    assert kept.tolist() == [3.0, 4.0, 5.0, 6.0]


def test_views_and_slices_keep_their_kind() -> None:
    ring = bt.CyclicBuffer(4, float)
    ring.extend(range(6))
    assert ring[1:3] == array("d", [3.0, 4.0])
    with pytest.raises(TypeError):
        ring["first"]
