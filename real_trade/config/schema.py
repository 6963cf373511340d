"""What can be set, with its defaults.  Frozen: read once, checked once, handed down."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from .secret import Secret

__all__ = ["AccountSettings", "GlobalConfig", "LimitSettings", "StorageSettings"]


class _Settings(BaseModel):
    """A name that is not known is an error, and nothing changes afterwards.

    Errors leave the values out: one of them may be a secret in the wrong place.
    """

    model_config = ConfigDict(
        extra="forbid", frozen=True, arbitrary_types_allowed=True, hide_input_in_errors=True
    )


class AccountSettings(_Settings):
    """One account at one venue.

    ``key``, ``secret`` and ``passphrase`` come from the environment or the file of secrets, and are
    refused in a file of settings.
    """

    venue: Literal["paper", "binance"] = "paper"
    market: Literal["spot", "usdm"] = "spot"
    testnet: bool = True
    """Real money is only risked when this is set to false."""
    hedged: bool = False
    """The account keeps long and short positions apart."""
    key: Secret = Secret("")
    secret: Secret = Secret("")
    passphrase: Secret = Secret("")
    proxy: Secret = Secret("")
    """A proxy for all links, which may have a password in it."""
    timeout_s: float = Field(10.0, gt=0, le=120)
    max_clock_offset_s: float = Field(1.0, gt=0, le=60)
    stale_after_s: float = Field(15.0, ge=1, le=600)
    money: dict[str, Decimal] = Field(default_factory=lambda: {"USDT": Decimal(100_000)})
    """What a paper account begins with."""
    leverage: Decimal = Field(Decimal(1), gt=0)
    maker_fee: Decimal = Field(Decimal(0), ge=0, lt=1)
    taker_fee: Decimal = Field(Decimal(0), ge=0, lt=1)

    @property
    def is_real(self) -> bool:
        """Whether orders cost money."""
        return self.venue != "paper" and not self.testnet


class StorageSettings(_Settings):
    """Where the journal is; the address may have a password in it."""

    url: Secret = Secret("sqlite:///real_trade.db")


class LimitSettings(_Settings):
    """What the guard before every order allows; None is no limit."""

    max_notional: Decimal | None = Field(default=None, gt=0)
    """Of one order, in the currency of its price."""
    max_orders_per_minute: int | None = Field(default=None, gt=0)
    max_open_orders: int | None = Field(default=None, gt=0)


class GlobalConfig(_Settings):
    """Everything."""

    profile: Literal["dev", "testnet", "production"] = "dev"
    accounts: dict[str, AccountSettings] = Field(default_factory=dict)
    storage: StorageSettings = StorageSettings()
    limits: LimitSettings = LimitSettings()
    secrets_file: Path | None = None

    @model_validator(mode="after")
    def _real_money_is_meant(self) -> GlobalConfig:
        for name, account in self.accounts.items():
            if account.is_real and self.profile != "production":
                raise ValueError(
                    f"accounts.{name}.testnet is false under the profile {self.profile}: real money needs "
                    f"the profile production"
                )
            if account.is_real and not (account.key and account.secret):
                missing = "key" if not account.key else "secret"
                raise ValueError(f"accounts.{name} has no {missing}")
        return self
