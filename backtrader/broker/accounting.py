"""What fills, marks and time do to an account: plain arithmetic, no state.

The order of the operations is part of the contract: sums of money must come out to the last bit
as they always have, on one bar or on a whole array of them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, NamedTuple

__all__ = ["Mark", "close_part", "mark", "open_part", "position_value", "value_curve"]


class Mark(NamedTuple):
    """What the holdings are worth: with and without cash, with and without leverage."""

    value: float
    market: float
    levered: float
    market_levered: float
    leverage: float
    unrealized: float


def close_part(
    cash: float, scheme: Any, closed: float, entry: float, price: float, profit: float, shortcash: bool
) -> tuple[float, float, float]:
    """Release ``closed`` units entered at ``entry``: (cash, value released, commission)."""
    value = scheme.getvaluesize(-closed, entry) if shortcash else scheme.getoperationcost(closed, entry)
    cash += (value / scheme.get_leverage() if value > 0 else value) + profit * scheme.stocklike
    commission = scheme.getcommission(closed, price)
    return cash - commission, value, commission


def open_part(
    cash: float, scheme: Any, charge: Any, opened: float, price: float, shortcash: bool
) -> tuple[float, float, float]:
    """Pay for ``opened`` units: (cash, value bound, commission); ``charge`` is the scheme that bills it."""
    value = scheme.getvaluesize(opened, price) if shortcash else scheme.getoperationcost(opened, price)
    cash -= value / scheme.get_leverage() if value > 0 else value
    commission = charge.getcommission(opened, price)
    return cash - commission, value, commission


def position_value(scheme: Any, position: Any, close: float, shortcash: bool) -> float:
    """The value of one position at ``close``."""
    if shortcash:
        return scheme.getvaluesize(position.size, close)  # type: ignore[no-any-return]
    return scheme.getvalue(position, close)  # type: ignore[no-any-return]


def mark(cash: float, held: Iterable[tuple[Any, Any, float]], shortcash: bool) -> Mark:
    """The value of an account that holds ``held``: (scheme, position, close), in the order of taking up."""
    levered = unlevered = unrealized = 0.0
    for scheme, position, close in held:
        value = position_value(scheme, position, close, shortcash)
        gain = scheme.profitandloss(position.size, position.price, close)
        if not shortcash:
            value = abs(value)
        levered += value
        unrealized += gain
        if value > 0:
            value -= gain
            unlevered += value / scheme.get_leverage()
            unlevered += gain
        else:
            unlevered += value
    return Mark(
        cash + unlevered, unlevered, cash + levered, levered, levered / (unlevered or 1.0), unrealized
    )


def value_curve(
    cash: Any, held: Iterable[tuple[Any, Any, Any, Any]], shortcash: bool, where: Callable[..., Any]
) -> Any:
    """`mark`'s value for many bars at once: arrays of cash and of (scheme, size, price, close).

    ``where`` chooses element by element (``numpy.where``); a position that was not taken up yet
    has size NaN on those bars and counts nothing.
    """
    total: Any = 0.0
    for scheme, size, price, close in held:
        value = _curve_of_values(scheme, size, price, close, shortcash, where)
        gain = size * (close - price) * scheme.p.mult
        rest = value - gain
        part = total + rest / scheme.get_leverage()
        part = part + gain
        new = where(value > 0, part, total + value)
        total = where(size == size, new, total)
    return cash + total


def _curve_of_values(scheme: Any, size: Any, price: Any, close: Any, shortcash: bool, where: Any) -> Any:
    if not scheme.stocklike:
        value = abs(size) * scheme.get_margin(close)
    elif shortcash:
        return size * close
    else:
        value = where(size < 0, price * size + (price - close) * size, size * close)
    return value if shortcash else abs(value)
