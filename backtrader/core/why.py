"""Why nothing, or so little, was traded: an account of everything that did not come to a trade.

Read from what a run leaves behind (orders with their histories, requests that came to nothing, lines),
so it costs a run nothing.
"""

from __future__ import annotations

import html
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from ..broker import fsm
from ..broker.order import Order
from ..lines.iterator import LineIterator
from ..lines.series import LineSeries
from ..utils.dateintern import num2date
from .periods import feed_of

__all__ = ["Reason", "Why", "bar_at", "explain"]

_LIMITS = (Order.Limit,)
_STOPS = (Order.Stop, Order.StopLimit)


@dataclass(frozen=True)
class Reason:
    """One cause: a stable ``code``, a sentence, how often, and the orders it is about."""

    code: str
    text: str
    count: int = 1
    refs: tuple[int, ...] = field(default=(), compare=False)


class Why:
    """The reasons, the weightiest first; `str` is the account in words."""

    def __init__(self, sent: int, executed: int, reasons: list[Reason]) -> None:
        self.sent, self.executed, self.reasons = sent, executed, reasons

    @property
    def codes(self) -> list[str]:
        """The codes of the reasons, in order."""
        return [reason.code for reason in self.reasons]

    def __iter__(self) -> Iterator[Reason]:
        return iter(self.reasons)

    def __len__(self) -> int:
        return len(self.reasons)

    def headline(self) -> str:
        """How many orders there were and what became of them, in one sentence."""
        if not self.sent:
            return "No order was sent."
        return f"{_count(self.sent, 'order')} sent, {self.executed} executed."

    def __str__(self) -> str:
        lines = [self.headline()]
        lines += [f"  - {reason.text}" for reason in self.reasons]
        if not self.reasons:
            lines.append("  Nothing stood in the way of a trade.")
        return "\n".join(lines)

    __repr__ = __str__

    def to_frame(self) -> Any:
        """A pandas DataFrame: a row a reason."""
        import pandas as pd

        rows = [(reason.code, reason.count, reason.text) for reason in self.reasons]
        return pd.DataFrame(rows, columns=["code", "count", "text"])

    def _repr_html_(self) -> str:
        items = "".join(f"<li>{html.escape(reason.text)}</li>" for reason in self.reasons)
        return f"<p>{html.escape(self.headline())}</p><ul>{items}</ul>"


def explain(cerebro: Any, strategies: list[Any]) -> Why:
    """The account of a finished run."""
    reasons = [reason for data in cerebro.datas for reason in _of_feed(data)]
    sent = executed = 0
    for strategy in strategies:
        orders = [order for order in getattr(cerebro.broker, "orders", []) if order.owner is strategy]
        done = [order for order in orders if order.status == fsm.COMPLETED]
        sent += len(orders)
        executed += len(done)
        ran = _of_warm_up(strategy, reasons)
        if ran and not orders:
            _of_silence(strategy, ran, reasons)
        _of_requests(strategy, reasons)
        _of_orders(cerebro, strategy, orders, reasons)
    return Why(sent, executed, reasons)


# -- before any order ------------------------------------------------------------------------------
def _of_feed(data: Any) -> list[Reason]:
    if len(data):
        return []
    return [Reason("feed-empty", f"{_name(data)} delivered no bar: see its file, dates and filters.")]


def _of_warm_up(strategy: Any, reasons: list[Reason]) -> int:
    """How many bars the strategy had for ``next``; notes feeds that kept it from it."""
    ran = None
    for data, period in zip(strategy.datas, strategy._minperiods, strict=True):
        bars = len(data)
        left = bars - period + 1
        ran = left if ran is None else min(ran, left)
        if left <= 0 and bars:
            reasons.append(
                Reason(
                    "warm-up",
                    f"{type(strategy).__name__} never left its warm-up: {_longest(strategy, data)} needs "
                    f"{_count(period, 'bar')} of {_name(data)}, which has {bars}.",
                )
            )
    return max(ran or 0, 0)


def _longest(strategy: Any, data: Any) -> str:
    inner = [each for each in strategy.getindicators() if feed_of(strategy, each) is data]
    longest = max((each._minperiod for each in inner), default=0)
    slowest = next((each for each in _named(inner) if each._minperiod == longest), None)
    if slowest is None:
        return "the strategy"
    return _title(slowest)


def _of_silence(strategy: Any, ran: int, reasons: list[Reason]) -> None:
    name = type(strategy).__name__
    if type(strategy).next is LineIterator.next:
        reasons.append(Reason("no-next", f"{name} has no method next: nothing decides."))
        return
    reasons.append(Reason("no-orders", f"{name}.next ran on {_count(ran, 'bar')} and sent no order.", ran))
    for inner in _named(strategy.getindicators()):
        for label, line in zip(inner.lines.getlinealiases(), inner.lines, strict=False):
            _of_line(inner, label, line, reasons)


def _named(inner: Any) -> list[Any]:
    """The indicators among all that is computed; the rest are operations on lines."""
    return [each for each in inner if isinstance(each, LineSeries)]


def _of_line(inner: Any, label: str, line: Any, reasons: list[Reason]) -> None:
    """Lines that say nothing: never a number after the warm-up, or a signal that is always zero."""
    values = _values(line)[max(inner._minperiod - 1, 0) :]
    if not len(values):
        return
    if all(value != value for value in values):
        reasons.append(Reason("line-nan", f"{_title(inner)}.{label} was never a number (NaN on every bar)."))
    elif not any(values):
        reasons.append(
            Reason("line-zero", f"{_title(inner)}.{label} was 0 on every bar: it never signalled.")
        )


# -- requests that came to nothing -----------------------------------------------------------------
def _of_requests(strategy: Any, reasons: list[Reason]) -> None:
    for (verb, data), count in strategy._unsent.items():
        times = "once" if count == 1 else f"{count} times"
        if verb == "close":
            text = f"close() was called {times} for {_name(data)} without a position to close."
            reasons.append(Reason("no-position", text, count))
        elif verb == "in-flight":
            text = (
                f"signals for {_name(data)} were passed over {times}: an order or a position was in the way."
            )
            reasons.append(Reason("signal-swallowed", text, count))
        else:
            sizer = type(strategy.getsizer()).__name__
            text = f"{verb}() was called {times} for {_name(data)} with size 0, by the caller or {sizer}."
            reasons.append(Reason("size-zero", text, count))


# -- orders ----------------------------------------------------------------------------------------
def _of_orders(cerebro: Any, strategy: Any, orders: list[Any], reasons: list[Reason]) -> None:
    groups: dict[tuple[str, str], list[Any]] = {}
    waiting = [*orders, *_untransmitted(cerebro, strategy, orders)]
    for order in waiting:
        if order.status != fsm.COMPLETED:
            found = _cause(cerebro, order)
            if found is not None:
                code, what = found
                # every refusal has its own sum: the first one stands for all
                groups.setdefault((code, "" if code == "margin" else what), []).append((order, what))
    for (code, _), members in groups.items():
        reasons.append(_reason(code, members[0][1], [order for order, _ in members]))


def _untransmitted(cerebro: Any, strategy: Any, sent: list[Any]) -> list[Any]:
    families = getattr(cerebro.broker, "_families", None)
    known = {order.ref for order in sent}
    members = families.unsent() if families is not None else []
    return [order for order in members if order.owner is strategy and order.ref not in known]


def _cause(cerebro: Any, order: Any) -> tuple[str, str] | None:
    status = order.status
    said = order._trail[-1][2] if order._trail else ""
    if status == fsm.MARGIN:
        return "margin", said
    if status == fsm.REJECTED:
        return "rejected", said
    if status == fsm.EXPIRED:
        return "expired", ""
    if status == fsm.CANCELED:
        return "cancelled", said or "withdrawn"
    if status == fsm.CREATED:
        return "not-transmitted", ""
    if status == fsm.SUBMITTED:
        return "last-bar", ""
    if not order._active:
        return "parent-waits", ""
    if order.exectype == Order.Market:
        if not order.data.datetime[0] > order.created.dt:
            return "last-bar", ""
        return ("filler", "") if cerebro.broker.p.filler is not None else ("no-price", "")
    if order.exectype == Order.Close:
        return "no-close", ""
    return ("partly", "") if status == fsm.PARTIAL else ("untouched", "")


def _reason(code: str, what: str, orders: list[Any]) -> Reason:
    count, first = len(orders), orders[0]
    many = _count(count, "order")
    example = _describe(first)
    texts = {
        "margin": f"{many} refused for lack of cash: {example}, {what}.",
        "rejected": f"{many} rejected: {example}: {what}.",
        "expired": f"{many} expired: {_nearest(orders)}.",
        "cancelled": f"{many} cancelled ({what}): {_nearest(orders)}.",
        "not-transmitted": f"{many} never sent on: {example} waits for a last order with transmit=True.",
        "last-bar": f"{many} sent when no bar was left to execute it: {example}.",
        "parent-waits": f"{many} waited for a parent that was not executed: {example}.",
        "filler": f"{many} got no volume from the filler: {example}.",
        "no-price": f"{many} found no price to execute at: {example}.",
        "no-close": f"{many} for the close waited for a session end that did not come: {example}; "
        "see sessionend of the feed.",
        "partly": f"{many} executed in part only: {example}.",
        "untouched": f"{many} never touched by the price: {_nearest(orders)}.",
    }
    return Reason(code, texts[code], count, tuple(order.ref for order in orders))


def _nearest(orders: list[Any]) -> str:
    """The one of the orders that came closest to execution, and how close."""
    missed = [(gap / abs(price), gap, order) for order in orders for gap, price in [_gap(order)] if price]
    if not missed:
        return _describe(orders[0])
    share, gap, order = min(missed, key=lambda entry: entry[0])
    if gap <= 0:
        return _describe(order)
    return f"the closest was {_describe(order)}, missed by {gap:,.4g} ({100 * share:.2f} %)"


def _gap(order: Any) -> tuple[float, float]:
    """(by how much the bars missed its price, that price); price 0 if that is not known."""
    kind = order.exectype
    if kind not in _LIMITS and kind not in _STOPS:
        return 0.0, 0.0
    price, data = order.created.price, order.data
    times = _values(data.lines.datetime)
    ended = order.executed.dt if order.status not in fsm.ALIVE else None
    first = bisect_right(times, order.created.dt)
    last = len(times) if not ended else bisect_left(times, ended) + 1
    below = (kind in _LIMITS) != bool(order.ordtype)
    reached = _values(data.lines.low if below else data.lines.high)[first:last]
    seen = [value for value in reached if value == value]
    if not seen or not price:
        return 0.0, 0.0
    return (min(seen) - price if below else price - max(seen)), price


def bar_at(data: Any, when: float) -> tuple[float, float, float, float] | None:
    """The bar of ``data`` at this time; None if it is not kept any more."""
    times = _values(data.lines.datetime)
    place = bisect_left(times, when)
    if place == len(times) or times[place] != when:
        return None
    lines = data.lines
    opened, high, low, close = (
        line.array[place] for line in (lines.open, lines.high, lines.low, lines.close)
    )
    return opened, high, low, close


def _describe(order: Any) -> str:
    created = order.created
    side = "sell" if order.ordtype else "buy"
    kind = order.getordername() if order.exectype is not None else "Market"
    at = "" if order.exectype in (Order.Market, Order.Close) else f" at {created.price:,.6g}"
    when = f" of {_moment(order)}" if created.dt else ""
    return f"{side} {abs(order.size):,.10g} {_name(order.data)} {kind}{at}{when} (ref {order.ref})"


# -- words -----------------------------------------------------------------------------------------
def _values(line: Any) -> Any:
    """What is there of a line up to now."""
    return line.array[: line._now.idx + 1]


def _moment(order: Any) -> str:
    when = num2date(order.created.dt, order.data._tz)
    timed = (when.hour, when.minute) not in ((0, 0), (23, 59))
    return f"{when:%Y-%m-%d %H:%M}" if timed else f"{when:%Y-%m-%d}"


def _name(data: Any) -> str:
    return str(data._name or type(data).__name__)


def _title(inner: Any) -> str:
    values = ((key, getattr(inner.p, key)) for key in inner.p._getkeys())
    params = ", ".join(f"{key}={value:g}" for key, value in values if isinstance(value, int | float))
    return f"{type(inner).__name__}({params})"


def _count(count: int, noun: str) -> str:
    return f"{count:,} {noun}" + ("" if count == 1 else "s")
