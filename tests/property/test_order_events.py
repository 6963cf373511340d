"""The life of a live order: whatever is heard, in whatever order and however often."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

from hypothesis import event as seen
from hypothesis import given, settings
from hypothesis import strategies as st

from real_trade.model import Fill, OrderIntent, OrderKind, OrderReport, Side, VenueStatus
from real_trade.oms import states
from real_trade.oms.book import Book
from real_trade.oms.codec import decode, encode
from real_trade.oms.events import (
    Absent,
    Adopted,
    AmendWished,
    CancelWished,
    Doubtful,
    Event,
    Filled,
    Intended,
    Refused,
    Reported,
    Sent,
    Withdrawn,
)

KEYS = ("a", "b", "~BTC/USDT:99")
AMOUNTS = st.decimals(Decimal(0), Decimal(12), places=1)
PRICES = st.none() | st.decimals(Decimal(1), Decimal(3), places=0)


def reports(key: str) -> st.SearchStrategy[OrderReport]:
    return st.builds(
        OrderReport,
        symbol=st.just("BTC/USDT"), client_id=st.just(key), venue_id=st.sampled_from(["", "7"]),
        status=st.sampled_from(VenueStatus), quantity=st.sampled_from([Decimal(0), Decimal(10), Decimal(12)]),
        filled=AMOUNTS, side=st.sampled_from(Side), price=PRICES, average_price=PRICES,
        time_ns=st.integers(0, 5), reason=st.sampled_from(["", "because"]),
    )  # fmt: skip


def fills(key: str) -> st.SearchStrategy[Fill]:
    return st.builds(
        Fill,
        symbol=st.just("BTC/USDT"), trade_id=st.sampled_from([f"{key}{number}" for number in range(6)]),
        venue_id=st.just("7"), client_id=st.just(key), side=st.sampled_from(Side),
        price=st.decimals(Decimal(1), Decimal(3), places=2), quantity=st.decimals(Decimal("0.1"), Decimal(6), places=1),
        fee=st.sampled_from([Decimal(0), Decimal("0.1"), Decimal("-0.1")]), fee_asset=st.sampled_from(["", "BNB"]),
        time_ns=st.integers(0, 5),
    )  # fmt: skip


def anything(key: str) -> st.SearchStrategy[Event]:
    of: dict[str, Any] = {"key": st.just(key), "time_ns": st.integers(1, 100)}
    what = st.sampled_from(["place", "cancel", "amend"])
    word = st.sampled_from(["", "because"])
    return st.one_of(
        st.builds(Sent, attempt=st.integers(1, 3), **of),
        st.builds(CancelWished, **of),
        st.builds(AmendWished, quantity=st.none() | st.just(Decimal(12)), price=PRICES, replacement=st.sampled_from(["", "b"]), **of),
        st.builds(Reported, report=reports(key), source=st.sampled_from(["stream", "asked"]), settles=st.booleans(), **of),
        st.builds(Filled, fill=fills(key), **of),
        st.builds(Refused, what=what, text=word, code=word, **of),
        st.builds(Doubtful, what=what | st.just("order"), text=word, **of),
        st.builds(Absent, text=word, **of),
        st.builds(Withdrawn, text=word, **of),
    )  # fmt: skip


def begun(key: str) -> Event:
    if key.startswith("~"):
        report = OrderReport("BTC/USDT", "web", "99", VenueStatus.OPEN, Decimal(10), price=Decimal(2))
        return Adopted(key, 1, report)
    return Intended(key, 1, OrderIntent(key, "BTC/USDT", Side.BUY, OrderKind.LIMIT, Decimal(10), Decimal(2)))


STORIES = st.lists(st.sampled_from(KEYS).flatmap(anything), max_size=25)


def state(book: Book) -> list[Any]:
    return sorted((order for order in book), key=lambda order: order.key)


@given(STORIES)
@settings(max_examples=300, deadline=None)
def test_no_story_breaks_the_rules(story: list[Event]) -> None:
    book = Book([begun(key) for key in KEYS])
    for event in story:
        outcome = book.apply(event)
        before, after = outcome.before, outcome.after
        assert before is not None
        kinds = {alarm.kind for alarm in outcome.alarms}
        assert after.filled >= before.filled and after.executed >= before.executed
        assert after.filled >= after.executed
        if after.filled > after.most and after.filled != before.filled and after.most and not after.foreign:
            assert "overfilled" in kinds
        if after.status != before.status:
            if after.status in states.TRANSITIONS[before.status]:
                assert "risen" not in kinds
            else:
                assert after.status in states.RISEN[before.status] and "risen" in kinds
        assert after.attempts >= before.attempts or isinstance(event, Sent)
        assert after.final == (after.status in states.FINAL)
        assert (after in book.alive()) == (not after.final)
        seen(after.name)


@given(STORIES, st.data())
@settings(max_examples=150, deadline=None)
def test_any_part_of_the_journal_leads_to_the_same_orders(story: list[Event], data: st.DataObject) -> None:
    whole = [*(begun(key) for key in KEYS), *story]
    cut = data.draw(st.integers(len(KEYS), len(whole)))
    grown = Book()
    for event in whole[:cut]:
        grown.apply(event)
    written = [(event.kind, event.key, event.time_ns, encode(event)) for event in whole]
    read = [decode(*one) for one in written]
    assert read == whole
    assert state(Book(read[:cut])) == state(grown)
    for event in whole[cut:]:
        grown.apply(event)
    assert state(Book(read)) == state(grown)


@given(STORIES)
@settings(max_examples=150, deadline=None)
def test_what_comes_again_changes_nothing(story: list[Event]) -> None:
    book = Book([begun(key) for key in KEYS])
    for event in story:
        book.apply(event)
        before = state(book)
        if isinstance(event, Filled):
            assert not book.apply(event).new
        elif isinstance(event, Reported) and not (
            event.settles and event.report.status in (VenueStatus.OPEN, VenueStatus.PARTIAL)
        ):
            book.apply(event)
        assert state(book) == before


# -- what a venue does, heard badly -----------------------------------------------------------------
@st.composite
def lives(draw: st.DrawFn) -> tuple[list[OrderReport], list[Fill]]:
    """An order as a venue has it: every report and every fill, in the order they happened."""
    quantity, filled, time = Decimal(10), Decimal(0), 0
    price: Decimal | None = Decimal(2)
    told = [VenueStatus.OPEN]
    base = OrderReport("BTC/USDT", "a", "7", VenueStatus.OPEN, quantity, side=Side.BUY, price=price)
    all_reports, all_fills = [base], []
    for number in range(draw(st.integers(0, 4))):
        time += 1
        part = min(draw(st.sampled_from([Decimal(1), Decimal(3), Decimal(6)])), quantity - filled)
        filled += part
        all_fills.append(Fill("BTC/USDT", str(number), "7", "a", Side.BUY, Decimal(2), part, time_ns=time))
        status = VenueStatus.FILLED if filled == quantity else VenueStatus.PARTIAL
        told.append(status)
        all_reports.append(
            replace(base, status=status, filled=filled, average_price=Decimal(2), time_ns=time)
        )
        if status is VenueStatus.FILLED:
            return all_reports, all_fills
    if draw(st.booleans()):
        last = draw(st.sampled_from([VenueStatus.CANCELLED, VenueStatus.EXPIRED]))
        all_reports.append(replace(all_reports[-1], status=last, time_ns=time + 1))
    return all_reports, all_fills


@given(lives(), st.data())
@settings(max_examples=300, deadline=None)
def test_whatever_way_it_is_heard_it_ends_as_it_was(
    life: tuple[list[OrderReport], list[Fill]], data: st.DataObject
) -> None:
    said, done = life
    heard: list[Event] = [Reported("a", 5, report) for report in said] + [
        Filled("a", 5, fill) for fill in done
    ]
    ours: list[Event] = data.draw(
        st.lists(st.sampled_from([Doubtful("a", 3), CancelWished("a", 3), Refused("a", 3, "cancel", "no"), Doubtful("a", 3, "order")]), max_size=3)
    )  # fmt: skip
    # some lost, some twice, in any order, between what we do ourselves
    kept = data.draw(st.lists(st.sampled_from(heard), max_size=14))
    mixed = data.draw(st.permutations([*kept, *ours]))
    book = Book([begun("a"), Sent("a", 2)])
    alarms = [alarm for event in mixed for alarm in book.apply(event).alarms]
    # then we ask, and scan the fills
    book.apply(Refused("a", 6, "cancel", "not asked any more"))
    alarms += book.apply(Reported("a", 6, said[-1], "asked", settles=True)).alarms
    for fill in done:
        alarms += book.apply(Filled("a", 7, fill)).alarms
    order = book.get("a")
    assert order is not None
    assert order.filled == order.executed == said[-1].filled
    wanted = {
        VenueStatus.OPEN: states.ACCEPTED, VenueStatus.PARTIAL: states.PARTIAL, VenueStatus.FILLED: states.COMPLETED,
        VenueStatus.CANCELLED: states.CANCELED, VenueStatus.EXPIRED: states.EXPIRED,
    }  # fmt: skip
    assert order.status == wanted[said[-1].status], f"{order} {alarms}"
    assert not alarms
