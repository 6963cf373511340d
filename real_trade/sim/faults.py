"""What goes wrong, on demand: plain data that says when, what, and on which side of the venue's action.

A fault is a dictionary (JSON)::

    {"when": "place", "what": "drop", "side": "after"}
    {"when": "GET /api/v3/order", "what": "not_found", "times": 2}
    {"when": "event:order", "what": "duplicate", "probability": 0.2, "times": 0, "seed": 7}

``when``
    A name or a pattern (``*``, ``?``), or a list of them.  A request goes by several names: what it does
    (``place cancel amend replace batch cancel_all query open_orders all_orders fills account positions
    leverage mode listen_key keep_alive time listing market``), ``rest`` or ``ws``, and how it is written
    (``POST /api/v3/order``, ``order.place``).  A message that the venue pushes goes by ``event`` and
    ``event:order``, ``event:balance``, ``event:position``, ``event:algo``, or ``market`` and
    ``market:kline``, ``market:trade``, ``market:depth``, ``market:ticker``, ``market:book``, and by its own
    word (``executionReport``).  A socket that is opened goes by ``connect``, ``connect:user``,
    ``connect:market``, ``connect:api``.
``what`` of a request
    ``drop`` the connection, ``freeze`` it (no answer ever, or after ``seconds``), ``delay`` by ``seconds``,
    answer with an HTTP ``status`` (``code`` and ``message`` are the venue's), an ``error`` of the venue
    (``code``, ``message``), ``rate_limit``, ``ban``, ``maintenance``, ``not_found``.
``what`` of a push
    ``skip`` it, ``duplicate`` it, ``delay`` it and all behind it, let it alone come ``late``, ``reorder`` it
    behind the next one, ``drop`` the connection, ``close`` it properly, ``freeze`` it.
``what`` of the venue, whenever anything matches, or at once by `Faults.do`
    ``restart`` (down for ``seconds``), ``kick`` (all sockets), ``outage`` (maintenance for ``seconds``),
    ``clock_skew`` (by ``value`` ms), ``expire_keys``, ``end_streams``, ``fill`` (an open order, by
    ``value`` or whole), ``cancel_order`` (by hand), ``order`` (by hand: ``value`` is the order), ``move``
    (the price to ``value``), ``deposit`` (``value``: wallet, asset and amount).  With ``side`` ``before`` it
    happens before the request is dealt with: an order that is to be cancelled is filled first.
``side``
    ``before`` or ``after`` (the default) the venue did what was asked, or sent the message.
``nth``, ``times``, ``probability``, ``seed``
    From which match on, how often (0: always), and with what chance.
``symbol``, ``client_id``, ``account``
    Only requests and events about these.
"""

from __future__ import annotations

import asyncio
import random
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from difflib import get_close_matches
from fnmatch import fnmatchcase
from typing import Any

__all__ = ["ON_PUSH", "ON_REQUEST", "ON_VENUE", "Fault", "FaultError", "Faults"]

ON_REQUEST = frozenset(
    {"drop", "freeze", "delay", "status", "error", "rate_limit", "ban", "maintenance", "not_found"}
)
ON_PUSH = frozenset({"skip", "duplicate", "delay", "late", "reorder", "drop", "close", "freeze"})
ON_VENUE = frozenset(
    {"restart", "kick", "outage", "clock_skew", "expire_keys", "end_streams", "fill", "cancel_order",
     "order", "move", "deposit"}
)  # fmt: skip
#: What ``when`` may say without a pattern; a request or a message is also known by its own word.
WHEN = frozenset(
    {"*", "rest", "ws", "place", "cancel", "amend", "replace", "batch", "cancel_all", "query", "open_orders",
     "all_orders", "fills", "account", "positions", "leverage", "mode", "listen_key", "keep_alive", "time",
     "listing", "market", "event", "event:order", "event:balance", "event:position", "event:algo",
     "market:kline", "market:trade", "market:depth", "market:ticker", "market:book",
     "connect", "connect:user", "connect:market", "connect:api"}
)  # fmt: skip


class FaultError(ValueError):
    """A fault that says something that there is not."""


@dataclass
class Fault:
    """One rule; ``seen`` and ``fired`` count what it matched and what it did."""

    what: str
    when: str | list[str] = "*"
    side: str = "after"
    nth: int = 1
    times: int = 1
    probability: float = 1.0
    seed: int = 0
    seconds: float = 0.0
    status: int = 0
    code: int | str = ""
    message: str = ""
    symbol: str = ""
    client_id: str = ""
    account: str = ""
    value: Any = None
    name: str = ""
    seen: int = 0
    fired: int = 0
    released: asyncio.Event = field(default_factory=asyncio.Event, repr=False)

    @classmethod
    def of(cls, spec: Mapping[str, Any]) -> Fault:
        """A rule out of plain data; raises `FaultError` for what it cannot mean."""
        known = {item.name for item in fields(cls)} - {"seen", "fired", "released"}
        wrong = sorted(set(spec) - known)
        if wrong:
            raise FaultError(f"a fault has no {', '.join(wrong)}; it has {', '.join(sorted(known))}")
        if spec.get("what") not in ON_REQUEST | ON_PUSH | ON_VENUE:
            every = ", ".join(sorted(ON_REQUEST | ON_PUSH | ON_VENUE))
            raise FaultError(f"there is no fault {spec.get('what')!r}; there are {every}")
        fault = cls(**dict(spec))
        if fault.side not in ("before", "after"):
            raise FaultError(f"side is {fault.side!r}, not before or after")
        if not 0 <= fault.probability <= 1:
            raise FaultError(f"probability is {fault.probability}, not between 0 and 1")
        for word in fault._patterns():
            plain = re.fullmatch("[a-z_]+(:[a-z]+)?", word) and word not in WHEN
            meant = get_close_matches(word, WHEN, 1, cutoff=0.75) if plain else []
            if meant:
                raise FaultError(f"when is {word!r}, which nothing goes by; did you mean {meant[0]!r}?")
        return fault

    def as_dict(self) -> dict[str, Any]:
        """The rule and its counters as plain data; what is not set is left out."""
        told = {item.name: getattr(self, item.name) for item in fields(self) if item.name != "released"}
        return {name: value for name, value in told.items() if value not in ("", None, 0, 0.0)}

    @property
    def spent(self) -> bool:
        """Whether it has done all it was to do."""
        return bool(self.times) and self.fired >= self.times

    def _patterns(self) -> list[str]:
        return [self.when] if isinstance(self.when, str) else self.when

    def matches(self, names: tuple[str, ...], facts: Mapping[str, str]) -> bool:
        """Whether it is about this."""
        if not any(fnmatchcase(name, pattern) for pattern in self._patterns() for name in names):
            return False
        wanted = (("symbol", self.symbol), ("client_id", self.client_id), ("account", self.account))
        return all(not value or facts.get(key, "") == value for key, value in wanted)


class Faults:
    """All rules of a venue, oldest first, and a record of what they did."""

    def __init__(self, seed: int = 0) -> None:
        self.rules: list[Fault] = []
        self.fired: list[dict[str, Any]] = []
        self._seed = seed
        self._chances: dict[int, random.Random] = {}
        #: What does the faults of the venue itself.
        self.doer: Callable[[Fault, Mapping[str, str], bool], None] = lambda fault, facts, at_once: None

    def add(self, spec: Mapping[str, Any] | Fault) -> Fault:
        """Add a rule."""
        fault = spec if isinstance(spec, Fault) else Fault.of(spec)
        self.rules.append(fault)
        self._chances[id(fault)] = random.Random(f"{self._seed}/{len(self._chances)}/{fault.seed}")
        return fault

    def load(self, specs: list[Mapping[str, Any]]) -> list[Fault]:
        """Add several."""
        return [self.add(spec) for spec in specs]

    def clear(self) -> None:
        """Forget all rules, and let go what they hold."""
        self.release()
        self.rules.clear()

    def release(self, name: str = "") -> None:
        """Let frozen answers go: all of them, or those of the rules with that name."""
        for fault in self.rules:
            if name in ("", fault.name):
                fault.released.set()

    def do(self, spec: Mapping[str, Any]) -> None:
        """Let something happen to the venue now."""
        fault = Fault.of(spec)
        if fault.what not in ON_VENUE:
            raise FaultError(f"{fault.what} happens to a request or a message, not by itself")
        self._note(fault, ("now",))
        self.doer(fault, {}, False)

    def take(self, names: tuple[str, ...], facts: Mapping[str, str], kinds: frozenset[str]) -> list[Fault]:
        """The rules that strike here; those about the venue are carried out on the way."""
        struck = []
        for fault in self.rules:
            if fault.spent or not fault.matches(names, facts):
                continue
            if fault.what not in kinds and fault.what not in ON_VENUE:
                continue
            fault.seen += 1
            if fault.seen < fault.nth:
                continue
            if fault.probability < 1 and self._chances[id(fault)].random() >= fault.probability:
                continue
            fault.fired += 1
            self._note(fault, names)
            if fault.what in ON_VENUE:
                # While a message is pushed the engine is busy; while a request waits it is not.
                self.doer(fault, facts, fault.side == "before" and kinds is ON_REQUEST)
            else:
                struck.append(fault)
        return struck

    def _note(self, fault: Fault, names: tuple[str, ...]) -> None:
        self.fired.append({"what": fault.what, "side": fault.side, "at": names[-1], "name": fault.name})
