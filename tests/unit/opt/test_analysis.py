"""`OptimizationAnalyzer`: every member, with parameters that are missing, choices, failures and gaps."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from backtrader.opt.analysis import OptimizationAnalyzer
from backtrader.opt.entry import Entry
from backtrader.opt.job import job_of
from backtrader.opt.objective import ObjectiveFunction
from backtrader.opt.results import OptimizationResult
from backtrader.opt.space import ParamSpace
from backtrader.opt.study import Study
from backtrader.opt.trials import AnalysisError, Trials
from tests.unit.opt.fakes import FakeJob
from tests.unit.opt.made import Cross, bowl, mixed, prices


def test_what_results_may_be() -> None:
    entries = [Entry.of(each) for each in bowl()]
    result = OptimizationResult(entries, ObjectiveFunction("sharpe_ratio"))
    for given in (entries, bowl(), result, Trials(entries), tuple(entries)):
        assert OptimizationAnalyzer(given).get_top_n(1)[0].params == {"a": 15, "b": 60}
    with pytest.raises(AnalysisError, match="results are"):
        OptimizationAnalyzer({"params": {}})


def test_the_objective_says_which_way_is_better() -> None:
    result = OptimizationResult(bowl(), ObjectiveFunction(False, weights={"sharpe_ratio": 1.0}))
    assert OptimizationAnalyzer(result).get_top_n(1)[0].params == {"a": 30, "b": 20}
    assert OptimizationAnalyzer(bowl(), maximize=False).get_bottom_n(1)[0].params == {"a": 15, "b": 60}


def test_a_stored_study_is_analysed_by_its_name(tmp_path: Path) -> None:
    job = job_of(Cross, prices(300), keep_returns=True)
    where = tmp_path / "s.db"
    study = Study(job, {"fast": [3, 6, 9], "slow": [20, 40]}, "sharpe_ratio", name="one", storage=where)
    result = study.run()
    by_name = OptimizationAnalyzer("one", storage=where)
    assert by_name.get_top_n(6) == OptimizationAnalyzer(result).get_top_n(6)
    assert by_name.overfitting == OptimizationAnalyzer(result).overfitting
    assert by_name.overfitting.trials == 6 and not math.isnan(by_name.overfitting.pbo)


def test_a_stored_study_remembers_its_space_as_far_as_it_is_data(tmp_path: Path) -> None:
    space = {
        "fast": (2, 12, 2), "slow": {"range": (20, 40), "when": {"kind": ["a", "b"]}}, "kind": ["a", "b", "c"],
        "rate": ("log", 0.1, 10.0), "twice": {"value": lambda p: 2 * p["fast"]},
        "constraints": ["fast < slow", lambda p: p["fast"] != 4, "twice > 0"],
    }  # fmt: skip
    job = FakeJob(lambda p: float(p["fast"]))
    Study(
        job, space, "sharpe_ratio", name="one", storage=tmp_path / "s.db", sampler="random", n_trials=5
    ).run()
    found = Trials.of("one", storage=tmp_path / "s.db").space
    assert found is not None and found.names == ["fast", "slow", "kind", "rate"]
    for name, dimension in ParamSpace.of(space).dimensions.items():
        if name != "twice":
            assert found.dimensions[name] == dimension
    assert [constraint.text for constraint in found.constraints] == ["fast < slow"]


def test_the_table_has_all_entries_and_rankings_only_the_good_ones() -> None:
    analyzer = OptimizationAnalyzer(mixed())
    frame = analyzer.to_dataframe()
    assert len(frame) == 200 and list(frame.columns[:5]) == ["zeta", "band", "alpha", "width", "score"]
    assert (frame.state == "failed").sum() == 10 and frame.width.isna().sum() == (frame.band == "none").sum()
    ranked = analyzer.get_top_n(1000)
    assert len(ranked) == 170 and all(entry.valid and not math.isnan(entry.score) for entry in ranked)
    assert [e.score for e in ranked] == sorted((e.score for e in ranked), reverse=True)
    assert analyzer.get_bottom_n(3) == ranked[::-1][:3]


def test_a_metric_called_like_a_parameter_gets_a_column_of_its_own() -> None:
    entry = {"params": {"trades": 3}, "score": 1.0, "metrics": {"trades": 7}}
    row = OptimizationAnalyzer([entry]).to_dataframe().iloc[0]
    assert (row["trades"], row["metric_trades"]) == (3, 7)


def test_ranking_by_a_metric_knows_what_is_better() -> None:
    analyzer = OptimizationAnalyzer(bowl())
    assert analyzer.rank_by("max_drawdown_pct")[0].params == {"a": 15, "b": 60}
    assert analyzer.get_top_n(1, sort_by="trades")[0].params["a"] == 5
    with pytest.raises(AnalysisError, match="did you mean 'sharpe_ratio'"):
        analyzer.rank_by("sharp_ratio")


def test_infinite_scores_come_first_and_last() -> None:
    scores = [1.0, math.inf, -math.inf, math.nan]
    entries = [{"params": {"p": p}, "score": score} for p, score in enumerate(scores)]
    assert [entry.params["p"] for entry in OptimizationAnalyzer(entries).get_top_n()] == [1, 0, 2]


def test_importance_has_the_words_of_the_table() -> None:
    found = OptimizationAnalyzer(bowl(noise=0.1)).analyze_parameter_importance()
    assert list(found) == ["a", "b"]
    assert list(found["a"]) == ["f_statistic", "p_value", "importance", "fanova", "mean_decrease", "entries"]


@pytest.mark.parametrize("method", ["pearson", "spearman"])
def test_correlation_is_that_of_pandas(method: Any) -> None:
    analyzer = OptimizationAnalyzer(mixed())
    found = analyzer.parameter_correlation(["x"], method)
    good = pd.DataFrame(
        [entry.params | {"score": entry.score} | entry.metrics for entry in analyzer.trials.good]
    )
    expected = good[["zeta", "alpha", "width", "score", "x"]].corr(method)
    pd.testing.assert_frame_equal(found, expected)
    assert analyzer.parameter_correlation().loc["score", "zeta"] == pytest.approx(
        stats.pearsonr(good.zeta, good.score).statistic
    )


def test_correlation_by_another_name_is_refused() -> None:
    with pytest.raises(AnalysisError, match="'pearson' or 'spearman'"):
        OptimizationAnalyzer(bowl()).parameter_correlation(method="kendal")


def test_the_front_and_the_surroundings_are_at_hand() -> None:
    analyzer = OptimizationAnalyzer(bowl())
    front = analyzer.get_pareto_front([("sharpe_ratio", "max"), ("trades", "max")])
    assert [entry.params["a"] for entry in front] == [15, 10, 5]
    assert analyzer.sensitivity().parameters.keys() == {"a", "b"}
    assert analyzer.get_robust().params == {"a": 15, "b": 60}
    assert analyzer.recommend_space(0.05, 0).dimensions["a"].values() == [10, 15, 20]


def test_the_report_is_plain_json_without_gaps(tmp_path: Path) -> None:
    entries = [*mixed(), {"params": {"zeta": 1}, "score": math.inf, "number": 999}]
    analyzer = OptimizationAnalyzer(entries)
    path = analyzer.generate_report(tmp_path / "r.json")
    text = path.read_text(encoding="utf-8")
    assert "NaN" not in text and json.loads(text) == analyzer.generate_report()
    report = analyzer.generate_report()
    assert report["states"] == {"complete": 191, "failed": 10} and report["counted"] == 171
    assert report["best"]["score"] == "Infinity"
    assert report["importance"]["zeta"]["fanova"] > 0.9
    assert report["overfitting"]["notes"]


def test_a_report_of_failures_only_says_so(tmp_path: Path) -> None:
    failed = [each | {"state": "failed"} for each in bowl()]
    report = OptimizationAnalyzer(failed).generate_report()
    assert report == {"entries": 54, "counted": 0, "states": {"failed": 54}}
    with pytest.raises(AnalysisError, match=r"\.json or \.html"):
        OptimizationAnalyzer(bowl()).generate_report(tmp_path / "report.txt")


def test_returns_come_as_a_table_a_mapping_or_a_function() -> None:
    entries = bowl()
    table = np.random.default_rng(1).normal(0.001, 0.01, (300, len(entries)))
    by_number = {number: table[:, number] for number in range(len(entries))}
    ways = [table, by_number, lambda some: {entry.number: by_number[entry.number] for entry in some}]
    reports = [OptimizationAnalyzer(entries, returns=way).overfitting for way in ways]
    assert reports[0] == reports[1] == reports[2]
    assert reports[0].splits == 12870 and reports[0].periods == 300
    with pytest.raises(ValueError, match="a column for each of the 54"):
        _ = OptimizationAnalyzer(entries, returns=table[:, :3]).overfitting
