"""The ccxt client of one account, with what ccxt hides: error numbers, headers, limits, exact numbers.

ccxt signs, dials and knows the addresses.  Requests go through its endpoint methods and not through
its unified ones: those round amounts, pass them through float, send two ids where the venue takes one
and make an order worth money out of a market order with a price.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import logging
import re
import time
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import urlsplit

from backtrader.utils.optional import require

from ...config.secret import Secret
from ...errors import AuthFailed, GatewayError, Rejected, Unknown
from ..base import RateUse
from ..outcomes import Native, Outcome
from .errors import SPOT, TABLE

__all__ = ["Client", "Transport"]

#: Gives attributes for the ccxt object (``session``, ``tcp_connector``, ``ssl_context``, …), asked for
#: inside the running loop: how a test or a rehearsal leads the client to a venue on this machine.
Transport = Callable[[], Mapping[str, Any]]
#: One object of an answer.
Row = Mapping[str, Any]

_log = logging.getLogger(__name__)
_SECONDS = {"S": 1, "M": 60, "H": 3600, "D": 86400, "SECOND": 1, "MINUTE": 60, "HOUR": 3600, "DAY": 86400}
_USED = re.compile(r"x-mbx-(used-weight|order-count)-(\d+)([smhd])$", re.IGNORECASE)
# Seconds in which the time is answered by a link that is not held up, and how often it is asked otherwise.
_PROMPT, _CLOCK_TRIES = 0.3, 3


class Client:
    """One account at Binance: ``market`` is ``spot`` or ``usdm``."""

    def __init__(
        self,
        market: str,
        key: Secret,
        secret: Secret,
        *,
        testnet: bool = False,
        proxy: Secret | None = None,
        timeout: float = 10.0,
        recv_window: float = 5.0,
        transport: Transport | None = None,
    ) -> None:
        self.market, self.testnet = market, testnet
        self.offset = 0.0
        """Seconds by which the venue's clock is ahead."""
        self.exchange: Any = None
        self._key, self._secret, self._proxy = key, secret, proxy
        self._timeout, self._recv_window, self._transport = timeout, recv_window, transport
        self._limits: dict[tuple[str, int], int] = {}
        self._used: dict[tuple[str, int], tuple[int, int]] = {}
        self._resync: asyncio.Task[float] | None = None

    def open(self) -> None:
        """Make the ccxt object; nothing is sent."""
        ccxt = require("ccxt.pro", "live", "a gateway to Binance")
        base = ccxt.binance if self.market == SPOT else ccxt.binanceusdm
        kind = type(f"Reporting_{base.__name__}", (_Reporting, base), {})
        exchange = kind(self._settings())
        exchange.listener = self._answered
        exchange.logger = _Discreet(exchange.logger)
        if self.testnet and self.market == SPOT:
            exchange.set_sandbox_mode(True)
        elif self.testnet:
            # what is called testnet there has no futures any more; its successor is the demo account
            exchange.enable_demo_trading(True)
        for name, value in (self._transport() if self._transport else {}).items():
            setattr(exchange, name, value)
        self.exchange = exchange

    def _settings(self) -> dict[str, Any]:
        types = ["spot"] if self.market == SPOT else ["linear"]
        settings: dict[str, Any] = {
            "apiKey": self._key.reveal(),
            "secret": self._secret.reveal(),
            # the limiter of the order management knows what the headers say; this one would hold
            # back a cancellation behind 50 ms a request
            "enableRateLimit": False,
            "timeout": int(self._timeout * 1000),
            "options": {
                "fetchCurrencies": False,
                "fetchMargins": False,
                "fetchMarkets": {"types": types},
                "adjustForTimeDifference": False,
                "timeDifference": 0,
                "recvWindow": int(self._recv_window * 1000),
                # a repeat would sign and send an order again
                "maxRetriesOnFailure": 0,
                "warnOnFetchOpenOrdersWithoutSymbol": False,
            },
        }
        if self._proxy:
            settings |= {"httpsProxy": self._proxy.reveal(), "wssProxy": self._proxy.reveal()}
        return settings

    async def close(self) -> None:
        """End all links."""
        if self._resync is not None:
            self._resync.cancel()
        exchange, self.exchange = self.exchange, None
        if exchange is not None:
            await exchange.close()

    # -- asking ----------------------------------------------------------------------------------
    async def ask(self, name: str, params: Mapping[str, Any] | None = None) -> Row:
        """Call an endpoint that changes nothing; asked again once if the clock was off."""
        return _row(await self._ask(name, params), self._no_answer(name))

    async def ask_rows(self, name: str, params: Mapping[str, Any] | None = None) -> list[Row]:
        """The same, for an answer that is a list."""
        return _rows(await self._ask(name, params), self._no_answer(name))

    async def _ask(self, name: str, params: Mapping[str, Any] | None) -> Any:
        try:
            return await self._call(name, params)
        except Rejected as error:
            if not self._is_clock(error):
                raise
        await self.measure_clock()
        return await self._call(name, params)

    async def act(self, name: str, params: Mapping[str, Any] | None = None) -> Row:
        """Call an endpoint once, whatever happens; ``name`` is ccxt's, as ``privatePostOrder``."""
        return _row(await self._call(name, params), self._no_answer(name))

    async def act_rows(self, name: str, params: Mapping[str, Any] | None = None) -> list[Row]:
        """The same, for an answer that is a list."""
        return _rows(await self._call(name, params), self._no_answer(name))

    def _no_answer(self, name: str) -> Unknown:
        return Unknown(f"binance {self.market} answered {name} with something that is no answer")

    async def _call(self, name: str, params: Mapping[str, Any] | None) -> Any:
        if self.exchange is None:
            raise Rejected(f"the link to binance {self.market} is not open: nothing was sent")
        return await self._run(name, dict(params or {}))

    async def load_markets(self) -> Mapping[str, Any]:
        """What is traded, as ccxt lists it; the venue's own words are under ``info``."""
        markets: Mapping[str, Any] = await self._run("load_markets", True)
        return markets

    async def _run(self, name: str, argument: Any) -> Any:
        began = time.monotonic()
        try:
            answer = await getattr(self.exchange, name)(argument)
        except asyncio.CancelledError:
            raise
        except Exception as error:  # whatever it is, the venue may have acted: it becomes one of ours
            translated = self._translated(error, name)
            _log.debug("%s failed after %.1f ms: %s", name, _ms(began), translated)
            self.mind(translated)
            raise translated from None
        _log.debug("%s took %.1f ms", name, _ms(began))
        return answer

    def _translated(self, error: Exception, name: str) -> GatewayError:
        native = getattr(error, "native", None)
        if native is not None:
            return TABLE.error(self.market, native)
        who, cause = f"binance {self.market}", error.__cause__
        if _never_connected(cause) and "Post" in name:
            # only a request that is never repeated inside aiohttp is certain not to have gone out
            return Rejected(f"{who} cannot be reached: nothing was sent", code="unreachable")
        if cause is None and type(error).__name__ in ("AuthenticationError", "PermissionDenied"):
            return AuthFailed(f"{who} cannot be asked without a key and a secret")
        told = type(cause or error).__name__
        return Unknown(f"{who} gave no answer to {name} ({told}): it may have been done", code="no-answer")

    def mind(self, error: GatewayError) -> None:
        """Measure the clock again, in the background, if that is what the error is about."""
        if self._is_clock(error) and (self._resync is None or self._resync.done()):
            self._resync = asyncio.ensure_future(self._measure_quietly())

    def _is_clock(self, error: GatewayError) -> bool:
        return TABLE.outcome(self.market, Native(code=error.code)) is Outcome.CLOCK

    async def _measure_quietly(self) -> float:
        with contextlib.suppress(GatewayError):  # the next request says what is wrong
            await self.measure_clock()
        return self.offset

    # -- the clock -------------------------------------------------------------------------------
    async def measure_clock(self) -> float:
        """Seconds by which the venue is ahead; time stamps are corrected by it from now on.

        An answer that took long says little: then the quickest of a few counts.
        """
        took, self.offset = await self._ask_clock()
        for _ in range(_CLOCK_TRIES - 1):
            if took < _PROMPT:
                break
            took, self.offset = min((took, self.offset), await self._ask_clock())
        self.exchange.options["timeDifference"] = round(-self.offset * 1000)
        return self.offset

    async def _ask_clock(self) -> tuple[float, float]:
        """How long the answer took, and what it says if it was given in the middle of that."""
        before, began = time.time(), time.monotonic()
        name = "publicGetTime" if self.market == SPOT else "fapiPublicGetTime"
        answer = await self.act(name)
        took = time.monotonic() - began
        try:
            return took, int(answer["serverTime"]) / 1000 - before - took / 2
        except (LookupError, ValueError, TypeError):
            raise self._no_answer(name) from None

    def now_ms(self) -> int:
        """The venue's time."""
        return int((time.time() + self.offset) * 1000)

    # -- what every answer says besides ----------------------------------------------------------
    def rate_use(self) -> list[RateUse]:
        """What the headers of the last answers said, until the venue begins to count anew."""
        now = self.now_ms() // 1000
        return [
            RateUse(scope, float(window), used, self._limits.get((scope, window), 0))
            for (scope, window), (used, when) in sorted(self._used.items())
            if now // window == when // window
        ]

    def _answered(self, status: int, url: str, method: str, headers: Any, body: Any, parsed: Any) -> Native:
        path = urlsplit(url).path
        for name, value in (headers or {}).items():
            if found := _USED.match(name):
                scope = "requests" if found[1].lower() == "used-weight" else "orders"
                window = int(found[2]) * _SECONDS[found[3].upper()]
                self._used[scope, window] = int(value), self.now_ms() // 1000
        if path.endswith("/exchangeInfo") and isinstance(parsed, dict):
            self._note_limits(parsed)
        said = parsed[0] if isinstance(parsed, list) and len(parsed) == 1 else parsed
        said = said if isinstance(said, dict) else {}
        text = str(said.get("msg") or ("" if said else str(body or "")[:200]))
        return Native(
            status=max(status, 0),
            code=str(said.get("code", "")),
            text=text,
            retry_after=_retry_after(headers, text, self.now_ms()),
            endpoint=f"{method} {path}",
            data=said.get("data"),
        )

    def _note_limits(self, parsed: Mapping[str, Any]) -> None:
        for row in parsed.get("rateLimits", ()):
            scope = {"REQUEST_WEIGHT": "requests", "ORDERS": "orders"}.get(str(row.get("rateLimitType")))
            if scope is not None:
                window = int(row["intervalNum"]) * _SECONDS[str(row["interval"]).upper()]
                self._limits[scope, window] = int(row["limit"])


def _row(answer: Any, otherwise: GatewayError) -> Row:
    if isinstance(answer, dict):
        return answer
    raise otherwise


def _rows(answer: Any, otherwise: GatewayError) -> list[Row]:
    if isinstance(answer, list) and all(isinstance(row, dict) for row in answer):
        return answer
    raise otherwise


class _Reporting:
    """Mixed into ccxt's class: the listener sees every answer, and errors carry what the venue said."""

    listener: Callable[..., Native]
    #: JSON with a point in a bare number stays text: nothing passes through float.
    on_json_response = staticmethod(lambda text: json.loads(text, parse_float=str))

    def handle_errors(  # the signature is ccxt's
        self,
        code: int,
        reason: str,
        url: str,
        method: str,
        headers: Any,
        body: Any,
        response: Any,
        *rest: Any,
    ) -> Any:
        import ccxt

        native = self.listener(code, url, method, headers, body, response)
        try:
            outcome = super().handle_errors(code, reason, url, method, headers, body, response, *rest)  # type: ignore[misc]
        except ccxt.BaseError as error:
            error.native = native
            raise
        if code >= 400:
            failure = ccxt.ExchangeError(f"HTTP {code}")
            failure.native = native
            raise failure
        return outcome


class _Discreet:
    """In place of ccxt's logger, which writes keys and signatures at its lowest level."""

    def __init__(self, inner: Any) -> None:
        self._inner = inner

    def debug(self, *args: Any, **kwargs: Any) -> None:
        """Nothing: requests are logged here, without what is secret in them."""

    def __getattr__(self, name: str) -> Any:
        return getattr(self._inner, name)


def _never_connected(cause: BaseException | None) -> bool:
    """Whether the connection for the request could not even be made."""
    import aiohttp

    return isinstance(cause, aiohttp.ClientConnectorError | aiohttp.ConnectionTimeoutError)


def _retry_after(headers: Any, text: str, now_ms: int) -> float:
    for name, value in (headers or {}).items():
        if name.lower() == "retry-after":
            with contextlib.suppress(ValueError):  # a date is allowed there too; nobody here sends one
                return max(float(value), 0.0)
    if found := re.search(r"until (\d{13})", text):
        return max((int(found[1]) - now_ms) / 1000, 0.0)
    return 0.0


def _ms(began: float) -> float:
    return (time.monotonic() - began) * 1000
