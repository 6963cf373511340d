"""What can go wrong in live trading, by what the caller has to do about it."""

from __future__ import annotations

from backtrader.errors import BacktraderError

__all__ = [
    "AuthFailed", "ConfigError", "GatewayError", "Halted", "JournalError", "NotFound", "RateLimited",
    "RealTradeError", "Rejected", "Unknown",
]  # fmt: skip


class RealTradeError(BacktraderError):
    """Everything that `real_trade` raises on purpose."""


class ConfigError(RealTradeError, ValueError):
    """A setting that is missing or wrong; nothing was sent to any venue."""


class JournalError(RealTradeError):
    """The journal cannot be written or read: no order may be sent without it."""


class Halted(RealTradeError):
    """Trading is stopped: by the kill switch, a limit, or a discrepancy that asks for a person."""


class GatewayError(RealTradeError):
    """What a venue, or the way to it, answered; a gateway raises nothing else.

    ``code`` is the venue's own number or word, ``status`` that of HTTP.
    """

    def __init__(self, message: str, *, code: str = "", status: int = 0) -> None:
        super().__init__(message)
        self.code, self.status = code, status


class Rejected(GatewayError):
    """The venue did not do it, for certain.

    ``exists``: it refused because an order with this client id is there already.
    """

    def __init__(self, message: str, *, code: str = "", status: int = 0, exists: bool = False) -> None:
        super().__init__(message, code=code, status=status)
        self.exists = exists


class Unknown(GatewayError):
    """Whether the venue did it is not known: ask it by client id, never send again blindly."""


class RateLimited(GatewayError):
    """Too many requests: wait.  ``acted`` is False where the venue says that it did nothing."""

    def __init__(
        self, message: str, *, code: str = "", status: int = 0, retry_after: float = 0.0, acted: bool = True
    ) -> None:
        super().__init__(message, code=code, status=status)
        self.retry_after, self.acted = retry_after, acted


class AuthFailed(GatewayError):
    """The keys, their permissions or the account do not allow it: stop and tell a person."""


class NotFound(GatewayError):
    """The venue knows no such order (or it is no longer open): ask what became of it."""
