"""Two traces, compared leaf by leaf: equal, equal within rounding, or different and where."""

from __future__ import annotations

import json
import math
import re
from dataclasses import dataclass, field
from typing import Any

RELATIVE = 1e-9
ABSOLUTE = 1e-12
# Times are day numbers around 738000: a relative tolerance would hide a minute.
_EXACT = {"dt", "dtopen", "dtclose", "valid", "datetime"}
# Words of an exception are each engine's own.
_IGNORED = {"message", "where"}
_MISSING = {"missing": True}
# An attribute which the original has not set yet: this engine may have one already.
_ABSENT = "<absent>"


@dataclass
class Difference:
    """One place where the traces part."""

    path: str
    oracle: Any
    product: Any
    times: int = 1

    def __str__(self) -> str:
        more = f"   (and {self.times - 1} like it)" if self.times > 1 else ""
        return f"{self.path}{more}\n    oracle:  {_short(self.oracle)}\n    product: {_short(self.product)}"


@dataclass
class Report:
    """What a comparison found; differences which repeat bar after bar are counted, not listed."""

    differences: list[Difference] = field(default_factory=list)
    rounded: int = 0
    deviation: float = 0.0
    worst: str = ""
    limit: int = 12
    _kinds: dict[str, Difference] = field(default_factory=dict, repr=False)

    @property
    def equal(self) -> bool:
        """No difference beyond rounding."""
        return not self.differences

    def add(self, path: str, oracle: Any, product: Any) -> None:
        """Note a difference."""
        kind = re.sub(r"\d+", "#", path)
        if kind in self._kinds:
            self._kinds[kind].times += 1
        elif len(self.differences) < self.limit:
            self._kinds[kind] = Difference(path, oracle, product)
            self.differences.append(self._kinds[kind])

    def near(self, path: str, deviation: float) -> None:
        """Note a value that is equal only within rounding."""
        self.rounded += 1
        if deviation > self.deviation:
            self.deviation, self.worst = deviation, path

    def __str__(self) -> str:
        if self.equal:
            tail = f", {self.rounded} values within rounding (largest {self.deviation:.3g} at {self.worst})"
            return "equal" + (tail if self.rounded else "")
        return f"{len(self.differences)} kinds of difference:\n" + "\n".join(map(str, self.differences))


def kind_of(found: Difference) -> str:
    """The heading of a difference: its path without numbers, and what was raised."""
    kind = re.sub(r"event \d+, |of strategy \d+ |at bar \d+|\d+", "", found.path)
    if "raised" in kind and isinstance(found.product, str):
        said = [line for line in found.product.splitlines() if re.match(r"[\w.]+(Error|Exception)\b", line)]
        kind += f": {said[-1][:110]}" if said else ""
    return kind


class Kinds:
    """Differences of many runs, the same ones under one heading."""

    def __init__(self) -> None:
        self._runs: dict[str, list[str]] = {}
        self._first: dict[str, str] = {}

    def add(self, title: str, report: Report) -> None:
        """Count the differences of one run."""
        for found in report.differences:
            kind = kind_of(found)
            runs = self._runs.setdefault(kind, [])
            if title not in runs:
                runs.append(title)
            self._first.setdefault(kind, str(found))

    def table(self, limit: int = 200) -> str:
        """The headings, the most frequent first, each with its first occurrence."""
        ranked = sorted(self._runs.items(), key=lambda item: -len(item[1]))
        return "\n".join(
            f"{len(runs):5} runs  {kind}\n       such as {runs[0]}: {self._first[kind][:700]}"
            for kind, runs in ranked[:limit]
        )


def _short(value: Any) -> str:
    if isinstance(value, str):
        return value if len(value) <= 1200 else "..." + value[-1200:]
    text = json.dumps(value)
    return text if len(text) <= 300 else text[:300] + "..."


def compare_bytes(oracle: bytes, product: bytes, exact: bool = False) -> Report:
    """Compare two answers of workers; identical bytes need no parsing."""
    if oracle == product:
        return Report()
    return compare(json.loads(oracle), json.loads(product), exact)


def compare(
    oracle: dict[str, Any], product: dict[str, Any], exact: bool = False, only_events: bool = False
) -> Report:
    """Compare two traces: events in their order first, then notes, results and the final error."""
    report = Report()
    walker = _Walker(report, exact, oracle["loose"] or product["loose"])
    walker.events(oracle["events"], product["events"])
    if only_events:
        return report
    for key in ("notes", "results"):
        walker.walk(oracle[key], product[key], key)
    walker.error(oracle["error"], product["error"])
    return report


class _Walker:
    def __init__(self, report: Report, exact: bool, loose: bool) -> None:
        self._report = report
        self._loose = loose
        self._relative, self._absolute = (0.0, 0.0) if exact else (RELATIVE, ABSOLUTE)

    def events(self, oracle: list[dict[str, Any]], product: list[dict[str, Any]]) -> None:
        """Stops at the first event that is another one: nothing lines up afterwards."""
        for i, (one, other) in enumerate(zip(oracle, product, strict=False)):
            path = f"event {i}, {one['event']} of strategy {one['strategy']} at bar {one['len']}"
            if _identity(one) != _identity(other):
                self._report.add(f"{path}: order of callbacks", _identity(one), _identity(other))
                return
            self.walk(one, other, path)
        if len(oracle) != len(product):
            shorter = min(len(oracle), len(product))
            left, right = oracle[shorter : shorter + 1], product[shorter : shorter + 1]
            self._report.add(f"event {shorter}: number of callbacks", left or "no more", right or "no more")

    def error(self, oracle: dict[str, Any] | None, product: dict[str, Any] | None) -> None:
        """An exception may be of the same type or of one derived from it."""
        if oracle is None or product is None:
            if oracle is not product:
                which = f"product {product['type']}" if product else f"oracle {oracle['type']}"  # type: ignore[index]
                self._report.add(
                    f"raised exception, {which}", oracle and oracle["where"], product and product["where"]
                )
        elif oracle["type"] not in product["family"]:
            which = f"{oracle['type']} or {product['type']}"
            self._report.add(f"type of exception, {which}", oracle["where"], product["where"])

    def walk(self, one: Any, other: Any, path: str) -> None:
        """Compare anything; numbers within rounding, everything else exactly, types included."""
        if isinstance(one, dict) and isinstance(other, dict):
            self._dict(one, other, path)
        elif isinstance(one, list) and isinstance(other, list):
            self._list(one, other, path)
        elif type(one) is float and type(other) is float:
            self._float(one, other, path)
        elif self._loose and type(one) in (int, float) and type(other) in (int, float):
            self._float(float(one), float(other), path)
        elif one != _ABSENT and (type(one) is not type(other) or one != other):
            self._report.add(path, one, other)

    def _dict(self, one: dict[str, Any], other: dict[str, Any], path: str) -> None:
        if "raised" in one and "raised" in other:
            if one["raised"]["type"] not in other["raised"]["family"]:
                self._report.add(path, one["raised"], other["raised"])
            return
        for key in [*one, *(key for key in other if key not in one)]:
            if key not in _IGNORED:
                self.walk(one.get(key, _MISSING), other.get(key, _MISSING), f"{path}.{key}")

    def _list(self, one: list[Any], other: list[Any], path: str) -> None:
        for i, (left, right) in enumerate(zip(one, other, strict=False)):
            self.walk(left, right, f"{path}[{i}]")
        if len(one) != len(other):
            self._report.add(f"{path}: length", len(one), len(other))

    def _float(self, one: float, other: float, path: str) -> None:
        if one == other or (math.isnan(one) and math.isnan(other)):
            return
        gap = abs(one - other)
        exact = path.rsplit(".", 1)[-1].split("[", 1)[0] in _EXACT
        scale = max(abs(one), abs(other))
        if exact or not gap <= max(self._relative * scale, self._absolute):
            self._report.add(path, one, other)
        else:
            self._report.near(path, gap / scale if scale else 0.0)


def _identity(event: dict[str, Any]) -> list[Any]:
    return [event["event"], event["strategy"], event["len"]]
