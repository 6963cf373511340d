"""From what a venue answered to what the caller has to do: the mechanism; the tables are the venues' own.

A venue's number alone decides nothing: the same one means different things on its spot and its
futures market, some numbers cover refusals and duplicates alike and only the text tells them apart,
and a proxy may answer without any.  A table therefore lists rules, and the first that fits decides:
number with text, number, range of numbers, status of HTTP.  What no rule fits is `Unknown`: asking
once too often costs a second, taking an order for refused that stands costs money.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from ..errors import AuthFailed, GatewayError, NotFound, RateLimited, Rejected, Unknown

__all__ = ["Native", "Outcome", "OutcomeTable", "Rule", "Split", "to_error"]


class Outcome(StrEnum):
    """What an answer means for whoever asked."""

    REJECTED = "rejected"
    """Not done, for certain."""
    DUPLICATE = "duplicate"
    """Refused because an order with this client id is there."""
    UNKNOWN = "unknown"
    """May have been done: ask by client id."""
    RATE = "rate"
    """Too many requests; whether this one still went through is not said."""
    THROTTLED = "throttled"
    """Too many requests, and the venue says that it did nothing with this one."""
    AUTH = "auth"
    """Keys, permissions or account: stop."""
    CLOCK = "clock"
    """Refused because of the time stamp: measure the clock again."""
    GONE = "gone"
    """No such order, or not open any more: ask what became of it."""
    UNCHANGED = "unchanged"
    """Refused because everything is as wanted already."""
    SPLIT = "split"
    """Two things were asked for and each has an answer of its own inside."""


@dataclass(frozen=True, slots=True)
class Native:
    """An unwelcome answer as the venue gave it; ``endpoint`` is method and path, never the query."""

    status: int = 0
    code: str = ""
    text: str = ""
    retry_after: float = 0.0
    endpoint: str = ""
    data: Any = None


@dataclass(frozen=True, slots=True)
class Rule:
    """One line of a table.

    ``code`` is the venue's number, a range ``-1199..-1100``, or ``http 429``.  ``text``, if given, must
    occur in what the venue says (case does not matter).  ``market`` is empty where all markets agree.
    """

    code: str
    outcome: Outcome
    reason: str
    text: str = ""
    market: str = ""


class Split(Unknown):
    """Two things were asked for at once; ``data`` holds the answer to each."""

    def __init__(self, message: str, *, code: str, status: int, data: Any) -> None:
        super().__init__(message, code=code, status=status)
        self.data = data


class OutcomeTable:
    """The rules of one venue."""

    def __init__(self, venue: str, rules: Iterable[Rule]) -> None:
        self.venue, self.rules = venue, tuple(rules)
        self._exact: dict[tuple[str, str], list[Rule]] = {}
        self._ranges: list[tuple[int, int, Rule]] = []
        for rule in self.rules:
            low, dots, high = rule.code.partition("..")
            if dots:
                self._ranges.append((int(low), int(high), rule))
                continue
            found = self._exact.setdefault((rule.market, rule.code), [])
            # rules with a text are asked before the one without
            found.insert(0, rule) if rule.text else found.append(rule)

    def find(self, market: str, native: Native) -> Rule | None:
        """The rule that decides, or None."""
        for key in (native.code, f"http {native.status}"):
            for place in (market, ""):
                for rule in self._exact.get((place, key), ()):
                    if rule.text.lower() in native.text.lower():
                        return rule
            if key == native.code and (rule_of_range := self._in_range(market, native.code)):
                return rule_of_range
        return None

    def outcome(self, market: str, native: Native) -> Outcome:
        """What the answer means; `Outcome.UNKNOWN` where no rule says."""
        rule = self.find(market, native)
        return rule.outcome if rule is not None else Outcome.UNKNOWN

    def error(self, market: str, native: Native) -> GatewayError:
        """The error to raise for the answer."""
        return to_error(f"{self.venue} {market}", native, self.outcome(market, native))

    def _in_range(self, market: str, code: str) -> Rule | None:
        try:
            number = int(code)
        except ValueError:
            return None
        for low, high, rule in self._ranges:
            if low <= number <= high and rule.market in ("", market):
                return rule
        return None


_VERBS = {
    Outcome.REJECTED: "refused it",
    Outcome.DUPLICATE: "has an order with this client id already",
    Outcome.UNKNOWN: "did not say whether it did it",
    Outcome.RATE: "had too many requests",
    Outcome.THROTTLED: "had too many requests and did nothing",
    Outcome.AUTH: "does not accept the key for this",
    Outcome.CLOCK: "refused it because of the time stamp (is this machine's clock right?)",
    Outcome.GONE: "knows no such open order",
    Outcome.UNCHANGED: "had nothing to change",
    Outcome.SPLIT: "did not do both",
}


def to_error(who: str, native: Native, outcome: Outcome) -> GatewayError:
    """An outcome as one of the errors a gateway may raise, in one sentence."""
    said = " ".join(native.text.split())[:300]
    numbers = ", ".join(filter(None, (native.code, f"HTTP {native.status}" if native.status else "")))
    message = (
        f"{who} {_VERBS[outcome]}" + (f": {said}" if said else "") + (f" ({numbers})" if numbers else "")
    )
    code, status = native.code, native.status
    match outcome:
        case Outcome.REJECTED | Outcome.CLOCK | Outcome.UNCHANGED:
            return Rejected(message, code=code, status=status)
        case Outcome.DUPLICATE:
            return Rejected(message, code=code, status=status, exists=True)
        case Outcome.RATE | Outcome.THROTTLED:
            acted = outcome is Outcome.RATE
            return RateLimited(message, code=code, status=status, retry_after=native.retry_after, acted=acted)
        case Outcome.AUTH:
            return AuthFailed(message, code=code, status=status)
        case Outcome.GONE:
            return NotFound(message, code=code, status=status)
        case Outcome.SPLIT:
            return Split(message, code=code, status=status, data=native.data)
        case Outcome.UNKNOWN:
            return Unknown(message, code=code, status=status)
