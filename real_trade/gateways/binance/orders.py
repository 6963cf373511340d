"""Our intentions as Binance's requests.  Amounts are written out in full, never rounded here.

What is refused here never reaches the venue: a kind it does not have, a price that its filters would
refuse, a market order with a price (spot would make an amount of money of it).
"""

from __future__ import annotations

from decimal import Decimal
from typing import Final

from ...errors import Rejected
from ...model import Instrument, OrderIntent, OrderKind, TimeInForce

__all__ = ["algo_request", "plain", "spot_request", "usdm_request"]

Request = dict[str, str]

_SPOT_KINDS: Final = {
    OrderKind.MARKET: "MARKET",
    OrderKind.LIMIT: "LIMIT",
    OrderKind.STOP: "STOP_LOSS",
    OrderKind.STOP_LIMIT: "STOP_LOSS_LIMIT",
    OrderKind.TAKE_PROFIT: "TAKE_PROFIT",
    OrderKind.TAKE_PROFIT_LIMIT: "TAKE_PROFIT_LIMIT",
    OrderKind.TRAILING: "STOP_LOSS",
}
_USDM_KINDS: Final = {
    OrderKind.STOP: "STOP_MARKET",
    OrderKind.STOP_LIMIT: "STOP",
    OrderKind.TAKE_PROFIT: "TAKE_PROFIT_MARKET",
    OrderKind.TAKE_PROFIT_LIMIT: "TAKE_PROFIT",
    OrderKind.TRAILING: "TRAILING_STOP_MARKET",
}


def plain(value: Decimal) -> str:
    """The amount in digits, without an exponent and without zeros at the end."""
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def spot_request(intent: OrderIntent, instrument: Instrument) -> Request:
    """Parameters of ``POST /api/v3/order``."""
    _refuse(intent, instrument)
    if intent.reduce_only:
        raise Rejected(f"{intent.symbol}: reduce-only is for derivatives; a spot account has no positions")
    if intent.position_side:
        raise Rejected(f"{intent.symbol}: a spot account has no {intent.position_side} side")
    word = "LIMIT_MAKER" if intent.post_only else _SPOT_KINDS[intent.kind]
    request = _base(intent, instrument, word) | {"newOrderRespType": "FULL"}
    if intent.kind is OrderKind.TRAILING:
        request["trailingDelta"] = _basis_points(intent)
        if intent.stop_price is not None:
            request["stopPrice"] = plain(intent.stop_price)
    if intent.kind.has_limit and not intent.post_only:
        request["timeInForce"] = intent.time_in_force.upper()
    return request


def usdm_request(intent: OrderIntent, instrument: Instrument, *, hedged: bool) -> Request:
    """Parameters of ``POST /fapi/v1/order``, for market and limit orders."""
    _refuse(intent, instrument)
    request = _base(intent, instrument, intent.kind.upper()) | {"newOrderRespType": "RESULT"}
    if intent.kind is OrderKind.LIMIT:
        request["timeInForce"] = "GTX" if intent.post_only else intent.time_in_force.upper()
    return request | _position(intent, hedged=hedged)


def algo_request(intent: OrderIntent, instrument: Instrument, *, hedged: bool) -> Request:
    """Parameters of ``POST /fapi/v1/algoOrder``, where orders that wait for a price go."""
    _refuse(intent, instrument)
    request = _base(intent, instrument, _USDM_KINDS[intent.kind]) | {"algoType": "CONDITIONAL"}
    request["clientAlgoId"] = request.pop("newClientOrderId")
    trigger = request.pop("stopPrice", None)
    if intent.kind is OrderKind.TRAILING:
        request["callbackRate"] = plain(_trail(intent))
        if intent.stop_price is not None:
            request["activatePrice"] = plain(intent.stop_price)
    elif trigger is not None:
        request["triggerPrice"] = trigger
    if intent.kind.has_limit:
        request["timeInForce"] = intent.time_in_force.upper()
    return request | _position(intent, hedged=hedged)


def _base(intent: OrderIntent, instrument: Instrument, word: str) -> Request:
    request = {
        "symbol": instrument.venue_symbol,
        "side": intent.side.upper(),
        "type": word,
        "quantity": plain(intent.quantity),
        "newClientOrderId": intent.client_id,
    }
    if intent.kind.has_limit and intent.price is not None:
        request["price"] = plain(intent.price)
    if intent.kind.waits and intent.kind is not OrderKind.TRAILING and intent.stop_price is not None:
        request["stopPrice"] = plain(intent.stop_price)
    return request


def _position(intent: OrderIntent, *, hedged: bool) -> Request:
    if not hedged:
        if intent.position_side:
            side = intent.position_side
            raise Rejected(f"{intent.symbol}: the account keeps one position per symbol, not a {side} one")
        return {"reduceOnly": "true"} if intent.reduce_only else {}
    side = intent.position_side
    if side not in ("long", "short"):
        raise Rejected(f"{intent.symbol}: the account keeps long and short apart: the order must say which")
    # the venue takes no reduceOnly here: the sides say it
    opens = (side == "long") == (intent.side.sign > 0)
    if intent.reduce_only and opens:
        raise Rejected(f"{intent.symbol}: a {intent.side} order on the {side} side does not reduce it")
    return {"positionSide": side.upper()}


def _refuse(intent: OrderIntent, instrument: Instrument) -> None:
    """What is wrong with the order whatever the market."""
    complaint = instrument.complaint(intent)
    if not complaint and not intent.client_id:
        complaint = f"{intent.symbol}: an order needs a client id"
    if not complaint and intent.kind is OrderKind.MARKET and intent.price is not None:
        complaint = f"{intent.symbol}: a market order has no price"
    if (
        not complaint
        and intent.kind.waits
        and intent.kind is not OrderKind.TRAILING
        and intent.stop_price is None
    ):
        complaint = f"{intent.symbol}: a {intent.kind} order needs a stop price"
    if not complaint and intent.time_in_force is TimeInForce.DAY:
        complaint = f"{intent.symbol}: binance has no day orders; it never closes"
    if (
        not complaint
        and intent.post_only
        and (intent.kind is not OrderKind.LIMIT or intent.time_in_force is not TimeInForce.GTC)
    ):
        complaint = f"{intent.symbol}: only a limit order that stays can be post-only"
    if complaint:
        raise Rejected(complaint)


def _trail(intent: OrderIntent) -> Decimal:
    if intent.trail is None or intent.trail <= 0:
        raise Rejected(f"{intent.symbol}: a trailing order needs a distance in percent")
    return intent.trail


def _basis_points(intent: OrderIntent) -> str:
    points = _trail(intent) * 100
    if points % 1:
        raise Rejected(
            f"{intent.symbol}: the distance {intent.trail} % is finer than a hundredth of a percent"
        )
    return plain(points)
