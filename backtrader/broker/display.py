"""Orders and trades as notebooks show them."""

from __future__ import annotations

from typing import Any

from ..utils.dateintern import num2date
from ..utils.notebook import card, number

__all__ = ["order_card", "trade_card"]

_PRICED = ("Market", "Close", "Historical")


def order_card(order: Any) -> str:
    """What was asked, and what became of it."""
    created, executed, kind = order.created, order.executed, order.getordername()
    rows = [
        ("Feed", _name(order.data)),
        ("Size", number(abs(created.size), 8)),
        ("Price", None if kind in _PRICED else number(created.price, 8)),
        ("Limit", number(created.pricelimit, 8) if "Limit" in kind and kind != "Limit" else None),
        ("Made", _moment(order.data, created.dt)),
        ("Status", order.getstatusname()),
    ]
    if executed.size:
        rows += [
            ("Executed", f"{number(abs(executed.size), 8)} at {number(executed.price, 8)}"),
            ("Commission", number(executed.comm)),
        ]
    if not order.alive():
        rows.append(("Ended", _moment(order.data, executed.dt)))
    return card(f"Order {order.ref}: {order.ordtypename()} {kind}", rows)


def trade_card(trade: Any) -> str:
    """From when to when, at which price, and with what result."""
    side = "" if trade.long is None else "long" if trade.long else "short"
    state = trade.status_names[trade.status].lower()
    rows = [
        ("Feed", _name(trade.data)),
        ("Size", number(trade.size, 8) if trade.isopen else None),
        ("Entry price", number(trade.price, 8)),
        ("Opened", _moment(trade.data, trade.dtopen)),
        ("Closed", _moment(trade.data, trade.dtclose) if trade.isclosed else None),
        ("Bars", trade.barlen if trade.isclosed else None),
        ("Gross", number(trade.pnl)),
        ("Commission", number(trade.commission)),
        ("Net", number(trade.pnlcomm)),
    ]
    return card(f"Trade {trade.ref}: {side} {state}".replace("  ", " "), rows)


def _name(data: Any) -> str | None:
    return None if data is None else str(getattr(data, "_name", "") or type(data).__name__)


def _moment(data: Any, when: Any) -> str | None:
    if not when or data is None:
        return None
    moment = num2date(when, getattr(data, "_tz", None))
    timed = (moment.hour, moment.minute) not in ((0, 0), (23, 59))
    return f"{moment:%Y-%m-%d %H:%M}" if timed else f"{moment:%Y-%m-%d}"
