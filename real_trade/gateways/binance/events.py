"""What Binance's user streams say, as our events.  Pure: a raw message in, events out."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from typing import Any, Final

from ...model import AccountEvent, Balance, Fill, OrderReport, Position, Side, TimeInForce
from .names import ALGO, Names
from .parse import ZERO, kind_of, number, side_of_position, status_of

__all__ = ["LOST", "events_of"]

_log = logging.getLogger(__name__)

#: Messages after which nothing more comes on this connection.
LOST: Final = frozenset({"eventStreamTerminated", "listenKeyExpired", "serverShutdown"})

_FORCE: Final = {"IOC": TimeInForce.IOC, "FOK": TimeInForce.FOK}
#: Orders that the venue makes itself to end a position.
_FORCED: Final = ("autoclose-", "adl_autoclose", "settlement_autoclose-")


def events_of(message: Mapping[str, Any], symbols: Mapping[str, str], names: Names) -> list[AccountEvent]:
    """The events in one message, a fill before the report that counts it; other messages give none."""
    reader = _READERS.get(str(message.get("e")))
    return reader(message, symbols, names) if reader is not None else []


def _spot_order(message: Mapping[str, Any], symbols: Mapping[str, str], names: Names) -> list[AccountEvent]:
    # after a cancellation `c` is the id of the request and `C` the order's own
    client = str(message.get("C") or message.get("c") or "")
    return _order(message, client, symbols, names, spot=True)


def _usdm_order(message: Mapping[str, Any], symbols: Mapping[str, str], names: Names) -> list[AccountEvent]:
    order = message["o"]
    return _order(order, str(order.get("c") or ""), symbols, names, spot=False)


def _order(
    raw: Mapping[str, Any], client: str, symbols: Mapping[str, str], names: Names, *, spot: bool
) -> list[AccountEvent]:
    symbol = symbols.get(str(raw["s"]), str(raw["s"]))
    venue_id = str(raw["i"])
    client = names.learn(symbol, venue_id, client)
    side = Side(str(raw["S"]).lower())
    filled = number(raw.get("z"))
    quantity = number(raw.get("q")) or filled
    if spot:
        worth = number(raw.get("Z"))
        average = worth / filled if filled and worth > 0 else None
    else:
        average = number(raw.get("ap")) or None
    reason = str(raw.get("r") or "") if spot else _forced(client)
    report = OrderReport(
        symbol=symbol,
        client_id=client,
        venue_id=venue_id,
        status=status_of(str(raw["X"]), quantity, filled),
        quantity=quantity,
        filled=filled,
        side=side,
        kind=kind_of(str(raw.get("ot") or raw.get("o") or ""), spot=spot, trailing=raw.get("d")),
        price=number(raw.get("p")) or None,
        stop_price=number(raw.get("P") if spot else raw.get("sp")) or None,
        average_price=average,
        time_in_force=_FORCE.get(str(raw.get("f")), TimeInForce.GTC),
        reduce_only=not spot and bool(raw.get("R", False)),
        time_ns=int(raw.get("T") or 0) * 1_000_000,
        reason="" if reason == "NONE" else reason,
        raw=raw,
    )
    last, trade = number(raw.get("l")), int(raw.get("t") or 0)
    if not last or trade <= 0:
        return [report]
    one = Fill(
        symbol=symbol,
        trade_id=str(trade),
        venue_id=venue_id,
        client_id=client,
        side=side,
        price=number(raw.get("L")),
        quantity=last,
        fee=number(raw.get("n")),
        fee_asset=str(raw.get("N") or ""),
        maker=bool(raw.get("m", False)),
        time_ns=report.time_ns,
    )
    return [one, report]


def _forced(client: str) -> str:
    if client.startswith(_FORCED):
        _log.error("binance closes a position by itself: %s", client)
        return f"the venue closed it: {client}"
    return ""


def _algo(message: Mapping[str, Any], symbols: Mapping[str, str], names: Names) -> list[AccountEvent]:
    """A conditional order.  Once it triggered, the order made of it has reports of its own."""
    raw = message["o"]
    symbol = symbols.get(str(raw["s"]), str(raw["s"]))
    venue_id = f"{ALGO}{raw['aid']}"
    client = names.learn(symbol, venue_id, str(raw.get("caid") or ""))
    actual, word = str(raw.get("ai") or "0"), str(raw["X"])
    if actual != "0":
        names.bind(symbol, actual, client)
        if word == "FINISHED":
            return []
        venue_id = actual
    quantity, filled = number(raw.get("q")), number(raw.get("aq"))
    if word == "FINISHED":
        word = "FILLED" if filled and filled >= quantity else "CANCELED"
    report = OrderReport(
        symbol=symbol,
        client_id=client,
        venue_id=venue_id,
        status=status_of(word, quantity, filled),
        quantity=quantity,
        filled=filled,
        side=Side(str(raw["S"]).lower()),
        kind=kind_of(str(raw.get("o") or ""), spot=False),
        price=number(raw.get("p")) or None,
        stop_price=number(raw.get("tp")) or None,
        average_price=number(raw.get("ap")) or None,
        time_in_force=_FORCE.get(str(raw.get("f")), TimeInForce.GTC),
        reduce_only=bool(raw.get("R", False)),
        time_ns=int(message.get("T") or 0) * 1_000_000,
        reason=str(raw.get("rm") or "") if word in ("REJECTED", "EXPIRED") else "",
        raw=raw,
    )
    return [report]


def _spot_money(message: Mapping[str, Any], symbols: Mapping[str, str], names: Names) -> list[AccountEvent]:
    return [Balance(str(row["a"]), number(row["f"]), number(row["l"])) for row in message.get("B", ())]


def _usdm_account(message: Mapping[str, Any], symbols: Mapping[str, str], names: Names) -> list[AccountEvent]:
    """Wallets and positions that changed.  How much of a wallet is locked is not said: all counts as free."""
    account = message["a"]
    found: list[AccountEvent] = [
        Balance(str(row["a"]), number(row.get("wb")), ZERO) for row in account.get("B", ())
    ]
    for row in account.get("P", ()):
        found.append(
            Position(
                symbol=symbols.get(str(row["s"]), str(row["s"])),
                quantity=number(row.get("pa")),
                entry_price=number(row.get("ep")),
                side=side_of_position(row.get("ps")),
                unrealised=number(row.get("up")),
            )
        )
    return found


def _margin_call(message: Mapping[str, Any], symbols: Mapping[str, str], names: Names) -> list[AccountEvent]:
    _log.error("binance warns of a liquidation: %s", [row.get("s") for row in message.get("p", ())])
    return []


_Reader = Callable[[Mapping[str, Any], Mapping[str, str], Names], list[AccountEvent]]
_READERS: Final[dict[str, _Reader]] = {
    "executionReport": _spot_order,
    "outboundAccountPosition": _spot_money,
    "ORDER_TRADE_UPDATE": _usdm_order,
    "ALGO_UPDATE": _algo,
    "ACCOUNT_UPDATE": _usdm_account,
    "MARGIN_CALL": _margin_call,
}
