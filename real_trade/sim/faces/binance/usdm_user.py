"""The user stream of USDⓈ-M: events of an account on sockets opened with its listen key."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from ....model import Side
from ...events import Event, MarginCalled, MoneyMoved, OrderMoved, What
from ...orders import Order
from .usdm_account import cross_wallet
from .usdm_algo import algo_status
from .words import status_word, usdm_type

if TYPE_CHECKING:
    from ...rooms import Socket
    from .usdm import Usdm

__all__ = ["UsdmUser"]

_EXECUTION = {
    What.NEW: "NEW", What.TRADE: "TRADE", What.CANCELLED: "CANCELED", What.EXPIRED: "EXPIRED",
    What.PREVENTED: "EXPIRED", What.AMENDED: "AMENDMENT",
}  # fmt: skip
_REASONS = {"order": "ORDER", "funding": "FUNDING_FEE", "deposit": "DEPOSIT", "transfer": "ASSET_TRANSFER",
            "liquidation": "INSURANCE_CLEAR"}  # fmt: skip


class UsdmUser:
    """Who listens to which account."""

    def __init__(self, face: Usdm) -> None:
        self.face = face
        self._sockets: dict[int, tuple[Socket, str, str]] = {}

    def open(self, socket: Socket, key: str, account: str) -> None:
        """Send an account's events to a socket; a socket with a key that is not good stays silent."""
        self._sockets[socket.number] = (socket, key, account)

    def closed(self, socket: Socket) -> None:
        """A socket is gone."""
        self._sockets.pop(socket.number, None)

    def expired(self, key: str) -> None:
        """A key is no longer good: say so, and say nothing more."""
        event = {"e": "listenKeyExpired", "E": self.face.clock.now_ms(), "listenKey": key}
        for number, (socket, known, _) in list(self._sockets.items()):
            if known == key:
                socket.push(event, ("event", "event:expired", "listenKeyExpired"), {})
                self._sockets[number] = (socket, "", "")

    def configured(self, account: str, fields: dict[str, Any]) -> None:
        """Leverage was changed."""
        now = self.face.clock.now_ms()
        event = {"e": "ACCOUNT_CONFIG_UPDATE", "E": now, "T": now} | fields
        self._push(account, event, "config", None)

    def _push(self, account: str, event: dict[str, Any], word: str, order: Order | None) -> None:
        facts = {"account": account}
        if order is not None:
            facts |= {"symbol": order.symbol, "client_id": order.client_id}
        for socket, _, name in list(self._sockets.values()):
            if name == account:
                socket.push(event, ("event", f"event:{word}", event["e"]), facts)

    def tell(self, event: Event) -> None:
        """Turn what happened into messages."""
        if isinstance(event, OrderMoved) and self.face.theirs(event.order.symbol):
            if event.order.ticket.waits_apart:
                self._push(event.order.account, self._algo(event.order), "algo", event.order)
            elif event.what in _EXECUTION:
                if event.what is What.TRADE:
                    self._push(event.order.account, self._lite(event), "lite", event.order)
                self._push(event.order.account, self._report(event), "order", event.order)
        elif isinstance(event, MoneyMoved) and event.wallet == "usdm":
            word = "position" if event.positions else "balance"
            self._push(event.account.name, self._account(event), word, event.order)
        elif isinstance(event, MarginCalled) and event.wallet == "usdm":
            self._push(event.account.name, self._margin_call(event), "margin_call", None)

    def _stamp(self, word: str, time_ms: int | None = None) -> dict[str, Any]:
        now = self.face.clock.now_ms()
        return {"e": word, "E": now, "T": time_ms or now}

    def _report(self, event: OrderMoved) -> dict[str, Any]:
        """An ``ORDER_TRADE_UPDATE``."""
        order, fill, money, ticket = event.order, event.execution, self.face.money, event.order.ticket
        kind = usdm_type(order)
        liquidated = ticket.origin == "liquidation"
        told: dict[str, Any] = {
            "s": self.face.theirs(order.symbol), "c": order.client_id, "S": order.side.upper(),
            "o": "LIQUIDATION" if liquidated else kind, "f": self.face.time_word(order),
            "q": money(order.quantity),
            "p": money(order.price), "ap": money(order.average_price), "sp": money(order.stop_price),
            "x": _EXECUTION[event.what], "X": status_word(order), "i": order.number,
            "l": money(fill.quantity if fill else None), "z": money(order.filled),
            "L": money(fill.price if fill else None),
        }  # fmt: skip
        if fill:
            told |= {"n": money(fill.fee), "N": fill.fee_asset}
        bids, asks = self._ordered(order)
        told |= {
            "T": order.updated_ms, "t": fill.trade if fill else 0, "b": money(bids), "a": money(asks),
            "m": bool(fill and fill.maker), "R": ticket.reduce_only, "wt": "CONTRACT_PRICE", "ot": kind,
            "ps": self.face.side_word(ticket.position_side), "cp": ticket.close_position,
            "rp": money(fill.realised if fill else None), "pP": False, "si": 0, "ss": 0,
            "V": ticket.self_trade.upper(), "pm": "NONE", "gtd": ticket.expires_ms, "er": "0",
        }  # fmt: skip
        return self._stamp("ORDER_TRADE_UPDATE", order.updated_ms) | {"o": told}

    def _ordered(self, order: Order) -> tuple[Decimal, Decimal]:
        account = self.face.engine.accounts[order.account]
        side = order.ticket.position_side
        return account.ordered[order.symbol, side, Side.BUY], account.ordered[order.symbol, side, Side.SELL]

    def _lite(self, event: OrderMoved) -> dict[str, Any]:
        order, fill, money = event.order, event.execution, self.face.money
        assert fill is not None
        return self._stamp("TRADE_LITE", fill.time_ms) | {
            "s": self.face.theirs(order.symbol), "q": money(order.quantity), "p": money(order.price),
            "m": fill.maker, "c": order.client_id, "S": order.side.upper(), "L": money(fill.price),
            "l": money(fill.quantity), "t": fill.trade, "i": order.number,
        }  # fmt: skip

    def _account(self, event: MoneyMoved) -> dict[str, Any]:
        """An ``ACCOUNT_UPDATE``."""
        account, money, engine = event.account, self.face.money, self.face.engine
        purse = account.purse("usdm")
        rows = []
        for symbol, side in event.positions:
            held = account.position(symbol, side)
            isolated = symbol in account.isolated
            rows.append(
                {"s": self.face.theirs(symbol), "pa": money(held.quantity), "ep": money(held.entry_price),
                 "bep": money(held.entry_price), "cr": money(held.realised),
                 "up": money(held.unrealised(engine.market(symbol).mark)),
                 "mt": "isolated" if isolated else "cross", "iw": money(held.margin if isolated else None),
                 "ps": self.face.side_word(side)}
            )  # fmt: skip
        return self._stamp("ACCOUNT_UPDATE") | {
            "a": {
                "m": _REASONS.get(event.why, "ADJUSTMENT"),
                "B": [{"a": asset, "wb": money(purse.total(asset)),
                       "cw": money(cross_wallet(account, asset, self.face)), "bc": money(event.amount)}
                      for asset in event.assets],
                "P": rows,
            }
        }  # fmt: skip

    def _algo(self, order: Order) -> dict[str, Any]:
        """An ``ALGO_UPDATE``."""
        ticket, money, child = order.ticket, self.face.money, order.child
        told = {
            "caid": order.client_id, "aid": order.number, "at": "CONDITIONAL", "o": ticket.extra["type"],
            "s": self.face.theirs(order.symbol), "S": order.side.upper(),
            "ps": self.face.side_word(ticket.position_side), "f": self.face.time_word(order),
            "q": money(order.quantity), "X": algo_status(order), "ai": str(child.number) if child else "",
        }  # fmt: skip
        if child is not None:
            told |= {"ap": money(child.average_price), "aq": money(child.filled), "act": usdm_type(child)}
        told |= {
            "tp": money(order.stop_price), "p": money(order.price), "V": ticket.self_trade.upper(),
            "wt": "MARK_PRICE" if ticket.by_mark else "CONTRACT_PRICE", "pm": "NONE",
            "cp": ticket.close_position, "pP": False, "R": ticket.reduce_only or ticket.close_position,
            "tt": order.triggered_ms, "gtd": ticket.expires_ms,
        }  # fmt: skip
        if order.reason:
            told["rm"] = order.reason
        return self._stamp("ALGO_UPDATE", order.updated_ms) | {"o": told}

    def _margin_call(self, event: MarginCalled) -> dict[str, Any]:
        account, money, engine = event.account, self.face.money, self.face.engine
        rows = []
        for (symbol, side), held in account.positions.items():
            if held.quantity and self.face.theirs(symbol):
                listing, mark = engine.mark_of(symbol)
                rows.append(
                    {"s": self.face.theirs(symbol), "ps": self.face.side_word(side),
                     "pa": money(held.quantity),
                     "mt": "CROSSED", "iw": "0", "mp": money(mark), "up": money(held.unrealised(mark)),
                     "mm": money(abs(held.quantity) * mark * listing.maintenance)}
                )  # fmt: skip
        asset = next(iter(self.face.listings.values())).settle
        return self._stamp("MARGIN_CALL") | {"cw": money(cross_wallet(account, asset, self.face)), "p": rows}
