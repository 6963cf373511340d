"""Making analyzers, the order they are called in, and showing their results."""

from __future__ import annotations

import datetime as dt
import pprint
from collections import OrderedDict
from typing import Any

import pytest

import backtrader as bt
from backtrader.analyzers.base import Analyzer
from backtrader.errors import BacktraderError, UnknownParameterError
from tests.unit.analyzers.stand import Stand

LOG: list[tuple[str, str]] = []


class Told(bt.TimeFrameAnalyzerBase):
    params = (("label", ""),)

    def create_analysis(self) -> None:
        super().create_analysis()
        LOG.append(("create", self.p.label))

    def __init__(self) -> None:
        LOG.append(("init", self.p.label))

    def start(self) -> None:
        LOG.append(("start", self.p.label))

    def next(self) -> None:
        LOG.append(("next", self.p.label))

    def _on_dt_over(self) -> None:
        LOG.append(("over", self.p.label))

    def stop(self) -> None:
        LOG.append(("stop", self.p.label))


class Parent(Told):
    def __init__(self) -> None:
        super().__init__()
        self.child = Told(label="child")


@pytest.fixture
def stand() -> Stand:
    LOG.clear()
    return Stand([dt.datetime(2020, 1, 1), dt.datetime(2020, 1, 1, 12), dt.datetime(2020, 1, 2)], [1.0] * 3)


def test_children_come_before_their_parent(stand: Stand) -> None:
    stand.add(Parent, label="parent")
    stand.run()
    assert LOG[:4] == [("create", "parent"), ("init", "parent"), ("create", "child"), ("init", "child")]
    assert LOG[4:6] == [("start", "child"), ("start", "parent")]
    bar = [("next", "child"), ("next", "parent")]
    new_day = [("over", "child"), ("next", "child"), ("over", "parent"), ("next", "parent")]
    assert LOG[6:-2] == [*new_day, *bar, *new_day]
    assert LOG[-2:] == [("stop", "child"), ("stop", "parent")]


def test_keys_of_this_period_and_the_one_before(stand: Stand) -> None:
    analyzer = stand.add(Told)
    stand.run()
    assert (analyzer.dtcmp1, analyzer.dtcmp) == (20200101, 20200102)
    assert (analyzer.dtkey1, analyzer.dtkey) == (dt.datetime(2020, 1, 1), dt.datetime(2020, 1, 2))


def test_before_the_minimum_period_only_changes_are_told_if_asked_for(stand: Stand) -> None:
    analyzer = stand.add(Told, _doprenext=False)
    LOG.clear()
    analyzer._start()
    stand.clock.idx = 0
    analyzer._prenext()
    stand.clock.idx = 1
    analyzer._nextstart()
    assert LOG == [("start", ""), ("over", ""), ("over", ""), ("next", "")]


def test_an_unknown_parameter_is_named_with_its_neighbours(stand: Stand) -> None:
    with pytest.raises(UnknownParameterError, match=r"TimeReturn has no parameter 'timefram'.*'timeframe'"):
        stand.add(bt.analyzers.TimeReturn, timefram=5)


def test_an_unknown_attribute_is_an_attribute_error(stand: Stand) -> None:
    with pytest.raises(AttributeError, match="'SQN' object has no attribute 'resultat'"):
        _ = stand.add(bt.analyzers.SQN).resultat


class Echo:
    """Stands for a writer."""

    said: list[Any] = []

    def __init__(self, **kwargs: Any) -> None:
        self.said.append(kwargs)

    def start(self) -> None:
        self.said.append("start")

    def writedict(self, what: Any) -> None:
        self.said.append(what)

    def stop(self) -> None:
        self.said.append("stop")


def test_print_goes_through_a_writer(stand: Stand, monkeypatch: pytest.MonkeyPatch) -> None:
    analyzer = stand.add(bt.analyzers.SQN)
    monkeypatch.setattr(Analyzer, "_writer", Echo)
    analyzer.print(rounding=2)
    assert Echo.said == [{"rounding": 2}, "start", {"SQN": {}}, "stop"]


def test_print_without_a_writer_says_what_to_do(stand: Stand, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Analyzer, "_writer", None)
    with pytest.raises(BacktraderError, match="pprint"):
        stand.add(bt.analyzers.SQN).print()


def test_pprint(stand: Stand, capsys: pytest.CaptureFixture[str]) -> None:
    analyzer = stand.add(bt.analyzers.TimeReturn)
    analyzer.rets["x"] = 1
    analyzer.pprint()
    assert capsys.readouterr().out == pprint.pformat(OrderedDict(x=1)) + "\n"
