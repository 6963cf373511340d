"""Feeds that follow another feed."""

from __future__ import annotations

import datetime as dt
from typing import Any

import backtrader as bt
from tests.unit.feeds.stage import Environment, Hours, Rows, bars, days, preloaded, started


def following(other: Any, **kwargs: Any) -> Any:
    clone = other.clone(**kwargs)
    clone.setenvironment(Environment())
    return clone


def test_a_clone_takes_names_and_sessions_over() -> None:
    other = Rows(dataname="eur", sessionend=dt.time(17), timeframe=bt.TimeFrame.Minutes, compression=5)
    clone = other.clone()
    assert (clone._dataname, clone._name, clone._clone, clone.data) == ("eur", "", True, other)
    assert (clone.p.sessionend, clone._timeframe, clone._compression) == (
        dt.time(17),
        bt.TimeFrame.Minutes,
        5,
    )
    copy = other.copyas("usd")
    assert (copy._dataname, copy._name) == ("usd", "usd")


def test_a_clone_follows_bar_by_bar() -> None:
    other = Rows(dataname=days(3))
    clone = following(other)
    started(other)
    clone._start()
    assert clone.next() is False
    for close in (1, 2, 3):
        assert other.next() is True
        assert clone.next() is True
        assert (clone.close[0], len(clone)) == (close, close)
        assert clone.next() is False


def test_a_clone_of_a_preloaded_feed_is_preloaded() -> None:
    other = Rows(dataname=days(4), tzinput=Hours(2))
    clone = following(other)
    preloaded(other)
    clone._start()
    clone.preload()
    assert bars(clone) == bars(other)
    assert (len(clone), len(other)) == (0, 0)
    other.advance()
    other.close[0] = 99
    assert clone.close.array[0] == 1


def test_a_preloaded_clone_can_have_filters() -> None:
    other = Rows(dataname=days(4))
    clone = following(other)
    clone.addfilter_simple(lambda data: data.close[0] == 2)
    preloaded(other)
    clone._start()
    clone.preload()
    assert list(clone.close.array) == [1, 3, 4]
    assert len(other) == 0


def test_a_clone_makes_larger_bars_of_the_same_feed() -> None:
    other = Rows(dataname=days(6))
    clone = following(other)
    clone.resample(timeframe=bt.TimeFrame.Days, compression=2)
    started(other)
    clone._start()
    got = []
    while other.next():
        if clone.next():
            got.append((clone.open[0], clone.close[0]))
    assert got == [(1, 2), (3, 4), (5, 6)]


def test_a_clones_session_is_the_other_feeds() -> None:
    other = Rows(dataname=days(1), sessionend=dt.time(17))
    clone = following(other)
    started(other)
    clone._start()
    other.next()
    assert clone._getnexteos() == other._getnexteos()
