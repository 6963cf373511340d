"""Engine objects turned into plain values (for JSON); knows only public names of backtrader."""

from __future__ import annotations

import collections
import datetime as dt
import math
from typing import Any

_PLAIN = (bool, int, float, str, type(None))


class Loose:
    """Switch: with ``exactbars=1`` the original hands on whatever a feed wrote (ints, numpy scalars); values count."""

    on = False


def plain(value: Any, depth: int = 0) -> Any:
    """Any value as JSON material; the exact type of numbers is kept visible."""
    if type(value) in _PLAIN:
        return value
    if isinstance(value, (dt.datetime, dt.date, dt.time, dt.timedelta)):
        return {"time": str(value)}
    if depth > 12:
        return {"object": type(value).__name__}
    if isinstance(value, dict):
        return {"map": [[plain(k, depth + 1), plain(v, depth + 1)] for k, v in value.items()]}
    if isinstance(value, (list, tuple, collections.deque)) or type(value).__name__ == "array":
        return [plain(item, depth + 1) for item in value]
    return _other(value)


def _other(value: Any) -> Any:
    if hasattr(value, "dtype") and hasattr(value, "item"):
        if Loose.on:
            return value.item()
        return {f"numpy.{value.dtype}": str(value)}
    if isinstance(value, (bool, int, float, str)):
        return {type(value).__name__: str(value)}
    if isinstance(value, type):
        return {"class": value.__name__}
    return {"object": type(value).__name__}


def number(value: Any) -> Any:
    """A value read from a line. Bounded memory of the original keeps ints and bools as they came: those are equal."""
    kind = type(value)
    if kind is float:
        return value
    if kind in (int, bool) or Loose.on:
        return float(value)
    return plain(value)


_BIT = (
    "dt", "size", "price", "closed", "opened", "closedvalue", "openedvalue", "closedcomm", "openedcomm",
    "value", "comm", "pnl", "psize", "pprice",
)  # fmt: skip
_DATA = (
    "dt", "size", "remsize", "price", "pricelimit", "trailamount", "trailpercent", "value", "comm", "margin",
    "pnl", "psize", "pprice", "pclose",
)  # fmt: skip
_ORDER = ("status", "exectype", "size", "price", "pricelimit", "trailamount", "trailpercent", "tradeid",
          "triggered", "plen")  # fmt: skip
_ORDER_PARAMS = (
    "size",
    "price",
    "pricelimit",
    "trailamount",
    "trailpercent",
    "transmit",
    "simulated",
    "histnotify",
)
_TRADE = (
    "tradeid", "size", "price", "value", "commission", "pnl", "pnlcomm", "justopened", "isopen", "isclosed",
    "baropen", "dtopen", "barclose", "dtclose", "barlen", "historyon", "status", "long",
)  # fmt: skip
_POSITION = ("size", "price", "upopened", "upclosed", "price_orig")


def fields(obj: Any, names: tuple[str, ...]) -> dict[str, Any]:
    """The named attributes of an object; an absent one shows as such, and anything equals it in a comparison."""
    return {name: plain(getattr(obj, name, "<absent>")) for name in names}


def _length(item: Any) -> int | None:
    """The length of a position or trade; the original has none for fractional sizes."""
    return len(item) if isinstance(item.size, int) else None


class Refs:
    """Numbers orders and trades of one run from 1, in the order they show up: real ids go on for ever."""

    def __init__(self) -> None:
        self._seen: dict[tuple[str, int], int] = {}
        self._last = collections.Counter[str]()

    def __call__(self, kind: str, item: Any) -> int | None:
        if item is None:
            return None
        key = (kind, item.ref)
        if key not in self._seen:
            self._last[kind] += 1
            self._seen[key] = self._last[kind]
        return self._seen[key]


def order(item: Any, refs: Refs) -> dict[str, Any]:
    """An order as seen in a notification."""
    out = {"ref": refs("order", item), **fields(item, _ORDER)}
    out["params"] = fields(item.p, _ORDER_PARAMS)
    out["valid"] = plain(item.valid)
    out["oco"], out["parent"] = refs("order", item.p.oco), refs("order", item.parent)
    out["names"] = [item.getstatusname(), item.ordtypename(), item.getordername()]
    out["is"] = [item.isbuy(), item.issell(), item.alive(), item.active()]
    out["info"] = plain(dict(item.info))
    out["data"] = item.data._name
    out["comminfo"] = type(item.comminfo).__name__ if item.comminfo is not None else None
    out["created"] = fields(item.created, _DATA)
    out["executed"] = fields(item.executed, _DATA)
    out["bits"] = [fields(bit, _BIT) for bit in item.executed.exbits]
    out["pending"] = [fields(bit, _BIT) for bit in item.executed.iterpending()]
    return out


def trade(item: Any, refs: Refs) -> dict[str, Any]:
    """A trade as seen in a notification, with its history where kept."""
    out = {"ref": refs("trade", item), **fields(item, _TRADE)}
    out["data"] = item.data._name
    out["len"] = _length(item)
    out["times"] = [plain(item.open_datetime()), plain(item.close_datetime()) if item.isclosed else None]
    out["history"] = [_history(entry, refs) for entry in item.history]
    return out


def _history(entry: Any, refs: Refs) -> dict[str, Any]:
    status, event = entry.status, entry.event
    return {
        "status": fields(status, ("status", "dt", "barlen", "size", "price", "value", "pnl", "pnlcomm")),
        "event": {
            **fields(event, ("size", "price", "commission")),
            "order": refs("order", getattr(event, "order", None)),
        },
    }


def position(item: Any, marked: bool = False) -> dict[str, Any]:
    """A position with what the last update did to it; with the price it was marked at, where cash moves with it.

    Left out are the mark of stock-like positions, which means nothing, and the position's own
    datetime, which the original moves on when it charges interest.
    """
    out = fields(item, _POSITION)
    out["truth"], out["len"] = bool(item), _length(item)
    if marked and item.size:
        out["adjbase"] = plain(item.adjbase)
    return out


def account(broker: Any) -> dict[str, Any]:
    """Cash and all ways of valuing the account."""
    return {
        "cash": plain(broker.getcash()),
        "value": plain(broker.getvalue()),
        "valuemkt": plain(broker.get_value(mkt=True)),
        "valuelever": plain(broker.get_value(lever=True)),
        "fundvalue": plain(broker.get_fundvalue()),
        "fundshares": plain(broker.get_fundshares()),
    }


def failure(exc: BaseException) -> dict[str, Any]:
    """An exception: its type counts, its words do not."""
    return {
        "type": type(exc).__name__,
        "family": [
            cls.__name__ for cls in type(exc).__mro__ if cls not in (object, BaseException, Exception)
        ],
        "message": str(exc)[:500],
    }


def is_nan(value: Any) -> bool:
    """NaN, whatever the type."""
    return isinstance(value, float) and math.isnan(value)
