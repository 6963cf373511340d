"""Why the venue says no, before any face puts it in its own words."""

from __future__ import annotations

from enum import StrEnum, auto

__all__ = ["Reason", "Refused"]


class Reason(StrEnum):
    """The reasons; a face has a code and a text for each."""

    UNKNOWN_SYMBOL = auto()
    HALTED = auto()
    QUANTITY_ZERO = auto()
    QUANTITY_LOW = auto()
    QUANTITY_HIGH = auto()
    QUANTITY_STEP = auto()
    MARKET_QUANTITY_HIGH = auto()
    PRICE_ZERO = auto()
    PRICE_RANGE = auto()
    PRICE_TICK = auto()
    PRICE_BAND_UP = auto()
    PRICE_BAND_DOWN = auto()
    NOTIONAL_LOW = auto()
    TOO_MANY_ORDERS = auto()
    TOO_MANY_WAITING = auto()
    DUPLICATE_ID = auto()
    WOULD_TAKE = auto()
    WOULD_TRIGGER = auto()
    NO_LIQUIDITY = auto()
    FUNDS = auto()
    MARGIN = auto()
    REDUCE_ONLY = auto()
    POSITION_SIDE = auto()
    LEVERAGE = auto()
    MODE_BUSY_ORDERS = auto()
    MODE_BUSY_POSITION = auto()
    NO_CHANGE = auto()
    NOT_OPEN = auto()
    NOT_FOUND = auto()
    AMEND_GROWS = auto()


class Refused(Exception):
    """The venue did nothing, for ``reason``."""

    def __init__(self, reason: Reason, detail: str = "") -> None:
        super().__init__(f"{reason}: {detail}" if detail else str(reason))
        self.reason, self.detail = reason, detail
