"""What the gateways to Binance's markets share: connecting, instruments, fills, events, clock."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator, Callable, Mapping
from decimal import Decimal
from difflib import get_close_matches
from typing import Any, ClassVar, TypeVar

from ...config.secret import Secret
from ...errors import AuthFailed, ConfigError, GatewayError, Rejected, Unknown
from ...model import AccountEvent, Fill, Instrument, OrderIntent, OrderReport
from ..base import Gateway, RateUse
from . import parse
from .client import Client, Transport
from .errors import SPOT
from .events import events_of
from .names import Names
from .orders import plain
from .stream import UserStream
from .trades import all_trades

__all__ = ["BinanceGateway"]

_log = logging.getLogger(__name__)
T = TypeVar("T")


class BinanceGateway(Gateway):
    """One account at one of Binance's markets; the subclasses know the endpoints."""

    venue = "binance"
    client_id_length = 36
    client_id_extra = ".:/_-"
    market: ClassVar[str]

    def __init__(
        self,
        key: Secret | str,
        secret: Secret | str,
        *,
        account: str = "main",
        testnet: bool = False,
        proxy: Secret | str | None = None,
        timeout: float = 10.0,
        recv_window: float = 5.0,
        max_clock_offset: float = 1.0,
        stale_after: float = 15.0,
        transport: Transport | None = None,
    ) -> None:
        self.venue = f"binance-{self.market}" + ("-testnet" if testnet else "")
        self.account = account
        if not key or not secret:
            missing = "key" if not key else "secret"
            raise ConfigError(f"the account {account!r} at {self.venue} has no {missing}")
        self.client = Client(
            self.market,
            Secret(key),
            Secret(secret),
            testnet=testnet,
            proxy=Secret(proxy) if proxy else None,
            timeout=timeout,
            recv_window=recv_window,
            transport=transport,
        )
        # older requests are refused; a second, as the venue takes them from the future by as much
        self.request_life = recv_window + max_clock_offset + 1.0
        self._max_clock_offset, self._stale_after = max_clock_offset, stale_after
        self._instruments: dict[str, Instrument] = {}
        self._symbols: dict[str, str] = {}
        self._names = Names()
        self._stream: UserStream | None = None

    # -- connecting ------------------------------------------------------------------------------
    async def connect(self) -> None:
        """Load the instruments and check clock, keys, permissions and settings; places nothing."""
        self.client.open()
        try:
            await self._check_clock()
            await self.reload_instruments()
            await self._check_account()
        except AuthFailed as error:
            await self.client.close()
            raise AuthFailed(f"{error}; {self._advice()}", code=error.code, status=error.status) from None
        except BaseException:
            await self.client.close()
            raise

    async def reload_instruments(self) -> None:
        """Ask again what can be traded and how finely."""
        markets = await self.client.load_markets()
        self._instruments = parse.instruments(markets.values())
        self._symbols = {one.venue_symbol: symbol for symbol, one in self._instruments.items()}

    async def _check_clock(self) -> None:
        offset = await self.client.measure_clock()
        if abs(offset) > self._max_clock_offset:
            where = "behind" if offset > 0 else "ahead of"
            raise ConfigError(
                f"the clock of this machine is {abs(offset):.1f} s {where} that of {self.venue}, more than "
                f"the {self._max_clock_offset:g} s that are allowed: set it, or have it set over the network"
            )

    async def _check_account(self) -> None:
        raise NotImplementedError

    async def _check_trading(self, endpoint: str, **more: str) -> None:
        """Whether the key may trade, by an order that the venue only looks at."""
        instrument = next((one for one in self._instruments.values() if one.min_quantity), None)
        if instrument is None:
            return
        quantity = plain(instrument.min_quantity)
        order = {"symbol": instrument.venue_symbol, "side": "BUY", "type": "MARKET"}
        try:
            await self.client.act(endpoint, {**order, "quantity": quantity, **more})
        except AuthFailed:
            raise
        except GatewayError as error:
            # refused for its size or for lack of money: looked at all the same
            _log.debug("the trial order was not accepted: %s", error)

    def _advice(self) -> str:
        kind = "a key of the test network" if self.client.testnet else "a key of the real venue"
        return (
            f"check that it is {kind}, that {self.market} trading is enabled for it, and that this "
            f"machine's address is on its list"
        )

    async def close(self) -> None:
        """End all links.  Orders stay as they are."""
        if self._stream is not None:
            await self._stream.close()
        await self.client.close()

    @property
    def instruments(self) -> dict[str, Instrument]:
        """What can be traded, by our symbol; there after `connect`."""
        return self._instruments

    def instrument(self, symbol: str) -> Instrument:
        """The instrument, or `Rejected` with the name that was probably meant."""
        try:
            return self._instruments[symbol]
        except KeyError:
            near = get_close_matches(symbol, self._instruments, 1)
            hint = f"; did you mean {near[0]}?" if near else ""
            raise Rejected(f"{symbol} is not traded at {self.venue}{hint}") from None

    # -- asking ----------------------------------------------------------------------------------
    async def _fills(self, endpoint: str, symbol: str, since_ns: int, window_ms: int) -> list[Fill]:
        venue_symbol = self.instrument(symbol).venue_symbol

        async def fetch(page: dict[str, Any]) -> list[Mapping[str, Any]]:
            return await self.client.ask_rows(endpoint, {"symbol": venue_symbol, **page})

        try:
            rows = await all_trades(fetch, since_ns // 1_000_000, self.client.now_ms(), window_ms)
        except (LookupError, ValueError, TypeError) as error:
            raise Unknown(f"{self.venue} gave trades that cannot be read ({type(error).__name__})") from error
        return [self.read(parse.fill, row, symbol, self._names) for row in rows]

    def events(self) -> AsyncIterator[AccountEvent]:
        """What happens to the account; see `Gateway.events`."""
        if self._stream is None:
            self._stream = UserStream(self.client, self._events_of, stale_after=self._stale_after)
        return self._stream.events()

    def _events_of(self, message: Mapping[str, Any]) -> list[AccountEvent]:
        return events_of(message, self._symbols, self._names)

    async def last_price(self, symbol: str) -> Decimal:
        """The price of the last trade."""
        endpoint = "publicGetTickerPrice" if self.market == SPOT else "fapiPublicGetTickerPrice"
        answer = await self.client.ask(endpoint, {"symbol": self.instrument(symbol).venue_symbol})
        return self.read(lambda raw: parse.number(raw["price"]), answer)

    async def clock_offset(self) -> float:
        """Seconds by which the venue's clock is ahead of ours."""
        return await self.client.measure_clock()

    def rate_use(self) -> list[RateUse]:
        """How much of its limits is used, by the headers of the last answers."""
        return self.client.rate_use()

    # -- for the subclasses ----------------------------------------------------------------------
    def read(self, reader: Callable[..., T], *args: Any, **options: Any) -> T:
        """Read an answer; one that cannot be read leaves open what was done."""
        try:
            return reader(*args, **options)
        except (LookupError, TypeError, ValueError, ArithmeticError) as error:
            told = type(error).__name__
            raise Unknown(f"{self.venue} gave an answer that cannot be read ({told}: {error})") from error

    def _confirmed(self, intent: OrderIntent, report: OrderReport) -> OrderReport:
        """The answer must be about the order that was sent."""
        if report.client_id != intent.client_id:
            raise Unknown(f"{self.venue} answered about {report.client_id}, not about {intent.client_id}")
        return report

    def symbol_of(self, row: Mapping[str, Any]) -> str:
        """Our symbol of a row, or the venue's where it is not known here."""
        there = self.read(lambda: str(row["symbol"]))
        return self._symbols.get(there, there)
