"""Who hangs on whom."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

from backtrader.broker import fsm
from backtrader.broker.brackets import Families, Groups


def an_order(ref: int, parent: Any = None, transmit: bool = True, status: int = fsm.CREATED) -> Any:
    return SimpleNamespace(ref=ref, parent=parent, transmit=transmit, status=status)


def nobody(ref: int) -> Any:
    return None


class TestFamilies:
    def test_a_lone_order_goes_at_once_and_leaves_no_trace(self) -> None:
        families = Families(nobody)
        order = an_order(1)
        assert families.join(order) == [order]
        assert families.completed(order) == ([], [])
        assert families.dissolve(order) == []

    def test_a_bracket_waits_for_its_last_order(self) -> None:
        families = Families(nobody)
        main = an_order(1, transmit=False)
        stop, take = an_order(2, main, transmit=False), an_order(3, main)
        assert families.join(main) == []
        assert families.takes(stop)
        assert families.join(stop) == []
        assert families.join(take) == [main, stop, take]

    def test_children_are_activated_when_the_parent_is_done(self) -> None:
        families, (main, stop, take) = a_bracket()
        assert families.completed(main) == ([stop, take], [])

    def test_the_end_of_a_child_is_the_end_of_the_other(self) -> None:
        families, (main, stop, take) = a_bracket()
        families.completed(main)
        assert families.completed(stop) == ([], [stop, take])

    def test_a_family_that_is_gone_takes_nobody(self) -> None:
        families, (main, stop, take) = a_bracket()
        assert families.dissolve(main) == [main, stop, take]
        assert not families.takes(an_order(4, main))

    def test_a_child_of_nobody_is_not_taken(self) -> None:
        assert not Families(nobody).takes(an_order(2, an_order(1)))

    def test_a_late_child_joins_a_living_parent_alone(self) -> None:
        main = an_order(1, status=fsm.ACCEPTED)
        families = Families({1: main}.get)
        late = an_order(2, main)
        assert families.takes(late)
        assert families.join(late) == [late]  # the parent was sent already
        assert families.completed(main) == ([late], [])

    def test_a_cancelled_parent_takes_no_children(self) -> None:
        main = an_order(1, status=fsm.CANCELED)
        assert not Families({1: main}.get).takes(an_order(2, main))


def a_bracket() -> tuple[Families, tuple[Any, Any, Any]]:
    families = Families(nobody)
    main = an_order(1, transmit=False)
    stop, take = an_order(2, main, transmit=False), an_order(3, main)
    for order in (main, stop, take):
        families.join(order)
    return families, (main, stop, take)


class TestGroups:
    def test_members_end_each_other_once(self) -> None:
        groups = Groups()
        first, second, third = an_order(1), an_order(2), an_order(3)
        groups.join(second, first)
        groups.join(third, second)
        assert set(groups.struck(third)) == {1, 2, 3}
        assert not groups.struck(first)

    def test_a_lone_order_ends_nobody(self) -> None:
        assert not Groups().struck(an_order(1, status=fsm.COMPLETED))

    def test_who_joins_a_partly_filled_order_does_not_end_it(self) -> None:
        groups = Groups()
        part = an_order(1, status=fsm.PARTIAL)
        assert not groups.struck(part)
        late = an_order(2)
        groups.join(late, part)
        assert set(groups.struck(late)) == {2}
