"""Statistics of trades: `TradeAnalyzer` and `SQN`."""

from __future__ import annotations

import datetime as dt
import math
import sys
from types import SimpleNamespace
from typing import Any

import pytest

from backtrader.analyzers import SQN, TradeAnalyzer
from tests.unit.analyzers.stand import Stand


def opened() -> Any:
    return SimpleNamespace(justopened=True, status=1, Closed=2)


def closed(pnl: float, barlen: int = 3, long: bool = True, fee: float = 1.0) -> Any:
    net = pnl - fee
    return SimpleNamespace(
        justopened=False, status=2, Closed=2, pnl=pnl, pnlcomm=net, long=long, barlen=barlen
    )


def analysis(*trades: Any, cls: Any = TradeAnalyzer) -> Any:
    analyzer = Stand([dt.datetime(2020, 1, 1)], [1.0]).add(cls)
    analyzer._start()
    for trade in trades:
        analyzer._notify_trade(trade)
    analyzer._stop()
    return analyzer.get_analysis()


def test_without_trades_there_is_a_single_number() -> None:
    assert analysis() == {"total": {"total": 0}}


def test_an_open_trade_is_counted_only() -> None:
    assert analysis(opened()) == {"total": {"total": 1, "open": 1}}


def test_totals_averages_and_extremes() -> None:
    found = analysis(
        opened(), closed(11.0), opened(), closed(-3.0, long=False), opened(), closed(5.0), opened()
    )
    assert found.total == {"total": 4, "open": 1, "closed": 3}
    assert found.pnl.gross == {"total": 13.0, "average": 13.0 / 3}
    assert found.pnl.net == {"total": 10.0, "average": 10.0 / 3}
    assert found.won == {"total": 2, "pnl": {"total": 14.0, "average": 7.0, "max": 10.0}}
    assert found.lost == {"total": 1, "pnl": {"total": -4.0, "average": -4.0, "max": -4.0}}
    assert found.long.won == 2
    assert found.long.lost == 0
    assert found.short.pnl.lost == {"total": -4.0, "average": -4.0, "max": -4.0}
    assert found.short.pnl.won == {"total": 0.0, "average": 0.0, "max": 0.0}


def test_streaks_count_what_comes_in_a_row() -> None:
    found = analysis(*(closed(pnl) for pnl in (2, 2, 2, -2, 2, -2, -2)))
    assert found.streak.won == {"current": 0, "longest": 3}
    assert found.streak.lost == {"current": 2, "longest": 2}


def test_a_trade_without_profit_is_won() -> None:
    assert analysis(closed(1.0)).won.total == 1


def test_lengths_by_outcome_and_side() -> None:
    found = analysis(closed(5.0, 4), closed(5.0, 2), closed(-5.0, 9, long=False)).len
    assert (found.total, found.average, found.max, found.min) == (15, 5.0, 9, 2)
    assert found.won == {"total": 6, "average": 3.0, "max": 4, "min": 2}
    assert found.short == {
        "total": 9,
        "average": 9.0,
        "max": 9,
        "min": 9,
        "won": {"total": 0, "average": 0.0, "max": 0, "min": sys.maxsize},
        "lost": {"total": 9, "average": 9.0, "max": 9, "min": 9},
    }


def test_trades_of_no_length_leave_gaps() -> None:
    found = analysis(closed(5.0, 4), closed(5.0, 0)).len
    assert found.min == 0
    assert found.won.min == 4
    assert analysis(closed(5.0, 0), closed(5.0, 4)).len.min == 4
    assert "min" not in analysis(closed(5.0, 0)).len.won


def test_statistics_are_current_while_the_run_lasts() -> None:
    analyzer = Stand([dt.datetime(2020, 1, 1)], [1.0]).add(TradeAnalyzer)
    analyzer._start()
    analyzer._notify_trade(closed(5.0))
    held = analyzer.get_analysis()
    assert held.total.closed == 1
    analyzer._notify_trade(closed(5.0))
    assert held.pnl.net.total == 8.0


def test_unknown_names_are_errors_after_the_run() -> None:
    found = analysis(closed(5.0))
    with pytest.raises(KeyError):
        _ = found.total.wonderful


def test_sqn() -> None:
    profits = [4.0, -2.0, 7.0]
    found = analysis(*(closed(pnl, fee=0.0) for pnl in profits), opened(), cls=SQN)
    deviation = math.sqrt(sum((one - 3.0) ** 2 for one in profits) / 3)
    assert found == {"sqn": math.sqrt(3) * 3.0 / deviation, "trades": 3}


def test_sqn_of_too_few_and_of_equal_trades() -> None:
    assert analysis(closed(4.0), cls=SQN) == {"sqn": 0, "trades": 1}
    assert analysis(closed(4.0), closed(4.0), cls=SQN) == {"sqn": None, "trades": 2}
