"""What live trading speaks of: frozen records without input or output.  Money is always `Decimal`."""

from .ids import ClientId, client_id, is_ours, parse_client_id
from .instruments import Instrument
from .orders import (
    Fill,
    OrderIntent,
    OrderKind,
    OrderReport,
    Side,
    TimeInForce,
    VenueStatus,
)
from .records import AccountEvent, Balance, LinkDown, LinkUp, Position

__all__ = [
    "AccountEvent", "Balance", "ClientId", "Fill", "Instrument", "LinkDown", "LinkUp", "OrderIntent",
    "OrderKind", "OrderReport", "Position", "Side", "TimeInForce", "VenueStatus", "client_id", "is_ours",
    "parse_client_id",
]  # fmt: skip
