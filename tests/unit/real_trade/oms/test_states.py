"""The table of live orders is that of backtests and more."""

from __future__ import annotations

import pytest

from backtrader.broker import fsm
from real_trade.oms import states


def test_every_way_of_a_backtest_is_a_way_of_life() -> None:
    for status, following in fsm.TRANSITIONS.items():
        assert following <= states.TRANSITIONS[status]
    assert states.NAMES[: len(fsm.STATUS_NAMES)] == fsm.STATUS_NAMES
    assert fsm.ALIVE | {states.UNKNOWN, states.PENDING_CANCEL, states.PENDING_AMEND} == states.ALIVE


def test_an_end_is_left_only_by_what_happened_before_it_or_with_an_alarm() -> None:
    ways = {status: states.TRANSITIONS[status] for status in states.FINAL}
    assert ways.pop(states.CANCELED) == ways.pop(states.EXPIRED) == {states.COMPLETED}
    assert set(ways.values()) == {frozenset()}
    assert states.COMPLETED not in states.RISEN
    for status, following in states.RISEN.items():
        assert status in states.FINAL and not following & states.TRANSITIONS[status]


def test_every_state_alive_can_end_and_none_goes_back_to_the_beginning() -> None:
    for status in states.ALIVE:
        assert {states.COMPLETED, states.CANCELED, states.REJECTED} <= states.TRANSITIONS[status]
    assert all(states.CREATED not in following for following in states.TRANSITIONS.values())


@pytest.mark.parametrize(
    ("status", "standing", "partly", "shown"),
    [
        (states.UNKNOWN, False, False, states.SUBMITTED),
        (states.UNKNOWN, True, False, states.ACCEPTED),
        (states.UNKNOWN, True, True, states.PARTIAL),
        (states.PENDING_CANCEL, True, False, states.ACCEPTED),
        (states.PENDING_AMEND, True, True, states.PARTIAL),
        (states.COMPLETED, True, True, states.COMPLETED),
    ],
)
def test_strategies_see_the_states_they_know(status: int, standing: bool, partly: bool, shown: int) -> None:
    assert states.shown(status, standing=standing, partly=partly) == shown
