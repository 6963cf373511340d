"""Arguments that nobody takes: the error names the class and what may have been meant."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

import backtrader as bt
from backtrader.errors import UnknownParameterError


class Plain(bt.MetaParams("Base", (object,), {})):  # type: ignore[misc]
    params = (("fast", 5), ("slow", 50))


class Own(bt.MetaParams("Base", (object,), {})):  # type: ignore[misc]
    params = (("fast", 5),)

    def __init__(self, stake: int) -> None:
        self.stake = stake + 1


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (lambda: Plain(fsat=3), "Plain has no parameter 'fsat'; did you mean 'fast'?"),
        (lambda: Plain(3), "Plain: 3 is given without a name; .* as in fast=3; known: fast, slow"),
        (lambda: Own(1, fsat=3), "Own has no parameter 'fsat'; did you mean 'fast'?"),
        (lambda: bt.sizers.PercentSizer(percent=5), "PercentSizer has no parameter 'percent'; did you mean"),
        (lambda: bt.Cerebro(sdtstats=False), "Cerebro has no parameter 'sdtstats'; did you mean 'stdstats'?"),
    ],
)
def test_an_argument_nobody_takes(make: Any, said: str) -> None:
    with pytest.raises(UnknownParameterError, match=said) as caught:
        make()
    assert isinstance(caught.value, TypeError)  # as the original's error is


def test_an_indicator_given_its_period_without_a_name(root: Path) -> None:
    class Strategy(bt.Strategy):
        def __init__(self) -> None:
            bt.ind.EMA(self.data, 20)

    cerebro = bt.Cerebro()
    cerebro.adddata(
        bt.feeds.GenericCSVData(dataname=root / "examples/data/acme-daily.csv", dtformat="%Y-%m-%d")
    )
    cerebro.addstrategy(Strategy)
    with pytest.raises(UnknownParameterError, match=r"EMA: 20 is given without a name; .* period=20"):
        cerebro.run()


def test_errors_from_inside_stay_as_they_are() -> None:
    with pytest.raises(TypeError, match="missing 1 required positional argument") as caught:
        Own(fast=3)
    assert not isinstance(caught.value, UnknownParameterError)
    with pytest.raises(TypeError, match="can only concatenate str") as caught:
        Own("x")
    assert not isinstance(caught.value, UnknownParameterError)
