"""The USDⓈ-M account: balances, positions, leverage and modes."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from ....model import Side
from ...accounts import Account, Position
from ...instruments import Listing
from ...money import available, equity, initial_margin
from ...refusals import Reason, Refused
from .errors import BinanceError
from .table import Ask, Table

if TYPE_CHECKING:
    from .usdm import Usdm

__all__ = ["TABLE", "cross_wallet"]

TABLE = Table()
ZERO = Decimal(0)


def _assets(face: Usdm) -> list[str]:
    return sorted({row.settle for row in face.listings.values()})


def cross_wallet(account: Account, asset: str, face: Usdm) -> Decimal:
    """Money less what isolated positions have for themselves."""
    apart = (
        held.margin
        for held in account.positions.values()
        if held.symbol in account.isolated and face.engine.market(held.symbol).listing.settle == asset
    )
    return account.purse("usdm").total(asset) - sum(apart, ZERO)


def _positions(
    face: Usdm, account: Account, *, every: bool = False
) -> list[tuple[Position, Listing, Decimal]]:
    found = []
    for listing in face.listings.values():
        sides = ("long", "short") if account.hedged else ("",)
        for side in sides:
            held = account.positions.get((listing.symbol, side)) or Position(listing.symbol, side)
            if (
                every
                or held.quantity
                or held.symbol in {key[0] for key, worth in account.ordered.items() if worth}
            ):
                found.append((held, listing, face.engine.market(listing.symbol).mark))
    return found


def liquidation_price(
    face: Usdm, account: Account, held: Position, listing: Listing, mark: Decimal
) -> Decimal:
    """The mark price at which a position is closed by the venue, if nothing else moves; 0 if none is."""
    if not held.quantity:
        return ZERO
    if held.symbol in account.isolated:
        backing = held.margin
    else:
        total, least = equity(account, "usdm", listing.settle, face.engine.mark_of)
        own = abs(held.quantity) * mark * listing.maintenance
        backing = total - held.unrealised(mark) - (least - own)
    price = (held.cost - backing) / (held.quantity - listing.maintenance * abs(held.quantity))
    return max(price, ZERO)


def _position_row(
    face: Usdm, account: Account, held: Position, listing: Listing, mark: Decimal
) -> dict[str, Any]:
    money = face.money
    isolated = listing.symbol in account.isolated
    leverage = account.leverage.get(listing.symbol, listing.leverage)
    notional = held.quantity * mark
    bids, asks = (account.ordered[listing.symbol, held.side, side] for side in Side)
    whole = initial_margin(account, listing, mark)
    own = abs(notional) / leverage
    return {
        "symbol": face.theirs(listing.symbol), "positionSide": face.side_word(held.side),
        "positionAmt": money(held.quantity), "entryPrice": money(held.entry_price),
        "breakEvenPrice": money(held.entry_price), "markPrice": money(mark),
        "unRealizedProfit": money(held.unrealised(mark)), "unrealizedProfit": money(held.unrealised(mark)),
        "liquidationPrice": money(liquidation_price(face, account, held, listing, mark)),
        "isolatedMargin": money(held.margin + held.unrealised(mark) if isolated else ZERO),
        "isolatedWallet": money(held.margin if isolated else ZERO), "notional": money(notional),
        "marginAsset": listing.settle, "initialMargin": money(whole),
        "maintMargin": money(abs(notional) * listing.maintenance),
        "positionInitialMargin": money(own), "openOrderInitialMargin": money(max(whole - own, ZERO)),
        "adl": 1, "bidNotional": money(bids), "askNotional": money(asks), "updateTime": held.updated_ms,
    }  # fmt: skip


def _asset_row(face: Usdm, account: Account, asset: str) -> dict[str, Any]:
    money, engine = face.money, face.engine
    wallet = account.purse("usdm").total(asset)
    rows = [row for row in _positions(face, account, every=True) if row[1].settle == asset]
    profit = sum((held.unrealised(mark) for held, _, mark in rows), ZERO)
    least = sum((abs(held.quantity) * mark * listing.maintenance for held, listing, mark in rows), ZERO)
    initial = sum((initial_margin(account, row, engine.market(row.symbol).mark)
                   for row in face.listings.values() if row.settle == asset), ZERO)  # fmt: skip
    own = sum((abs(held.quantity) * mark / account.leverage.get(held.symbol, listing.leverage)
               for held, listing, mark in rows), ZERO)  # fmt: skip
    free = max(available(account, "usdm", asset, engine.mark_of), ZERO)
    cross = cross_wallet(account, asset, face)
    return {
        "asset": asset, "walletBalance": money(wallet), "balance": money(wallet),
        "unrealizedProfit": money(profit),
        "marginBalance": money(wallet + profit), "maintMargin": money(least), "initialMargin": money(initial),
        "positionInitialMargin": money(own), "openOrderInitialMargin": money(max(initial - own, ZERO)),
        "crossWalletBalance": money(cross), "crossUnPnl": money(profit), "availableBalance": money(free),
        "maxWithdrawAmount": money(min(free, wallet)), "marginAvailable": True,
        "updateTime": face.clock.now_ms(),
    }  # fmt: skip


@TABLE.on(
    "GET /fapi/v3/account",
    "GET /fapi/v2/account",
    action="account",
    ws="v2/account.status",
    security="read",
    weight=5,
)
def account(ask: Ask) -> dict[str, Any]:
    """Balances and positions."""
    face: Usdm = ask.face
    assets = [_asset_row(face, ask.account, asset) for asset in _assets(face)]
    every = ask.call.path.startswith("/fapi/v2")
    first = assets[0]
    totals = {
        f"total{name[0].upper()}{name[1:]}": first[name]
        for name in ("initialMargin", "maintMargin", "walletBalance", "unrealizedProfit", "marginBalance",
                     "positionInitialMargin", "openOrderInitialMargin", "crossWalletBalance", "crossUnPnl")
    }  # fmt: skip
    rows = []
    for held, listing, mark in _positions(face, ask.account, every=every):
        row = _position_row(face, ask.account, held, listing, mark)
        row |= {
            "leverage": str(ask.account.leverage.get(listing.symbol, listing.leverage)),
            "isolated": listing.symbol in ask.account.isolated,
        }
        rows.append(row)
    return {
        "feeTier": 0, "feeBurn": True, "canTrade": bool(ask.key and ask.key.can_trade), "canDeposit": True,
        "canWithdraw": False, "multiAssetsMargin": False, "tradeGroupId": -1, "updateTime": 0, **totals,
        "availableBalance": first["availableBalance"], "maxWithdrawAmount": first["maxWithdrawAmount"],
        "assets": assets, "positions": rows,
    }  # fmt: skip


@TABLE.on(
    "GET /fapi/v3/balance",
    "GET /fapi/v2/balance",
    action="account",
    ws="v2/account.balance",
    security="read",
    weight=5,
)
def balance(ask: Ask) -> list[dict[str, Any]]:
    """Balances."""
    return [
        {"accountAlias": "rehearsal"} | _asset_row(ask.face, ask.account, asset)
        for asset in _assets(ask.face)
    ]


@TABLE.on(
    "GET /fapi/v3/positionRisk", "GET /fapi/v2/positionRisk", action="positions", ws="v2/account.position",
    security="read", weight=5,
)  # fmt: skip
def position_risk(ask: Ask) -> list[dict[str, Any]]:
    """Positions; the newer form leaves out symbols without any."""
    face: Usdm = ask.face
    older = ask.call.path.startswith("/fapi/v2")
    wanted = ask.listing_symbol if "symbol" in ask.params else ""
    rows = []
    for held, listing, mark in _positions(face, ask.account, every=older):
        if wanted not in ("", listing.symbol):
            continue
        row = _position_row(face, ask.account, held, listing, mark)
        if older:
            row |= {
                "leverage": str(ask.account.leverage.get(listing.symbol, listing.leverage)),
                "marginType": "isolated" if listing.symbol in ask.account.isolated else "cross",
                "maxNotionalValue": "100000000", "isAutoAddMargin": "false",
            }  # fmt: skip
        rows.append(row)
    return rows


@TABLE.on("GET /fapi/v1/leverageBracket", action="brackets", security="read")
def brackets(ask: Ask) -> Any:
    """What leverage is possible, and what a position must keep; one bracket for everything here."""
    face: Usdm = ask.face
    return [
        {"symbol": word, "notionalCoef": 1.0, "brackets": [
            {"bracket": 1, "initialLeverage": row.max_leverage, "notionalCap": 1_000_000_000,
             "notionalFloor": 0,
             "maintMarginRatio": float(row.maintenance), "cum": 0.0}]}
        for word, row in face.listings.items()
        if ask.params.text("symbol", word) == word
    ]  # fmt: skip


@TABLE.on("POST /fapi/v1/leverage", action="leverage", security="trade")
def set_leverage(ask: Ask) -> dict[str, Any]:
    """Set the leverage of a symbol."""
    face: Usdm = ask.face
    leverage = ask.params.integer("leverage")
    face.engine.set_leverage(ask.account.name, ask.listing_symbol, leverage)
    face.user.configured(ask.account.name, {"ac": {"s": ask.params.text("symbol"), "l": leverage}})
    return {"leverage": leverage, "maxNotionalValue": "1000000000", "symbol": ask.params.text("symbol")}


@TABLE.on("POST /fapi/v1/marginType", action="margin_mode", security="trade")
def set_margin_type(ask: Ask) -> dict[str, Any]:
    """Let positions of a symbol share the purse, or not."""
    word = ask.params.text("marginType")
    if word not in ("ISOLATED", "CROSSED"):
        raise BinanceError(-1130, "Data sent for parameter 'marginType' is not valid.")
    try:
        ask.face.engine.set_isolated(ask.account.name, ask.listing_symbol, word == "ISOLATED")
    except Refused as refused:
        code, text = {
            Reason.NO_CHANGE: (-4046, "No need to change margin type."),
            Reason.MODE_BUSY_ORDERS: (-4047, "Margin type cannot be changed if there exists open orders."),
            Reason.MODE_BUSY_POSITION: (-4048, "Margin type cannot be changed if there exists position."),
        }[refused.reason]
        raise BinanceError(code, text) from None
    return {"code": 200, "msg": "success"}


@TABLE.on("GET /fapi/v1/positionSide/dual", action="mode", security="read", weight=30)
def get_mode(ask: Ask) -> dict[str, Any]:
    """Whether long and short positions are kept apart."""
    return {"dualSidePosition": ask.account.hedged}


@TABLE.on("POST /fapi/v1/positionSide/dual", action="mode", security="trade")
def set_mode(ask: Ask) -> dict[str, Any]:
    """Keep them apart, or net them."""
    wanted = ask.params.flag("dualSidePosition")
    try:
        ask.face.engine.set_hedged(ask.account.name, wanted)
    except Refused as refused:
        if refused.reason is Reason.NO_CHANGE:
            raise BinanceError(-4059, "No need to change position side.") from None
        raise
    return {"code": 200, "msg": "success"}


@TABLE.on("GET /fapi/v1/multiAssetsMargin", action="mode", security="read", weight=30)
def multi_assets(ask: Ask) -> dict[str, Any]:
    """All assets stand for themselves."""
    return {"multiAssetsMargin": False}


@TABLE.on("POST /fapi/v1/positionMargin", action="margin", security="trade")
def move_margin(ask: Ask) -> dict[str, Any]:
    """Give an isolated position more money, or take some back."""
    face: Usdm = ask.face
    symbol, amount = ask.listing_symbol, ask.params.decimal("amount")
    side = ask.params.text("positionSide", "BOTH")
    held = ask.account.position(symbol, "" if side == "BOTH" else side.lower())
    if symbol not in ask.account.isolated:
        raise BinanceError(-4050, "Cross balance insufficient.")
    add = ask.params.integer("type") == 1
    if (
        add
        and available(ask.account, "usdm", face.engine.market(symbol).listing.settle, face.engine.mark_of)
        < amount
    ):
        raise BinanceError(-4050, "Cross balance insufficient.")
    if not add and held.margin < amount:
        raise BinanceError(-4051, "Isolated balance insufficient.")
    held.margin += amount if add else -amount
    return {
        "amount": float(amount),
        "code": 200,
        "msg": "Successfully modify position margin.",
        "type": 1 if add else 2,
    }


@TABLE.on("GET /fapi/v1/commissionRate", action="account", security="read", weight=20)
def commission(ask: Ask) -> dict[str, Any]:
    """What fills cost."""
    row = ask.face.engine.market(ask.listing_symbol).listing
    return {
        "symbol": ask.params.text("symbol"), "makerCommissionRate": f"{row.maker_fee}",
        "takerCommissionRate": f"{row.taker_fee}",
    }  # fmt: skip


@TABLE.on("GET /fapi/v1/accountConfig", action="account", security="read", weight=5)
def account_config(ask: Ask) -> dict[str, Any]:
    """Modes and rights."""
    return {
        "feeTier": 0, "canTrade": bool(ask.key and ask.key.can_trade), "canDeposit": True,
        "canWithdraw": False,
        "dualSidePosition": ask.account.hedged, "updateTime": 0, "multiAssetsMargin": False,
        "tradeGroupId": -1,
    }  # fmt: skip


@TABLE.on("GET /fapi/v1/symbolConfig", action="account", security="read", weight=5)
def symbol_config(ask: Ask) -> list[dict[str, Any]]:
    """Leverage and margin type by symbol."""
    face: Usdm = ask.face
    return [
        {"symbol": word, "marginType": "ISOLATED" if row.symbol in ask.account.isolated else "CROSSED",
         "isAutoAddMargin": False, "leverage": ask.account.leverage.get(row.symbol, row.leverage),
         "maxNotionalValue": "1000000000"}
        for word, row in face.listings.items()
        if ask.params.text("symbol", word) == word
    ]  # fmt: skip


@TABLE.on("GET /fapi/v1/rateLimit/order", action="limits", security="read")
def order_limits(ask: Ask) -> list[dict[str, Any]]:
    """The limits of the account."""
    return [row for row in ask.face.limits.describe() if row["rateLimitType"] == "ORDERS"]


@TABLE.on("GET /fapi/v1/premiumIndex", action="market")
def premium_index(ask: Ask) -> Any:
    """Mark prices and the funding to come."""
    face: Usdm = ask.face
    now = face.clock.now_ms()
    rows = []
    for word, listing in face.listings.items():
        if ask.params.text("symbol", word) == word:
            mark = face.money(face.engine.market(listing.symbol).mark)
            rows.append(
                {"symbol": word, "markPrice": mark, "indexPrice": mark, "estimatedSettlePrice": mark,
                 "lastFundingRate": f"{listing.funding_rate:.8f}", "interestRate": "0.00010000",
                 "nextFundingTime": (now // 28_800_000 + 1) * 28_800_000, "time": now}
            )  # fmt: skip
    return rows[0] if "symbol" in ask.params else rows
