"""Changing an order on spot, where the venue cancels the old one and takes a new one.

The danger is a fill in between: the new order would be as large as if it had not happened, and the two
together larger than what was wanted.  An order without fills is therefore replaced in one step *on the
condition that it still has none*; of one with fills the rest is ordered after the cancellation has
said how much was filled in the end.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Any, NoReturn

from ...errors import AuthFailed, GatewayError, NotFound, RateLimited, Rejected, Unknown
from ...model import OrderIntent, OrderKind, OrderReport
from ..outcomes import Native, Split
from .errors import SPOT, TABLE
from .gateway import BinanceGateway
from .orders import spot_request
from .parse import number, order_report

__all__ = ["AmendsByReplacing"]


class AmendsByReplacing(BinanceGateway):
    """The part of the spot gateway that changes orders."""

    def report(self, raw: Mapping[str, Any], symbol: str) -> OrderReport:
        """An order as the venue tells it."""
        return self.read(order_report, raw, symbol, self._names, spot=True)

    def naming(self, symbol: str, client_id: str, venue_id: str) -> dict[str, str]:
        """The order by the venue's id if that is known, else by ours; never by both, which must agree."""
        named = {"orderId": venue_id} if venue_id else {"origClientOrderId": client_id}
        return {"symbol": self.instrument(symbol).venue_symbol, **named}

    async def raw_order(self, symbol: str, client_id: str, venue_id: str) -> Mapping[str, Any]:
        """One order in the venue's words."""
        return await self.client.ask("privateGetOrder", self.naming(symbol, client_id, venue_id))

    async def amend(
        self,
        symbol: str,
        *,
        client_id: str = "",
        venue_id: str = "",
        quantity: Decimal | None = None,
        price: Decimal | None = None,
        new_client_id: str = "",
    ) -> OrderReport:
        """Put a new order in the place of the old one."""
        raw = await self.raw_order(symbol, client_id, venue_id)
        old = self.report(raw, symbol)
        if old.status.is_final:
            raise NotFound(f"{symbol}: the order {old.client_id} is not open but {old.status}")
        if not new_client_id:
            raise Rejected(f"{symbol}: a changed order is a new one at binance spot and needs a client id")
        total = old.quantity if quantity is None else quantity
        if total <= old.filled:
            raise Rejected(f"{symbol}: {old.filled} of the order is filled already, {total} is not more")
        wanted = _intent(old, raw, total - old.filled, price, new_client_id)
        request = spot_request(wanted, self.instrument(symbol))
        if old.filled:
            return await self._cancel_then_place(old, wanted, total)
        request |= {
            "cancelReplaceMode": "STOP_ON_FAILURE",
            "cancelOrderId": old.venue_id,
            "cancelRestrictions": "ONLY_NEW",
        }
        try:
            answer = await self.client.act("privatePostOrderCancelReplace", request)
        except Split as error:
            self._halves(symbol, error)
        return self.report(self.read(lambda: answer["newOrderResponse"]), symbol)

    def _halves(self, symbol: str, error: Split) -> NoReturn:
        """What became of the cancellation and of the new order, each by its own answer."""
        data = error.data if isinstance(error.data, dict) else {}
        cancelled, placed = data.get("cancelResult"), data.get("newOrderResult")
        if cancelled == "FAILURE" and placed == "NOT_ATTEMPTED":
            raise _error(data.get("cancelResponse"), error.status)
        if cancelled == "SUCCESS" and placed == "FAILURE":
            refusal = _error(data.get("newOrderResponse"), error.status)
            if _certain(refusal):
                raise _only_cancelled(symbol, refusal)
        raise Unknown(
            f"{symbol}: cancelled {cancelled}, placed {placed}", code=error.code, status=error.status
        )

    async def _cancel_then_place(self, old: OrderReport, wanted: OrderIntent, total: Decimal) -> OrderReport:
        ended = await self.cancel(old.symbol, venue_id=old.venue_id)
        rest = total - ended.filled
        if rest <= 0:
            raise Rejected(f"{old.symbol}: {ended.filled} was filled before it could be changed to {total}")
        try:
            return await self.place(replace(wanted, quantity=rest))
        except GatewayError as error:
            if _certain(error):
                raise _only_cancelled(old.symbol, error) from None
            raise Unknown(f"{old.symbol}: cancelled to be changed; {error}", code=error.code) from None


def _intent(
    old: OrderReport, raw: Mapping[str, Any], quantity: Decimal, price: Decimal | None, client_id: str
) -> OrderIntent:
    points = number(raw.get("trailingDelta"))
    return OrderIntent(
        client_id=client_id,
        symbol=old.symbol,
        side=old.side,
        kind=old.kind,
        quantity=quantity,
        price=(old.price if price is None else price) if old.kind is not OrderKind.MARKET else None,
        stop_price=old.stop_price,
        time_in_force=old.time_in_force,
        post_only=raw.get("type") == "LIMIT_MAKER",
        trail=points / 100 if points else None,
    )


def _error(answer: Any, status: int) -> GatewayError:
    said = answer if isinstance(answer, dict) else {}
    native = Native(status=status, code=str(said.get("code", "")), text=str(said.get("msg", "")))
    return TABLE.error(SPOT, native)


def _certain(error: GatewayError) -> bool:
    """Whether the new order does not stand, for certain."""
    if isinstance(error, Rejected):
        return not error.exists
    return isinstance(error, AuthFailed) or (isinstance(error, RateLimited) and not error.acted)


def _only_cancelled(symbol: str, refusal: GatewayError) -> Rejected:
    text = f"{symbol}: the order was cancelled to be changed, and then the new one was refused: {refusal}"
    return Rejected(text, code=refusal.code, status=refusal.status)
