"""Two records of one script: what is equal, and the first thing that is not."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from ..utils.dateintern import num2date
from .process import Outcome

Event = list[Any]  # bars seen, time, fields, the feed's bar

_NOWHERE = 1 << 60  # differences without a bar come last
_ORDER_FIELDS = ("status", "side", "type", "feed")


@dataclass(frozen=True)
class Difference:
    """Something that is not the same: at which bar of which run, and a sentence."""

    run: int
    bar: int
    rank: int
    """Of differences at one bar the one with the lowest rank explains the others."""
    text: str


@dataclass
class Row:
    """A line of the comparison."""

    label: str
    original: str
    here: str
    equal: bool


@dataclass
class Comparison:
    """The outcome: lines by run, and differences in the order of time."""

    titles: list[str] = field(default_factory=list)
    rows: list[list[Row]] = field(default_factory=list)
    orders: list[list[tuple[str, str, bool]]] = field(default_factory=list)
    """Finished orders of each run: text of the original's, text of ours, whether they are equal."""
    differences: list[Difference] = field(default_factory=list)

    @property
    def equal(self) -> bool:
        """Whether nothing differs."""
        return not self.differences

    @property
    def first(self) -> Difference | None:
        """The earliest difference."""
        key = lambda d: (d.run, d.bar, d.rank)  # noqa: E731
        return min(self.differences, key=key, default=None)


def compare(original: Outcome, here: Outcome, tolerance: float = 0.0) -> Comparison:
    """Compare everything two outcomes recorded; numbers may differ by ``tolerance`` of their size."""
    found = Comparison()
    same = _Same(tolerance)
    after = min(len(original.runs), len(here.runs)) + 1
    if original.error != here.error:
        found.differences.append(
            Difference(
                after, _NOWHERE, 0,
                f"the script ends with {_error(original)} in the original and with {_error(here)} here",
            )
        )  # fmt: skip
    if len(original.runs) != len(here.runs):
        found.differences.append(
            Difference(
                after, _NOWHERE, 1,
                f"the original calls cerebro.run() {len(original.runs)} times, "
                f"this engine {len(here.runs)} times",
            )
        )  # fmt: skip
    for number, (theirs, ours) in enumerate(zip(original.runs, here.runs, strict=False), 1):
        _RunComparison(number, theirs, ours, original, here, same, found).compare()
    return found


def _error(outcome: Outcome) -> str:
    return f"an error ({outcome.error})" if outcome.error else "no error"


class _Same:
    """Equality of recorded values."""

    def __init__(self, tolerance: float) -> None:
        self.tolerance = tolerance

    def __call__(self, a: Any, b: Any) -> bool:
        if isinstance(a, dict) and isinstance(b, dict):
            return a.keys() == b.keys() and all(self(item, b[key]) for key, item in a.items())
        if isinstance(a, list) and isinstance(b, list):
            return len(a) == len(b) and all(map(self, a, b))
        if _is_number(a) and _is_number(b):
            if a == b or (a != a and b != b):
                return True
            return bool(self.tolerance) and math.isclose(a, b, rel_tol=self.tolerance, abs_tol=self.tolerance)
        return type(a) is type(b) and bool(a == b)


def _is_number(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)


class _RunComparison:
    """One ``cerebro.run()`` of both."""

    def __init__(
        self,
        number: int,
        theirs: dict[str, Any],
        ours: dict[str, Any],
        original: Outcome,
        here: Outcome,
        same: _Same,
        found: Comparison,
    ) -> None:
        self.number, self.theirs, self.ours = number, theirs, ours
        self.outcomes = original, here
        self.same, self.found = same, found
        self.rows: list[Row] = []
        self.orders: list[tuple[str, str, bool]] = []

    def compare(self) -> None:
        """Fill in the run's lines and differences."""
        names = dict.fromkeys(strategy["class"] for strategy in self.theirs["strategies"])
        shown = ", ".join(names)
        kind = "sweep" if self.theirs["sweep"] else "run"
        self.found.titles.append(f"{kind} {self.number}: {shown or 'no result'}")
        self.found.rows.append(self.rows)
        self.found.orders.append(self.orders)
        self._row("results", len(self.theirs["strategies"]), len(self.ours["strategies"]))
        for theirs, ours in zip(self.theirs["strategies"], self.ours["strategies"], strict=False):
            self._strategy(theirs, ours)
        if self.theirs["sweep"]:
            self._summarise()
        else:
            self._row("final value", self.theirs["value"], self.ours["value"])
            self._row("final cash", self.theirs["cash"], self.ours["cash"])

    def _differs(self, bar: int, rank: int, text: str) -> None:
        self.found.differences.append(Difference(self.number, bar, rank, text))

    def _row(self, label: str, theirs: Any, ours: Any, say: bool = True) -> bool:
        equal = self.same(theirs, ours)
        self.rows.append(Row(label, short(theirs), short(ours), equal))
        if not equal and say:
            self._differs(_NOWHERE, 5, f"{label}: {value(theirs)} in the original, {value(ours)} here")
        return equal

    def _summarise(self) -> None:
        """Of many equal lines about the results of a sweep one remains."""
        equal: dict[str, int] = {}
        for row in self.rows[1:]:
            if row.equal:
                equal[row.label] = equal.get(row.label, 0) + 1
        self.rows[1:] = [row for row in self.rows[1:] if not row.equal]
        self.rows[1:1] = [Row(label, f"{n} results", f"{n} results", True) for label, n in equal.items()]

    def _strategy(self, theirs: dict[str, Any], ours: dict[str, Any]) -> None:
        name = theirs["class"]
        if not self.same([name, theirs["params"]], [ours["class"], ours["params"]]):
            self._differs(_NOWHERE, 3, f"another strategy or parameters: {name} and {ours['class']}")
        if "bars" in theirs and "bars" in ours:
            self._row("bars", theirs["bars"], ours["bars"])
            self._events("order", theirs["orders"], ours["orders"])
            self._events("trade", theirs["trades"], ours["trades"])
            self._finished_orders(theirs["orders"], ours["orders"])
            self._curves(theirs["equity"], ours["equity"])
            self._row("positions", theirs["positions"], ours["positions"])
        self._analyzers(theirs["analyzers"], ours["analyzers"])

    # -- what happened on the way ----------------------------------------------------------------------
    def _events(self, kind: str, theirs: list[Event], ours: list[Event]) -> None:
        if kind == "order":
            self._row("orders", _distinct(theirs, "order"), _distinct(ours, "order"), say=False)
            self._row("executions", _executions(theirs), _executions(ours), say=False)
        else:
            self._row("trades closed", _closed(theirs), _closed(ours), say=False)
        rank = 1 if kind == "order" else 2
        for a, b in zip(theirs, ours, strict=False):
            if not self.same(a[:3], b[:3]):
                self._differs(min(a[0], b[0]), rank, _event_sentence(kind, a, b, self.same))
                return
        if len(theirs) != len(ours):
            longer, who = (theirs, "only in the original") if len(theirs) > len(ours) else (ours, "only here")
            extra = longer[min(len(theirs), len(ours))]
            self._differs(extra[0], rank, f"{_where(extra)}: {_event(kind, extra)} {who}")

    def _finished_orders(self, theirs: list[Event], ours: list[Event]) -> None:
        a, b = _finished(theirs), _finished(ours)
        for i in range(max(len(a), len(b))):
            left, right = (side[i] if i < len(side) else None for side in (a, b))
            equal = left is not None and right is not None and self.same(left[:3], right[:3])
            self.orders.append((_order_line(left), _order_line(right), equal))

    def _curves(self, theirs: int, ours: int) -> None:
        (times, *a), (_, *b) = self.outcomes[0].curves[theirs], self.outcomes[1].curves[ours]
        for name, left, right in zip(("cash", "value"), a, b, strict=True):
            if left == right and not any(x != x for x in left[-1:]):
                continue
            for i, (x, y) in enumerate(zip(left, right, strict=False)):
                if not self.same(x, y):
                    self._differs(
                        i + 1, 3,
                        f"bar {i + 1} ({moment(times[i])}): "
                        f"{name} is {value(x)} in the original, {value(y)} here",
                    )  # fmt: skip
                    break
            else:
                if len(left) != len(right):
                    self._differs(
                        min(len(left), len(right)) + 1, 3,
                        f"{name} was told {len(left):,} times in the original, {len(right):,} times here",
                    )  # fmt: skip

    # -- analyzers -------------------------------------------------------------------------------------
    def _analyzers(self, theirs: list[Any], ours: list[Any]) -> None:
        known = dict(ours)
        for name, analysis in theirs:
            if name not in known:
                self._differs(_NOWHERE, 6, f"analyzer {name} is missing here")
                continue
            place = next(_unequal(analysis, known[name], self.same), None)
            a, b = (
                (short(analysis), short(known[name])) if place is None else (short(place[1]), short(place[2]))
            )
            label = f"analyzer {name}" + (f": {place[0]}" if place and place[0] else "")
            self.rows.append(Row(label, a, b, place is None))
            if place is not None:
                at = f", {place[0]}" if place[0] else ""
                self._differs(
                    _NOWHERE, 6,
                    f"analyzer {name}{at}: {value(place[1])} in the original, {value(place[2])} here",
                )  # fmt: skip
        for name in known.keys() - dict(theirs).keys():
            self._differs(_NOWHERE, 6, f"analyzer {name} is only here")


def _unequal(a: Any, b: Any, same: _Same, path: str = "") -> Iterator[tuple[str, Any, Any]]:
    """Where two analyses differ: path and both values."""
    if isinstance(a, dict) and isinstance(b, dict):
        left = [(_key(key), item) for key, item in a["map"]]
        right = {_key(key): item for key, item in b["map"]}
        for key, item in left:
            place = f"{path}.{key}" if path else key
            if key not in right:
                yield place, item, None
            else:
                yield from _unequal(item, right.pop(key), same, place)
        for key, item in right.items():
            yield f"{path}.{key}" if path else key, None, item
    elif isinstance(a, list) and isinstance(b, list) and len(a) == len(b):
        for i, (x, y) in enumerate(zip(a, b, strict=True)):
            yield from _unequal(x, y, same, f"{path}[{i}]")
    elif not same(a, b):
        yield path, a, b


# -- sentences ---------------------------------------------------------------------------------------
def moment(number: float | None) -> str:
    """A bar's time as text."""
    if not number:
        return "no bar yet"
    when = num2date(number)
    # a day's bar carries midnight or the end of the session
    daily = when.time() == when.time().min or (when.hour, when.minute, when.second) == (23, 59, 59)
    return str(when.date() if daily else when)


def value(item: Any) -> str:
    """A value in full."""
    return repr(item) if not isinstance(item, (dict, list)) else short(item, 200)


def short(item: Any, limit: int = 40) -> str:
    """A value as it fits a table."""
    if isinstance(item, bool) or item is None:
        return str(item)
    if isinstance(item, int):
        return f"{item:,}"
    if isinstance(item, float):
        return f"{item:,.6f}".rstrip("0").rstrip(".") if abs(item) < 1e15 else repr(item)
    if isinstance(item, dict):
        text = ", ".join(f"{_key(key)}: {short(one)}" for key, one in item["map"])
    elif isinstance(item, list):
        text = ", ".join(map(short, item))
    else:
        text = str(item)
    return text if len(text) <= limit else text[: limit - 1] + "…"


def _key(key: Any) -> str:
    """A key of an analysis: years without separators, midnights without the time."""
    return str(key).removesuffix("T00:00:00") if not isinstance(key, float) else short(key)


def _where(event: Event) -> str:
    return f"bar {event[0]} ({moment(event[1])})"


def _event(kind: str, event: Event) -> str:
    fields = event[2]
    if kind == "order":
        return (
            f"order {fields['order']} ({fields['side']} {short(fields['size'])} {fields['feed']}, "
            f"{fields['type']}) is told as {fields['status']}"
        )
    return f"trade {fields['trade']} in {fields['feed']} is told as {fields['status']}"


def _event_sentence(kind: str, theirs: Event, ours: Event, same: _Same) -> str:
    """What differs between two notifications that should be one."""
    a, b = theirs[2], ours[2]
    fields = [key for key in a if not same(a[key], b.get(key))]
    if theirs[0] != ours[0] or {kind, *_ORDER_FIELDS} & set(fields):
        return (
            f"in the original at {_where(theirs)} {_event(kind, theirs)}; "
            f"here at {_where(ours)} {_event(kind, ours)}"
        )
    told = "; ".join(f"{name} is {value(a[name])} in the original, {value(b[name])} here" for name in fields)
    bar = ", ".join(map(short, theirs[3]))
    shown = f" (the bar's open, high, low, close: {bar})" if bar else ""
    return f"{_where(theirs)}: {_event(kind, theirs)}: {told or 'at another time'}{shown}"


# -- counts ------------------------------------------------------------------------------------------
def _distinct(events: list[Event], key: str) -> int:
    return len({event[2][key] for event in events})


def _executions(events: list[Event]) -> int:
    return sum(event[2]["status"] in ("Partial", "Completed") for event in events)


def _closed(events: list[Event]) -> int:
    return sum(event[2]["status"] == "closed" for event in events)


def _finished(events: list[Event]) -> list[Event]:
    """The last notification of each order, in the order they ended."""
    last = {event[2]["order"]: event for event in events}
    ended = {id(event) for event in last.values()}
    return [event for event in events if id(event) in ended]


def _order_line(event: Event | None) -> str:
    if event is None:
        return "-"
    fields = event[2]
    price = fields["executed price"] if fields["executed size"] else fields["price"]
    size = fields["executed size"] or fields["size"]
    did = fields["status"] if fields["status"] != "Completed" else "filled"
    return f"{moment(event[1])} {fields['side']} {abs(size):g} {fields['feed']} at {short(price)} {did}"
