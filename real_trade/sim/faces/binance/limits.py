"""Request weights by address and order counts by account, in the venue's fixed windows."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from .errors import BinanceError

__all__ = ["Limits", "Rule"]


@dataclass(frozen=True, slots=True)
class Rule:
    """So many per window; ``word`` names the window in headers (``1M``), ``long`` in the listing."""

    limit: int
    seconds: int
    word: str
    long: str
    number: int


@dataclass(slots=True)
class _Window:
    start: int = -1
    used: int = 0


@dataclass
class Limits:
    """Counts what clients use.  ``scale`` stretches all limits, 0 lifts them."""

    weight: Rule
    orders: tuple[Rule, ...]
    now: Callable[[], float]
    scale: float = 1.0
    ban_seconds: int = 120
    patience: int = 10
    _weights: dict[str, _Window] = field(default_factory=dict)
    _orders: dict[tuple[str, str], _Window] = field(default_factory=dict)
    _strikes: dict[str, int] = field(default_factory=dict)
    _banned: dict[str, float] = field(default_factory=dict)

    def charge(self, address: str, weight: int) -> None:
        """Count a request; 429 if there are too many, 418 for those who go on then."""
        now = self.now()
        until = self._banned.get(address, 0.0)
        if until > now:
            raise self.banned(int(until - now) + 1)
        window = self._window(self._weights.setdefault(address, _Window()), self.weight)
        window.used += weight
        if not self.scale or window.used <= self.weight.limit * self.scale:
            self._strikes.pop(address, None)
            return
        self._strikes[address] = self._strikes.get(address, 0) + 1
        if self._strikes[address] > self.patience:
            self._banned[address] = now + self.ban_seconds
            raise self.banned(self.ban_seconds)
        raise self.too_many(self._left(self.weight))

    def check_orders(self, account: str, count: int = 1) -> None:
        """See whether an account may send so many more orders."""
        for rule in self.orders:
            window = self._window(self._orders.setdefault((account, rule.word), _Window()), rule)
            if self.scale and window.used + count > rule.limit * self.scale:
                raise BinanceError(
                    -1015,
                    f"Too many new orders; current limit is {int(rule.limit * self.scale)} orders per "
                    f"{rule.number} {rule.long}.",
                    status=429,
                    headers={"Retry-After": str(self._left(rule))},
                )

    def count_orders(self, account: str, count: int = 1) -> None:
        """Count orders that were taken."""
        for rule in self.orders:
            self._window(self._orders.setdefault((account, rule.word), _Window()), rule).used += count

    def used_orders(self, account: str, rule: Rule) -> int:
        """How many orders an account has sent in the current window."""
        return self._window(self._orders.setdefault((account, rule.word), _Window()), rule).used

    def used_weight(self, address: str) -> int:
        """How much an address has used in the current window."""
        return self._window(self._weights.setdefault(address, _Window()), self.weight).used

    def headers(self, address: str, account: str, *, orders: bool) -> dict[str, str]:
        """What the venue says of it with each answer."""
        used = str(self.used_weight(address))
        told = {"X-MBX-USED-WEIGHT": used, f"X-MBX-USED-WEIGHT-{self.weight.word}": used}
        if orders and account:
            for rule in self.orders:
                told[f"X-MBX-ORDER-COUNT-{rule.word}"] = str(self.used_orders(account, rule))
        return told

    def too_many(self, wait: int) -> BinanceError:
        """The answer to one request too many."""
        limit = int(self.weight.limit * (self.scale or 1))
        return BinanceError(
            -1003,
            f"Too much request weight used; current limit is {limit} request weight per 1 MINUTE. "
            "Please use WebSocket Streams for live updates to avoid polling the API.",
            status=429,
            headers={"Retry-After": str(wait)},
        )

    def banned(self, wait: int) -> BinanceError:
        """The answer to those who did not slow down."""
        return BinanceError(
            -1003,
            f"Way too much request weight used; IP banned until {int((self.now() + wait) * 1000)}. "
            "Please use WebSocket Streams for live updates to avoid bans.",
            status=418,
            headers={"Retry-After": str(wait)},
        )

    def _window(self, window: _Window, rule: Rule) -> _Window:
        start = int(self.now() // rule.seconds)
        if window.start != start:
            window.start, window.used = start, 0
        return window

    def _left(self, rule: Rule) -> int:
        return max(1, int(rule.seconds - self.now() % rule.seconds) + 1)

    def describe(self) -> list[dict[str, object]]:
        """As the listing tells them."""
        weight = self.weight
        rows: list[dict[str, object]] = [
            {"rateLimitType": "REQUEST_WEIGHT", "interval": weight.long, "intervalNum": weight.number,
             "limit": weight.limit}
        ]  # fmt: skip
        return rows + [
            {
                "rateLimitType": "ORDERS",
                "interval": rule.long,
                "intervalNum": rule.number,
                "limit": rule.limit,
            }
            for rule in self.orders
        ]
