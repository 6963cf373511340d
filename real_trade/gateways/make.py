"""The gateway that the settings ask for."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from ..errors import ConfigError
from ..model import Instrument
from .base import Gateway

if TYPE_CHECKING:
    from ..config.schema import AccountSettings
    from .binance.client import Transport

__all__ = ["make_gateway"]


def make_gateway(
    name: str,
    settings: AccountSettings,
    *,
    instruments: Iterable[Instrument] = (),
    transport: Transport | None = None,
) -> Gateway:
    """The gateway of an account; nothing is sent before `Gateway.connect`.

    ``instruments`` are what a paper account trades; ``transport`` leads a client elsewhere, in tests.
    """
    if settings.venue == "paper":
        from .paper import PaperGateway

        known = list(instruments)
        if not known:
            raise ConfigError(f"the paper account {name!r} needs instruments to trade")
        return PaperGateway(
            known,
            settings.money,
            account=name,
            maker_fee=settings.maker_fee,
            taker_fee=settings.taker_fee,
            leverage=settings.leverage,
        )
    from .binance import BinanceSpot, BinanceUsdm

    kind = BinanceSpot if settings.market == "spot" else BinanceUsdm
    more = {} if settings.market == "spot" else {"hedged": settings.hedged}
    return kind(
        settings.key,
        settings.secret,
        account=name,
        testnet=settings.testnet,
        proxy=settings.proxy or None,
        timeout=settings.timeout_s,
        max_clock_offset=settings.max_clock_offset_s,
        stale_after=settings.stale_after_s,
        transport=transport,
        **more,
    )
