"""The settings of a venue: frozen, with defaults that a rehearsal can start with."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any

from .accounts import Key
from .house import HouseConfig
from .instruments import STANDARD, Listing

__all__ = ["KEY", "SECRET", "AccountConfig", "VenueConfig"]

#: The key of the account ``main``, unless other accounts are configured.  It opens nothing but a rehearsal.
KEY = "rehearsal-key"
SECRET = "rehearsal-secret"


def _start_money() -> dict[str, dict[str, Decimal]]:
    return {
        "spot": {"USDT": Decimal(100000), "BTC": Decimal(1), "ETH": Decimal(10)},
        "usdm": {"USDT": Decimal(100000)},
    }


@dataclass(frozen=True)
class AccountConfig:
    """A customer: its keys, and what is in its purses (``{"spot": {"USDT": Decimal(1000)}}``)."""

    name: str = "main"
    keys: tuple[Key, ...] = (Key(KEY, SECRET, passphrase=SECRET),)
    money: Mapping[str, Mapping[str, Decimal]] = field(default_factory=_start_money)
    hedged: bool = False


@dataclass(frozen=True)
class VenueConfig:
    """A venue.

    ``speed`` 0 is a clock that stands still until it is told to advance, 1 the world's pace.  ``data`` says
    where prices come from, by symbol: a file (CSV or Parquet), ``walk`` (generated with ``seed``) or
    ``flat``; a symbol without any stands still at its start price.
    """

    faces: tuple[str, ...] = ("binance",)
    listings: tuple[Listing, ...] = STANDARD
    accounts: tuple[AccountConfig, ...] = (AccountConfig(),)
    data: Mapping[str, str] = field(default_factory=dict)
    history_minutes: int = 0
    """How much of the path lies in the past when the venue opens, as candles to ask for."""
    tick_seconds: float = 1.0
    """Of generated paths: market time between two prices."""
    seed: int = 1
    speed: float = 0.0
    start_ms: int | None = None
    house: HouseConfig | None = field(default_factory=HouseConfig)
    faults: tuple[Mapping[str, Any], ...] = ()
    limit_scale: float = 1.0
    """The venue's request and order limits are multiplied by this; 0 switches them off."""
    latency_ms: float = 0.0
    ping_seconds: float = 20.0
    pong_seconds: float = 60.0
    socket_hours: float = 24.0
    listen_key_minutes: float = 60.0
    port: int = 0
    log_file: Path | None = None
    log_kept: int = 20000
