"""The probability of back-test over-fitting: cases of the paper, and cases that can be thought through.

Bailey, Borwein, López de Prado and Zhu, "The Probability of Backtest Overfitting" (2015).
"""

from __future__ import annotations

import math
from itertools import combinations
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from backtrader.opt.cscv import pbo


def _ratios(part: Any) -> Any:
    """Sharpe ratios of columns, worked out the plain way."""
    still = np.ptp(part, axis=0) == 0
    with np.errstate(all="ignore"):
        found = part.mean(axis=0) / part.std(axis=0, ddof=1)
    return np.where(still, np.where(part[0] == 0, 0.0, np.copysign(np.inf, part[0])), found)


def _by_hand(table: Any, blocks: int) -> list[float]:
    """The logits of the paper's section 3, step by step."""
    length = len(table) // blocks
    parts = [table[i * length : (i + 1) * length] for i in range(blocks)]
    logits = []
    for chosen in combinations(range(blocks), blocks // 2):
        inside = _ratios(np.vstack([parts[i] for i in chosen]))
        outside = _ratios(np.vstack([parts[i] for i in range(blocks) if i not in chosen]))
        best = int(np.argmax(inside))
        rank = (outside < outside[best]).sum() + ((outside == outside[best]).sum() + 1) / 2
        share = rank / (table.shape[1] + 1)
        logits.append(math.log(share / (1 - share)))
    return logits


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 10_000), st.sampled_from([4, 6, 8]), st.integers(2, 9), st.booleans())
def test_logits_are_those_of_the_definition(seed: int, blocks: int, columns: int, idle: bool) -> None:
    generator = np.random.default_rng(seed)
    table = generator.normal(0.001, 0.01, (blocks * 7 + 3, columns))
    if idle:
        table[: blocks * 4, 0] = 0.0  # did nothing for half of the time
    assert pbo(table, blocks).logits == pytest.approx(_by_hand(table, blocks))


def test_a_score_of_ones_own_gives_the_same_if_it_is_the_same() -> None:
    table = np.random.default_rng(1).normal(0.001, 0.01, (200, 12))
    own, given = pbo(table, 8), pbo(table, 8, _ratios)
    assert own.logits == pytest.approx(given.logits)
    assert own.inside == pytest.approx(given.inside)
    assert own.slope == pytest.approx(given.slope)


def _trials(sharpe: float, periods: int, count: int, seed: int) -> Any:
    """The paper's test cases: normal returns, put to a mean of 0 and a deviation of 1 exactly; then one
    of them gets the annual Sharpe ratio of the case."""
    table = np.random.default_rng(seed).normal(size=(periods, count))
    table = (table - table.mean(axis=0)) / table.std(axis=0, ddof=1)
    table[:, -1] += sharpe / math.sqrt(260)
    return table


# In the paper's table of accuracy the rows without any skill (SR_Case 0) are all 1.000: what was gained in
# one half is lost in the other.
@pytest.mark.parametrize(("periods", "count"), [(500, 100), (1000, 50), (500, 10)])
def test_without_skill_the_best_is_always_over_fitted(periods: int, count: int) -> None:
    found = pbo(_trials(0.0, periods, count, 1), 10)
    assert found.probability == 1.0 and found.loss == 1.0
    assert found.slope < -0.8


# The rows of one strategy with a ratio of 1 (SR_Case 1) among others without any: the probability by
# Monte Carlo (Prob_MC), to which the estimate should come close.  These five numbers were written down
# from memory of the paper's table and could not be held against a copy of it.
@pytest.mark.parametrize(
    ("periods", "count", "known"),
    [(500, 100, 0.924), (1000, 100, 0.743), (2500, 100, 0.296), (500, 10, 0.650), (1000, 10, 0.354)],
)
def test_one_with_skill_among_many(periods: int, count: int, known: float) -> None:
    found = [pbo(_trials(1.0, periods, count, seed), 10).probability for seed in range(30)]
    assert sum(found) / len(found) == pytest.approx(known, abs=0.05)


def test_choosing_among_noise_is_a_coin_toss_on_average() -> None:
    tables = [np.random.default_rng(seed).normal(size=(400, 30)) for seed in range(40)]
    assert sum(pbo(table, 8).probability for table in tables) / 40 == pytest.approx(0.5, abs=0.08)


def test_one_that_is_really_better_is_no_luck() -> None:
    table = np.random.default_rng(3).normal(size=(800, 40))
    table[:, 7] += 0.5
    found = pbo(table, 10)
    assert found.probability == 0.0 and found.loss == 0
    assert len(found.logits) == 252


def test_what_was_best_by_one_half_is_worst_in_the_other() -> None:
    # every strategy has one good block, and loses in all others: choosing always fails
    blocks, length = 8, 20
    table = np.full((blocks * length, blocks), -0.1) + np.random.default_rng(1).normal(0, 0.01, (160, 8))
    for strategy in range(blocks):
        table[strategy * length : (strategy + 1) * length, strategy] += 1.0
    assert pbo(table, blocks).probability > 0.95


@pytest.mark.parametrize(("shape", "blocks"), [((100, 1), 10), ((100, 5), 7), ((6, 5), 10)])
def test_what_cannot_be_judged_is_said(shape: tuple[int, int], blocks: int) -> None:
    with pytest.raises(ValueError, match=r"at least two strategies|cannot be cut"):
        pbo(np.zeros(shape), blocks)


def test_gaps_in_returns_are_said() -> None:
    table = np.zeros((40, 3))
    table[5, 1] = math.nan
    with pytest.raises(ValueError, match="must all be numbers"):
        pbo(table, 4)
