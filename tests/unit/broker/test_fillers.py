"""How much of an order a bar takes."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from backtrader.broker.fillers import BarPointPerc, FixedBarPerc, FixedSize


def an_order(rest: int, volume: float, high: float = 12.0, low: float = 10.0) -> Any:
    data = SimpleNamespace(volume=[volume], high=[high], low=[low])
    return SimpleNamespace(executed=SimpleNamespace(remsize=rest), data=data)


@pytest.mark.parametrize(
    ("size", "rest", "volume", "filled"),
    [(None, -9, 100.0, 9), (4, -9, 100.0, 4), (4, 9, 3.0, 3.0), (None, 9, 5.0, 5.0)],
)
def test_fixed_size(size: Any, rest: int, volume: float, filled: float) -> None:
    assert FixedSize(size=size)(an_order(rest, volume), 11.0, 0) == filled


@pytest.mark.parametrize(("perc", "rest", "filled"), [(100.0, 50, 10.0), (25.0, 50, 2.0), (100.0, -3, 3)])
def test_a_share_of_the_volume_in_whole_units(perc: float, rest: int, filled: float) -> None:
    assert FixedBarPerc(perc=perc)(an_order(rest, 10.0), 11.0, 0) == filled


@pytest.mark.parametrize(
    ("minmov", "perc", "filled"), [(None, 100.0, 30.0), (0.5, 100.0, 6.0), (0.5, 50.0, 3.0)]
)
def test_the_volume_spread_over_the_range(minmov: Any, perc: float, filled: float) -> None:
    # from 10 to 12 in steps of a half there are five prices
    assert BarPointPerc(minmov=minmov, perc=perc)(an_order(100, 30.0), 11.0, 0) == filled
