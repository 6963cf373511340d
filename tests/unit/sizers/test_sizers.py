"""How many units an order gets when the strategy does not say."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from backtrader import sizers
from backtrader.broker import Position
from backtrader.sizers.base import Sizer

DATA = SimpleNamespace(close=[30.0])


def working(sizer: Any, held: float = 0, cash: float = 1000.0) -> Any:
    position = Position(held, 25.0)
    broker = SimpleNamespace(
        getposition=lambda data: position, getcash=lambda: cash, getcommissioninfo=lambda data: None
    )
    sizer.set(SimpleNamespace(position=position), broker)
    return sizer


@pytest.mark.parametrize(
    ("sizer", "held", "size"),
    [
        (sizers.FixedSize(), 0, 1),
        (sizers.SizerFix(stake=7), -3, 7),
        (sizers.FixedSize(stake=10, tranches=4), 0, 2),
        (sizers.FixedReverser(stake=4), 0, 4),
        (sizers.FixedReverser(stake=4), -2, 8),  # out of the old one and into a new one
        (sizers.FixedSizeTarget(stake=10), 6, 10),
        (sizers.FixedSizeTarget(stake=10, tranches=4), 0, 2),
        (sizers.FixedSizeTarget(stake=10, tranches=4), 9, 10),
        (sizers.PercentSizer(percents=30), 0, 10.0),
        (sizers.PercentSizer(percents=31), 0, pytest.approx(10.333333)),
        (sizers.PercentSizerInt(percents=31), 0, 10),
        (sizers.PercentSizer(percents=30), -4, -4),  # an open position as it is
        (sizers.AllInSizer(), 0, pytest.approx(33.333333)),
        (sizers.AllInSizerInt(), 0, 33),
    ],
)
def test_sizes(sizer: Any, held: float, size: Any) -> None:
    assert working(sizer, held).getsizing(DATA, isbuy=True) == size


def test_a_stake_can_be_changed() -> None:
    sizer = sizers.FixedSize(stake=3)
    sizer.setsizing(8)
    assert working(sizer).getsizing(DATA, isbuy=False) == 8


def test_a_sizer_is_told_everything_it_may_need() -> None:
    class Told(Sizer):
        def _getsizing(self, comminfo: Any, cash: float, data: Any, isbuy: bool) -> Any:
            return comminfo, cash, data, isbuy

    assert working(Told(), cash=5.0).getsizing(DATA, isbuy=False) == (None, 5.0, DATA, False)


def test_a_sizer_must_decide() -> None:
    with pytest.raises(NotImplementedError, match="Sizer must define _getsizing"):
        working(Sizer()).getsizing(DATA, isbuy=True)
