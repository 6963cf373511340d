"""The account of a search: what its own numbers say about the luck in its best."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

from backtrader.opt.cscv import pbo
from backtrader.opt.honesty import deflated_sharpe, effective_trials, moments_of
from backtrader.opt.overfitting import overfitting_report


def _search(table: Any, per_year: float = 252.0) -> list[dict[str, Any]]:
    """Entries for columns of returns, scored by their Sharpe ratio."""
    ratios = table.mean(axis=0) / table.std(axis=0, ddof=1) * math.sqrt(per_year)
    return [
        {"number": n, "params": {"p": n}, "score": float(r), "metrics": {"sharpe_ratio": float(r)}}
        for n, r in enumerate(ratios)
    ]


def _noise(periods: int = 500, count: int = 60, seed: int = 1) -> Any:
    return np.random.default_rng(seed).normal(0, 0.01, (periods, count))


def test_the_numbers_are_those_of_the_statistics() -> None:
    table = _noise()
    entries = _search(table)
    report = overfitting_report(entries, table)
    best = int(np.argmax([entry["score"] for entry in entries]))
    own = moments_of(table[:, best])
    variance = np.var([entry["score"] for entry in entries], ddof=1) / 252
    trials = effective_trials(table)
    expected = deflated_sharpe(own.sharpe, variance, trials, 500, own.skew, own.kurtosis)
    assert report.trials == 60 and report.effective_trials == pytest.approx(trials)
    assert report.deflated_sharpe == pytest.approx(expected)
    assert report.pbo == pbo(table, 16).probability and report.splits == 12870
    assert report.sharpe == pytest.approx(entries[best]["score"])
    assert (report.periods, report.per_year, report.track_record) == (500, 252, pytest.approx(500 / 252))
    assert not report.notes


@pytest.mark.parametrize("per_year", [52.0, 365.0])
def test_the_year_is_that_of_the_metrics(per_year: float) -> None:
    table = _noise()
    assert overfitting_report(_search(table, per_year), table).per_year == per_year


def test_noise_is_called_luck_and_skill_is_not() -> None:
    verdicts = [overfitting_report(_search(table), table).verdict for table in map(_noised, range(8))]
    assert verdicts.count("holds") == 0 and verdicts.count("luck") >= 4
    table = _noise()
    table[:, 17] += 0.003
    report = overfitting_report(_search(table), table)
    assert report.verdict == "holds" and report.pbo == 0 and report.deflated_sharpe > 0.99
    assert 0 < report.haircut < report.sharpe


def _noised(seed: int) -> Any:
    return _noise(seed=seed)


def test_many_copies_of_one_strategy_are_one_trial() -> None:
    generator = np.random.default_rng(2)
    table = generator.normal(0.0008, 0.01, (500, 1)) + generator.normal(0, 0.0001, (500, 60))
    report = overfitting_report(_search(table), table)
    assert report.trials == 60 and report.effective_trials < 1.1
    assert report.expected_maximum < 0.01
    assert report.deflated_sharpe == pytest.approx(report.probabilistic_sharpe, abs=0.01)


def test_of_many_entries_some_stand_for_all() -> None:
    table = _noise(count=300)
    report = overfitting_report(_search(table), table, most=50, blocks=8)
    assert report.trials == 300 and 250 < report.effective_trials <= 300
    assert report.splits == 70 and "50 entries, taken by chance" in report.notes[0]
    assert report == overfitting_report(_search(table), table, most=50, blocks=8)


def test_what_is_not_known_is_said_and_no_number() -> None:
    entries = _search(_noise())
    report = overfitting_report(entries)
    assert report.trials == 60 and report.verdict == "unknown" and "keep_returns=True" in report.notes[0]
    assert math.isnan(report.deflated_sharpe) and math.isnan(report.pbo)
    assert overfitting_report([]).notes == ["there is no valid entry"]


def test_short_and_still_returns_do_no_harm() -> None:
    short = _noise(12, 5)
    report = overfitting_report(_search(short), short)
    assert math.isnan(report.pbo) and "too few" in report.notes[0] and report.deflated_sharpe > 0
    table = _noise(200, 6)
    entries = _search(table)
    still = {n: np.zeros(200) if n != 2 else table[:, 2] for n in range(6)}
    alone = overfitting_report(entries, {2: table[:, 2]} | {n: v for n, v in still.items() if n == 2})
    assert math.isnan(alone.pbo)
    lengths = {n: table[: 200 - 10 * (n == 3), n] for n in range(6)}
    assert overfitting_report(entries, lengths).splits == 12870  # the shorter one is left out


def test_failures_are_no_trials() -> None:
    table = _noise(count=20)
    entries = _search(table)
    for entry in entries[:5]:
        entry |= {"state": "failed", "metrics": {}, "score": math.nan}
    assert overfitting_report(entries, table).trials == 15


def test_what_was_stopped_early_was_tried_too() -> None:
    table = _noise(count=20)
    entries = _search(table)
    for entry in entries[:5]:
        entry |= {"state": "pruned", "metrics": {}, "score": math.nan}
    assert overfitting_report(entries, table).trials == 20


def test_a_single_trial_is_no_choice() -> None:
    table = _noise(count=1)
    report = overfitting_report(_search(table), table)
    assert any("one trial is no choice" in note for note in report.notes)
    assert math.isnan(report.deflated_sharpe) and 0 < report.probabilistic_sharpe < 1


def test_it_can_be_read() -> None:
    table = _noise()
    text = str(overfitting_report(_search(table), table))
    assert "60 trials" in text and "verdict:" in text and "pbo:" in text
