"""Statistics against over-fitting reproduce what their authors printed."""

from __future__ import annotations

import math

import pytest

from backtrader.opt.honesty import deflated_sharpe, expected_maximum_sharpe, pbo, probabilistic_sharpe

np = pytest.importorskip("numpy")

# Bailey and López de Prado, "The Deflated Sharpe Ratio" (2014), section "A numerical example": an
# annualised ratio of 2.5 over 1250 days of 250 a year, variance of the trials' ratios 1/2, skewness -3,
# kurtosis 10.
SHARPE, VARIANCE, DAYS = 2.5 / math.sqrt(250), 0.5 / 250, 1250


def test_the_example_of_the_paper() -> None:
    assert expected_maximum_sharpe(VARIANCE, 100) == pytest.approx(0.1132, abs=5e-5)
    assert deflated_sharpe(SHARPE, VARIANCE, 100, DAYS, -3.0, 10.0) == pytest.approx(0.9004, abs=5e-5)


def test_the_example_with_fewer_trials() -> None:
    assert deflated_sharpe(SHARPE, VARIANCE, 46, DAYS, -3.0, 10.0) == pytest.approx(0.9505, abs=5e-5)


def test_the_example_with_normal_returns() -> None:
    assert deflated_sharpe(SHARPE, VARIANCE, 88, DAYS, 0.0, 3.0) == pytest.approx(0.9505, abs=5e-5)


def test_a_single_trial_is_not_deflated() -> None:
    assert deflated_sharpe(0.1, 1.0, 1, 500) == probabilistic_sharpe(0.1, 0.0, 500)


def test_choosing_among_noise_is_a_coin_toss_on_average() -> None:
    tables = [np.random.default_rng(seed).normal(size=(400, 30)) for seed in range(12)]
    assert 0.35 < sum(pbo(table, 8).probability for table in tables) / 12 < 0.65


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
