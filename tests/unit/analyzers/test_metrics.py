"""Metrics: the same in every mode, and equal to an independent library where it knows them."""

from __future__ import annotations

import math
import random
from typing import Any

import pytest

import backtrader as bt
from backtrader.analyzers.metrics import (
    METRICS,
    RunRecord,
    Trail,
    _moments,
    _moments_of_array,
    measure,
    trail_of_arrays,
    trail_of_pieces,
)
from backtrader.core.outcome import metrics_of
from backtrader.core.summary import summarise

DATA = "tests/data/acme-2020.csv"
MODES: list[dict[str, Any]] = [
    {},
    {"runonce": False},
    {"preload": False},
    {"exactbars": 1},
    {"exactbars": -1},
]


class Cross(bt.Strategy):
    params = (("pay_in", False),)

    def __init__(self) -> None:
        self.cross = bt.ind.CrossOver(bt.ind.SMA(period=5), bt.ind.SMA(period=15))

    def next(self) -> None:
        if self.p.pay_in and len(self) == 60:
            self.broker.add_cash(5000.0)
        if self.cross > 0:
            self.buy(size=100)
        elif self.cross < 0 and self.position:
            self.close()


def run(strategy: Any = Cross, analyzers: Any = (), cash: float = 10_000.0, **options: Any) -> Any:
    params = options.pop("params", {})
    cerebro = bt.Cerebro()
    cerebro.adddata(bt.feeds.BacktraderCSVData(dataname=DATA))
    cerebro.addstrategy(strategy, **params)
    cerebro.broker.setcash(cash)
    cerebro.broker.setcommission(0.001)
    for name, analyzer in analyzers:
        cerebro.addanalyzer(analyzer, _name=name)
    return cerebro.run(**options)[0]


def daily_values(start: float, count: int, seed: int) -> list[float]:
    generator, values = random.Random(seed), []
    for _ in range(count):
        start *= 1 + generator.gauss(0.0004, 0.012)
        values.append(start)
    return values


def test_every_metric_has_its_number_and_nothing_else() -> None:
    assert list(metrics_of([run()])) == list(METRICS)


@pytest.mark.parametrize("params", [{}, {"pay_in": True}])
@pytest.mark.parametrize("mode", MODES[1:], ids=str)
def test_all_modes_agree(mode: dict[str, Any], params: dict[str, Any]) -> None:
    expected = metrics_of([run(params=params)])
    found = metrics_of([run(params=params, **mode)])
    assert found == pytest.approx(expected, rel=1e-12, nan_ok=True)


def test_they_are_those_of_the_analyzers() -> None:
    kinds = [
        ("fall", bt.analyzers.DrawDown),
        ("sqn", bt.analyzers.SQN),
        ("trades", bt.analyzers.TradeAnalyzer),
    ]
    strategy = run(analyzers=kinds)
    found = metrics_of([strategy])
    fall = strategy.analyzers.fall.get_analysis().max
    trades = strategy.analyzers.trades.get_analysis()
    assert found["max_drawdown_pct"] == pytest.approx(fall.drawdown, rel=1e-12)
    assert found["max_drawdown_len"] == fall.len
    assert found["sqn"] == pytest.approx(strategy.analyzers.sqn.get_analysis().sqn, rel=1e-12)
    assert (found["trades"], found["wins"], found["losses"]) == (
        trades.total.closed, trades.won.total, trades.lost.total,
    )  # fmt: skip
    assert found["gross_profit"] == pytest.approx(trades.won.pnl.total, rel=1e-12)
    assert found["gross_loss"] == pytest.approx(-trades.lost.pnl.total, rel=1e-12)
    assert found["expectancy"] == pytest.approx(trades.pnl.net.average, rel=1e-12)
    assert found["final_value"] == strategy.broker.getvalue()


def test_exposure_counts_the_bars_with_a_position() -> None:
    class Counting(Cross):
        def __init__(self) -> None:
            super().__init__()
            self.held = self.bars = 0

        def prenext(self) -> None:
            self.bars += 1

        def next(self) -> None:
            self.bars += 1
            self.held += bool(self.position)
            super().next()

    strategy = run(Counting)
    assert 0 < strategy.held < strategy.bars
    assert metrics_of([strategy])["exposure"] == pytest.approx(100 * strategy.held / strategy.bars)


def test_money_paid_in_is_no_return() -> None:
    class OnlyPaysIn(bt.Strategy):
        def next(self) -> None:
            if len(self) == 60:
                self.broker.add_cash(5000.0)

    found = metrics_of([run(OnlyPaysIn)])
    assert found["final_value"] == 15_000.0
    assert found["total_return"] == 0.0
    assert found["volatility"] == 0.0


@pytest.mark.parametrize("seed", range(5))
def test_an_independent_library_finds_the_same(seed: int) -> None:
    empyrical = pytest.importorskip("empyrical", reason="pip install empyrical-reloaded")
    import numpy as np

    start, values = 1000.0, daily_values(1000.0, 700, seed)
    record = trail_of_arrays(start, np.arange(700.0) + 737000, values, 0, 252.0, True)
    found = measure(record)
    returns = np.diff([start, *values]) / np.array([start, *values[:-1]])
    assert found["annual_return"] == pytest.approx(100 * empyrical.annual_return(returns), rel=1e-9)
    assert found["volatility"] == pytest.approx(100 * empyrical.annual_volatility(returns), rel=1e-9)
    assert found["sharpe_ratio"] == pytest.approx(empyrical.sharpe_ratio(returns), rel=1e-9)
    assert found["sortino_ratio"] == pytest.approx(empyrical.sortino_ratio(returns), rel=1e-9)
    assert found["calmar_ratio"] == pytest.approx(empyrical.calmar_ratio(returns), rel=1e-9)
    assert found["max_drawdown_pct"] == pytest.approx(-100 * empyrical.max_drawdown(returns), rel=1e-9)
    assert found["total_return"] == pytest.approx(100 * empyrical.cum_returns_final(returns), rel=1e-9)


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("by_day", [True, False])
def test_followed_bar_by_bar_or_at_once(seed: int, by_day: bool) -> None:
    values = daily_values(100.0, 500, seed)
    times = [737000.0 + step / 7 for step in range(500)]
    trail = Trail(100.0, by_day)
    for when, value in zip(times, values, strict=True):
        trail.step(when, value, False)
    one, other = trail.record(252.0), trail_of_arrays(100.0, times, values, 0, 252.0, by_day)
    assert list(one.values) == list(other.values)
    assert (one.longest, one.bars) == (other.longest, other.bars)
    assert one.deepest == pytest.approx(other.deepest, rel=1e-12)
    assert one.mean_value == pytest.approx(other.mean_value, rel=1e-12)
    assert len(one.values) == (72 if by_day else 500)


def test_a_run_without_trades_has_no_averages() -> None:
    found = measure(RunRecord(100.0, [100.0, 100.0], bars=2, mean_value=100.0))
    assert found["trades"] == 0 and found["total_return"] == 0.0 and found["max_drawdown_pct"] == 0.0
    for name in ("win_rate", "expectancy", "profit_factor", "sqn", "sharpe_ratio", "calmar_ratio"):
        assert math.isnan(found[name]), name


def test_only_gains_make_an_unlimited_profit_factor() -> None:
    assert measure(RunRecord(100.0, [101.0], results=[1.0, 2.0]))["profit_factor"] == math.inf


def test_the_summary_is_a_table_a_frame_and_a_mapping() -> None:
    summary = summarise([run()])
    assert summary.sharpe_ratio == summary["sharpe_ratio"] == summary.to_dict()["sharpe_ratio"]
    assert list(summary.to_frame().index) == list(METRICS)
    assert summary.to_frame().loc["trades", "value"] == summary.trades
    text = str(summary)
    assert "Cross" in text and "2020-01-02 to 2020-12-31, 254 bars" in text
    assert all(title in summary._repr_html_() for title, _ in summary.rows())
    with pytest.raises(KeyError, match="sharpe_ratio"):
        summary["sharp_ratio"]


def test_cerebro_prints_the_summary(capsys: pytest.CaptureFixture[str]) -> None:
    cerebro = bt.Cerebro()
    with pytest.raises(RuntimeError, match=r"call cerebro\.run\(\) first"):
        cerebro.summary()
    cerebro.adddata(bt.feeds.BacktraderCSVData(dataname=DATA))
    cerebro.addstrategy(Cross)
    cerebro.run()
    summary = cerebro.summary()
    printed = capsys.readouterr().out
    assert "Sharpe ratio" in printed and f"{summary.final_value:,.2f}" in printed
    assert cerebro.summary(show=False).metrics == pytest.approx(summary.metrics, nan_ok=True)
    assert capsys.readouterr().out == ""


def test_an_optimisation_has_no_summary() -> None:
    cerebro = bt.Cerebro(maxcpus=1)
    cerebro.adddata(bt.feeds.BacktraderCSVData(dataname=DATA))
    cerebro.optstrategy(Cross, pay_in=[True, False])
    cerebro.run()
    with pytest.raises(RuntimeError, match="optimisation"):
        cerebro.summary()


@pytest.mark.parametrize("by_day", [True, False])
@pytest.mark.parametrize("size", [1, 3, 64, 499, 1000])
def test_a_run_in_pieces_is_the_run(by_day: bool, size: int) -> None:
    values = daily_values(100.0, 500, 4)
    values[100:180] = sorted(values[100:180], reverse=True)  # a long way down across pieces
    times = [737000.0 + step / 7 for step in range(500)]
    pieces = [(times[i : i + size], values[i : i + size]) for i in range(0, 500, size)]
    one = trail_of_pieces(100.0, pieces, 17, 252.0, by_day)
    other = trail_of_arrays(100.0, times, values, 17, 252.0, by_day)
    assert list(one.values) == list(other.values)
    assert (one.deepest, one.longest, one.bars, one.exposed) == (
        other.deepest, other.longest, other.bars, other.exposed,
    )  # fmt: skip
    assert one.mean_value == pytest.approx(other.mean_value, rel=1e-12)
    assert trail_of_pieces(5.0, [], 0, 252.0, by_day).bars == 0


@pytest.mark.parametrize("seed", range(4))
def test_many_returns_are_summed_up_as_few_are(seed: int) -> None:
    values = daily_values(100.0, 400, seed)
    if seed == 2:
        values[7] = 0.0
    assert repr(_moments(100.0, values)) == repr(_moments_of_array(100.0, values))
