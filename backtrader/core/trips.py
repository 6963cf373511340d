"""Round trips: from the fill that opened a position to the one that closed it, as rows to list and draw."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

from ..utils.dateintern import num2date

__all__ = ["Trip", "round_trips", "trips_of"]


class Trip(NamedTuple):
    """One trade as people list them; ``closed`` is None while it is open.

    ``size`` is the largest size held, negative for a short one; ``best`` and ``worst`` are how far the
    price went for and against the position while it was held, per unit.
    """

    data: str
    size: float
    opened: Any
    closed: Any
    bars: int
    entry: float
    exit: float | None
    gross: float
    net: float
    commission: float
    best: float | None
    worst: float | None
    tradeid: Any
    ref: int


class _Leg:
    """What fills added to and took from one trade."""

    def __init__(self) -> None:
        self.size = self.largest = 0.0
        self.out_size = self.out_value = 0.0

    def add(self, size: float, price: float) -> None:
        before, self.size = self.size, self.size + size
        if before and (before > 0) != (size > 0):
            part = min(abs(size), abs(before))
            self.out_size += part
            self.out_value += part * price
        if abs(self.size) > abs(self.largest):
            self.largest = self.size


def round_trips(strategies: Iterable[Any]) -> list[Trip]:
    """The trades of strategies of one run, by the time they were opened."""
    found = [
        (trade.dtopen, trade.ref, trip) for strategy in strategies for _, trade, trip in trips_of(strategy)
    ]
    return [trip for _, _, trip in sorted(found, key=lambda entry: entry[:2])]


def trips_of(strategy: Any) -> Iterator[tuple[Any, Any, Trip]]:
    """Each trade of a strategy: its feed, the trade itself and the row."""
    legs = _legs(strategy)
    for data, by_id in strategy._trades.items():
        for tradeid, trades in by_id.items():
            known = legs.get((data, tradeid), [])
            for number, trade in enumerate(trades):
                leg = known[number] if number < len(known) else None
                yield data, trade, _trip(data, tradeid, trade, leg)


def _legs(strategy: Any) -> dict[tuple[Any, Any], list[_Leg]]:
    """By feed and trade id, one leg for each trade, in order."""
    ledger = getattr(strategy.broker, "ledger", None)
    orders = {order.ref: order for order in getattr(strategy.broker, "orders", []) if order.owner is strategy}
    found: dict[tuple[Any, Any], list[_Leg]] = {}
    for fill in ledger.fills if ledger is not None else ():
        order = orders.get(fill.ref)
        if order is None:
            continue
        data = order.data if order.data._compensate is None else order.data._compensate
        legs = found.setdefault((data, order.tradeid), [])
        if not legs or not legs[-1].size:
            legs.append(_Leg())
        rest = _beyond_zero(legs[-1].size, fill.size)
        legs[-1].add(fill.size - rest, fill.price)
        if rest:
            legs.append(_Leg())
            legs[-1].add(rest, fill.price)
    return found


def _beyond_zero(held: float, size: float) -> float:
    """The part of a fill that opens the other side."""
    if held and (held > 0) != (size > 0) and abs(size) > abs(held):
        return held + size
    return 0.0


def _trip(data: Any, tradeid: Any, trade: Any, leg: _Leg | None) -> Trip:
    size = leg.largest if leg is not None else trade.size
    closed = trade.dtclose if trade.isclosed else None
    best, worst = _excursion(data, trade, size > 0)
    return Trip(
        str(data._name or type(data).__name__), size, _moment(data, trade.dtopen), _moment(data, closed),
        trade.barlen if trade.isclosed else len(data) - trade.baropen, trade.price,
        leg.out_value / leg.out_size if leg is not None and leg.out_size else None,
        trade.pnl, trade.pnlcomm, trade.commission, best, worst, tradeid, trade.ref,
    )  # fmt: skip


def _excursion(data: Any, trade: Any, long: bool) -> tuple[float | None, float | None]:
    lines = data.lines
    stop = lines.datetime._now.idx + 1
    times = lines.datetime.array[:stop]
    first = bisect_left(times, trade.dtopen)
    last = bisect_right(times, trade.dtclose) if trade.isclosed else stop
    if not first < last or times[first] != trade.dtopen:
        return None, None
    high, low = max(lines.high.array[first:last]), min(lines.low.array[first:last])
    return (high - trade.price, trade.price - low) if long else (trade.price - low, high - trade.price)


def _moment(data: Any, when: float | None) -> Any:
    return None if not when else num2date(when, data._tz)
