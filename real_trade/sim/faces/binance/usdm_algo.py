"""Conditional orders on USDⓈ-M: orders of their own kind, with numbers and ids of their own."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from ....model import OrderKind, TimeInForce, VenueStatus
from ...orders import Order, Ticket
from ...refusals import Reason, Refused
from .errors import BinanceError
from .params import Params
from .table import Ask, Table
from .usdm_orders import client_id, position_side, times_of
from .words import FUTURES_KINDS, MODES, SIDES, pick

if TYPE_CHECKING:
    from .usdm import Usdm

__all__ = ["TABLE", "algo_row", "algo_status"]

TABLE = Table()

_STATUS = {
    VenueStatus.OPEN: "NEW", VenueStatus.PARTIAL: "TRIGGERED", VenueStatus.FILLED: "FINISHED",
    VenueStatus.CANCELLED: "CANCELED", VenueStatus.REJECTED: "REJECTED", VenueStatus.EXPIRED: "EXPIRED",
}  # fmt: skip


def algo_status(order: Order) -> str:
    """How far a conditional order is."""
    if order.is_open and order.working:
        return "TRIGGERED"
    return _STATUS[order.status]


def algo_row(face: Usdm, order: Order, *, whole: bool = True) -> dict[str, Any]:
    """A conditional order as it stands; ``whole`` adds what became of it."""
    money, ticket, child = face.money, order.ticket, order.child
    row = {
        "algoId": order.number, "clientAlgoId": order.client_id, "algoType": "CONDITIONAL",
        "orderType": ticket.extra["type"], "symbol": face.theirs(order.symbol), "side": order.side.upper(),
        "positionSide": face.side_word(ticket.position_side), "timeInForce": face.time_word(order),
        "quantity": money(order.quantity), "algoStatus": algo_status(order),
        "triggerPrice": money(order.stop_price), "price": money(order.price), "icebergQuantity": None,
        "selfTradePreventionMode": ticket.self_trade.upper(),
        "workingType": "MARK_PRICE" if ticket.by_mark else "CONTRACT_PRICE", "priceMatch": "NONE",
        "closePosition": ticket.close_position, "priceProtect": False,
        "reduceOnly": ticket.reduce_only or ticket.close_position,
        "createTime": order.created_ms, "updateTime": order.updated_ms, "triggerTime": order.triggered_ms,
        "goodTillDate": ticket.expires_ms,
    }  # fmt: skip
    if ticket.kind is OrderKind.TRAILING:
        row |= {"activatePrice": money(ticket.activation), "callbackRate": f"{ticket.trail}"}
    if whole:
        row |= {
            "actualOrderId": str(child.number) if child else "",
            "actualPrice": money(child.average_price if child else None),
            "actualQty": money(child.filled if child else None),
            "tpTriggerPrice": "0.00", "tpPrice": "0.00", "slTriggerPrice": "0.00", "slPrice": "0.00",
            "tpOrderType": "",
        }  # fmt: skip
    return row


def ticket_of(params: Params, symbol: str) -> Ticket:
    """The order that a request asks for."""
    if params.text("algoType") != "CONDITIONAL":
        raise BinanceError(-4500, "Invalid algo type.")
    word = params.text("type")
    kind = pick(FUTURES_KINDS, word, -1116, "Invalid orderType.")
    if not kind.waits:
        raise BinanceError(-1116, "Invalid orderType.")
    held, close = position_side(params), params.flag("closePosition")
    reduce_only = params.flag("reduceOnly")
    if held and reduce_only:
        raise BinanceError(-1106, "Parameter 'reduceonly' sent when not required.")
    if close:
        params.forbid("quantity", "reduceOnly")
    times, post_only, until = TimeInForce.GTC, False, 0
    if kind.has_limit:
        times, post_only, until = times_of(params, needed=False)
    trailing = kind is OrderKind.TRAILING
    if trailing and not Decimal("0.1") <= params.decimal("callbackRate") <= 10:
        raise BinanceError(-2007, "Invalid callBack rate.")
    activate = "activatePrice" if "activatePrice" in params else "activationPrice"
    return Ticket(
        symbol=symbol, side=pick(SIDES, params.text("side"), -1117, "Invalid side."), kind=kind,
        quantity=Decimal(0) if close else params.decimal("quantity"),
        price=params.decimal("price") if kind.has_limit else None,
        stop_price=None if trailing else params.decimal("triggerPrice"),
        trail=params.decimal("callbackRate") if trailing else None,
        activation=params.maybe_decimal(activate) if trailing else None,
        by_mark=params.text("workingType", "CONTRACT_PRICE") == "MARK_PRICE",
        time_in_force=times, post_only=post_only, expires_ms=until, reduce_only=reduce_only,
        close_position=close, position_side=held, client_id=client_id(params, "clientAlgoId"),
        self_trade=pick(MODES, params.text("selfTradePreventionMode", "EXPIRE_MAKER"), -4206,
                        "Invalid self trade prevention mode."),
        waits_apart=True, extra={"type": word},
    )  # fmt: skip


@TABLE.on(
    "POST /fapi/v1/algoOrder", action="place", ws="algoOrder.place", security="trade", weight=0, orders=1
)
def place(ask: Ask) -> dict[str, Any]:
    """Enter a conditional order."""
    face: Usdm = ask.face
    symbol = ask.listing_symbol
    ticket = ticket_of(ask.params, symbol)
    if ticket.close_position:
        if not ask.account.position(symbol, ticket.position_side).reducible(ticket.side):
            raise BinanceError(
                -4509, "Time in Force (TIF) GTE can only be used with open positions. "
                "Please ensure that positions are available.",
            )  # fmt: skip
        for order in face.engine.open_orders(ask.account.name, symbol, apart=True):
            same = (order.side, order.ticket.extra["type"]) == (ticket.side, ticket.extra["type"])
            if order.ticket.close_position and same:
                raise BinanceError(
                    -4130,
                    "An open stop or take profit order with GTE and closePosition in the direction "
                    "is existing.",
                )
    return algo_row(face, face.engine.place(ask.account.name, ticket), whole=False)


def _find(ask: Ask) -> Order | None:
    """The conditional order that a request names; the symbol is not asked for."""
    face, params = ask.face, ask.params
    number, name = params.maybe_integer("algoId"), params.client_id("clientAlgoId")
    if number is None and not name:
        raise BinanceError(-1102, "Param 'clientAlgoId' or 'algoId' must be sent, but both were empty/null!")
    found = [
        order
        for listing in face.listings.values()
        if (order := face.engine.market(listing.symbol).find(
            ask.account.name, number=number, client_id=name, apart=True)) is not None
    ]  # fmt: skip
    return max(found, key=lambda order: order.created_ms) if found else None


@TABLE.on("GET /fapi/v1/algoOrder", action="query", security="read")
def query(ask: Ask) -> dict[str, Any]:
    """One conditional order."""
    found = _find(ask)
    if found is None:
        raise Refused(Reason.NOT_FOUND)
    return algo_row(ask.face, found)


@TABLE.on("DELETE /fapi/v1/algoOrder", action="cancel", ws="algoOrder.cancel", security="trade")
def cancel(ask: Ask) -> dict[str, Any]:
    """End a conditional order that waits."""
    found = _find(ask)
    if found is None or not found.is_open or found.working:
        raise Refused(Reason.NOT_OPEN)
    ask.face.engine.cancel(found)
    return {"algoId": found.number, "clientAlgoId": found.client_id, "code": "200", "msg": "success"}


@TABLE.on("DELETE /fapi/v1/algoOpenOrders", action="cancel_all", security="trade")
def cancel_all(ask: Ask) -> dict[str, Any]:
    """End all conditional orders of a symbol."""
    for order in ask.face.engine.open_orders(ask.account.name, ask.listing_symbol, apart=True):
        if not order.working:
            ask.face.engine.cancel(order)
    return {"code": 200, "msg": "The operation of cancel all open order is done."}


@TABLE.on(
    "GET /fapi/v1/openAlgoOrders", action="open_orders", security="read",
    weigh=lambda params: 1 if "symbol" in params else 40,
)  # fmt: skip
def open_orders(ask: Ask) -> list[dict[str, Any]]:
    """Conditional orders that wait."""
    face: Usdm = ask.face
    symbols = (
        [ask.listing_symbol] if "symbol" in ask.params else [row.symbol for row in face.listings.values()]
    )
    return [
        algo_row(face, order)
        for symbol in symbols
        for order in face.engine.open_orders(ask.account.name, symbol, apart=True)
        if not order.working
    ]


@TABLE.on("GET /fapi/v1/allAlgoOrders", action="all_orders", security="read", weight=5)
def all_orders(ask: Ask) -> list[dict[str, Any]]:
    """Conditional orders of a symbol, from a number on or the last ones."""
    face, params = ask.face, ask.params
    found = face.engine.market(ask.listing_symbol).apart.all_of(ask.account.name)
    first, limit = params.maybe_integer("algoId"), params.limit(500, 1000)
    start, end = params.maybe_integer("startTime"), params.maybe_integer("endTime")
    rows = [
        order
        for order in found
        if (first is None or order.number >= first)
        and (start is None or order.created_ms >= start)
        and (end is None or order.created_ms <= end)
    ]
    return [algo_row(face, row) for row in (rows[:limit] if first is not None else rows[-limit:])]
