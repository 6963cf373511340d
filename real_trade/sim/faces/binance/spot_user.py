"""The user stream of spot: events of an account, pushed over the WebSocket API."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING, Any

from ...accounts import Account
from ...events import Event, MoneyMoved, OrderMoved, What
from ...orders import Order
from .errors import BinanceError
from .spot_orders import TABLE
from .table import Ask
from .words import spot_type, status_word

if TYPE_CHECKING:
    from ...rooms import Socket
    from .spot import Spot

__all__ = ["SpotUser"]

_EXECUTION = {
    What.NEW: "NEW", What.TRIGGERED: "NEW", What.TRADE: "TRADE", What.CANCELLED: "CANCELED",
    What.EXPIRED: "EXPIRED", What.REJECTED: "REJECTED", What.PREVENTED: "TRADE_PREVENTION",
    What.AMENDED: "REPLACED",
}  # fmt: skip


class SpotUser:
    """Who listens to which account."""

    def __init__(self, face: Spot) -> None:
        self.face = face
        self._subscriptions: dict[tuple[int, int], tuple[Socket, str]] = {}
        self._numbers = itertools.count(0)
        self._executions = itertools.count(1)

    def subscribe(self, socket: Socket, account: str) -> int:
        """Send an account's events to a socket."""
        if any(key[0] == socket.number and name == account for key, (_, name) in self._subscriptions.items()):
            raise BinanceError(-2035, "User Data Stream subscription is already active.")
        number = next(self._numbers)
        self._subscriptions[socket.number, number] = (socket, account)
        return number

    def unsubscribe(self, socket: Socket, number: int | None) -> None:
        """Send no more."""
        for key in [
            key for key in self._subscriptions if key[0] == socket.number and number in (None, key[1])
        ]:
            del self._subscriptions[key]

    def closed(self, socket: Socket) -> None:
        """A socket is gone."""
        self.unsubscribe(socket, None)

    def end_all(self) -> None:
        """Tell everybody that the stream is over, and send no more."""
        for (_, number), (socket, _) in list(self._subscriptions.items()):
            event = {"e": "eventStreamTerminated", "E": self.face.clock.now_ms()}
            socket.push({"subscriptionId": number, "event": event}, ("event", "eventStreamTerminated"), {})
        self._subscriptions.clear()

    def tell(self, event: Event) -> None:
        """Turn what happened into messages."""
        if isinstance(event, OrderMoved) and self.face.theirs(event.order.symbol):
            if event.what in _EXECUTION:
                self._push(event.order.account, self.report(event), "order", event.order)
        elif isinstance(event, MoneyMoved) and event.wallet == "spot":
            if event.why != "order":
                self._push(event.account.name, self._delta(event), "balance", None)
            self._push(
                event.account.name, self._balances(event.account, event.assets), "balance", event.order
            )

    def _push(self, account: str, event: dict[str, Any], word: str, order: Order | None) -> None:
        facts = {"account": account}
        if order is not None:
            facts |= {"symbol": order.symbol, "client_id": order.client_id}
        names = ("event", f"event:{word}", event["e"])
        for (_, number), (socket, name) in list(self._subscriptions.items()):
            if name == account:
                socket.push({"subscriptionId": number, "event": event}, names, facts)

    def _balances(self, account: Account, assets: tuple[str, ...]) -> dict[str, Any]:
        purse, money, now = account.purse("spot"), self.face.money, self.face.clock.now_ms()
        return {
            "e": "outboundAccountPosition", "E": now, "u": now,
            "B": [{"a": asset, "f": money(purse.free[asset]),
            "l": money(purse.locked[asset])} for asset in assets],
        }  # fmt: skip

    def _delta(self, event: MoneyMoved) -> dict[str, Any]:
        now = self.face.clock.now_ms()
        return {
            "e": "balanceUpdate",
            "E": now,
            "a": event.assets[0],
            "d": self.face.money(event.amount),
            "T": now,
        }

    def report(self, event: OrderMoved) -> dict[str, Any]:
        """An ``executionReport``."""
        order, fill, money = event.order, event.execution, self.face.money
        cancelled = event.what is What.CANCELLED
        client, original = order.client_id, ""
        if cancelled:
            client, original = event.request_id or order.client_id, order.client_id
        elif event.what is What.AMENDED:
            original = order.ticket.client_id
        return {
            "e": "executionReport", "E": self.face.clock.now_ms(), "s": self.face.theirs(order.symbol),
            "c": client, "S": order.side.upper(), "o": spot_type(order), "f": self.face.time_word(order),
            "q": money(order.quantity), "p": money(order.price), "P": money(order.stop_price),
            "F": money(None), "g": -1, "C": original, "x": _EXECUTION[event.what], "X": status_word(order),
            "r": "INSUFFICIENT_BALANCE" if event.what is What.REJECTED else "NONE", "i": order.number,
            "l": money(fill.quantity if fill else None), "z": money(order.filled),
            "L": money(fill.price if fill else None), "n": money(fill.fee if fill else None),
            "N": fill.fee_asset if fill else None, "T": order.updated_ms, "t": fill.trade if fill else -1,
            "I": next(self._executions), "w": order.working and order.is_open, "m": bool(fill and fill.maker),
            "M": False, "O": order.created_ms, "Z": money(order.money),
            "Y": money(fill.price * fill.quantity if fill else None), "Q": money(order.ticket.quote_quantity),
            "W": order.working_ms, "V": order.ticket.self_trade.upper(),
        }  # fmt: skip


def _socket(ask: Ask) -> Socket:
    found: Socket = ask.face.venue.server.sockets[int(ask.call.headers["socket"])]
    return found


def subscribe(ask: Ask) -> dict[str, Any]:
    """Send events of the key's account to this socket."""
    return {"subscriptionId": ask.face.user.subscribe(_socket(ask), ask.account.name)}


def unsubscribe(ask: Ask) -> dict[str, Any]:
    """Send no more events."""
    ask.face.user.unsubscribe(_socket(ask), ask.params.maybe_integer("subscriptionId"))
    return {}


TABLE.on(action="subscribe", ws="userDataStream.subscribe.signature", security="read", weight=2)(subscribe)
TABLE.on(action="subscribe", ws="userDataStream.unsubscribe", weight=2)(unsubscribe)
