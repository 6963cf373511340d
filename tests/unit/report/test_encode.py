"""Columns come back as they went in."""

from __future__ import annotations

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from backtrader.report.encode import decode, encode


@given(
    st.lists(st.one_of(st.integers(-(10**9), 10**9).map(lambda n: n / 100), st.just(math.nan)), max_size=200)
)
@settings(max_examples=60, deadline=None)
def test_prices_come_back_exactly(values: list[float]) -> None:
    assert decode(encode(values)) == pytest.approx(values, rel=0, abs=0, nan_ok=True)


@given(st.lists(st.floats(-1e6, 1e6), min_size=1, max_size=200))
@settings(max_examples=60, deadline=None)
def test_other_numbers_keep_seven_digits_of_the_largest(values: list[float]) -> None:
    largest = max(map(abs, values))
    for found, value in zip(decode(encode(values)), values, strict=True):
        assert abs(found - value) <= largest * 1e-6


@given(st.lists(st.floats(allow_nan=True, allow_infinity=True), max_size=60))
@settings(max_examples=60, deadline=None)
def test_nothing_breaks_it(values: list[float]) -> None:
    found = decode(encode(values))
    assert len(found) == len(values)
    for one, other in zip(found, values, strict=True):
        assert math.isnan(one) == (not math.isfinite(other))


def test_a_walk_of_prices_takes_two_bytes_a_value() -> None:
    np = pytest.importorskip("numpy")
    walk = np.round(np.cumsum(np.random.default_rng(1).normal(0, 0.05, 100_000)) + 100, 2)
    assert len(encode(walk)["data"]) < 2 * len(walk)
