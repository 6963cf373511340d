"""What the two Binance faces have in common: letting requests in, counting them, and saying no."""

from __future__ import annotations

import itertools
import json
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from ...accounts import Account, Key
from ...instruments import Listing
from ...refusals import Reason, Refused
from ..base import Call, Face, Reply
from . import sign
from .errors import BinanceError
from .limits import Limits, Rule
from .params import Params, parse
from .table import Ask, Endpoint, Table

if TYPE_CHECKING:
    from ...faults import Fault
    from ...rooms import Socket
    from ...venue import Venue
    from .streams import Streams

__all__ = ["BinanceFace"]

_NOBODY = Account("")
_MAINTENANCE = "<html><body><h1>503 Service Temporarily Unavailable</h1></body></html>"


class BinanceFace(Face):
    """One of Binance's markets; subclasses say which, and what can be asked there."""

    kind = "spot"
    table: Table
    weight_rule: Rule
    order_rules: tuple[Rule, ...] = ()
    #: Where requests over a socket go, and market streams.
    api_hosts: tuple[str, ...] = ()
    stream_hosts: tuple[str, ...] = ()
    streams: Streams

    def __init__(self, venue: Venue) -> None:
        super().__init__(venue)
        self.listings: dict[str, Listing] = {
            listing.base + listing.quote: listing
            for listing in venue.config.listings
            if listing.kind == self.kind
        }
        self._theirs = {listing.symbol: word for word, listing in self.listings.items()}
        self.limits = Limits(
            self.weight_rule, self.order_rules, lambda: self.clock.api_ms() / 1000, venue.config.limit_scale
        )

        self._ids = itertools.count(1)

    def next_id(self) -> int:
        """A number for something that has none of the engine's."""
        return next(self._ids)

    # -- words -------------------------------------------------------------------------------------
    def ours(self, word: str) -> str:
        """Our symbol for theirs."""
        found = self.listings.get(word)
        if found is None:
            raise BinanceError(-1121, "Invalid symbol.")
        return found.symbol

    def theirs(self, symbol: str) -> str:
        """Their symbol for ours; empty if it is not traded here."""
        return self._theirs.get(symbol, "")

    def money(self, value: Decimal | None) -> str:
        """An amount as it is written here."""
        return f"{value or Decimal(0):.8f}"

    def refusal(self, refused: Refused, symbol: str = "") -> BinanceError:
        """A refusal in this market's words."""
        raise NotImplementedError

    # -- requests ----------------------------------------------------------------------------------
    def _endpoint(self, call: Call) -> Endpoint | None:
        if call.via == "ws":
            return self.table.socket.get(call.path)
        return self.table.rest.get((call.method, call.path))

    def read(self, call: Call) -> None:
        """Name a request for faults, and find out which order it is about."""
        endpoint = self._endpoint(call)
        written = call.path if call.via == "ws" else f"{call.method} {call.path}"
        call.names = (endpoint.action if endpoint else "unknown", call.via, f"{self.name} {written}", written)
        try:
            values = self._values(call)
        except (ValueError, AttributeError):
            values = {}
        listing = self.listings.get(values.get("symbol", ""))
        ids = ("newClientOrderId", "origClientOrderId", "clientAlgoId", "cancelOrigClientOrderId")
        call.facts = {
            "symbol": listing.symbol if listing else "",
            "client_id": next((values[name] for name in ids if values.get(name)), ""),
            "account": self._owner(call, values)[0].name,
        }

    def _values(self, call: Call) -> dict[str, str]:
        if call.via == "ws":
            params = (call.message or {}).get("params") or {}
            return {name: sign.as_text(value) for name, value in params.items()}
        return parse(call.query, call.body)

    def _owner(self, call: Call, values: dict[str, str]) -> tuple[Account, Key | None]:
        given = values.get("apiKey", "") if call.via == "ws" else call.headers.get("X-MBX-APIKEY", "")
        for account in self.engine.accounts.values():
            for key in account.keys:
                if given and key.key == given:
                    return account, key
        return _NOBODY, None

    def respond(self, call: Call) -> Reply:
        """Let a request in, or say why not."""
        account, orders = _NOBODY, False
        try:
            endpoint = self._endpoint(call)
            if endpoint is None:
                raise BinanceError(-5000, f"Path {call.path}, Method {call.method} is invalid", status=404)
            values = self._values(call)
            params = Params(values)
            self.limits.charge(call.remote, endpoint.weigh(params) if endpoint.weigh else endpoint.weight)
            account, key = self._admit(call, endpoint, params)
            self._unread(endpoint, params)
            orders = bool(endpoint.orders)
            if orders:
                self.limits.check_orders(account.name, endpoint.orders)
            payload = self._handle(endpoint, Ask(self, call, params, account, key))
            if orders:
                self.limits.count_orders(account.name, endpoint.orders)
            status, more = 200, {}
        except BinanceError as error:
            payload, status, more = error.payload(), error.status, error.headers
        headers = self.limits.headers(call.remote, account.name, orders=orders) | more
        return Reply(status, payload, headers)

    def _handle(self, endpoint: Endpoint, ask: Ask) -> Any:
        try:
            return endpoint.handler(ask)
        except Refused as refused:
            raise self.refusal(refused, ask.params.values.get("symbol", "")) from None

    def _admit(self, call: Call, endpoint: Endpoint, params: Params) -> tuple[Account, Key | None]:
        if endpoint.security == "none":
            return _NOBODY, None
        given = params.values.get("apiKey", "") if call.via == "ws" else call.headers.get("X-MBX-APIKEY", "")
        if not given:
            raise BinanceError(-2014, "API-key format invalid.", status=401)
        account, key = self._owner(call, dict(params.values))
        if key is None or not key.can_read or (endpoint.security == "trade" and not key.can_trade):
            raise BinanceError(-2015, "Invalid API-key, IP, or permissions for action.", status=401)
        if endpoint.security == "key":
            return account, key
        if call.via == "ws":
            payload = sign.payload_of_message((call.message or {}).get("params") or {})
            signature = params.text("signature")
        else:
            payload = sign.payload_of_request(call.query, call.body)
            signature = sign.signature_of(call.query, call.body)
        sign.verify(key, payload, signature)
        sign.check_time(params, self.clock.api_ms())
        return account, key

    def _unread(self, endpoint: Endpoint, params: Params) -> None:
        if not endpoint.accepts:
            return
        known = endpoint.accepts | {"timestamp", "recvWindow", "signature", "apiKey", "returnRateLimits"}
        unread = [name for name in params.values if name not in known]
        if unread:
            sent = len(params.values)
            raise BinanceError(
                -1104,
                f"Not all sent parameters were read; read '{sent - len(unread)}' parameter(s) "
                f"but was sent '{sent}'.",
            )

    # -- sockets -----------------------------------------------------------------------------------
    def hear(self, socket: Socket, text: str) -> Call | None:
        """Subscriptions are dealt with; a request over a socket becomes a call."""
        try:
            message = json.loads(text)
        except ValueError:
            message = None
        if socket.kind != "api":
            self.streams.hear(socket, message)
            return None
        if not isinstance(message, dict) or not isinstance(message.get("method"), str):
            text = "Mandatory parameter 'method' was not sent, was empty/null, or malformed."
            socket.answer({"id": None, "status": 400, "error": {"code": -1102, "msg": text}})
            return None
        call = Call(socket.host, "WS", message["method"], remote=socket.request.remote or "", via="ws")
        call.message = message
        call.headers = {"socket": str(socket.number)}
        return call

    def frame(self, call: Call, reply: Reply) -> Any:
        """An answer over a socket."""
        framed: dict[str, Any] = {"id": (call.message or {}).get("id"), "status": reply.status}
        if reply.status == 200:
            framed["result"] = reply.payload
        else:
            broken = {"code": -1000, "msg": "Internal error."}
            framed["error"] = reply.payload if isinstance(reply.payload, dict) else broken
        if str(((call.message or {}).get("params") or {}).get("returnRateLimits", True)).lower() != "false":
            framed["rateLimits"] = [
                {**rule, "count": self.limits.used_weight(call.remote)} for rule in self.limits.describe()[:1]
            ]
        return framed

    # -- faults ------------------------------------------------------------------------------------
    def broken(self, fault: Fault, call: Call) -> Reply:
        """A fault in Binance's words."""
        if fault.what == "rate_limit":
            return self._reply(self.limits.too_many(int(fault.seconds) or 1))
        if fault.what == "ban":
            return self._reply(self.limits.banned(int(fault.seconds) or 120))
        if fault.what == "not_found":
            return self._reply(self.refusal(Refused(Reason.NOT_FOUND)))
        if fault.what == "maintenance":
            return Reply(fault.status or 503, fault.message or _MAINTENANCE)
        status = fault.status or (400 if fault.what == "error" else 503)
        code = int(fault.code or _CODES.get(status, -1000))
        return self._reply(
            BinanceError(code, fault.message or _TEXTS.get(code, _TEXTS[-1000]), status=status)
        )

    @staticmethod
    def _reply(error: BinanceError) -> Reply:
        return Reply(error.status, error.payload(), dict(error.headers))


_CODES = {500: -1000, 502: -1006, 503: -1001, 504: -1007, 403: -1002}
_TEXTS = {
    -1000: "An unknown error occurred while processing the request.",
    -1001: "Internal error; unable to process your request. Please try again.",
    -1002: "You are not authorized to execute this request.",
    -1006: "An unexpected response was received from the message bus. Execution status unknown.",
    -1007: "Timeout waiting for response from backend server. Send status unknown; execution status unknown.",
    -1008: "Server is currently overloaded with other requests. Please try again in a few minutes.",
    -1015: "Too many new orders.",
    -1016: "This service is no longer available.",
    -1021: "Timestamp for this request is outside of the recvWindow.",
    -1022: "Signature for this request is not valid.",
    -2015: "Invalid API-key, IP, or permissions for action.",
}
