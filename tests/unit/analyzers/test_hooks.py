"""What a run must call for an analyzer."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from backtrader import analyzers
from backtrader.analyzers.hooks import hooks_of
from tests.unit.analyzers.stand import Past, Stand


@pytest.fixture
def stand() -> Stand:
    return Stand([dt.datetime(2020, 1, 1)], [1.0])


class OnlyStop(analyzers.Analyzer):
    def stop(self) -> None:
        self.rets["x"] = 1


class Steps(analyzers.Analyzer):
    def __init__(self) -> None:
        self.inner = analyzers.DrawDown()

    def next(self) -> None:
        self.rets[len(self)] = self.inner.rets.drawdown


class Doubled(analyzers.TimeReturn):
    def next(self) -> None:
        super().next()


class Renamed(analyzers.TimeReturn):
    def stop(self) -> None:
        self.rets["end"] = 0.0


class ByPeriod(analyzers.TimeFrameAnalyzerBase):
    def notify_trade(self, trade: Any) -> None:
        self.rets[self.dtkey] = trade


@pytest.mark.parametrize(
    ("cls", "stepped", "derived"),
    [
        (OnlyStop, set(), set()),
        (analyzers.SQN, {"trades"}, {"trades"}),
        (analyzers.TradeAnalyzer, {"trades"}, {"trades"}),
        (analyzers.DrawDown, {"next", "fund", "cashvalue"}, set()),
        (analyzers.SharpeRatio, {"next", "fund", "cashvalue"}, set()),
        (analyzers.PeriodStats, {"next", "fund", "cashvalue"}, set()),
        (analyzers.Returns, {"next", "fund", "cashvalue"}, set()),
        (analyzers.GrossLeverage, {"next", "fund", "cashvalue"}, set()),
        (analyzers.PositionsValue, {"next", "fund", "cashvalue"}, set()),
        (analyzers.Transactions, {"next", "fund", "cashvalue", "orders"}, set()),
        (analyzers.LogReturnsRolling, {"next", "fund", "cashvalue"}, set()),
        (analyzers.Calmar, {"next", "fund", "cashvalue"}, set()),
        (analyzers.PyFolio, {"next", "fund", "cashvalue", "orders"}, set()),
        (Renamed, {"next", "fund", "cashvalue"}, set()),
        (Doubled, {"next", "fund", "cashvalue"}, {"next"}),
        (ByPeriod, {"next", "trades"}, {"next", "trades"}),
    ],
)
def test_what_is_called_with_and_without_a_history(
    stand: Stand, cls: Any, stepped: set[str], derived: set[str]
) -> None:
    analyzer = stand.add(cls)
    assert hooks_of(analyzer) == stepped
    assert hooks_of(analyzer, derived=True) >= derived
    assert ("next" in hooks_of(analyzer, derived=True)) == ("next" in derived)


def test_a_hook_put_on_an_object_counts(stand: Stand) -> None:
    analyzer = stand.add(OnlyStop)
    analyzer.notify_order = lambda order: None
    assert hooks_of(analyzer) == {"orders"}


def test_children_of_a_stepped_analyzer_are_stepped(stand: Stand) -> None:
    analyzer = stand.add(Steps)
    assert hooks_of(analyzer, derived=True) == {"next", "fund", "cashvalue"}
    analyzer._history = Past(stand)
    assert analyzer.inner._history is None


def test_a_data_or_a_skipped_start_cannot_be_derived(stand: Stand) -> None:
    assert "next" in hooks_of(stand.add(analyzers.TimeReturn, data=stand.datas[0]), derived=True)
    assert "next" in hooks_of(stand.add(analyzers.TimeReturn, _doprenext=False), derived=True)
    assert "next" in hooks_of(stand.add(analyzers.LogReturnsRolling, data=stand.datas[0]), derived=True)


def test_a_draw_down_of_ones_own_makes_calmar_step(stand: Stand) -> None:
    class Own(analyzers.TimeDrawDown):
        pass

    class Mine(analyzers.Calmar):
        def __init__(self) -> None:
            self._maxdd = Own(timeframe=self.p.timeframe)

    assert "next" in hooks_of(stand.add(Mine), derived=True)


def test_values_of_positions_are_asked_for_where_asking_shows(stand: Stand) -> None:
    analyzer = stand.add(analyzers.PositionsValue)
    stand.broker.eager = True
    assert "next" in hooks_of(analyzer, derived=True)
    stand.broker.eager = False
    stand.cerebro.runningstrats.append(stand)  # another strategy on the same account
    assert "next" in hooks_of(analyzer, derived=True)


def test_quick_notifications_make_transactions_step(stand: Stand) -> None:
    stand.cerebro.p.quicknotify = True
    assert "next" in hooks_of(stand.add(analyzers.Transactions), derived=True)
