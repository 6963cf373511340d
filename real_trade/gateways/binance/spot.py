"""Binance's spot market."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from ...errors import AuthFailed
from ...model import Balance, Fill, OrderIntent, OrderReport, Position
from ..capability import Capability
from . import parse
from .amend import AmendsByReplacing
from .errors import SPOT
from .orders import spot_request
from .trades import DAY_MS

__all__ = ["BinanceSpot"]


class BinanceSpot(AmendsByReplacing):
    """A spot account.  A changed order is a new one there; reduce-only and positions do not exist."""

    market: ClassVar[str] = SPOT
    capabilities = frozenset(
        {
            Capability.AMEND,
            Capability.POST_ONLY,
            Capability.IOC,
            Capability.FOK,
            Capability.STOP,
            Capability.TAKE_PROFIT,
            Capability.TRAILING,
            Capability.ERROR_TABLE,
        }
    )

    async def _check_account(self) -> None:
        account = await self.client.ask("privateGetAccount")
        if not account.get("canTrade", True):
            raise AuthFailed(f"the account {self.account!r} at {self.venue} may not trade")
        await self._check_trading("privatePostOrderTest")

    async def place(self, intent: OrderIntent) -> OrderReport:
        """Send an order, once."""
        request = spot_request(intent, self.instrument(intent.symbol))
        raw = await self.client.act("privatePostOrder", request)
        return self._confirmed(intent, self.report({**_echo(request), **raw}, intent.symbol))

    async def cancel(self, symbol: str, *, client_id: str = "", venue_id: str = "") -> OrderReport:
        """Ask for the end of an order."""
        raw = await self.client.act("privateDeleteOrder", self.naming(symbol, client_id, venue_id))
        return self.report(raw, symbol)

    async def order(self, symbol: str, *, client_id: str = "", venue_id: str = "") -> OrderReport:
        """One order, open or not."""
        return self.report(await self.raw_order(symbol, client_id, venue_id), symbol)

    async def open_orders(self, symbol: str | None = None) -> list[OrderReport]:
        """All orders that stand."""
        asked = {"symbol": self.instrument(symbol).venue_symbol} if symbol else {}
        rows = await self.client.ask_rows("privateGetOpenOrders", asked)
        return [self.report(row, self.symbol_of(row)) for row in rows]

    async def fills(self, symbol: str, since_ns: int = 0) -> list[Fill]:
        """All fills from then on, oldest first."""
        return await self._fills("privateGetMyTrades", symbol, since_ns, DAY_MS)

    async def balances(self) -> dict[str, Balance]:
        """Money by asset."""
        return self.read(parse.balances, await self.client.ask("privateGetAccount"), spot=True)

    async def positions(self) -> list[Position]:
        """None: this is a spot account."""
        return []


def _echo(request: Mapping[str, str]) -> dict[str, str]:
    """What was asked for, in the words of an answer: a short answer leaves it out."""
    renamed = {"quantity": "origQty", "newClientOrderId": "clientOrderId"}
    return {renamed.get(name, name): value for name, value in request.items()}
