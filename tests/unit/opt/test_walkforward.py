"""Walk-forward: what is chosen by the past is traded after it, and nothing of later times gets in."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import backtrader as bt
from backtrader.errors import UnknownParameterError
from backtrader.opt.bars import Part, load_bars
from backtrader.opt.job import job_of
from backtrader.opt.objective import MinTradesConstraint, ObjectiveFunction
from backtrader.opt.space import SpaceError
from backtrader.opt.study import Study
from backtrader.opt.surroundings import robust_best
from backtrader.opt.tally import NoScore
from backtrader.opt.trials import AnalysisError, Trials
from backtrader.opt.walkforward import walk_forward
from backtrader.opt.walkresult import WalkForwardResult
from backtrader.opt.windows import WindowError
from tests.unit.opt.made import Cross, prices

SPACE = {"fast": [3, 6, 9], "slow": [15, 30]}


CHOICES: dict[str, Any] = {
    "best": "best", "robust": "robust", "worst": lambda entries: min(entries, key=lambda entry: entry.score),
}  # fmt: skip


def _walk(data: Any = None, **options: Any) -> WalkForwardResult:
    return _walk_of(Cross, data, **options)


def _walk_of(strategy: Any, data: Any = None, **options: Any) -> WalkForwardResult:
    given = {"space": SPACE, "objective": "total_return", "train": 200, "test": 100, "cash": 20_000.0}
    return walk_forward(strategy, prices() if data is None else data, **(given | options))


def test_each_window_trades_the_best_of_a_search_on_what_came_before() -> None:
    frame, result = prices(), _walk()
    assert [window.params for window in result.windows] != [result.windows[0].params] * 4
    bars = load_bars(frame)
    value = 20_000.0
    for number, window in enumerate(result.windows):
        start = 200 + 100 * number
        job = job_of(Cross, Part(bars, start - 200, start), cash=value)
        best = Study(job, SPACE, "total_return").run()
        assert window.params == best.best_params and window.in_score == best.best_score
        outcome = job_of(Cross, Part(bars, start, start + 100), cash=value).run(best.best_params)
        assert window.out_of_sample == pytest.approx(outcome.metrics, nan_ok=True)
        assert window.start_value == value
        value = outcome.metrics["final_value"]
        assert (window.train_start, window.train_end) == (frame.index[start - 200], frame.index[start - 1])
        assert (window.test_start, window.test_end) == (frame.index[start], frame.index[start + 99])
    assert result.metrics["final_value"] == result.values[-1] == value


def test_the_account_goes_through_all_windows() -> None:
    frame, result = prices(), _walk()
    assert result.times == list(frame.index[200:600].to_pydatetime())
    growth = math.prod(1 + window.out_of_sample["total_return"] / 100 for window in result.windows)
    assert result.metrics["total_return"] == pytest.approx(100 * (growth - 1))
    for name in ("trades", "wins", "gross_profit", "commission"):
        assert result.metrics[name] == pytest.approx(sum(w.out_of_sample[name] for w in result.windows))
    assert result.metrics["exposure"] == pytest.approx(
        np.mean([w.out_of_sample["exposure"] for w in result.windows])
    )
    highs = np.maximum.accumulate(np.concatenate([[20_000.0], result.values]))[1:]
    assert result.metrics["max_drawdown_pct"] == pytest.approx(100 * ((highs - result.values) / highs).max())
    returns = result.stitched.returns
    assert len(returns) == 400
    assert result.metrics["sharpe_ratio"] == pytest.approx(
        returns.mean() / returns.std(ddof=1) * math.sqrt(252)
    )


@pytest.mark.parametrize("anchored", [False, True])
def test_nothing_of_later_times_gets_into_a_window(anchored: bool) -> None:
    frame = prices()
    changed = frame.copy()
    generator = np.random.default_rng(9)
    changed.iloc[400:] = changed.iloc[400:].mul(np.exp(generator.normal(0, 0.2, 200)), axis=0)
    one, other = _walk(frame, anchored=anchored), _walk(changed, anchored=anchored)
    assert one.windows[:2] == other.windows[:2]
    np.testing.assert_array_equal(one.values[:200], other.values[:200])
    # the third was searched on bars that are the same still, and traded on others
    assert one.windows[2].params == other.windows[2].params
    assert one.windows[2].in_sample == other.windows[2].in_sample
    assert one.windows[2].out_of_sample != other.windows[2].out_of_sample


def test_an_anchored_search_sees_everything_before() -> None:
    result = _walk(anchored=True)
    assert {window.train_start for window in result.windows} == {result.windows[0].train_start}
    rolling = _walk()
    assert result.windows[0] == rolling.windows[0]
    assert [w.in_score for w in result.windows[1:]] != [w.in_score for w in rolling.windows[1:]]


def test_warming_up_is_a_choice() -> None:
    cold, warm = _walk(warmup=0), _walk()
    assert cold.windows[0].out_of_sample["exposure"] < warm.windows[0].out_of_sample["exposure"]
    # with as many bars as the slow average needs it is as if there were all
    enough = _walk(warmup=30)
    assert [w.out_of_sample for w in enough.windows[1:]] == [w.out_of_sample for w in warm.windows[1:]]


def test_windows_by_the_calendar() -> None:
    result = _walk(train="12M", test="3M", step="3M")
    assert [f"{w.test_start:%Y-%m}" for w in result.windows] == [
        "2016-01",
        "2016-04",
        "2016-07",
        "2016-10",
        "2017-01",
    ]


def test_a_factory_walks_as_well() -> None:
    frame = prices()

    def factory(params: Any) -> Any:
        cerebro = bt.Cerebro(stdstats=False)
        cerebro.adddata(bt.feeds.PandasData(dataname=frame))
        cerebro.addstrategy(Cross, **params)
        cerebro.broker.setcash(20_000.0)
        return cerebro

    found = walk_forward(None, None, SPACE, "total_return", train=200, test=100, cerebro_factory=factory)
    assert found.windows == _walk().windows and found.metrics == pytest.approx(_walk().metrics, nan_ok=True)


def test_the_same_seed_walks_the_same_way() -> None:
    space = {"fast": (2, 12), "slow": (15, 40)}
    one, other = (_walk(space=space, sampler="random", n_trials=8, seed=5) for _ in range(2))
    assert one.windows == other.windows
    assert one.windows != _walk(space=space, sampler="random", n_trials=8, seed=6).windows


def test_two_processes_find_what_one_does() -> None:
    assert _walk(n_jobs=2).windows == _walk().windows


def test_named_searches_go_on_where_they_were(tmp_path: Path) -> None:
    seen: list[Any] = []
    first = _walk(study="walk", storage=tmp_path / "s.db", callback=lambda *a: seen.append(a))
    assert len(seen) == 4 * 6
    again = _walk(study="walk", storage=tmp_path / "s.db", callback=lambda *a: seen.append(a))
    assert len(seen) == 4 * 6 and again.windows == first.windows


def test_windows_are_told_as_they_come() -> None:
    told: list[int] = []
    _walk(on_window=lambda window: told.append(window.number))
    assert told == [0, 1, 2, 3]


def test_nothing_is_traded_if_nothing_keeps_to_the_constraints() -> None:
    objective = ObjectiveFunction("total_return", constraints=[MinTradesConstraint(10_000)])
    result = _walk(objective=objective)
    assert all(w.params is None and "constraints" in w.note for w in result.windows)
    assert set(result.values) == {20_000.0} and len(result.times) == 400
    assert result.metrics["total_return"] == 0 and math.isnan(result.winning) and result.stability == {}


def test_a_run_that_fails_out_of_sample_is_noted() -> None:
    class Fragile(Cross):
        def next(self) -> None:
            if len(self.data) > 450:
                raise RuntimeError("never saw that")
            super().next()

    result = walk_forward(Fragile, prices(500), SPACE, "total_return", train=200, test=100)
    assert "never saw that" in result.windows[2].note and not result.windows[2].out_of_sample
    assert len(result.times) == 300 and set(result.values[200:]) == {result.values[199]}


def test_a_stretch_without_any_score_is_sat_out() -> None:
    class Late(Cross):
        def next(self) -> None:
            if len(self.data) > 250:
                super().next()

    result = _walk_of(Late, objective="profit_factor")
    assert "profit_factor is not a number" in result.windows[0].note and result.windows[0].params is None
    assert result.windows[1].params is not None

    class Never(Cross):
        def next(self) -> None:
            pass

    with pytest.raises(NoScore, match="not a number in any"):
        _walk_of(Never, objective="profit_factor")


def test_the_choice_may_be_anothers() -> None:
    # the first search is the same for all: later ones begin with what the account has by then
    first = {name: _walk(choose=how).windows[0] for name, how in CHOICES.items()}
    trials = Study(
        job_of(Cross, Part(load_bars(prices()), 0, 200), cash=20_000.0), SPACE, "total_return"
    ).run()
    assert first["best"].params == trials.best_params
    assert first["robust"].params == robust_best(Trials.of(trials)).params
    assert first["worst"].in_score == min(entry.score for entry in trials)
    with pytest.raises(AnalysisError, match="choose is"):
        _walk(choose="luckiest")


def test_hindsight_is_what_a_plain_search_would_have_promised() -> None:
    result = _walk(hindsight=True)
    assert result.hindsight is not None and result.hindsight.curve is not None
    job = job_of(Cross, Part(load_bars(prices()), 200, 600), cash=20_000.0)
    best = Study(job, SPACE, "total_return").run()
    assert result.hindsight.params == best.best_params
    assert result.hindsight.in_sample["total_return"] >= result.metrics["total_return"]
    times, values = result.hindsight.curve
    assert len(times) == len(result.times) and values[-1] == best.best_metrics["final_value"]


def test_how_much_came_true() -> None:
    result = _walk()
    promised = np.mean([window.in_sample["annual_return"] for window in result.windows])
    assert result.efficiency == pytest.approx(result.metrics["annual_return"] / promised)
    assert result.decay == pytest.approx(np.mean([w.in_score - w.out_score for w in result.windows]))
    assert result.winning == np.mean([w.out_of_sample["total_return"] > 0 for w in result.windows])
    fast = result.stability["fast"]
    steps = [abs(a - b) for a, b in zip(fast.values, fast.values[1:])]
    assert fast.drift == pytest.approx(np.mean(steps) / 6)
    assert fast.changes == np.mean([step > 0 for step in steps])
    assert 0 <= result.honesty["probabilistic_sharpe"] <= 1


def test_it_can_be_shown_and_taken_elsewhere() -> None:
    result = _walk(hindsight=True)
    plain = result.as_dict()
    assert len(plain["windows"]) == 4 and len(plain["times"]) == len(plain["values"]) == 400
    assert json.loads(json.dumps(plain, default=str))["settings"]["train"] == "200"
    frame = result.to_dataframe()
    assert list(frame["fast"]) == [window.params["fast"] for window in result.windows if window.params]
    text = str(result)
    assert "2015-10-08..2016-02-24" in text and "efficiency" in text


@pytest.mark.parametrize(
    ("options", "error", "said"),
    [
        ({"train": 2000}, WindowError, "too few"),
        ({"space": {"fats": [1, 2]}}, UnknownParameterError, "did you mean 'fast'"),
        ({"space": None}, SpaceError, "give a space"),
        ({"objective": "sharp_ratio"}, ValueError, "did you mean 'sharpe_ratio'"),
    ],
)
def test_what_cannot_be_is_said_before_any_run(options: Any, error: Any, said: str) -> None:
    with pytest.raises(error, match=said):
        _walk(**options, callback=lambda *a: pytest.fail("something was run"))
