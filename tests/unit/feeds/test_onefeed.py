"""Feeds that filter or fill another feed."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

import backtrader as bt
from tests.unit.feeds.stage import Rows, days

HOURS = {"sessionstart": dt.time(9), "sessionend": dt.time(9, 10), "timeframe": bt.TimeFrame.Minutes}
MODES: list[dict[str, Any]] = [{}, {"runonce": False}, {"preload": False}, {"exactbars": 1}]


class Watch(bt.Strategy):
    """Notes the bars of the last feed."""

    def __init__(self) -> None:
        self.seen: list[Any] = []

    def prenext(self) -> None:
        self.next()

    def next(self) -> None:
        data = self.datas[-1]
        if len(data) and (not self.seen or self.seen[-1][0] != len(data)):
            self.seen.append((len(data), f"{data.num2date():%d %H:%M}", data.close[0]))


def run(*feeds: Any, **kwargs: Any) -> Any:
    cerebro = bt.Cerebro()
    for feed in feeds:
        cerebro.adddata(feed)
    cerebro.addstrategy(Watch)
    return cerebro.run(**kwargs)[0].seen


def bars(*stamps: str) -> Any:
    rows = [
        (dt.datetime.strptime("2020-01-" + stamp, "%Y-%m-%d %H:%M"), i + 1, i + 2, i, i + 1, 10, 0)
        for i, stamp in enumerate(stamps)
    ]
    return Rows(dataname=rows, **HOURS)


def even(data: Any) -> bool:
    return not data.close[0] % 2


@pytest.mark.parametrize("mode", MODES)
def test_only_bars_that_pass(mode: Any) -> None:
    seen = run(bt.filters.DataFilter(dataname=Rows(dataname=days(5)), funcfilter=even), **mode)
    assert [close for _, _, close in seen] == [2, 4]


@pytest.mark.parametrize("mode", MODES[:3])
def test_beside_the_feed_that_is_read(mode: Any) -> None:
    source = Rows(dataname=days(5))
    seen = run(source, bt.filters.DataFilter(dataname=source, funcfilter=even), **mode)
    assert [close for _, _, close in seen] == [2, 4]
    assert len(source) == 5


def test_the_feed_that_is_read_comes_first() -> None:
    source = Rows(dataname=days(5))
    with pytest.raises(ValueError, match="was added before the feed that it reads"):
        run(bt.filters.DataFilter(dataname=source, funcfilter=even), source)


def test_a_filter_needs_its_question() -> None:
    with pytest.raises(ValueError, match="DataFilter needs funcfilter"):
        bt.filters.DataFilter(dataname=Rows(dataname=days(5)))
    with pytest.raises(ValueError, match="needs another feed as dataname, not 'acme'"):
        bt.filters.DataFilter(dataname="acme", funcfilter=even)


@pytest.mark.parametrize("mode", MODES)
def test_holes_are_filled(mode: Any) -> None:
    seen = run(bt.filters.DataFiller(dataname=bars("02 09:07", "03 09:02", "03 09:04")), **mode)
    assert [(time, close) for _, time, close in seen] == [
        ("02 09:07", 1), ("02 09:08", 1), ("02 09:09", 1), ("03 09:00", 1), ("03 09:01", 1),
        ("03 09:02", 2), ("03 09:03", 2), ("03 09:04", 3),
    ]  # fmt: skip


def test_what_holes_are_filled_with() -> None:
    data = bt.filters.DataFiller(
        dataname=bars("02 09:02", "02 09:04"), fill_price=7.0, fill_vol=1.0, fill_oi=2.0
    )
    run(data)
    assert [data.open.array[1], data.close.array[1], data.volume.array[1], data.openinterest.array[1]] == [
        7,
        7,
        1,
        2,
    ]
    assert (data._timeframe, data._compression) == (bt.TimeFrame.Minutes, 1)


def test_bars_after_the_session_fill_nothing() -> None:
    seen = run(bt.filters.DataFiller(dataname=bars("02 09:09", "02 09:20", "02 09:25")))
    assert [time for _, time, _ in seen] == ["02 09:09", "02 09:20", "02 09:25"]


def test_runs_can_be_repeated() -> None:
    cerebro = bt.Cerebro()
    cerebro.adddata(bt.filters.DataFiller(dataname=bars("02 09:02", "02 09:05")))
    cerebro.addstrategy(Watch)
    assert cerebro.run()[0].seen == cerebro.run()[0].seen
