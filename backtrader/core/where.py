"""Where it happened: an exception in user code is told the bar it came from."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from ..utils.construct import hint


@contextmanager
def located(strats: list[Any]) -> Iterator[None]:
    """Add the bar's time and number to an exception that leaves the block."""
    try:
        yield
    except Exception as error:
        for strat in strats:
            _add_note(error, strat)
        raise


def _add_note(error: Exception, strat: Any) -> None:
    hint(error)
    length = len(strat)
    if not length:
        return
    when = strat.lines.datetime.datetime(0)
    error.add_note(f"{type(strat).__name__} was at bar {length}, {when}")
