"""Ordinary orders on USDⓈ-M."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from ....model import OrderKind, TimeInForce
from ...events import What
from ...orders import Order, SelfTrade, Ticket
from ...refusals import Reason, Refused
from .errors import BinanceError
from .params import Params
from .spot_orders import find, window
from .table import Ask, Table
from .words import FUTURES_KINDS, MODES, SIDES, TIMES, pick, status_word, usdm_type

if TYPE_CHECKING:
    from .usdm import Usdm

__all__ = ["TABLE", "order_row", "position_side", "times_of"]

TABLE = Table()


def position_side(params: Params) -> str:
    """The position that an order is about; empty on an account that nets."""
    word = params.text("positionSide", "BOTH")
    if word not in ("BOTH", "LONG", "SHORT"):
        raise BinanceError(-4060, "Invalid position side.")
    return "" if word == "BOTH" else word.lower()


def times_of(params: Params, *, needed: bool) -> tuple[TimeInForce, bool, int]:
    """Time in force, whether it may only rest, and when it expires."""
    word = params.text("timeInForce", None if needed else "GTC")
    if word == "GTX":
        return TimeInForce.GTC, True, 0
    if word == "GTD":
        return TimeInForce.GTC, False, params.integer("goodTillDate")
    return pick(TIMES, word, -1115, "Invalid timeInForce."), False, 0


def client_id(params: Params, name: str) -> str:
    """A client's own id."""
    if len(params.values.get(name, "")) > 36:
        raise BinanceError(-4015, "Client order id length should be less than 36 chars")
    return params.client_id(name)


def ticket_of(params: Params, symbol: str) -> Ticket:
    """The order that a request asks for."""
    side = pick(SIDES, params.text("side"), -1117, "Invalid side.")
    kind = pick(FUTURES_KINDS, params.text("type"), -1116, "Invalid orderType.")
    if kind.waits:
        raise BinanceError(
            -4120,
            "Order type not supported for this endpoint. Please use the Algo Order API endpoints instead.",
        )
    held = position_side(params)
    reduce_only = params.flag("reduceOnly")
    if held and reduce_only:
        raise BinanceError(-1106, "Parameter 'reduceonly' sent when not required.")
    times, post_only, until = TimeInForce.GTC, False, 0
    if kind is OrderKind.LIMIT:
        times, post_only, until = times_of(params, needed=True)
    else:
        params.forbid("price", "timeInForce")
    return Ticket(
        symbol=symbol, side=side, kind=kind, quantity=params.decimal("quantity"),
        price=params.decimal("price") if kind is OrderKind.LIMIT else None, time_in_force=times,
        post_only=post_only, expires_ms=until, reduce_only=reduce_only, position_side=held,
        client_id=client_id(params, "newClientOrderId"),
        self_trade=pick(MODES, params.text("selfTradePreventionMode", "EXPIRE_MAKER"), -4206,
                        "Invalid self trade prevention mode.")
        if "selfTradePreventionMode" in params else SelfTrade.EXPIRE_MAKER,
    )  # fmt: skip


def order_row(face: Usdm, order: Order) -> dict[str, Any]:
    """An order as it stands."""
    money, ticket = face.money, order.ticket
    kind = usdm_type(order)
    return {
        "orderId": order.number, "symbol": face.theirs(order.symbol), "status": status_word(order),
        "clientOrderId": order.client_id, "price": money(order.price), "avgPrice": money(order.average_price),
        "origQty": money(order.quantity), "executedQty": money(order.filled), "cumQty": money(order.filled),
        "cumQuote": money(order.money), "timeInForce": face.time_word(order), "type": kind,
        "reduceOnly": ticket.reduce_only, "closePosition": ticket.close_position, "side": order.side.upper(),
        "positionSide": face.side_word(ticket.position_side), "stopPrice": money(order.stop_price),
        "workingType": "MARK_PRICE" if ticket.by_mark else "CONTRACT_PRICE", "priceProtect": False,
        "origType": order.parent.ticket.extra.get("type", kind) if order.parent else kind,
        "priceMatch": "NONE", "selfTradePreventionMode": ticket.self_trade.upper(),
        "goodTillDate": ticket.expires_ms, "time": order.created_ms, "updateTime": order.updated_ms,
    }  # fmt: skip


def _place(face: Usdm, account: str, params: Params, symbol: str) -> dict[str, Any]:
    ticket = ticket_of(params, symbol)
    if ticket.time_in_force is TimeInForce.FOK and not face.engine.can_fill(account, ticket):
        face.engine.check(face.engine.accounts[account], face.engine.market(symbol), ticket)
        raise Refused(Reason.NO_LIQUIDITY)
    if ticket.expires_ms and ticket.expires_ms < face.clock.now_ms() + 600_000:
        raise BinanceError(
            -5040, "The goodTillDate timestamp must be greater than the current time plus 600 seconds"
        )
    order = face.engine.place(account, ticket)
    if ticket.expires_ms:
        market = face.engine.market(symbol)
        face.clock.at(
            ticket.expires_ms,
            lambda: face.engine.matcher.end(market, order, What.EXPIRED) if order.is_open else None,
        )
    row = order_row(face, order)
    if params.text("newOrderRespType", "ACK") == "ACK":
        row |= {
            "status": "NEW",
            "executedQty": "0.00",
            "cumQty": "0.00",
            "cumQuote": "0.00",
            "avgPrice": "0.00",
        }
    del row["time"]
    return row


@TABLE.on("POST /fapi/v1/order", action="place", ws="order.place", security="trade", weight=0, orders=1)
def place(ask: Ask) -> dict[str, Any]:
    """Enter an order."""
    return _place(ask.face, ask.account.name, ask.params, ask.listing_symbol)


@TABLE.on("POST /fapi/v1/order/test", action="test", security="trade")
def test_order(ask: Ask) -> dict[str, Any]:
    """Check an order without entering it."""
    market = ask.face.engine.market(ask.listing_symbol)
    ask.face.engine.check(ask.account, market, ticket_of(ask.params, ask.listing_symbol))
    return {}


@TABLE.on("GET /fapi/v1/order", action="query", ws="order.status", security="read")
def query_order(ask: Ask) -> dict[str, Any]:
    """One order."""
    found = find(ask)
    if found is None or _forgotten(ask.face, found):
        raise Refused(Reason.NOT_FOUND)
    return order_row(ask.face, found)


def _forgotten(face: Usdm, order: Order) -> bool:
    """The venue forgets orders that ended without any fill, three days after they were entered."""
    return not order.is_open and not order.filled and order.created_ms + 3 * 86_400_000 < face.clock.now_ms()


@TABLE.on("GET /fapi/v1/openOrder", action="query", security="read")
def query_open(ask: Ask) -> dict[str, Any]:
    """One order, if it is open."""
    found = find(ask)
    if found is None or not found.is_open:
        raise Refused(Reason.NOT_FOUND)
    return order_row(ask.face, found)


@TABLE.on("DELETE /fapi/v1/order", action="cancel", ws="order.cancel", security="trade")
def cancel_order(ask: Ask) -> dict[str, Any]:
    """End an order."""
    return _cancel(ask, find(ask))


def _cancel(ask: Ask, found: Order | None) -> dict[str, Any]:
    if found is None or not found.is_open:
        raise Refused(Reason.NOT_OPEN)
    ask.face.engine.cancel(found)
    return order_row(ask.face, found)


@TABLE.on("PUT /fapi/v1/order", action="amend", ws="order.modify", security="trade", orders=1)
def modify_order(ask: Ask) -> dict[str, Any]:
    """Change quantity or price; the order keeps its number and its id."""
    return _modify(ask, find(ask), ask.params)


def _modify(ask: Ask, found: Order | None, params: Params) -> dict[str, Any]:
    if found is None or not found.is_open:
        raise Refused(Reason.NOT_FOUND)
    side = pick(SIDES, params.text("side"), -1117, "Invalid side.")
    if side is not found.side:
        raise Refused(Reason.NOT_FOUND)
    if found.amended >= 10000:
        raise BinanceError(-5026, "Exceed maximum modify order limit.")
    ask.face.engine.amend(found, params.decimal("quantity"), params.decimal("price"))
    return order_row(ask.face, found)


@TABLE.on("DELETE /fapi/v1/allOpenOrders", action="cancel_all", security="trade")
def cancel_all(ask: Ask) -> dict[str, Any]:
    """End all ordinary orders of a symbol."""
    for order in ask.face.engine.open_orders(ask.account.name, ask.listing_symbol):
        ask.face.engine.cancel(order)
    return {"code": 200, "msg": "The operation of cancel all open order is done."}


# -- batches -------------------------------------------------------------------------------------------


def _batch(ask: Ask, most: int = 5) -> list[Params]:
    try:
        rows = json.loads(ask.params.text("batchOrders"))
        found = [Params({name: str(value) for name, value in row.items()}) for row in rows]
    except (ValueError, AttributeError):
        raise BinanceError(-1130, "Data sent for parameter 'batchOrders' is not valid.") from None
    if not 1 <= len(found) <= most:
        raise BinanceError(-4082, "Invalid number of batch place orders.")
    return found


def _each(ask: Ask, actions: list[Any]) -> list[dict[str, Any]]:
    answers = []
    for action in actions:
        try:
            answers.append(action())
        except Refused as refused:
            answers.append(ask.face.refusal(refused).payload())
        except BinanceError as error:
            answers.append(error.payload())
    return answers


@TABLE.on("POST /fapi/v1/batchOrders", action="batch", security="trade", weight=5, orders=5)
def place_batch(ask: Ask) -> list[dict[str, Any]]:
    """Enter up to five orders; each stands or falls alone."""
    face: Usdm = ask.face
    return _each(
        ask,
        [
            lambda row=row: _place(face, ask.account.name, row, face.ours(row.text("symbol")))
            for row in _batch(ask)
        ],
    )


@TABLE.on("PUT /fapi/v1/batchOrders", action="batch", security="trade", weight=5, orders=5)
def modify_batch(ask: Ask) -> list[dict[str, Any]]:
    """Change up to five orders."""

    def one(row: Params) -> dict[str, Any]:
        inner = Ask(ask.face, ask.call, row, ask.account, ask.key)
        return _modify(inner, find(inner), row)

    return _each(ask, [lambda row=row: one(row) for row in _batch(ask)])


@TABLE.on("DELETE /fapi/v1/batchOrders", action="batch", security="trade")
def cancel_batch(ask: Ask) -> list[dict[str, Any]]:
    """End up to ten orders."""
    # The venue takes these two in any case of letters.
    lists = {name.lower(): value for name, value in ask.params.values.items()}
    if not {"orderidlist", "origclientorderidlist"} & set(lists):
        raise BinanceError(
            -1102, "Param 'origClientOrderIdList' or 'orderIdList' must be sent, but both were empty/null!"
        )
    try:
        numbers = json.loads(lists.get("orderidlist", "[]"))
        names = json.loads(lists.get("origclientorderidlist", "[]"))
    except ValueError:
        raise BinanceError(-1130, "Data sent for parameter 'orderIdList' is not valid.") from None
    rows = [{"orderId": str(number)} for number in numbers]
    rows += [{"origClientOrderId": str(name)} for name in names]
    symbol = ask.params.text("symbol")

    def one(row: dict[str, str]) -> dict[str, Any]:
        inner = Ask(ask.face, ask.call, Params({"symbol": symbol, **row}), ask.account, ask.key)
        return _cancel(inner, find(inner))

    return _each(ask, [lambda row=row: one(row) for row in rows[:10]])


@TABLE.on("POST /fapi/v1/countdownCancelAll", action="countdown", security="trade", weight=10)
def countdown(ask: Ask) -> dict[str, Any]:
    """End all orders of a symbol in a while, unless this is called again."""
    face: Usdm = ask.face
    symbol, wait = ask.listing_symbol, ask.params.integer("countdownTime")
    face.countdown(ask.account.name, symbol, wait)
    return {"symbol": ask.params.text("symbol"), "countdownTime": str(wait)}


# -- asking --------------------------------------------------------------------------------------------


@TABLE.on(
    "GET /fapi/v1/openOrders", action="open_orders", security="read",
    weigh=lambda params: 1 if "symbol" in params else 40,
)  # fmt: skip
def open_orders(ask: Ask) -> list[dict[str, Any]]:
    """Open ordinary orders of a symbol, or of all."""
    face: Usdm = ask.face
    symbols = (
        [ask.listing_symbol] if "symbol" in ask.params else [row.symbol for row in face.listings.values()]
    )
    return [
        order_row(face, order)
        for symbol in symbols
        for order in face.engine.open_orders(ask.account.name, symbol)
    ]


@TABLE.on("GET /fapi/v1/allOrders", action="all_orders", security="read", weight=5)
def all_orders(ask: Ask) -> list[dict[str, Any]]:
    """Ordinary orders of a symbol: from a number on, from a time on, or the last ones."""
    face, params = ask.face, ask.params
    found = face.engine.market(ask.listing_symbol).orders.all_of(ask.account.name)
    limit, first = params.limit(500, 1000), params.maybe_integer("orderId")
    start, end = window(params, 7 * 24)
    rows = [
        order
        for order in found
        if (first is None or order.number >= first)
        and (start is None or order.created_ms >= start)
        and (end is None or order.created_ms <= end)
    ]
    rows = rows[:limit] if first is not None or start is not None else rows[-limit:]
    return [order_row(face, order) for order in rows]


@TABLE.on("GET /fapi/v1/userTrades", action="fills", security="read", weight=5)
def user_trades(ask: Ask) -> list[dict[str, Any]]:
    """Fills of a symbol: from a number on, from a time on, or the last ones."""
    face, params = ask.face, ask.params
    first, order = params.maybe_integer("fromId"), params.maybe_integer("orderId")
    start, end = window(params, 7 * 24)
    limit = params.limit(500, 1000)
    rows = [
        fill
        for fill in face.engine.market(ask.listing_symbol).executions[ask.account.name]
        if (first is None or fill.trade >= first)
        and (order is None or fill.order == order)
        and (start is None or fill.time_ms >= start)
        and (end is None or fill.time_ms <= end)
    ]
    rows = rows[:limit] if first is not None or start is not None else rows[-limit:]
    money = face.money
    return [
        {"symbol": face.theirs(fill.symbol), "id": fill.trade, "orderId": fill.order,
         "side": fill.side.upper(),
         "price": money(fill.price), "qty": money(fill.quantity), "realizedPnl": money(fill.realised),
         "quoteQty": money(fill.price * fill.quantity), "commission": money(fill.fee),
         "commissionAsset": fill.fee_asset, "time": fill.time_ms,
         "positionSide": face.side_word(fill.position_side),
         "buyer": fill.side == "buy", "maker": fill.maker, "marginAsset": fill.fee_asset}
        for fill in rows
    ]  # fmt: skip
