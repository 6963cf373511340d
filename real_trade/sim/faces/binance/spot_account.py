"""The spot account: balances, fills, commissions, and the few things of the wallet that clients ask for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .spot_orders import window
from .table import Ask, Table

if TYPE_CHECKING:
    from ...orders import Execution
    from .spot import Spot

__all__ = ["TABLE"]

TABLE = Table()


@TABLE.on(
    "GET /api/v3/account", action="account", ws="account.status", security="read", weight=20,
    accepts="omitZeroBalances",
)  # fmt: skip
def account(ask: Ask) -> dict[str, Any]:
    """Balances and rights."""
    face: Spot = ask.face
    purse = ask.account.purse("spot")
    listing = next(iter(face.listings.values()))
    rates = {"maker": face.money(listing.maker_fee), "taker": face.money(listing.taker_fee)}
    none = face.money(None)
    balances = [
        {"asset": asset, "free": face.money(purse.free[asset]), "locked": face.money(purse.locked[asset])}
        for asset in purse.assets()
        if not ask.params.flag("omitZeroBalances") or purse.total(asset)
    ]
    return {
        "makerCommission": int(listing.maker_fee * 10000), "takerCommission": int(listing.taker_fee * 10000),
        "buyerCommission": 0, "sellerCommission": 0,
        "commissionRates": rates | {"buyer": none, "seller": none},
        "canTrade": bool(ask.key and ask.key.can_trade), "canWithdraw": False, "canDeposit": True,
        "brokered": False, "requireSelfTradePrevention": False, "preventSor": False,
        "updateTime": face.clock.now_ms(), "accountType": "SPOT", "balances": balances,
        "permissions": ["SPOT"], "uid": 1,
    }  # fmt: skip


@TABLE.on(
    "GET /api/v3/myTrades", action="fills", ws="myTrades", security="read", weight=20,
    accepts="symbol orderId startTime endTime fromId limit",
)  # fmt: skip
def my_trades(ask: Ask) -> list[dict[str, Any]]:
    """Fills of a symbol: from a number on, from a time on, or the last ones."""
    face, params = ask.face, ask.params
    fills: list[Execution] = face.engine.market(ask.listing_symbol).executions[ask.account.name]
    first, order = params.maybe_integer("fromId"), params.maybe_integer("orderId")
    start, end = window(params)
    limit = params.limit(500, 1000)
    rows = [
        fill
        for fill in fills
        if (first is None or fill.trade >= first)
        and (order is None or fill.order == order)
        and (start is None or fill.time_ms >= start)
        and (end is None or fill.time_ms <= end)
    ]
    rows = rows[:limit] if first is not None or start is not None else rows[-limit:]
    return [
        {"symbol": face.theirs(fill.symbol), "id": fill.trade, "orderId": fill.order, "orderListId": -1,
         "price": face.money(fill.price), "qty": face.money(fill.quantity),
         "quoteQty": face.money(fill.price * fill.quantity), "commission": face.money(fill.fee),
         "commissionAsset": fill.fee_asset, "time": fill.time_ms, "isBuyer": fill.side == "buy",
         "isMaker": fill.maker, "isBestMatch": True}
        for fill in rows
    ]  # fmt: skip


@TABLE.on(
    "GET /api/v3/rateLimit/order", action="limits", ws="account.rateLimits.orders", security="read", weight=40
)
def order_limits(ask: Ask) -> list[dict[str, Any]]:
    """How many orders the account has sent."""
    limits = ask.face.limits
    return [
        {"rateLimitType": "ORDERS", "interval": rule.long, "intervalNum": rule.number, "limit": rule.limit,
         "count": limits.used_orders(ask.account.name, rule)}
        for rule in limits.orders
    ]  # fmt: skip


@TABLE.on(
    "GET /api/v3/account/commission", action="account", ws="account.commission", security="read", weight=20
)
def commission(ask: Ask) -> dict[str, Any]:
    """What fills of a symbol cost."""
    face: Spot = ask.face
    listing = face.engine.market(ask.listing_symbol).listing
    none = face.money(None)
    rates = {
        "maker": face.money(listing.maker_fee),
        "taker": face.money(listing.taker_fee),
        "buyer": none,
        "seller": none,
    }
    return {
        "symbol": ask.params.text("symbol"), "standardCommission": rates,
        "taxCommission": dict.fromkeys(rates, none),
        "discount": {"enabledForAccount": False, "enabledForSymbol": False, "discountAsset": "BNB",
        "discount": none},
    }  # fmt: skip


# -- the wallet, as far as trading clients ask for it --------------------------------------------------


@TABLE.on("GET /sapi/v1/capital/config/getall", action="wallet", security="read", weight=10)
def coins(ask: Ask) -> list[dict[str, Any]]:
    """All assets."""
    face: Spot = ask.face
    purse = ask.account.purse("spot")
    assets = sorted({word for row in face.venue.config.listings for word in (row.base, row.quote)})
    return [
        {"coin": asset, "name": asset, "free": face.money(purse.free[asset]),
         "locked": face.money(purse.locked[asset]),
         "freeze": "0", "withdrawing": "0", "ipoing": "0", "ipoable": "0", "storage": "0",
         "isLegalMoney": False,
         "trading": True, "depositAllEnable": False, "withdrawAllEnable": False, "networkList": []}
        for asset in assets
    ]  # fmt: skip


@TABLE.on(
    "GET /sapi/v1/margin/allPairs", "GET /sapi/v1/margin/isolated/allPairs", action="wallet", security="key"
)
def no_pairs(ask: Ask) -> list[Any]:
    """Nothing can be traded with borrowed money."""
    return []


@TABLE.on("GET /sapi/v1/account/apiRestrictions", action="permissions", security="read")
def restrictions(ask: Ask) -> dict[str, Any]:
    """What the key may do."""
    trade = bool(ask.key and ask.key.can_trade)
    return {
        "ipRestrict": False, "createTime": 1700000000000, "enableReading": True, "enableWithdrawals": False,
        "enableInternalTransfer": False, "enableMargin": False, "enableFutures": trade,
        "permitsUniversalTransfer": False, "enableVanillaOptions": False, "enableFixApiTrade": False,
        "enableFixReadOnly": False, "enableSpotAndMarginTrading": trade,
        "enablePortfolioMarginTrading": False,
    }  # fmt: skip


@TABLE.on("GET /sapi/v1/system/status", action="status")
def system_status(ask: Ask) -> dict[str, Any]:
    """Whether the venue is up."""
    return {"status": 0, "msg": "normal"}


@TABLE.on("GET /sapi/v1/asset/tradeFee", action="wallet", security="read")
def trade_fee(ask: Ask) -> list[dict[str, Any]]:
    """What fills cost."""
    face: Spot = ask.face
    wanted = ask.params.text("symbol", "")
    return [
        {"symbol": word, "makerCommission": f"{row.maker_fee}", "takerCommission": f"{row.taker_fee}"}
        for word, row in face.listings.items()
        if wanted in ("", word)
    ]


@TABLE.on("GET /dapi/v1/exchangeInfo", action="listing")
def coin_margined(ask: Ask) -> dict[str, Any]:
    """Nothing is margined in coins here."""
    return {"timezone": "UTC", "serverTime": ask.face.clock.api_ms(), "rateLimits": [], "symbols": []}
