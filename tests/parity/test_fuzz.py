"""A few hundred random cases; ``make fuzz`` and ``make soak`` run thousands."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from .fuzz import DIFFERENT, ORACLE_CRASHED, Fuzzer, describe

SEED = 20240601
BLOCKS, CASES = 12, 25


@pytest.fixture(scope="module")
def fuzzer(oracle: Path) -> Iterator[Fuzzer]:
    """One pair of engines for the whole module."""
    running = Fuzzer(SEED, limit=1)
    yield running
    running.close()


@pytest.mark.parity
@pytest.mark.parametrize("block", range(BLOCKS))
def test_random_cases(fuzzer: Fuzzer, block: int) -> None:
    before = len(fuzzer.summary.differences)
    bad = []
    for number in range(block * CASES, (block + 1) * CASES):
        outcome, report = fuzzer.one(number)
        if outcome == DIFFERENT:
            bad.append(f"case {number}: {report}")
    shown = [describe(found, SEED) for found in fuzzer.summary.differences[before:]]
    assert not bad, "\n".join(shown or bad)


@pytest.mark.parity
def test_the_original_seldom_fails(fuzzer: Fuzzer) -> None:
    """A case in which the original crashes compares nothing: they must stay rare, and orders must be filled."""
    for number in range(CASES):
        fuzzer.one(number)
    summary = fuzzer.summary
    assert summary.outcomes[ORACLE_CRASHED] <= max(2, summary.total // 20)
    assert summary.fills > summary.total * 3
