"""What a report needs of a finished run and only the engine knows, as plain columns of numbers."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Sequence
from typing import Any

from ..analyzers.metrics import METRICS
from ..broker.order import Order
from ..utils.params import nearest
from .outcome import record_of
from .rulebook import read_fills
from .summary import TITLES, summarise
from .trips import trips_of
from .why import explain

__all__ = ["report_data", "write_report"]

Table = dict[str, list[Any]]


def write_report(
    cerebro: Any, strategies: Sequence[Any], path: Any, benchmark: Any, datas: Any, trading_days: float,
    looks: dict[str, str],
) -> Any:  # fmt: skip
    """Put the data of a run and the page together; see ``Cerebro.report``."""
    from ..plot.layout import Layout
    from ..report import CHOICES, build, write

    for name, known in CHOICES.items():
        if looks[name] not in known:
            raise ValueError(f"cerebro.report(): {name} is one of {', '.join(known)}, not {looks[name]!r}")
    feeds = [data for data in cerebro.datas if data.plotinfo.plot]
    if datas is not None:
        feeds = [_feed_called(cerebro, each) for each in datas]
    if isinstance(benchmark, str):
        benchmark = _feed_called(cerebro, benchmark)
    told = report_data(cerebro, strategies, feeds, trading_days)
    return write(path, build([Layout(each) for each in strategies], feeds, told, benchmark), **looks)


def _feed_called(cerebro: Any, which: Any) -> Any:
    """A feed of the run by itself, by name or by number."""
    if isinstance(which, str):
        found = cerebro.datasbyname.get(which)
        if found is None:
            raise ValueError(
                f"cerebro.report(): no feed is called {which!r}; " + nearest(which, cerebro.datasbyname)
            )
        return found
    if isinstance(which, int):
        if not -len(cerebro.datas) <= which < len(cerebro.datas):
            raise ValueError(f"cerebro.report(): there is no feed {which}, only {len(cerebro.datas)} feeds")
        return cerebro.datas[which]
    if not any(which is data for data in cerebro.datas):
        raise ValueError(f"cerebro.report(): {which!r} is no feed of this run")
    return which


def report_data(
    cerebro: Any, strategies: Sequence[Any], feeds: Sequence[Any], trading_days: float
) -> dict[str, Any]:
    """The account, trades, orders and fills of the strategies of one run, and what is said about them.

    Feeds are named by their place in ``feeds``, strategies by theirs; moments are date numbers.
    """
    summary = summarise(strategies, trading_days)
    why, book = explain(cerebro, list(strategies)), read_fills(cerebro)
    record = record_of(strategies, trading_days)
    places = _Places(feeds)
    times, values, returns = account_curves(strategies)
    return {
        "metrics": [
            {"key": key, "title": TITLES[key], "value": value, "unit": METRICS[key].unit,
             "text": METRICS[key].text}
            for key, value in summary.items()
        ],
        "start_value": summary.start_value,
        "bounded": cerebro._exactbars >= 1,
        "per_year": record.per_year,
        "why": {"headline": [why.sent, why.executed], "reasons": [
            {"code": each.code, "text": each.text, "count": each.count} for each in why
        ]},
        "band": {"final": book.final_value, "worst": book.worst, "best": book.best,
                 "ambiguous": len(book.ambiguous)},
        "trips": _trips(strategies, places),
        "orders": _orders(cerebro, strategies, places),
        "fills": _fills(cerebro, strategies, book, places),
        "account": {"times": times, "values": values, "units": returns,
                    "exposure": exposure(cerebro, times, values)},
    }  # fmt: skip


class _Places:
    """Where feeds stand in the report, and at which of their bars a moment is."""

    def __init__(self, feeds: Sequence[Any]) -> None:
        self._feeds = {id(data): number for number, data in enumerate(feeds)}

    def feed(self, data: Any) -> int | None:
        """The number of a feed; None if the report leaves it out."""
        own = data if data is None or data._compensate is None else data._compensate
        return self._feeds.get(id(own))

    def bar(self, data: Any, when: float | None) -> int | None:
        """The bar at this moment, or the last one before it."""
        if not when or self.feed(data) is None:
            return None
        line = data.lines.datetime
        place = bisect_right(line.array, when, 0, line._now.idx + 1) - 1
        return place if place >= 0 else None


def account_curves(strategies: Sequence[Any]) -> tuple[Any, Any, Any]:
    """(times, value of the account, the same without money that came in or went out; None if that is so).

    One number for each bar; for each day where the run did not keep its bars.
    """
    first = strategies[0]
    if first._trail is not None:
        return (*first._trail.curve(), None)
    history = getattr(first, "_history", None)
    if history is None:
        return [], [], None
    count = min(len(first), history.length)
    shares = history.fundshares(count)[:count]
    units = history.fundvalues(count)[:count] if count and min(shares) != max(shares) else None
    return history.datetimes[:count], history.values(count)[:count], units


def exposure(cerebro: Any, times: Any, values: Any) -> Any:
    """At each moment, what is held as a percentage of the account, longs and shorts added up."""
    import numpy as np

    moments, worth = np.asarray(times, dtype=float), np.asarray(values, dtype=float)
    held = np.zeros(len(moments))
    for data, entries in _by_feed(cerebro).items():
        line = data.lines.datetime
        stop = line._now.idx + 1
        bars, closes = np.asarray(line.array[:stop]), np.asarray(data.lines.close.array[:stop])
        if not len(bars) or not len(moments):
            continue
        when, sizes = np.array([fill.dt for fill in entries]), np.array([fill.size for fill in entries])
        after = np.concatenate(([0.0], np.cumsum(sizes)))
        after[np.abs(after) < 1e-9 * np.abs(sizes).max()] = 0.0  # what is left of sums of fractions
        size = after[np.searchsorted(when, moments, side="right")]
        close = closes[np.maximum(np.searchsorted(bars, moments, side="right") - 1, 0)]
        price = np.abs(size) * close * cerebro.broker.getcommissioninfo(data).p.mult
        held += np.where(size == 0, 0.0, price)
    with np.errstate(all="ignore"):
        return np.where(worth > 0, 100.0 * held / worth, np.nan)


def _by_feed(cerebro: Any) -> dict[Any, list[Any]]:
    ledger = getattr(cerebro.broker, "ledger", None)
    orders = _order_by_ref(cerebro)
    found: dict[Any, list[Any]] = {}
    for fill in ledger.fills if ledger is not None else ():
        order = orders.get(fill.ref)
        if order is not None:
            found.setdefault(order.data, []).append(fill)
    return found


def _order_by_ref(cerebro: Any) -> dict[int, Any]:
    return {order.ref: order for order in getattr(cerebro.broker, "orders", [])}


def _table(rows: list[dict[str, Any]], columns: str) -> Table:
    return {name: [row[name] for row in rows] for name in columns.split()}


def _trips(strategies: Sequence[Any], places: _Places) -> Table:
    rows: list[dict[str, Any]] = []
    for number, strategy in enumerate(strategies):
        for data, trade, trip in trips_of(strategy):
            paid = abs(trip.size) * trip.entry * strategy.broker.getcommissioninfo(data).p.mult
            closed = trade.dtclose if trade.isclosed else None
            row = trip._asdict()
            row |= {"strategy": number, "data": places.feed(data), "dtopen": trade.dtopen, "dtclose": closed}
            row |= {"from": places.bar(data, trade.dtopen), "to": places.bar(data, closed)}
            row["pct"] = 100.0 * trip.net / paid if paid else None
            for name, sign in (("best", 1), ("worst", -1)):
                if row[name] is not None:
                    row[name] = sign * 100.0 * row[name] / trip.entry if trip.entry else None
            rows.append(row)
    rows.sort(key=lambda row: (row["dtopen"], row["ref"]))
    columns = "strategy data from to dtopen dtclose size bars entry exit gross commission net pct best worst"
    return _table(rows, columns + " tradeid ref")


def _orders(cerebro: Any, strategies: Sequence[Any], places: _Places) -> Table:
    owners = _numbers(strategies)
    rows = []
    for order in getattr(cerebro.broker, "orders", []):
        created, executed = order.created, order.executed
        alive = order.alive()
        priced = order.exectype not in (Order.Market, Order.Close, Order.Historical)
        rows.append(
            {
                "strategy": owners(order.owner),
                "data": places.feed(order.data),
                "from": places.bar(order.data, created.dt),
                "to": None if alive else places.bar(order.data, executed.dt),
                "dtmade": created.dt,
                "dtended": None if alive else executed.dt,
                "buy": bool(order.isbuy()),
                "kind": order.getordername(),
                "status": order.getstatusname(),
                "size": order.size,
                "price": created.price if priced else None,
                "limit": created.pricelimit if order.exectype in _WITH_LIMIT else None,
                "filled": executed.size,
                "average": executed.price if executed.size else None,
                "commission": executed.comm,
                "parent": order.parent.ref if order.parent is not None else None,
                "ref": order.ref,
            }
        )
    columns = "strategy data from to dtmade dtended buy kind status size price limit filled average"
    return _table(rows, columns + " commission parent ref")


_WITH_LIMIT = (Order.StopLimit, Order.StopTrailLimit)


def _fills(cerebro: Any, strategies: Sequence[Any], book: Any, places: _Places) -> Table:
    owners, orders = _numbers(strategies), _order_by_ref(cerebro)
    rows = []
    ledger = getattr(cerebro.broker, "ledger", None)
    for fill, row in zip(ledger.fills if ledger is not None else (), book, strict=True):
        order = orders.get(fill.ref)
        if order is None:
            continue  # money and positions of the past, which belong to no feed of this run
        entry = fill._asdict() | row._asdict()
        entry |= {"data": places.feed(order.data), "strategy": owners(order.owner)}
        rows.append(entry | {"bar": places.bar(order.data, fill.dt)})
    return _table(rows, "strategy data bar dt size price commission rule other_price other_result ref")


def _numbers(strategies: Sequence[Any]) -> Callable[[Any], int | None]:
    places = {id(strategy): number for number, strategy in enumerate(strategies)}
    return lambda owner: places.get(id(owner))
