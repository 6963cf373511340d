"""Which rule gave each fill its price, and how much of the result hangs on what a bar cannot tell.

A bar says how high and how low the price went, not in which order.  Where two orders that exclude each
other (the stop and the target of a bracket, the members of a group) were both within one bar, the engine
takes the one that comes first in the queue.  Such bars are counted, and what the other choice would have
given is added up to a best and a worst case.
"""

from __future__ import annotations

import html
from collections import Counter
from collections.abc import Iterator
from typing import Any, NamedTuple

from ..broker import fsm
from ..broker.matching import MATCHERS
from ..broker.order import Order
from ..broker.slippage import NONE
from ..utils.dateintern import num2date
from .why import bar_at

__all__ = ["RULES", "FillBook", "FillRow", "read_fills"]

RULES = {
    "open": "market order: the open of the next bar",
    "cheat on close": "cheat-on-close: the close of the bar it was sent on",
    "close": "order for the close: the close of the session's last bar",
    "previous close": "order for the close: the close of the bar before, which turned out to be the last",
    "limit": "limit: its price, which the bar touched",
    "limit at open": "limit: the open, which was better than its price",
    "stop": "stop: its price, which the bar reached",
    "stop gap": "stop: the open, which was beyond its price",
    "stop limit": "stop-limit: the stop, with the limit beyond it",
    "stop limit, limit": "stop-limit: the limit, in the bar that turned after reaching the stop",
    "history": "order of the past: the price it is known to have had",
}

_AT_ONCE = frozenset({"open", "cheat on close", "limit at open", "stop gap", "history"})
_PRICED = (Order.Limit, Order.Stop, Order.StopLimit, Order.StopTrail, Order.StopTrailLimit)


class FillRow(NamedTuple):
    """One fill; ``other_price`` is where an order it excluded would have filled in the same bar."""

    ref: int
    when: Any
    data: str
    size: float
    price: float
    commission: float
    rule: str
    other_price: float | None
    other_result: float
    """What the account would have had more (or less) with the other order filled."""


class FillBook:
    """All fills with their rules; ``worst`` and ``best`` are the band around ``final_value``.

    The band changes one fill at a time and leaves everything else as it was.
    """

    def __init__(self, rows: list[FillRow], final_value: float) -> None:
        self.rows = rows
        self.final_value = final_value

    def __iter__(self) -> Iterator[FillRow]:
        return iter(self.rows)

    def __len__(self) -> int:
        return len(self.rows)

    @property
    def by_rule(self) -> dict[str, int]:
        """How many fills each rule gave, the most frequent first."""
        return dict(Counter(row.rule for row in self.rows).most_common())

    @property
    def ambiguous(self) -> list[FillRow]:
        """The fills in bars that do not tell which of two orders came first."""
        return [row for row in self.rows if row.other_price is not None]

    @property
    def worst(self) -> float:
        """The final value had every such bar gone against the account."""
        return self.final_value + sum(min(row.other_result, 0.0) for row in self.rows)

    @property
    def best(self) -> float:
        """The final value had every such bar gone its way."""
        return self.final_value + sum(max(row.other_result, 0.0) for row in self.rows)

    def lines(self) -> list[str]:
        """The book in sentences."""
        if not self.rows:
            return ["No order was filled."]
        found = [f"{count:,} x {RULES.get(rule, rule)}" for rule, count in self.by_rule.items()]
        count = len(self.ambiguous)
        if not count:
            return [*found, "No fill depends on which of two orders a bar reached first."]
        return [
            *found,
            f"{count:,} of {len(self.rows):,} fills depend on which of two orders the bar reached first: "
            f"the final value of {self.final_value:,.2f} could be {self.worst:,.2f} to {self.best:,.2f}.",
        ]

    def __str__(self) -> str:
        return "\n".join(self.lines())

    __repr__ = __str__

    def to_frame(self) -> Any:
        """A pandas DataFrame: a row a fill."""
        import pandas as pd

        return pd.DataFrame(self.rows, columns=list(FillRow._fields))

    def _repr_html_(self) -> str:
        return "".join(f"<div>{html.escape(line)}</div>" for line in self.lines())


def read_fills(cerebro: Any) -> FillBook:
    """The book of the last run; needs the broker's ledger, which bounded memory does not keep."""
    broker = cerebro.broker
    ledger = getattr(broker, "ledger", None)
    fills = ledger.fills if ledger is not None else []
    orders = {order.ref: order for order in getattr(broker, "orders", [])}
    relatives = _relatives(broker, orders)
    rows = [_row(broker, fill, orders.get(fill.ref), relatives) for fill in fills]
    return FillBook(rows, broker.getvalue())


def _relatives(broker: Any, orders: dict[int, Any]) -> dict[int, list[Any]]:
    """By order, those of which only one may be filled: children of one parent, members of one group."""
    circles: dict[Any, list[Any]] = {}
    for order in orders.values():
        if order.parent is not None:
            circles.setdefault(("parent", order.parent.ref), []).append(order)
    groups = getattr(broker, "_groups", None)
    for ref, group in groups.circles() if groups is not None else ():
        if ref in orders:
            circles.setdefault(("group", group), []).append(orders[ref])
    found: dict[int, list[Any]] = {}
    for members in circles.values():
        for order in members:
            found.setdefault(order.ref, []).extend(each for each in members if each is not order)
    return found


def _row(broker: Any, fill: Any, order: Any, relatives: dict[int, list[Any]]) -> FillRow:
    data = order.data if order is not None else None
    when = num2date(fill.dt, data._tz) if data is not None and fill.dt else None
    name = str(data._name) if data is not None else ""
    price, result = None, 0.0
    if order is not None and fill.rule not in _AT_ONCE:
        for other in relatives.get(fill.ref, ()):
            instead = _with_other(broker, fill, order, other)
            if instead is not None and (price is None or abs(instead[1]) > abs(result)):
                price, result = instead
    return FillRow(fill.ref, when, name, fill.size, fill.price, fill.commission, fill.rule, price, result)


def _with_other(broker: Any, fill: Any, order: Any, other: Any) -> tuple[float, float] | None:
    """(price, what the account would have more) had ``other`` been filled; None if it could not be."""
    data = order.data
    if other.data is not data or other.exectype not in _PRICED or other.ordtype != order.ordtype:
        return None
    if other.status == fsm.COMPLETED or not (other.executed.dt and other.executed.dt >= fill.dt):
        return None  # both were filled, or the other had ended before
    bar = bar_at(data, fill.dt)
    created = other.created
    match = MATCHERS[Order.Limit if other.triggered else other.exectype]
    outcome = bar and match(not other.ordtype, created.price, created.pricelimit, bar, NONE)
    if not outcome or outcome[0] is None:
        return None
    price = outcome[0]
    scheme = broker.getcommissioninfo(data)
    more = -fill.size * (price - fill.price) * scheme.p.mult
    fees = scheme.getcommission(fill.size, price) - scheme.getcommission(fill.size, fill.price)
    return price, float(more - fees)
