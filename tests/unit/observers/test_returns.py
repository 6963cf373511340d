"""Observers that show an analyzer's numbers bar by bar."""

from __future__ import annotations

import datetime as dt
import math
from typing import Any

import pytest

import backtrader as bt
from tests.unit.observers.runs import MODES, days, run, values

O = bt.observers
ROWS = days(40)
PRICE = [close for _, close in ROWS]


def _stats(mode: dict[str, Any], *observers: Any, **kwargs: Any) -> Any:
    def add(cerebro: Any) -> None:
        for cls, params in observers:
            cerebro.addobserver(cls, **params)

    return run(ROWS, ROWS[::2], setup=add, mode=mode, **kwargs).stats


@pytest.mark.parametrize("mode", MODES)
def test_draw_downs(mode: dict[str, Any]) -> None:
    stats = _stats(mode, (O.DrawDown, {}), (O.DrawDown_Old, {}), (O.DrawDownLength, {}))
    curve = values(stats.broker.lines.value, 40)
    peaks = [max(curve[: i + 1]) for i in range(40)]
    downs = [100.0 * (peak - value) / peak for peak, value in zip(peaks, curve, strict=True)]
    largest = [max(downs[: i + 1]) for i in range(40)]
    for found in (stats.drawdown, stats.drawdown_old):
        assert values(found.lines.drawdown, 40) == downs
        assert values(found.lines.maxdrawdown, 40) == largest
    lengths = values(stats.drawdownlength.lines.len, 40)
    assert all((length == 0) == (down == 0) for length, down in zip(lengths, downs, strict=True))
    assert values(stats.drawdownlength.lines.maxlen, 40) == [max(lengths[: i + 1]) for i in range(40)]


@pytest.mark.parametrize("mode", MODES)
def test_return_of_the_month_so_far(mode: dict[str, Any]) -> None:
    stats = _stats(mode, (O.TimeReturn, {"timeframe": bt.TimeFrame.Months}))
    curve = values(stats.broker.lines.value, 40)
    base = [curve[0]] * 31 + [curve[30]] * 9
    found = values(stats.timereturn.lines.timereturn, 40)
    assert found == [value / start - 1.0 for value, start in zip(curve, base, strict=True)]
    assert stats.timereturn.plotlabel() == "TimeReturn (Month, 1)"


@pytest.mark.parametrize("mode", MODES)
def test_benchmark_waits_for_the_minimum_period(mode: dict[str, Any]) -> None:
    stats = _stats(mode, (O.Benchmark, {"timeframe": bt.TimeFrame.NoTimeFrame}), period=5)
    benchmark = values(stats.benchmark.lines.benchmark, 40)
    assert all(math.isnan(value) for value in benchmark[:4])
    assert benchmark[4:] == [price / PRICE[4] - 1.0 for price in PRICE[4:]]
    assert stats.benchmark.plotlabel() == "Benchmark (NoTimeFrame, 1, d0)"


@pytest.mark.parametrize("mode", MODES)
def test_log_returns_of_one_and_of_two_datas(mode: dict[str, Any]) -> None:
    stats = _stats(mode, (O.LogReturns, {}), (O.LogReturns2, {}))
    expected = [0.0] + [math.log(PRICE[i] / PRICE[i - 1]) for i in range(1, 40)]
    assert values(stats.logreturns.lines.logret1, 40) == expected
    assert values(stats.logreturns2.lines.logret1, 40) == expected
    second = values(stats.logreturns2.lines.logret2, 40)
    assert second[2] == math.log(PRICE[2] / PRICE[0])
    assert second[3] == 0.0


def test_days_of_the_run() -> None:
    assert (ROWS[30][0].month, ROWS[31][0]) == (12, dt.datetime(2021, 1, 1))
