"""Events as text: exact, short, and readable by a version that knows less."""

from __future__ import annotations

import json
from decimal import Decimal

import pytest

from real_trade.errors import JournalError
from real_trade.model import OrderIntent, OrderKind, OrderReport, Side, VenueStatus
from real_trade.oms.codec import decode, encode
from real_trade.oms.events import Filled, Intended, Reported
from real_trade.oms.recorder import events_of
from real_trade.storage import StoredEvent

INTENT = OrderIntent(
    "a", "BTC/USDT", Side.SELL, OrderKind.LIMIT, Decimal("0.10"), Decimal("1E-8"), strategy="ü"
)


def test_an_event_comes_back_as_it_was() -> None:
    event = Intended("a", 7, INTENT, replaces="b")
    assert decode("intended", "a", 7, encode(event)) == event
    assert str(decode("intended", "a", 7, encode(event)).intent.price) == "1E-8"  # type: ignore[union-attr]


def test_what_is_as_usual_is_left_out_and_raw_answers_too() -> None:
    report = OrderReport("BTC/USDT", "a", "7", VenueStatus.OPEN, Decimal(1), raw={"secret": "no"})
    assert json.loads(encode(Reported("a", 7, report))) == {
        "report": {"symbol": "BTC/USDT", "client_id": "a", "venue_id": "7", "status": "open", "quantity": "1"}
    }


def test_what_a_newer_version_added_is_passed_over() -> None:
    data = json.loads(encode(Intended("a", 7, INTENT)))
    data["intent"]["colour"], data["mood"] = "blue", 1
    assert decode("intended", "a", 7, json.dumps(data)) == Intended("a", 7, INTENT)


@pytest.mark.parametrize(
    "stored",
    [StoredEvent(9, "invented", 1, "{}", "a"), StoredEvent(9, "filled", 1, "{", "a"), StoredEvent(9, "filled", 1, "{}", "a")],
)  # fmt: skip
def test_an_event_that_cannot_be_read_is_named(stored: StoredEvent) -> None:
    with pytest.raises(JournalError, match=r"event 9 .* cannot be read"):
        events_of([stored])
    assert Filled.kind == "filled"
