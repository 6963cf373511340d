"""Fills worse than the price."""

from __future__ import annotations

import pytest

from backtrader.broker.slippage import NONE, Slippage


def test_no_slippage_is_no_slippage() -> None:
    assert NONE.up(100.0, 99.0) == 100.0
    assert NONE.down(100.0, 101.0) == 100.0


def test_a_fraction_wins_over_an_amount() -> None:
    slip = Slippage(perc=0.5, fixed=1.0)
    assert slip.up(100.0, 200.0) == 150.0
    assert slip.down(100.0, 10.0) == 50.0


def test_an_amount() -> None:
    assert Slippage(fixed=2.0).up(100.0, 200.0) == 102.0
    assert Slippage(fixed=2.0).down(100.0, 10.0) == 98.0


@pytest.mark.parametrize(
    ("match", "limit", "out", "limited", "filled"),
    [
        (True, False, False, False, 101.0),  # at the edge of the bar
        (True, False, True, False, 105.0),  # or outside of it
        (False, False, False, False, None),  # or not at all
        (False, True, False, False, None),  # the exception is for limit orders only
        (False, True, False, True, 101.0),
        (False, True, True, True, 105.0),
    ],
)
def test_what_slips_out_of_the_bar(
    match: bool, limit: bool, out: bool, limited: bool, filled: float | None
) -> None:
    slip = Slippage(fixed=5.0, match=match, limit=limit, out=out)
    assert slip.up(100.0, 101.0, limited) == filled
    assert slip.down(102.0, 101.0, limited) == (None if filled is None else 97.0 if out else 101.0)
