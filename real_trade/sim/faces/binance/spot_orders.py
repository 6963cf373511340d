"""Orders on spot."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from ....model import OrderKind, TimeInForce
from ...orders import Execution, Order, SelfTrade, Ticket
from ...refusals import Reason, Refused
from .errors import BinanceError
from .params import Params
from .table import Ask, Table
from .words import MODES, SIDES, SPOT_KINDS, TIMES, pick, spot_type, status_word

if TYPE_CHECKING:
    from ...market import Market
    from .spot import Spot

__all__ = ["TABLE", "find", "order_row"]

TABLE = Table()

_NEW = (
    "symbol side type timeInForce quantity quoteOrderQty price newClientOrderId strategyId strategyType "
    "stopPrice trailingDelta icebergQty newOrderRespType selfTradePreventionMode"
)
_ONE = "symbol orderId origClientOrderId"
_FORBIDDEN = {
    "LIMIT": ("stopPrice", "trailingDelta", "quoteOrderQty"),
    "LIMIT_MAKER": ("timeInForce", "stopPrice", "trailingDelta", "quoteOrderQty"),
    "MARKET": ("price", "timeInForce", "stopPrice", "trailingDelta"),
    "STOP_LOSS": ("price", "timeInForce", "quoteOrderQty"),
    "TAKE_PROFIT": ("price", "timeInForce", "quoteOrderQty"),
}


def ticket_of(params: Params, symbol: str) -> Ticket:
    """The order that a request asks for."""
    side = pick(SIDES, params.text("side"), -1117, "Invalid side.")
    word = params.text("type")
    kind = pick(SPOT_KINDS, word, -1116, "Invalid orderType.")
    params.forbid(*_FORBIDDEN.get(word, ()))
    price = params.decimal("price", places=8) if kind.has_limit else None
    times = TimeInForce.GTC
    if kind.has_limit and word != "LIMIT_MAKER":
        times = pick(TIMES, params.text("timeInForce"), -1115, "Invalid timeInForce.")
    stop, trail = params.maybe_decimal("stopPrice", places=8), params.maybe_integer("trailingDelta")
    if kind.waits and stop is None and trail is None:
        params.text("stopPrice")
    extra: dict[str, Any] = {"type": word}
    if trail is not None:
        # A trailing stop in hundredths of a percent; its limit, if any, does not trail.
        extra["trailingDelta"] = trail
        kind = OrderKind.TRAILING
    quote = params.maybe_decimal("quoteOrderQty", places=8) or Decimal(0)
    if quote and "quantity" in params:
        raise BinanceError(-1128, "Combination of optional parameters invalid.")
    return Ticket(
        symbol=symbol, side=side, kind=kind, price=price, time_in_force=times,
        quantity=Decimal(0) if quote else params.decimal("quantity", places=8), quote_quantity=quote,
        stop_price=None if trail is not None else stop, activation=stop if trail is not None else None,
        trail=Decimal(trail) / 100 if trail is not None else None,
        post_only=word == "LIMIT_MAKER", client_id=params.client_id("newClientOrderId"),
        self_trade=pick(MODES, params.text("selfTradePreventionMode", "EXPIRE_MAKER"), -1013,
                        "This symbol does not allow the specified self-trade prevention mode.")
        if "selfTradePreventionMode" in params else SelfTrade.EXPIRE_MAKER,
        extra=extra,
    )  # fmt: skip


def _place(ask: Ask) -> dict[str, Any]:
    face: Spot = ask.face
    ticket = ticket_of(ask.params, ask.listing_symbol)
    order = face.engine.place(ask.account.name, ticket)
    default = "FULL" if ticket.kind in (OrderKind.MARKET, OrderKind.LIMIT) and not ticket.post_only else "ACK"
    return placed_row(face, order, ask.params.text("newOrderRespType", default))


def placed_row(face: Spot, order: Order, style: str) -> dict[str, Any]:
    """A new order, as much of it as was asked for."""
    row: dict[str, Any] = {
        "symbol": face.theirs(order.symbol), "orderId": order.number, "orderListId": -1,
        "clientOrderId": order.client_id, "transactTime": order.updated_ms,
    }  # fmt: skip
    if style == "ACK":
        return row
    row |= _state(face, order)
    if style == "FULL":
        row["fills"] = [
            {"price": face.money(fill.price), "qty": face.money(fill.quantity),
             "commission": face.money(fill.fee),
             "commissionAsset": fill.fee_asset, "tradeId": fill.trade}
            for fill in fills_of(face.engine.market(order.symbol), order)
        ]  # fmt: skip
    return row


def fills_of(market: Market, order: Order) -> list[Execution]:
    """All fills of an order, oldest first."""
    found = []
    for fill in reversed(market.executions[order.account]):
        if fill.time_ms < order.created_ms:
            break
        if fill.order == order.number:
            found.append(fill)
    return found[::-1]


def _state(face: Spot, order: Order) -> dict[str, Any]:
    money = face.money
    row = {
        "price": money(order.price), "origQty": money(order.quantity), "executedQty": money(order.filled),
        "origQuoteOrderQty": money(order.ticket.quote_quantity), "cummulativeQuoteQty": money(order.money),
        "status": status_word(order), "timeInForce": face.time_word(order), "type": spot_type(order),
        "side": order.side.upper(), "workingTime": order.working_ms if order.working else -1,
        "selfTradePreventionMode": order.ticket.self_trade.upper(),
    }  # fmt: skip
    if order.kind.waits:
        row["stopPrice"] = money(order.stop_price)
        if "trailingDelta" in order.ticket.extra:
            row["trailingDelta"] = order.ticket.extra["trailingDelta"]
    return row


def order_row(face: Spot, order: Order) -> dict[str, Any]:
    """An order as it stands."""
    return {
        "symbol": face.theirs(order.symbol), "orderId": order.number, "orderListId": -1,
        "clientOrderId": order.client_id, "stopPrice": face.money(order.stop_price),
        "icebergQty": face.money(None),
        "time": order.created_ms, "updateTime": order.updated_ms, "isWorking": order.working,
        **_state(face, order),
    }  # fmt: skip


def find(ask: Ask, number: str = "orderId", client: str = "origClientOrderId") -> Order | None:
    """The order that a request names."""
    face, params = ask.face, ask.params
    symbol = ask.listing_symbol
    if number not in params and client not in params:
        raise BinanceError(-1102, f"Param '{client}' or '{number}' must be sent, but both were empty/null!")
    found: Order | None = face.engine.market(symbol).find(
        ask.account.name, number=params.maybe_integer(number), client_id=params.client_id(client)
    )
    return found


TABLE.on("POST /api/v3/order", action="place", ws="order.place", security="trade", orders=1, accepts=_NEW)(
    _place
)


@TABLE.on(
    "POST /api/v3/order/test", action="test", ws="order.test", security="trade",
    accepts=_NEW + " computeCommissionRates",
)  # fmt: skip
def test_order(ask: Ask) -> dict[str, Any]:
    """Check an order without entering it."""
    market = ask.face.engine.market(ask.listing_symbol)
    ask.face.engine.check(ask.account, market, ticket_of(ask.params, ask.listing_symbol))
    return {}


@TABLE.on("GET /api/v3/order", action="query", ws="order.status", security="read", weight=4, accepts=_ONE)
def query_order(ask: Ask) -> dict[str, Any]:
    """One order."""
    found = find(ask)
    if found is None:
        raise Refused(Reason.NOT_FOUND)
    return order_row(ask.face, found)


@TABLE.on(
    "DELETE /api/v3/order", action="cancel", ws="order.cancel", security="trade",
    accepts=_ONE + " newClientOrderId cancelRestrictions",
)  # fmt: skip
def cancel_order(ask: Ask) -> dict[str, Any]:
    """End an order."""
    return _cancel(ask, find(ask), ask.params.client_id("newClientOrderId"))


def _cancel(ask: Ask, found: Order | None, request_id: str) -> dict[str, Any]:
    if found is None or not found.is_open:
        raise Refused(Reason.NOT_OPEN)
    only = ask.params.text("cancelRestrictions", "")
    if only and only != {True: "ONLY_PARTIALLY_FILLED", False: "ONLY_NEW"}[bool(found.filled)]:
        raise BinanceError(-2011, "Order was not canceled due to cancel restrictions.")
    request_id = request_id or f"c{ask.face.next_id():021d}"
    ask.face.engine.cancel(found, request_id=request_id)
    return cancelled_row(ask.face, found, request_id)


def cancelled_row(face: Spot, order: Order, request_id: str) -> dict[str, Any]:
    """An order that was cancelled; ``clientOrderId`` names the request, not the order."""
    return {
        "symbol": face.theirs(order.symbol), "origClientOrderId": order.client_id, "orderId": order.number,
        "orderListId": -1, "clientOrderId": request_id, "transactTime": order.updated_ms, **_state(face,
        order),
    }  # fmt: skip


@TABLE.on(
    "DELETE /api/v3/openOrders", action="cancel_all", ws="openOrders.cancelAll", security="trade",
    accepts="symbol",
)  # fmt: skip
def cancel_all(ask: Ask) -> list[dict[str, Any]]:
    """End all orders of a symbol."""
    face: Spot = ask.face
    found = face.engine.open_orders(ask.account.name, ask.listing_symbol)
    if not found:
        raise Refused(Reason.NOT_OPEN)
    rows = []
    for order in found:
        request_id = f"c{face.next_id():021d}"
        face.engine.cancel(order, request_id=request_id)
        rows.append(cancelled_row(face, order, request_id))
    return rows


@TABLE.on(
    "POST /api/v3/order/cancelReplace", action="replace", ws="order.cancelReplace", security="trade",
    orders=1,
    accepts=_NEW + " cancelReplaceMode cancelNewClientOrderId cancelOrigClientOrderId cancelOrderId "
    "cancelRestrictions orderRateLimitExceededMode",
)  # fmt: skip
def cancel_replace(ask: Ask) -> dict[str, Any]:
    """End one order and enter another; either may fail without the other."""
    face, params = ask.face, ask.params
    mode = params.text("cancelReplaceMode")
    if mode not in ("STOP_ON_FAILURE", "ALLOW_FAILURE"):
        raise BinanceError(-1130, "Data sent for parameter 'cancelReplaceMode' is not valid.")
    ticket = ticket_of(params, ask.listing_symbol)
    face.engine.check_form(ask.account, face.engine.market(ticket.symbol), ticket)
    cancelled, cancel_ok = _attempt(
        face,
        lambda: _cancel(
            ask,
            find(ask, "cancelOrderId", "cancelOrigClientOrderId"),
            params.client_id("cancelNewClientOrderId"),
        ),
    )
    told: dict[str, Any] = {
        "cancelResult": "SUCCESS" if cancel_ok else "FAILURE",
        "cancelResponse": cancelled,
    }
    if not cancel_ok and mode == "STOP_ON_FAILURE":
        told |= {"newOrderResult": "NOT_ATTEMPTED", "newOrderResponse": None}
        raise BinanceError(-2022, "Order cancel-replace failed.", data=told)
    placed, place_ok = _attempt(
        face,
        lambda: placed_row(
            face, face.engine.place(ask.account.name, ticket), params.text("newOrderRespType", "FULL")
        ),
    )
    told |= {"newOrderResult": "SUCCESS" if place_ok else "FAILURE", "newOrderResponse": placed}
    if cancel_ok and place_ok:
        return told
    if cancel_ok or place_ok:
        raise BinanceError(-2021, "Order cancel-replace partially failed.", status=409, data=told)
    raise BinanceError(-2022, "Order cancel-replace failed.", data=told)


def _attempt(face: Spot, action: Any) -> tuple[dict[str, Any], bool]:
    try:
        return action(), True
    except Refused as refused:
        return face.refusal(refused).payload(), False
    except BinanceError as error:
        return error.payload(), False


@TABLE.on(
    "PUT /api/v3/order/amend/keepPriority", action="amend", ws="order.amend.keepPriority", security="trade",
    weight=4, accepts=_ONE + " newClientOrderId newQty",
)  # fmt: skip
def amend_order(ask: Ask) -> dict[str, Any]:
    """Make an order smaller; it keeps its number and its place, and gets a new client id."""
    face: Spot = ask.face
    found = find(ask)
    if found is None:
        raise Refused(Reason.NOT_FOUND)
    if not found.is_open or found.price is None:
        raise Refused(Reason.NOT_OPEN)
    quantity = ask.params.decimal("newQty", places=8)
    if quantity <= found.filled:
        raise Refused(Reason.AMEND_GROWS)
    new_id = ask.params.client_id("newClientOrderId") or f"v{face.next_id():021d}"
    old_id = found.client_id
    face.engine.amend(found, quantity, found.price, shrink_only=True, client_id=new_id)
    return {
        "transactTime": found.updated_ms, "executionId": face.next_id(),
        "amendedOrder": {
            "symbol": face.theirs(found.symbol), "orderId": found.number, "orderListId": -1,
            "origClientOrderId": old_id, "clientOrderId": new_id, "price": face.money(found.price),
            "qty": face.money(found.quantity), "executedQty": face.money(found.filled),
            "preventedQty": face.money(None),
            "quoteOrderQty": face.money(None), "cumulativeQuoteQty": face.money(found.money),
            "status": status_word(found), "timeInForce": face.time_word(found), "type": spot_type(found),
            "side": found.side.upper(), "workingTime": found.working_ms,
            "selfTradePreventionMode": found.ticket.self_trade.upper(),
        },
    }  # fmt: skip


@TABLE.on(
    "GET /api/v3/openOrders", action="open_orders", ws="openOrders.status", security="read", accepts="symbol",
    weigh=lambda params: 6 if "symbol" in params else 80,
)  # fmt: skip
def open_orders(ask: Ask) -> list[dict[str, Any]]:
    """Open orders of a symbol, or of all."""
    face: Spot = ask.face
    symbols = (
        [ask.listing_symbol] if "symbol" in ask.params else [row.symbol for row in face.listings.values()]
    )
    return [
        order_row(face, order)
        for symbol in symbols
        for order in face.engine.open_orders(ask.account.name, symbol)
    ]


@TABLE.on(
    "GET /api/v3/allOrders", action="all_orders", ws="allOrders", security="read", weight=20,
    accepts="symbol orderId startTime endTime limit",
)  # fmt: skip
def all_orders(ask: Ask) -> list[dict[str, Any]]:
    """Orders of a symbol: from a number on, from a time on, or the last ones."""
    face, params = ask.face, ask.params
    found = face.engine.market(ask.listing_symbol).orders.all_of(ask.account.name)
    limit, first = params.limit(500, 1000), params.maybe_integer("orderId")
    start, end = window(params)
    rows = [
        order
        for order in found
        if (first is None or order.number >= first)
        and (start is None or order.created_ms >= start)
        and (end is None or order.created_ms <= end)
    ]
    rows = rows[:limit] if first is not None or start is not None else rows[-limit:]
    return [order_row(face, order) for order in rows]


def window(params: Params, hours: int = 24) -> tuple[int | None, int | None]:
    """The time that is asked for."""
    start, end = params.maybe_integer("startTime"), params.maybe_integer("endTime")
    if start is not None and end is not None and not 0 <= end - start <= hours * 3_600_000:
        raise BinanceError(-1127, f"More than {hours} hours between startTime and endTime.")
    return start, end
