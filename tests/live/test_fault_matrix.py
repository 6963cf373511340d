"""A part of the fault matrix; `python -m tests.live.matrix` (`make soak`) runs all of it."""

from __future__ import annotations

import asyncio

import pytest

from tests.live.matrix import ACTIONS, PUSHED, REQUEST, SIDES, cells, run_all, sample

CELLS, SEED = 64, 7


def test_the_matrix_is_as_large_as_it_is_said_to_be() -> None:
    assert len(ACTIONS) >= 8 and len(REQUEST) + len(PUSHED) >= 12 and SIDES == ("before", "after")
    assert len(set(cells())) == len(cells()) >= 8 * 12 * 2


@pytest.mark.slow
@pytest.mark.parametrize("resend", [False, True], ids=["given up", "sent again"])
def test_venue_journal_and_view_agree_after_every_fault(
    resend: bool, capsys: pytest.CaptureFixture[str]
) -> None:
    chosen = sample(CELLS, SEED + resend)
    result = asyncio.run(run_all(chosen, resend=resend))
    with capsys.disabled():
        print(f"\nfault matrix: {result} (of {len(cells())} cells)")
    assert not result.wrong, str(result)
    assert result.struck >= 0.95 * result.count, f"faults that did not strike: {result.missed}"
