"""Analyzers that look at a whole run: years, positions, transactions, and results read on the way."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

import backtrader as bt
from backtrader.errors import BacktraderError
from tests.unit.observers.runs import MODES, Closes, days, run, values

A = bt.analyzers
ROWS = days(40)
PRICE = [close for _, close in ROWS]


def _add(*analyzers: Any) -> Any:
    def add(cerebro: Any) -> None:
        for cls, params in analyzers:
            cerebro.addanalyzer(cls, **params)

    return add


@pytest.mark.parametrize("mode", MODES)
def test_returns_of_years(mode: dict[str, Any]) -> None:
    strategy = run(ROWS, setup=_add((A.AnnualReturn, {})), mode=mode)
    curve = values(strategy.stats.broker.lines.value, 40)
    assert strategy.analyzers[0].get_analysis() == {
        2020: curve[30] / curve[0] - 1.0,
        2021: curve[39] / curve[30] - 1.0,
    }
    assert strategy.analyzers[0].rets == list(strategy.analyzers[0].ret.values())


def test_returns_of_years_need_the_broker_observer() -> None:
    with pytest.raises(BacktraderError, match=r"observer Broker.*stdstats"):
        run(ROWS, setup=_add((A.AnnualReturn, {})), mode={"stdstats": False})


@pytest.mark.parametrize("mode", MODES)
def test_positions_transactions_and_leverage(mode: dict[str, Any]) -> None:
    strategy = run(ROWS, setup=_add((A.PyFolio, {})), mode=mode)
    found = strategy.analyzers[0].get_analysis()
    day = [when for when, _ in ROWS]
    cash = 10_000.0 - 8 * PRICE[3]
    assert found["positions"]["Datetime"] == ["d0", "cash"]
    assert found["positions"][day[3].date()] == [8 * PRICE[3], cash]
    assert found["transactions"] == {
        "date": [["amount", "price", "sid", "symbol", "value"]],
        day[3]: [[8, PRICE[3], 0, "d0", -8 * PRICE[3]]],
        day[8]: [[-8, PRICE[8], 0, "d0", 8 * PRICE[8]]],
        day[12]: [[-4, PRICE[12], 0, "d0", 4 * PRICE[12]]],
        day[15]: [[4, PRICE[15], 0, "d0", -4 * PRICE[15]]],
    }
    value = cash + 8 * PRICE[4]
    assert found["gross_lev"][day[4]] == (value - cash) / value
    assert found["gross_lev"][day[0]] == 0.0


def test_pandas_objects_for_pyfolio() -> None:
    strategy = run(ROWS, setup=_add((A.PyFolio, {})))
    returns, positions, transactions, leverage = strategy.analyzers[0].get_pf_items()
    assert (len(returns), len(positions), len(transactions), len(leverage)) == (40, 40, 4, 40)
    assert list(transactions.columns) == ["amount", "price", "sid", "symbol", "value"]
    assert str(returns.index.tz) == "UTC"


READ = ((A.DrawDown, {}), (A.TimeReturn, {"timeframe": bt.TimeFrame.Weeks}), (A.TradeAnalyzer, {}))


def _look(strategy: Any) -> list[str]:
    return [repr(analyzer.get_analysis()) for analyzer in strategy.analyzers]


@pytest.mark.parametrize("period", [1, 6])
def test_results_read_in_next_are_those_of_the_bar_before(period: int) -> None:
    batch, stepped = (
        run(ROWS, setup=_add(*READ), mode=mode, look=_look, period=period) for mode in MODES[:2]
    )
    assert batch.seen == stepped.seen
    assert _look(batch) == _look(stepped)


class EveryBar(bt.Analyzer):
    """Looks at an analyzer before it and at one after it."""

    def next(self) -> None:
        first, last = self.strategy.analyzers[0], self.strategy.analyzers[2]
        self.rets[len(self)] = (first.rets.drawdown, list(last.rets.items())[-1:])


def test_an_analyzer_sees_those_before_it_further_than_those_after_it() -> None:
    setup = _add((A.DrawDown, {}), (EveryBar, {}), (A.TimeReturn, {}))
    batch, stepped = (run(ROWS, setup=setup, mode=mode).analyzers[1].rets for mode in MODES[:2])
    assert batch == stepped
    assert batch[5][1][0][0] == dt.datetime(2020, 12, 4)  # of the later one the day before
    assert batch[9][0] > batch[8][0] > 0.0  # the earlier one has this bar's


class Holds(bt.Strategy):
    """Takes the results once and keeps looking at the same dictionaries."""

    params = (("since", 4),)

    def __init__(self) -> None:
        self.held: list[Any] = []
        self.seen: list[str] = []

    def next(self) -> None:
        if len(self) == self.p.since:
            self.held = [analyzer.get_analysis() for analyzer in self.analyzers]
        self.seen.append(repr(self.held))
        if len(self) % 6 == 2:
            self.buy(size=8)
        elif len(self) % 6 == 5:
            self.close()


@pytest.mark.parametrize("since", [1, 4, 9])
def test_results_held_on_to_are_kept_current(since: int) -> None:
    seen = []
    for mode in MODES:
        cerebro = bt.Cerebro(stdstats=False)
        cerebro.adddata(Closes(dataname=ROWS))
        _add(*READ)(cerebro)
        cerebro.addstrategy(Holds, since=since)
        seen.append(cerebro.run(**mode)[0].seen)
    assert seen[0] == seen[1] == seen[2]
