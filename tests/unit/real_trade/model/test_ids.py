"""Client ids: deterministic, distinct, and told from foreign ones."""

from __future__ import annotations

import re
import subprocess
import sys

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from real_trade.model import ids

NAMES = st.text(min_size=1, max_size=30)


@given(NAMES, NAMES, st.integers(0, ids.MAX_SEQUENCE))
def test_what_went_in_comes_out(run: str, strategy: str, sequence: int) -> None:
    found = ids.parse_client_id(ids.client_id(run, strategy, sequence))
    assert found == ids.ClientId(ids.digest(run), ids.digest(strategy, 4), sequence)


@given(NAMES, NAMES, st.integers(0, ids.MAX_SEQUENCE))
def test_every_venue_takes_it(run: str, strategy: str, sequence: int) -> None:
    # the tightest rules together: letters and digits, 20 to 32 signs, and QMT's 24 bytes
    assert re.fullmatch(r"[A-Za-z0-9]{24}", ids.client_id(run, strategy, sequence))


@settings(derandomize=True)  # one change in a million has the same checksum
@given(st.integers(0, ids.MAX_SEQUENCE), st.integers(0, 23), st.sampled_from("0123456789ABCDEFxyz-"))
def test_one_changed_sign_makes_it_foreign(sequence: int, place: int, sign: str) -> None:
    text = ids.client_id("run", "strategy", sequence)
    changed = text[:place] + sign + text[place + 1 :]
    assert ids.is_ours(changed) == (changed == text)


def test_intentions_have_ids_of_their_own() -> None:
    found = {
        ids.client_id(run, strategy, number)
        for run in ("a", "b", "c")
        for strategy in ("x", "y")
        for number in range(5000)
    }
    assert len(found) == 30_000


@pytest.mark.parametrize(
    "text",
    [
        "",
        "bt",
        "x-TKT5PX2F0123456789012345",
        "web_1234567890",
        "autoclose-1234",
        "bt" + "0" * 22,
        "é" * 24,
        "adl_autoclose",
    ],
)
def test_ids_of_others_are_foreign(text: str) -> None:
    assert not ids.is_ours(text)


def test_another_process_works_out_the_same() -> None:
    code = "from real_trade.model.ids import client_id; print(client_id('run 1', 'sma', 7))"
    there = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert there.stdout.strip() == ids.client_id("run 1", "sma", 7)


@pytest.mark.parametrize("sequence", [-1, ids.MAX_SEQUENCE + 1])
def test_a_sequence_out_of_range_is_refused(sequence: int) -> None:
    with pytest.raises(ValueError, match="sequence of a client id"):
        ids.client_id("run", "strategy", sequence)
