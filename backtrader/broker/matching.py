"""At what price does an order fill in this bar?  Numbers in, a price and the rule that gave it out.

Each execution type is one function of (is it a buy, its price, its limit, the bar, the slippage).
It returns None when nothing happened; otherwise (price, rule), where price is None if the order
was only triggered.  `MATCHERS` says which function serves which type.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from .slippage import Slippage

__all__ = [
    "MATCHERS",
    "Bar",
    "Outcome",
    "historical",
    "limit",
    "market",
    "session_close",
    "stop",
    "stop_limit",
]

Bar = tuple[float, float, float, float]
"""open, high, low, close"""

Outcome = tuple[Any, str] | None
"""(fill price or None, rule), or None when nothing happened"""

Matcher = Callable[[bool, float, float, Bar, Slippage], Outcome]

TRIGGERED: Final = "triggered"


def market(buy: bool, price: float, cap: float, bar: Bar, slip: Slippage) -> Outcome:
    """At the open."""
    opened = bar[0]
    return _filled(_slipped_open(buy, opened, bar[1] if buy else bar[2], slip, False), "open")


def limit(buy: bool, price: float, cap: float, bar: Bar, slip: Slippage) -> Outcome:
    """At the open if that is better than the limit, else at the limit if the bar touches it."""
    opened, high, low, _ = bar
    if buy:
        if cap >= opened:
            return _filled(_slipped_open(True, opened, min(high, cap), slip, True), "limit at open")
        return (cap, "limit") if cap >= low else None
    if cap <= opened:
        # compat: a seller's slippage is held by the limit alone, although the bar's low may be above it
        return _filled(_slipped_open(False, opened, cap, slip, True), "limit at open")
    return (cap, "limit") if cap <= high else None


def stop(buy: bool, price: float, cap: float, bar: Bar, slip: Slippage) -> Outcome:
    """At the open if the bar opens beyond the stop, else at the stop if the bar reaches it."""
    opened, high, low, _ = bar
    if buy:
        if opened >= price:
            return _filled(_slipped_open(True, opened, high, slip, False), "stop gap")
        return _filled(slip.up(price, high), "stop") if high >= price else None
    if opened <= price:
        return _filled(_slipped_open(False, opened, low, slip, False), "stop gap")
    return _filled(slip.down(price, low), "stop") if low <= price else None


def stop_limit(buy: bool, price: float, cap: float, bar: Bar, slip: Slippage) -> Outcome:
    """Once the stop is reached, a limit order; in the bar that reached it only what its shape proves."""
    opened, high, low, close = bar
    if opened >= price if buy else opened <= price:
        return limit(buy, price, cap, bar, slip) or (None, TRIGGERED)
    if not (high >= price if buy else low <= price):
        return None
    if cap >= price if buy else cap <= price:
        at = slip.up(price, high, True) if buy else slip.down(price, low, True)
        return at, "stop limit"
    # the limit is behind the stop: only a bar that turned and closed beyond it is known to have come back
    # compat: a bar that closes where it opened counts as turned for a seller and not for a buyer
    if opened > close and cap >= close if buy else opened <= close and cap <= close:
        return cap, "stop limit, limit"
    return None, TRIGGERED


def historical(buy: bool, price: float, cap: float, bar: Bar, slip: Slippage) -> Outcome:
    """At the price it is known to have been filled at."""
    return price, "history"


def session_close(
    now: float, created: float, end: float, close: float, annotated: float | None
) -> tuple[float, int, str] | None:
    """(price, bars ago, rule) of an order for the close of the session that ends at ``end``.

    A bar at the very end of the session closes it; when the first one after it comes, the bar
    before was the last of the session and its close, noted then, is the price.
    """
    if not now > created or now < end:
        return None
    if annotated and now > end:
        return annotated, -1, "previous close"
    return close, 0, "close"


def _filled(price: float | None, rule: str) -> Outcome:
    return (price, rule) if price is not None else None


def _slipped_open(buy: bool, opened: float, room: float, slip: Slippage, limited: bool) -> float | None:
    if not slip.at_open:
        return opened
    return slip.up(opened, room, limited) if buy else slip.down(opened, room, limited)


MATCHERS: Final[dict[int, Matcher]] = {
    0: market,
    2: limit,
    3: stop,
    4: stop_limit,
    5: stop,
    6: stop_limit,
    7: historical,
}
"""Execution type to function; ``Close`` needs the session instead and has `session_close`."""
