"""What a gateway can do, for the suite that tests it and for whoever chooses one.

What is not in the set is refused with `Rejected` before anything is sent.
"""

from __future__ import annotations

from enum import StrEnum

__all__ = ["Capability"]


class Capability(StrEnum):
    """One thing that not every venue has."""

    AMEND = "amend"
    BATCH = "batch"
    POST_ONLY = "post_only"
    IOC = "ioc"
    FOK = "fok"
    DAY = "day"
    STOP = "stop"
    TAKE_PROFIT = "take_profit"
    TRAILING = "trailing"
    REDUCE_ONLY = "reduce_only"
    POSITIONS = "positions"
    """It trades derivatives: there are positions."""
    ERROR_TABLE = "error_table"
    """The venue's error numbers are in a table, and a test can make it answer with each."""
