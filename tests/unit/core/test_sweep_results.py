"""What comes back of a combination from another process."""

from __future__ import annotations

import pickle

import pytest

import backtrader as bt
from tests.unit.core.walk import Walk


class Holder(bt.Strategy):
    """Buys once."""

    params = (("size", 1),)

    def next(self) -> None:
        if not self.position:
            self.buy(size=self.p.size)


@pytest.mark.parametrize("maxcpus", [1, 2])
def test_analyzers_that_use_others_travel_without_data(maxcpus: int) -> None:
    cerebro = bt.Cerebro(maxcpus=maxcpus, stdstats=False)
    cerebro.adddata(Walk(count=100))
    cerebro.addanalyzer(bt.analyzers.SharpeRatio, timeframe=bt.TimeFrame.Days, _name="sharpe")
    cerebro.optstrategy(Holder, size=[1, 2])
    found = cerebro.run()
    assert [result[0].p.size for result in found] == [1, 2]
    for (result,) in found:
        assert result.analyzers.sharpe.get_analysis()["sharperatio"] is not None
        assert len(pickle.dumps(result)) < 20_000
