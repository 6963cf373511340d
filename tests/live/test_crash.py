"""A part of the crash test; `python -m tests.live.crash.trials` (`make soak`) runs all of it."""

from __future__ import annotations

import asyncio
import os
import random

import pytest

from tests.live.crash.trials import Score, at_moments, at_steps, run_trials

MOMENTS, STEPS, LAST = 18, 6, 140


@pytest.mark.slow
@pytest.mark.skipif(not hasattr(os, "pidfd_open"), reason="needs fork and pidfd: Linux")
def test_nothing_is_lost_or_doubled_when_the_process_is_killed(capsys: pytest.CaptureFixture[str]) -> None:
    chance = random.Random(3)
    trials = [
        trial
        for market in ("spot", "usdm")
        for trial in at_steps(sorted(chance.sample(range(1, LAST), STEPS)), 7, market)
    ]
    score: Score = asyncio.run(run_trials(trials, moments=at_moments(5), wanted=MOMENTS))
    with capsys.disabled():
        print(f"\ncrash test: {score}")
    assert not score.wrong, str(score)
    assert (score.lost, score.doubled) == (0, 0)
    assert score.kills >= 25 and score.moments >= MOMENTS and score.orders > 100
