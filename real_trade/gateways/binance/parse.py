"""Binance's answers as our records.  Amounts go from text to `Decimal`, never through float."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any, Final

from ...model import (
    Balance,
    Fill,
    Instrument,
    OrderKind,
    OrderReport,
    Position,
    Side,
    TimeInForce,
    VenueStatus,
)
from .names import ALGO, Names

__all__ = [
    "algo_report",
    "balances",
    "fill",
    "instruments",
    "kind_of",
    "number",
    "order_report",
    "positions",
    "status_of",
]

_log = logging.getLogger(__name__)
ZERO: Final = Decimal(0)

_STATUS: Final = {
    "NEW": VenueStatus.OPEN,
    "PENDING_NEW": VenueStatus.OPEN,
    "PARTIALLY_FILLED": VenueStatus.PARTIAL,
    "FILLED": VenueStatus.FILLED,
    "CANCELED": VenueStatus.CANCELLED,
    # not over before the venue says so
    "PENDING_CANCEL": VenueStatus.OPEN,
    "REJECTED": VenueStatus.REJECTED,
    "EXPIRED": VenueStatus.EXPIRED,
    "EXPIRED_IN_MATCH": VenueStatus.EXPIRED,
    # conditional orders
    "TRIGGERING": VenueStatus.OPEN,
    "TRIGGERED": VenueStatus.OPEN,
}
_KINDS: Final = {
    "MARKET": OrderKind.MARKET,
    "LIQUIDATION": OrderKind.MARKET,
    "LIMIT": OrderKind.LIMIT,
    "LIMIT_MAKER": OrderKind.LIMIT,
    "STOP_LOSS": OrderKind.STOP,
    "STOP_LOSS_LIMIT": OrderKind.STOP_LIMIT,
    "STOP_MARKET": OrderKind.STOP,
    "STOP": OrderKind.STOP_LIMIT,
    "TAKE_PROFIT_LIMIT": OrderKind.TAKE_PROFIT_LIMIT,
    "TAKE_PROFIT_MARKET": OrderKind.TAKE_PROFIT,
    "TRAILING_STOP_MARKET": OrderKind.TRAILING,
}
_FORCE: Final = {"IOC": TimeInForce.IOC, "FOK": TimeInForce.FOK}


def number(value: Any) -> Decimal:
    """An amount; nothing, or what is not there, is 0."""
    if value is None or value == "":
        return ZERO
    return Decimal(str(value))


def _maybe(value: Any) -> Decimal | None:
    """An amount where 0 means that there is none."""
    return number(value) or None


def _nanoseconds(value: Any) -> int:
    return int(value) * 1_000_000 if value else 0


def status_of(word: str, quantity: Decimal, filled: Decimal) -> VenueStatus:
    """From the venue's word and what is filled; a word that is new never ends an order."""
    known = _STATUS.get(word)
    if known is None:
        _log.warning("binance uses a status that is not known here: %s", word)
        known = VenueStatus.OPEN
    if known is VenueStatus.OPEN and filled > 0:
        return VenueStatus.FILLED if quantity and filled >= quantity else VenueStatus.PARTIAL
    return known


def kind_of(word: str, *, spot: bool, trailing: Any = None) -> OrderKind:
    """The kind of an order; ``TAKE_PROFIT`` has a price on futures and none on spot."""
    if word == "TAKE_PROFIT":
        return OrderKind.TAKE_PROFIT if spot else OrderKind.TAKE_PROFIT_LIMIT
    if spot and number(trailing):
        return OrderKind.TRAILING
    return _KINDS.get(word, OrderKind.LIMIT)


def order_report(raw: Mapping[str, Any], symbol: str, names: Names, *, spot: bool) -> OrderReport:
    """An order out of any answer about it: placed, asked for, cancelled, listed.

    The answer to a cancellation has the id of the *request* under ``clientOrderId``; the order's own
    is then under ``origClientOrderId``.
    """
    venue_id = str(raw["orderId"])
    client = str(raw.get("origClientOrderId") or raw.get("clientOrderId") or "")
    client = names.learn(symbol, venue_id, client)
    filled = number(raw.get("executedQty"))
    quantity = number(raw.get("origQty")) or filled
    if spot:
        worth = number(raw.get("cummulativeQuoteQty"))
        # below 0 the venue says that it no longer knows
        average = worth / filled if filled and worth > 0 else None
    else:
        average = _maybe(raw.get("avgPrice"))
    return OrderReport(
        symbol=symbol,
        client_id=client,
        venue_id=venue_id,
        status=status_of(str(raw.get("status", "NEW")), quantity, filled),
        quantity=quantity,
        filled=filled,
        side=Side(str(raw.get("side", "BUY")).lower()),
        kind=kind_of(
            str(raw.get("origType") or raw.get("type") or ""), spot=spot, trailing=raw.get("trailingDelta")
        ),
        price=_maybe(raw.get("price")),
        stop_price=_maybe(raw.get("stopPrice")),
        average_price=average,
        time_in_force=_FORCE.get(str(raw.get("timeInForce")), TimeInForce.GTC),
        reduce_only=bool(raw.get("reduceOnly", False)),
        time_ns=_nanoseconds(raw.get("updateTime") or raw.get("transactTime") or raw.get("time")),
        raw=raw,
    )


def algo_report(raw: Mapping[str, Any], symbol: str, names: Names) -> OrderReport:
    """A conditional order on futures, which lives in a space of ids of its own until it triggers."""
    venue_id = f"{ALGO}{raw['algoId']}"
    client = names.learn(symbol, venue_id, str(raw.get("clientAlgoId") or ""))
    actual = str(raw.get("actualOrderId") or "")
    if actual and actual != "0":
        names.bind(symbol, actual, client)
    word = str(raw.get("algoStatus") or "NEW")
    quantity = number(raw.get("quantity"))
    filled = number(raw.get("executedQty") or raw.get("actualQty"))
    if word == "FINISHED":
        word = "FILLED" if filled and filled >= quantity else "CANCELED"
    return OrderReport(
        symbol=symbol,
        client_id=client,
        venue_id=venue_id,
        status=status_of(word, quantity, filled),
        quantity=quantity,
        filled=filled,
        side=Side(str(raw.get("side", "BUY")).lower()),
        kind=kind_of(str(raw.get("orderType") or ""), spot=False),
        price=_maybe(raw.get("price")),
        stop_price=_maybe(raw.get("triggerPrice")),
        average_price=_maybe(raw.get("avgPrice")),
        time_in_force=_FORCE.get(str(raw.get("timeInForce")), TimeInForce.GTC),
        reduce_only=bool(raw.get("reduceOnly", False)),
        time_ns=_nanoseconds(raw.get("updateTime") or raw.get("createTime")),
        reason=str(raw.get("failReason") or raw.get("rm") or ""),
        raw=raw,
    )


def fill(raw: Mapping[str, Any], symbol: str, names: Names) -> Fill:
    """One row of the account's trades; it has no client id, so that is what was learnt before, if any."""
    venue_id = str(raw["orderId"])
    buyer = raw.get("isBuyer", raw.get("buyer"))
    return Fill(
        symbol=symbol,
        trade_id=str(raw["id"]),
        venue_id=venue_id,
        client_id=names.of(symbol, venue_id),
        side=Side(str(raw["side"]).lower()) if raw.get("side") else (Side.BUY if buyer else Side.SELL),
        price=number(raw["price"]),
        quantity=number(raw["qty"]),
        fee=number(raw.get("commission")),
        fee_asset=str(raw.get("commissionAsset") or ""),
        maker=bool(raw.get("isMaker", raw.get("maker", False))),
        time_ns=_nanoseconds(raw.get("time")),
    )


def balances(raw: Mapping[str, Any], *, spot: bool) -> dict[str, Balance]:
    """Money by asset.

    On futures the wallet is the total; what is free of it is never more than the wallet, although the
    venue lets profits that are not realised be used too.
    """
    found: dict[str, Balance] = {}
    if spot:
        for row in raw.get("balances", ()):
            held = Balance(str(row["asset"]), number(row["free"]), number(row["locked"]))
            if held.total:
                found[held.asset] = held
        return found
    for row in raw.get("assets", ()):
        wallet, available = number(row.get("walletBalance")), number(row.get("availableBalance"))
        if wallet:
            free = min(available, wallet)
            found[str(row["asset"])] = Balance(str(row["asset"]), free, wallet - free)
    return found


def positions(rows: Iterable[Mapping[str, Any]], symbols: Mapping[str, str]) -> list[Position]:
    """What is held; symbols that are not known here keep the venue's name rather than being left out."""
    found = []
    for row in rows:
        quantity = number(row.get("positionAmt"))
        if quantity:
            found.append(
                Position(
                    symbol=symbols.get(str(row["symbol"]), str(row["symbol"])),
                    quantity=quantity,
                    entry_price=number(row.get("entryPrice")),
                    side=side_of_position(row.get("positionSide")),
                    mark_price=number(row.get("markPrice")),
                    unrealised=number(row.get("unRealizedProfit", row.get("unrealizedProfit"))),
                )
            )
    return found


def side_of_position(word: Any) -> str:
    """``long`` or ``short`` on an account that keeps both, else nothing."""
    return {"LONG": "long", "SHORT": "short"}.get(str(word or ""), "")


def instruments(markets: Iterable[Mapping[str, Any]]) -> dict[str, Instrument]:
    """What can be traded, from the venue's own list as the client keeps it under ``info``."""
    found = {}
    for market in markets:
        raw = market["info"]
        filters = {str(entry["filterType"]): entry for entry in raw.get("filters", ())}
        price, lot = filters.get("PRICE_FILTER", {}), filters.get("LOT_SIZE", {})
        notional = filters.get("NOTIONAL") or filters.get("MIN_NOTIONAL") or {}
        symbol = str(market["symbol"])
        found[symbol] = Instrument(
            symbol=symbol,
            venue_symbol=str(raw["symbol"]),
            base=str(market["base"]),
            quote=str(market["quote"]),
            settle=str(market.get("settle") or ""),
            kind="spot" if market.get("spot") else "perpetual" if market.get("swap") else "future",
            tick=number(price.get("tickSize")),
            step=number(lot.get("stepSize")),
            min_quantity=number(lot.get("minQty")),
            max_quantity=number(lot.get("maxQty")),
            min_notional=number(notional.get("minNotional", notional.get("notional"))),
            min_price=number(price.get("minPrice")),
            max_price=number(price.get("maxPrice")),
        )
    return found
