"""Parts of loaded feeds: the bars they should have, and none that come later."""

from __future__ import annotations

import pickle
from typing import Any

import numpy as np
import pytest

import backtrader as bt
from backtrader.errors import DataError
from backtrader.opt.bars import Part, PartialFactory, load_bars
from tests.unit.opt.made import Cross, prices


def _closes(feed: Any) -> list[float]:
    cerebro = bt.Cerebro(stdstats=False)
    cerebro.adddata(feed)
    cerebro.run()
    return list(feed.close.array[: feed.buflen()])


def test_a_part_has_its_bars_and_those_before_it() -> None:
    frame = prices(100)
    bars = load_bars(frame)
    for warmup, first in ((None, 0), (0, 40), (15, 25), (1000, 0)):
        (feed,) = Part(bars, 40, 60, warmup)()
        assert _closes(feed) == frame.close.tolist()[first:60]
        assert feed._warmup == 40 - first


def test_a_part_is_like_the_feed_it_was_made_of() -> None:
    zone = "America/New_York"
    feed = bt.feeds.PandasData(
        dataname=prices(300, freq="h"), name="hours", timeframe=bt.TimeFrame.Minutes, compression=60, tz=zone
    )
    (part,) = Part(load_bars(feed), 50, 100)()
    assert (part._name, part._timeframe, part._compression) == ("hours", bt.TimeFrame.Minutes, 60)
    seen = []

    class Looking(bt.Strategy):
        def next(self) -> None:
            seen.append(self.data.datetime.datetime(0))

    cerebro = bt.Cerebro(stdstats=False)
    cerebro.adddata(part)
    cerebro.addstrategy(Looking)
    cerebro.run()
    expected = prices(300, freq="h").index[50:100].tz_localize("UTC").tz_convert(zone).tz_localize(None)
    assert seen == list(expected.to_pydatetime())


def test_lines_of_ones_own_come_along() -> None:
    class WithSpread(bt.feeds.PandasData):
        lines: Any = ("spread",)
        params: Any = (("spread", -1),)

    frame = prices(50).assign(spread=np.arange(50.0))
    part = Part(load_bars(WithSpread(dataname=frame)), 10, 20, 0)
    for feed in (part()[0], pickle.loads(pickle.dumps(part))()[0]):
        cerebro = bt.Cerebro(stdstats=False)
        cerebro.adddata(feed)
        cerebro.run()
        assert list(feed.spread.array[:10]) == list(range(10, 20))


def test_a_resampled_feed_is_cut_by_its_larger_bars() -> None:
    feed = bt.feeds.PandasData(dataname=prices(100))
    feed.resample(timeframe=bt.TimeFrame.Weeks)
    bars = load_bars(feed)
    assert bars[0].timeframe == bt.TimeFrame.Weeks and len(bars[0].times) == 21


def test_feeds_of_different_length_are_cut_by_the_time_of_the_first() -> None:
    daily, weekly = prices(100), prices(30, freq="W")
    part = Part(load_bars([daily, weekly]), 30, 60, 5)
    edges = part.edges()
    assert edges[0] == (25, 60, 5)
    start, stop, before = edges[1]
    assert before == 5
    assert weekly.index[start + before] >= daily.index[30] > weekly.index[start + before - 1]
    assert weekly.index[stop - 1] <= daily.index[59] < weekly.index[stop]
    moments = part.moments()
    assert len(moments) == 30 + sum(
        daily.index[30] <= day <= daily.index[59] and day.weekday() > 4 for day in weekly.index
    )


def test_nothing_that_comes_later_is_in_a_part() -> None:
    frame = prices(100)
    changed = frame.copy()
    changed.iloc[60:] *= 7
    for one, other in zip(Part(load_bars(frame), 40, 60)(), Part(load_bars(changed), 40, 60)()):
        for name, column in one.p.dataname.items():
            np.testing.assert_array_equal(column, other.p.dataname[name])


def test_a_factory_gets_the_part_of_its_own_feeds() -> None:
    frame = prices(100)

    def factory(params: Any) -> Any:
        cerebro = bt.Cerebro(stdstats=False)
        cerebro.adddata(bt.feeds.PandasData(dataname=frame), name="ours")
        cerebro.addstrategy(Cross, **params)
        return cerebro

    bars = load_bars(cerebro=factory({}))
    cerebro = PartialFactory(factory, Part(bars, 50, 70, 10), cash=777.0)({"fast": 3})
    (strat,) = cerebro.run()
    assert len(strat.data) == 30 and strat.p.fast == 3 and strat.data is cerebro.datasbyname["ours"]
    assert cerebro.broker.startingcash == 777.0


@pytest.mark.parametrize(
    ("data", "said"),
    [(prices(20).iloc[:0], "has no bars"), ([], "there are no feeds")],
)
def test_nothing_to_cut_is_said(data: Any, said: str) -> None:
    with pytest.raises(DataError, match=said):
        load_bars(data)


def test_replayed_feeds_are_refused() -> None:
    feed = bt.feeds.PandasData(dataname=prices(50))
    feed.replay(timeframe=bt.TimeFrame.Weeks)
    with pytest.raises(DataError, match="loaded in advance"):
        load_bars(feed)
