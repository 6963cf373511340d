"""The register of moving averages."""

from __future__ import annotations

import backtrader as bt
from backtrader.indicators import MovAv, MovingAverage, MovingAverageBase


def test_registered_by_all_names() -> None:
    assert MovAv.Simple is MovAv.MovingAverageSimple is bt.ind.MovingAverageSimple
    assert MovAv.SMA is bt.ind.SMA
    assert MovAv.Exponential is bt.ind.ExponentialMovingAverage
    assert MovAv.Base is MovingAverageBase
    assert MovingAverage._movavs[0] is MovingAverageBase


def test_a_subclass_registers_itself_unless_it_says_not_to() -> None:
    class HalfwayMovingAverage(MovingAverageBase):
        alias = ("HWMA",)
        lines = ("halfway",)

    class Hidden(MovingAverageBase):
        _notregister = True
        lines = ("hidden",)

    assert MovAv.Halfway is MovAv.HalfwayMovingAverage is HalfwayMovingAverage
    assert issubclass(MovAv.HWMA, HalfwayMovingAverage)
    assert not hasattr(MovAv, "Hidden")
    assert MovAv.HWMA in MovingAverage._movavs
    for made in (MovAv.HWMA, HalfwayMovingAverage):
        MovingAverage._movavs.remove(made)


def test_moving_averages_are_drawn_with_the_data() -> None:
    assert bt.ind.SMA.plotinfo.subplot is False
    assert bt.ind.SMA.params.period == 30
