"""Binance's USDⓈ-M futures: orders on the book, and conditional orders in a space of ids of their own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any, ClassVar

from ...errors import AuthFailed, ConfigError, GatewayError, NotFound, Rejected, Unknown
from ...model import Balance, Fill, OrderIntent, OrderReport, Position, VenueStatus, is_ours
from ..capability import Capability
from ..outcomes import Native
from . import parse
from .errors import TABLE, USDM
from .gateway import BinanceGateway
from .names import ALGO
from .orders import algo_request, plain, usdm_request
from .trades import DAY_MS

__all__ = ["BinanceUsdm"]

UNCHANGED = "-5027"


class BinanceUsdm(BinanceGateway):
    """A futures account.  ``hedged`` says whether it keeps long and short apart; it must be so there too."""

    market: ClassVar[str] = USDM
    amends_in_place = True
    batch_size = 5
    capabilities = frozenset(Capability) - {Capability.DAY}

    def __init__(self, *args: Any, hedged: bool = False, **options: Any) -> None:
        super().__init__(*args, **options)
        self.hedged = hedged

    async def _check_account(self) -> None:
        mode = await self.client.ask("fapiPrivateGetPositionSideDual")
        hedged = str(mode.get("dualSidePosition")).lower() == "true"
        if hedged != self.hedged:
            words = {
                True: "long and short apart (hedge mode)",
                False: "one position per symbol (one-way mode)",
            }
            raise ConfigError(
                f"the account {self.account!r} at {self.venue} keeps {words[hedged]}, but the settings say "
                f"hedged = {str(self.hedged).lower()}: change one of them"
            )
        account = await self.client.ask("fapiPrivateV3GetAccount")
        if not account.get("canTrade", True):
            raise AuthFailed(f"the account {self.account!r} at {self.venue} may not trade")
        side = {"positionSide": "LONG"} if hedged else {}
        await self._check_trading("fapiPrivatePostOrderTest", **side)

    # -- orders ----------------------------------------------------------------------------------
    async def place(self, intent: OrderIntent) -> OrderReport:
        """Send an order, once; those that wait for a price go to another endpoint."""
        instrument = self.instrument(intent.symbol)
        if intent.kind.waits:
            request = algo_request(intent, instrument, hedged=self.hedged)
            raw = await self.client.act("fapiPrivatePostAlgoOrder", request)
            renamed = {**request, "orderType": request["type"]}
            return self._confirmed(intent, self._algo({**renamed, **raw}, intent.symbol))
        request = usdm_request(intent, instrument, hedged=self.hedged)
        raw = await self.client.act("fapiPrivatePostOrder", request)
        return self._placed(intent, request, raw)

    def _placed(self, intent: OrderIntent, request: Mapping[str, str], raw: Mapping[str, Any]) -> OrderReport:
        echo = {"origQty": request["quantity"], "clientOrderId": intent.client_id, "side": request["side"]}
        return self._confirmed(intent, self._report({**echo, **raw}, intent.symbol))

    async def place_batch(self, intents: Sequence[OrderIntent]) -> list[OrderReport | GatewayError]:
        """Send several, five to a request; conditional orders go one by one."""
        answers: dict[int, OrderReport | GatewayError] = {}
        ready: list[tuple[int, OrderIntent, dict[str, str]]] = []
        for place, intent in enumerate(intents):
            try:
                if intent.kind.waits:
                    answers[place] = await self.place(intent)
                else:
                    request = usdm_request(intent, self.instrument(intent.symbol), hedged=self.hedged)
                    ready.append((place, intent, request))
            except GatewayError as error:
                answers[place] = error
        for start in range(0, len(ready), self.batch_size):
            answers |= await self._batch(ready[start : start + self.batch_size])
        return [answers[place] for place in range(len(intents))]

    async def _batch(
        self, some: list[tuple[int, OrderIntent, dict[str, str]]]
    ) -> dict[int, OrderReport | GatewayError]:
        try:
            rows = await self.client.act_rows(
                "fapiPrivatePostBatchOrders", {"batchOrders": [request for _, _, request in some]}
            )
            if len(rows) != len(some):
                raise Unknown(f"{self.venue} did not answer each of {len(some)} orders")
        except GatewayError as error:
            return {place: error for place, _, _ in some}
        answers: dict[int, OrderReport | GatewayError] = {}
        for (place, intent, request), row in zip(some, rows, strict=True):
            try:
                answers[place] = self._batch_row(intent, request, row)
            except GatewayError as error:
                answers[place] = error
        return answers

    def _batch_row(
        self, intent: OrderIntent, request: Mapping[str, str], row: Mapping[str, Any]
    ) -> OrderReport:
        if "orderId" in row:
            return self._placed(intent, request, row)
        raise TABLE.error(
            USDM, Native(status=400, code=str(row.get("code", "")), text=str(row.get("msg", "")))
        )

    async def cancel(self, symbol: str, *, client_id: str = "", venue_id: str = "") -> OrderReport:
        """Ask for the end of an order, on the book or waiting."""
        if venue_id.startswith(ALGO):
            return await self._cancel_algo(symbol, client_id, venue_id)
        try:
            raw = await self.client.act("fapiPrivateDeleteOrder", self._naming(symbol, client_id, venue_id))
        except NotFound:
            if venue_id:
                raise
            # the name may be that of a conditional order, which is looked for elsewhere
            return await self._cancel_algo(symbol, client_id, "")
        return self._report(raw, symbol)

    async def _cancel_algo(self, symbol: str, client_id: str, venue_id: str) -> OrderReport:
        named = self._naming_algo(symbol, client_id, venue_id)
        try:
            await self.client.act("fapiPrivateDeleteAlgoOrder", named)
        except NotFound:
            algo = await self._raw_algo(named)
            actual = _actual(algo)
            if not actual:
                raise
            # it triggered: what stands now is the order made of it
            self._algo(algo, symbol)
            raw = await self.client.act("fapiPrivateDeleteOrder", self._naming(symbol, "", actual))
            return self._report(raw, symbol)
        # the answer says no more than that it was done
        report = self._algo(await self._raw_algo(named), symbol)
        return report if report.status.is_final else replace(report, status=VenueStatus.CANCELLED)

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
        """Change a limit order where it stands; it keeps its ids."""
        old = await self.order(symbol, client_id=client_id, venue_id=venue_id)
        if old.status.is_final:
            raise NotFound(f"{symbol}: the order {old.client_id} is not open but {old.status}")
        if old.price is None or old.venue_id.startswith(ALGO):
            raise Rejected(f"{symbol}: binance changes limit orders only; cancel this one and place another")
        total, limit = old.quantity if quantity is None else quantity, old.price if price is None else price
        if total <= old.filled:
            # the venue would cancel it
            raise Rejected(f"{symbol}: {old.filled} of the order is filled already, {total} is not more")
        wanted = OrderIntent(
            old.client_id, symbol, old.side, old.kind, total, limit, reduce_only=old.reduce_only
        )
        if complaint := self.instrument(symbol).complaint(wanted):
            raise Rejected(complaint)
        request = self._naming(symbol, "", old.venue_id) | {
            "side": old.side.upper(),
            "quantity": plain(total),
            "price": plain(limit),
        }
        try:
            raw = await self.client.act("fapiPrivatePutOrder", request)
        except Rejected as error:
            if error.code == UNCHANGED:
                # also the answer if the request arrived twice: what it is now has to be asked for
                return await self.order(symbol, venue_id=old.venue_id)
            raise
        return self._report(raw, symbol)

    # -- asking ----------------------------------------------------------------------------------
    async def order(self, symbol: str, *, client_id: str = "", venue_id: str = "") -> OrderReport:
        """One order, open or not, on the book or waiting."""
        if venue_id.startswith(ALGO):
            return await self._order_algo(symbol, client_id, venue_id)
        try:
            raw = await self.client.ask("fapiPrivateGetOrder", self._naming(symbol, client_id, venue_id))
        except NotFound:
            if venue_id:
                raise
            return await self._order_algo(symbol, client_id, "")
        return self._report(raw, symbol)

    async def _order_algo(self, symbol: str, client_id: str, venue_id: str) -> OrderReport:
        algo = await self._raw_algo(self._naming_algo(symbol, client_id, venue_id))
        report = self._algo(algo, symbol)
        actual = _actual(algo)
        if not actual:
            return report
        try:
            raw = await self.client.ask("fapiPrivateGetOrder", self._naming(symbol, "", actual))
        except NotFound:
            return report
        return self._report(raw, symbol)

    async def open_orders(self, symbol: str | None = None) -> list[OrderReport]:
        """All orders that stand, and those that wait.

        Those that wait are asked for first: one that triggers in between is seen twice, not never.
        """
        asked = {"symbol": self.instrument(symbol).venue_symbol} if symbol else {}
        waiting = await self.client.ask_rows("fapiPrivateGetOpenAlgoOrders", asked)
        standing = await self.client.ask_rows("fapiPrivateGetOpenOrders", asked)
        reports = [self._algo(row, self.symbol_of(row)) for row in waiting]
        reports += [self._report(row, self.symbol_of(row)) for row in standing]
        return list({_identity(report): report for report in reports}.values())

    async def fills(self, symbol: str, since_ns: int = 0) -> list[Fill]:
        """All fills from then on, oldest first."""
        return await self._fills("fapiPrivateGetUserTrades", symbol, since_ns, 7 * DAY_MS)

    async def balances(self) -> dict[str, Balance]:
        """Wallets by asset; what orders and positions hold of one is locked."""
        return self.read(parse.balances, await self.client.ask("fapiPrivateV3GetAccount"), spot=False)

    async def positions(self) -> list[Position]:
        """Positions that are not zero."""
        return self.read(
            parse.positions, await self.client.ask_rows("fapiPrivateV3GetPositionRisk"), self._symbols
        )

    # -- the venue's words -------------------------------------------------------------------------
    def _report(self, raw: Mapping[str, Any], symbol: str) -> OrderReport:
        return self.read(parse.order_report, raw, symbol, self._names, spot=False)

    def _algo(self, raw: Mapping[str, Any], symbol: str) -> OrderReport:
        return self.read(parse.algo_report, raw, symbol, self._names)

    def _naming(self, symbol: str, client_id: str, venue_id: str) -> dict[str, str]:
        named = {"orderId": venue_id} if venue_id else {"origClientOrderId": client_id}
        return {"symbol": self.instrument(symbol).venue_symbol, **named}

    def _naming_algo(self, symbol: str, client_id: str, venue_id: str) -> dict[str, str]:
        self.instrument(symbol)
        return {"algoId": venue_id.removeprefix(ALGO)} if venue_id else {"clientAlgoId": client_id}

    async def _raw_algo(self, named: Mapping[str, str]) -> Mapping[str, Any]:
        return await self.client.ask("fapiPrivateGetAlgoOrder", named)


def _identity(report: OrderReport) -> str:
    """What an order of ours keeps when it triggers; ids of others may be anything, even the same."""
    return report.client_id if is_ours(report.client_id) else report.venue_id


def _actual(algo: Mapping[str, Any]) -> str:
    """The order made of a conditional one that triggered, or nothing."""
    found = str(algo.get("actualOrderId") or "")
    return "" if found == "0" else found
