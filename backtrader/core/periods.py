"""Which feed has to have had so many bars before a strategy begins."""

from __future__ import annotations

from typing import Any

from ..lines.functions import Logic
from ..lines.iterator import LineIterator
from ..lines.operations import LineActions
from ..lines.root import LineRoot
from ..lines.series import LineSeriesStub


def feed_of(strategy: Any, inner: Any) -> Any:
    """The feed of the strategy whose bars count for the minimum period of ``inner``; None if none does.

    compat: what is computed from an operation, not from a line of a feed or an indicator, counts for
    the first feed, whichever the operation's is. So does an operation on a number and then lines.
    """
    at = inner
    while at is not None and not any(at is data for data in strategy.datas):
        if at is strategy:
            return strategy.datas[0] if strategy.datas else None
        at = _before(at)
    return at


def _before(at: Any) -> Any:
    """What an object's bars depend on."""
    if isinstance(at, LineSeriesStub):
        return at.owner
    if isinstance(at, Logic) and not isinstance(at._operands[0], LineRoot):
        return at._owner
    return at._clock if isinstance(at, (LineActions, LineIterator)) else at._owner
