"""Items for the journal, and a process that writes them until it is killed."""

from __future__ import annotations

import sys
import time
from decimal import Decimal
from typing import Any

from real_trade.model import Fill, Side
from real_trade.storage import AccountRecord, Item, Journal, OrderRecord


def row(key: str, **changes: Any) -> dict[str, Any]:
    """A row of the orders table."""
    base = {
        "key": key, "client_id": key, "venue_id": "7", "symbol": "BTC/USDT", "side": "buy", "kind": "limit",
        "time_in_force": "gtc", "quantity": Decimal("1.5"), "price": Decimal("0.000000000000000001"),
        "stop_price": None, "status": 2, "final": False, "filled": Decimal(0), "average_price": None,
        "foreign_": False, "strategy": "trend", "replaces": "", "reason": "", "created_ns": 1, "updated_ns": 2,
    }  # fmt: skip
    return base | changes


def fill(number: int = 1, **changes: Any) -> Fill:
    """An execution."""
    base: dict[str, Any] = {
        "symbol": "BTC/USDT", "trade_id": str(number), "venue_id": "7", "client_id": "a", "side": Side.BUY,
        "price": Decimal("12345678901234567890.123456789012345678"), "quantity": Decimal("0.5"),
        "fee": Decimal("-0.01"), "fee_asset": "BNB", "time_ns": number,
    }  # fmt: skip
    return Fill(**(base | changes))


def items(number: int) -> list[Item]:
    """What one order of a day leaves: three events, one of them a fill."""
    key = f"order{number}"
    return [
        OrderRecord(key, "intended", number, "{}", row(key)),
        OrderRecord(
            key, "filled", number, "{}", row(key, filled=Decimal("0.5")), fill(number, client_id=key)
        ),
        AccountRecord("checked", number),
    ]


def write_for_ever(url: str, ahead: int) -> None:
    """Write, and say of each order when it is on disk; ``ahead``: how many wait at the same time."""
    journal = Journal.open(url, "fake", "main")
    number = journal.read.count() // 3
    waiting: list[Any] = []
    print("open", flush=True)
    while True:
        number += 1
        waiting.append((number, journal.submit(items(number))))
        if len(waiting) >= ahead:
            done, future = waiting.pop(0)
            future.result()
            print(done, flush=True)
        time.sleep(0.0005)


if __name__ == "__main__":
    write_for_ever(sys.argv[1], int(sys.argv[2]))
