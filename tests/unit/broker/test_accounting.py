"""Money arithmetic."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from backtrader.broker import CommissionInfo, Position, accounting

STOCK = CommissionInfo(commission=0.001)
LEVERED = CommissionInfo(commission=0.001, leverage=4.0)
FUTURE = CommissionInfo(commission=2.0, margin=1000.0, mult=10.0)
AUTO = CommissionInfo(commission=2.0, margin=1.0, automargin=0.3, mult=5.0)
SCHEMES = (STOCK, LEVERED, FUTURE, AUTO)


def test_opening_binds_and_closing_releases_with_profit() -> None:
    cash, value, fee = accounting.open_part(1000.0, STOCK, STOCK, 5, 100.0, True)
    assert (cash, value, fee) == (499.5, 500.0, 0.5)
    cash, value, fee = accounting.close_part(cash, STOCK, -5, 100.0, 110.0, 50.0, True)
    assert (cash, value, fee) == (1048.95, 500.0, 0.55)


def test_a_short_sale_pays_out_or_does_not() -> None:
    assert accounting.open_part(1000.0, STOCK, STOCK, -5, 100.0, True)[:2] == (1499.5, -500.0)
    assert accounting.open_part(1000.0, STOCK, STOCK, -5, 100.0, False)[:2] == (499.5, 500.0)


def test_leverage_divides_what_is_bound() -> None:
    assert accounting.open_part(1000.0, LEVERED, LEVERED, 5, 100.0, True)[0] == 1000.0 - 125.0 - 0.5


def test_the_bill_can_be_another_schemes() -> None:
    assert accounting.open_part(9000.0, FUTURE, STOCK, 5, 100.0, True) == (9000.0 - 5000.0 - 0.5, 5000.0, 0.5)


def test_the_profit_of_a_future_is_not_in_the_release() -> None:
    assert accounting.close_part(0.0, FUTURE, -5, 100.0, 110.0, 500.0, True)[0] == 5000.0 - 10.0


def test_an_account_of_nothing_is_its_cash() -> None:
    assert accounting.mark(77.0, [], True) == (77.0, 0.0, 77.0, 0.0, 0.0, 0.0)


def test_marks_with_leverage() -> None:
    held = [(LEVERED, Position(4, 100.0), 110.0)]
    mark = accounting.mark(500.0, held, True)
    # the money bound is a quarter of the entry value, the gain is whole
    assert mark.value == 500.0 + 100.0 + 40.0
    assert mark.levered == 500.0 + 440.0
    assert mark.leverage == pytest.approx(440.0 / 140.0)
    assert mark.unrealized == 40.0


def test_a_price_that_is_none_shows() -> None:
    assert accounting.mark(1.0, [(STOCK, Position(0), float("nan"))], True).value != 1.0


@given(
    st.lists(
        st.tuples(
            st.sampled_from(SCHEMES),
            st.lists(
                st.tuples(
                    st.integers(-9, 9),
                    st.floats(1, 500),
                    st.one_of(st.floats(0.5, 500), st.just(float("nan"))),
                ),
                min_size=5,
                max_size=5,
            ),
        ),
        max_size=4,
    ),
    st.floats(-1e5, 1e5),
    st.booleans(),
)
def test_the_curve_is_the_mark_of_every_bar(
    held: list[tuple[CommissionInfo, list[tuple[int, float, float]]]], cash: float, shortcash: bool
) -> None:
    """To the last bit, for any mix of schemes and positions."""
    rows = [(scheme, *(np.array(column, dtype=float) for column in zip(*bars))) for scheme, bars in held]
    curve = accounting.value_curve(np.full(5, cash), rows, shortcash, np.where) + np.zeros(5)
    for bar in range(5):
        now = [(scheme, Position(bars[bar][0], bars[bar][1]), bars[bar][2]) for scheme, bars in held]
        expected = accounting.mark(cash, now, shortcash).value
        assert np.float64(expected).tobytes() == curve[bar].tobytes() or expected != expected != curve[bar]
