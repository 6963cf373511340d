"""What is looked at before an order is written down and sent.  Cancellations always pass."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from difflib import get_close_matches

from ..errors import ConfigError
from ..model import Instrument, OrderIntent, OrderKind, Side, TimeInForce
from . import clock
from .orders import LiveOrder
from .policy import Limits

__all__ = ["Guard", "check_types"]

_TYPES = {
    "side": Side, "kind": OrderKind, "time_in_force": TimeInForce,
    "quantity": Decimal, "price": Decimal, "stop_price": Decimal, "trail": Decimal,
}  # fmt: skip


def check_types(intent: OrderIntent) -> None:
    """`ConfigError` for an order made of the wrong things: a float is not the amount it looks like."""
    for name, kind in _TYPES.items():
        value = getattr(intent, name)
        if not isinstance(value, kind) and not (value is None and name in ("price", "stop_price", "trail")):
            raise ConfigError(
                f"{intent.symbol}: the {name} of an order is a {kind.__name__}, not the "
                f"{type(value).__name__} {value!r}"
            )


@dataclass(slots=True)
class Guard:
    """The rules, and the times of the last orders.

    ``id_length`` and ``id_extra`` say what the venue takes for a client id.
    """

    limits: Limits
    instruments: Mapping[str, Instrument]
    id_length: int = 32
    id_extra: str = ""
    prices: dict[str, Decimal] = field(default_factory=dict)
    told: dict[str, float] = field(default_factory=dict)
    """When each price was heard, by `clock.elapsed`."""
    _times: deque[float] = field(default_factory=deque)

    def complaint(
        self,
        intent: OrderIntent,
        standing: Iterable[LiveOrder],
        *,
        halted: str = "",
        now: float = 0.0,
        more: int = 0,
    ) -> str:
        """Why the order must not be sent, in a sentence; empty if it may.

        ``more`` orders are about to be sent with it, and not counted yet.
        """
        if halted and not (self.limits.reducing_when_halted and intent.reduce_only):
            return f"trading is halted: {halted}"
        return (
            self._id_complaint(intent.client_id)
            or self._venue_complaint(intent)
            or self._worth_complaint(intent, standing)
            or self._rate_complaint(now, more)
        )

    def sent(self, now: float) -> None:
        """Count an order for the rates."""
        self._times.append(now)

    def needs_price(self, intent: OrderIntent, age: float) -> bool:
        """Whether the worth of the order depends on the last price, and that is not known or too old.

        Only what is bought with a limit is worth no more than that; a sale far below the market is not.
        """
        if self.limits.notional is None and self.limits.open_notional is None:
            return False
        if intent.kind is OrderKind.LIMIT and intent.side == "buy":
            return False
        return clock.elapsed() - self.told.get(intent.symbol, float("-inf")) > age

    def worth(
        self, intent: OrderIntent, quantity: Decimal | None = None, price: Decimal | None = None
    ) -> Decimal | None:
        """What the order is worth, at most, in the quote currency; None if no price is known."""
        found = price or self._price(intent)
        instrument = self.instruments.get(intent.symbol)
        if found is None or instrument is None:
            return None
        return found * (intent.quantity if quantity is None else quantity) * instrument.contract_size

    def _price(self, intent: OrderIntent) -> Decimal | None:
        last = self.prices.get(intent.symbol)
        own = intent.price or intent.stop_price
        if own is None or last is None or (intent.kind is OrderKind.LIMIT and intent.side == "buy"):
            return own or last
        # a sale below the market is filled at the market
        return max(own, last)

    def _id_complaint(self, client_id: str) -> str:
        allowed = all(sign.isascii() and (sign.isalnum() or sign in self.id_extra) for sign in client_id)
        if not client_id or not allowed or len(client_id) > self.id_length:
            return (
                f"{client_id!r} is no client id for this venue: 1 to {self.id_length} letters, "
                f"digits{' and ' + self.id_extra if self.id_extra else ''}"
            )
        return ""

    def _venue_complaint(self, intent: OrderIntent) -> str:
        instrument = self.instruments.get(intent.symbol)
        if instrument is None:
            near = get_close_matches(intent.symbol, self.instruments, n=3)
            hint = f": did you mean {' or '.join(near)}?" if near else ""
            return f"{intent.symbol} is not traded there{hint}"
        return instrument.complaint(intent, self.prices.get(intent.symbol))

    def _worth_complaint(self, intent: OrderIntent, standing: Iterable[LiveOrder]) -> str:
        limits = self.limits
        if limits.open_orders is not None or limits.open_notional is not None:
            own = [order for order in standing if not order.foreign]
        else:
            own = []
        if limits.open_orders is not None and len(own) >= limits.open_orders:
            return f"{len(own)} orders stand already, the most is {limits.open_orders}"
        if limits.notional is None and limits.open_notional is None:
            return ""
        worth = self.worth(intent)
        if worth is None:
            return f"{intent.symbol}: no price is known, so whether the order is too large cannot be told"
        if limits.notional is not None and worth > limits.notional:
            return f"{intent.symbol}: worth {worth:f}, the most for one order is {limits.notional:f}"
        if limits.open_notional is not None:
            total = sum(
                (self.worth(one.intent, one.remaining, one.price) or Decimal(0) for one in own), worth
            )
            if total > limits.open_notional:
                return f"all orders together would be worth {total:f}, the most is {limits.open_notional:f}"
        return ""

    def _rate_complaint(self, now: float, more: int) -> str:
        while self._times and self._times[0] <= now - 60:
            self._times.popleft()
        last = sum(1 for time in self._times if time > now - 1) + more
        for count, limit, unit in (
            (last, self.limits.orders_per_second, "second"),
            (len(self._times) + more, self.limits.orders_per_minute, "minute"),
        ):
            if limit is not None and count >= limit:
                return f"{count} orders within a {unit}, the most is {limit}: is the strategy running wild?"
        return ""
