"""What the journal is given to write."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from ..model import Balance, Fill, Position

__all__ = ["AccountRecord", "Incident", "Item", "OrderRecord", "Setting", "Snapshot", "StoredEvent"]


@dataclass(frozen=True, slots=True)
class OrderRecord:
    """Something that happened to an order: the event, and the order's row after it.

    The row is asked for when it is written, and only that of an order's last event in a transaction.
    """

    key: str
    kind: str
    time_ns: int
    data: str
    row: Mapping[str, Any]
    fill: Fill | None = None


@dataclass(frozen=True, slots=True)
class AccountRecord:
    """Something that happened to the account."""

    kind: str
    time_ns: int
    data: str = "{}"


@dataclass(frozen=True, slots=True)
class Incident:
    """Something that should not be, and how it was handled: ``note``, ``repair``, ``adopt`` or ``halt``."""

    kind: str
    text: str
    time_ns: int
    handling: str = "note"
    key: str = ""
    symbol: str = ""


@dataclass(frozen=True, slots=True)
class Snapshot:
    """What the venue says that the account holds."""

    time_ns: int
    balances: tuple[Balance, ...] = ()
    positions: tuple[Position, ...] = ()


@dataclass(frozen=True, slots=True)
class Setting:
    """A value kept under a name."""

    name: str
    value: str
    time_ns: int


Item = OrderRecord | AccountRecord | Incident | Snapshot | Setting


@dataclass(frozen=True, slots=True)
class StoredEvent:
    """An event as it was read; ``key`` is empty for one of the account."""

    seq: int
    kind: str
    time_ns: int
    data: str
    key: str = ""
    run_id: int = field(default=0, compare=False)
