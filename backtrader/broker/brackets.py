"""Orders that hang together: parents with children, and groups of which one may live (OCO).

Both books know only what they must: an order that nobody hangs on leaves no trace here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from . import fsm

__all__ = ["Families", "Groups"]

FindOrder = Callable[[int], Any]


class Families:
    """Parents and children: children wait for the parent, and the end of one child ends the other."""

    def __init__(self, find: FindOrder) -> None:
        self._find = find
        self.members: dict[int, list[Any]] = {}
        self._dissolved: set[int] = set()

    def takes(self, order: Any) -> bool:
        """Whether the order may come: a child may not if its family is gone or was never here."""
        parent = order.parent
        if parent is None or parent.ref in self.members:
            return True
        if parent.ref in self._dissolved:
            return False
        known = self._find(parent.ref)
        return known is not None and (known.status in fsm.ALIVE or known.status == fsm.COMPLETED)

    def join(self, order: Any) -> list[Any]:
        """Enter an order; the orders that go out now: none as long as the family waits for its last one."""
        parent = order.parent
        if parent is None:
            if not order.transmit:
                self.members[order.ref] = [order]
                return []
            return [order]
        family = self.members.get(parent.ref)
        if family is None:
            known = self._find(parent.ref)
            family = self.members[parent.ref] = [known] if known.status in fsm.ALIVE else []
        family.append(order)
        if not order.transmit:
            return []
        # only what was not sent yet: upstream sends the parent again, which then ends completed and canceled
        return [member for member in family if member.status == fsm.CREATED]

    def whole(self, orders: list[Any]) -> None:
        """Enter a parent and all its children, sent together."""
        self.members[orders[0].ref] = list(orders)

    def unsent(self) -> list[Any]:
        """Orders that wait for the one that transmits them all."""
        return [order for family in self.members.values() for order in family if order.status == fsm.CREATED]

    def completed(self, order: Any) -> tuple[list[Any], list[Any]]:
        """(children to activate, relatives to cancel) after an order was executed in full."""
        if order.parent is not None:
            return [], self.dissolve(order)
        family = self.members.get(order.ref)
        if not family:
            return [], []
        children = self.members[order.ref] = family[1:]
        return list(children), []

    def dissolve(self, order: Any) -> list[Any]:
        """End the family of an order that ended otherwise; the relatives, the order itself among them."""
        head = order.ref if order.parent is None else order.parent.ref
        if order.parent is not None or head in self.members:
            self._dissolved.add(head)
        return self.members.pop(head, [])


class Groups:
    """One cancels the others: the first fill, expiry or cancel of a member ends the rest."""

    def __init__(self) -> None:
        self.group_of: dict[int, int] = {}
        self._members: dict[int, list[int]] = {}

    def join(self, order: Any, other: Any) -> None:
        """Put ``order`` into the group of ``other``."""
        group = self.group_of.get(other.ref)
        if group is None:
            group = self.group_of[other.ref] = other.ref
            self._members[group] = [other.ref]
        self.group_of[order.ref] = group
        self._members.setdefault(group, []).append(order.ref)

    def circles(self) -> Iterable[tuple[int, int]]:
        """(order, group) of all orders that ever were in a group."""
        return self.group_of.items()

    def struck(self, order: Any) -> Iterable[int]:
        """The refs that an event of ``order`` ends; from then on the group is empty."""
        group = self.group_of.get(order.ref)
        if group is None:
            if order.status == fsm.PARTIAL:
                # compat: who joins a partly filled order can be ended by it, but not the other way round
                self.group_of[order.ref] = order.ref
            return ()
        return self._members.pop(group, ())
