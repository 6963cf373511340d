"""The table of an order's life, and the machine that shows it."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from backtrader.broker import fsm
from backtrader.broker.fsm import OrderState, OrderStateMachine
from backtrader.errors import IllegalTransition

ENDS = (fsm.COMPLETED, fsm.CANCELED, fsm.EXPIRED, fsm.MARGIN, fsm.REJECTED)


def an_order(status: int = fsm.CREATED) -> Any:
    return SimpleNamespace(ref=7, status=status, _trail=[])


def test_every_status_has_its_line_in_the_table() -> None:
    assert sorted(fsm.TRANSITIONS) == list(range(len(fsm.STATUS_NAMES)))


@pytest.mark.parametrize("end", ENDS)
def test_nothing_follows_an_end(end: int) -> None:
    assert not fsm.TRANSITIONS[end]


@pytest.mark.parametrize("end", ENDS)
def test_every_end_can_be_reached_from_an_accepted_order(end: int) -> None:
    assert fsm.allowed(fsm.ACCEPTED, end)


def test_nobody_goes_back_to_created_or_submitted() -> None:
    reached = set().union(*fsm.TRANSITIONS.values())
    assert fsm.CREATED not in reached
    assert [s for s, ways in fsm.TRANSITIONS.items() if fsm.SUBMITTED in ways] == [fsm.CREATED]


def test_advance_moves_and_writes_down() -> None:
    order = an_order()
    fsm.advance(order, fsm.SUBMITTED, 737000.5)
    fsm.advance(order, fsm.REJECTED, 737001.0, "no such symbol")
    assert order.status == fsm.REJECTED
    assert order._trail == [(fsm.SUBMITTED, 737000.5, ""), (fsm.REJECTED, 737001.0, "no such symbol")]


def test_a_way_that_is_not_there_is_an_error_and_changes_nothing() -> None:
    order = an_order(fsm.COMPLETED)
    with pytest.raises(IllegalTransition, match="order 7 cannot go from Completed to Canceled"):
        fsm.advance(order, fsm.CANCELED)
    assert order.status == fsm.COMPLETED
    assert order._trail == []


def test_the_machine_refuses_quietly() -> None:
    order = an_order()
    machine = OrderStateMachine(order)
    assert machine.get_state() is OrderState.CREATED
    assert not machine.transition_to(OrderState.FILLED)
    assert (order.status, machine.history) == (fsm.CREATED, [])


def test_the_machine_keeps_its_history() -> None:
    order = an_order()
    machine = OrderStateMachine(order)
    for state, reason in ((OrderState.SUBMITTED, ""), (OrderState.ACCEPTED, "seen"), (OrderState.FILLED, "")):
        assert machine.transition_to(state, reason)
    assert [(state, reason) for state, _, reason in machine.history] == [
        (OrderState.SUBMITTED, ""),
        (OrderState.ACCEPTED, "seen"),
        (OrderState.FILLED, ""),
    ]


def test_lack_of_cash_shows_as_rejected() -> None:
    assert OrderStateMachine(an_order(fsm.MARGIN)).get_state() is OrderState.REJECTED


def test_valid_transitions_are_those_of_the_table() -> None:
    ways = OrderStateMachine.VALID_TRANSITIONS
    assert set(ways) == set(OrderState)
    assert ways[OrderState.FILLED] == frozenset()
    assert OrderState.PARTIAL_FILLED in ways[OrderState.PARTIAL_FILLED]
    assert OrderState.SUBMITTED not in ways[OrderState.ACCEPTED]
