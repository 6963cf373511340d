"""All trades of an account from a moment on, over a venue that gives a thousand at a time.

Asked by time, the venue looks at one window only (a day on spot, a week on futures) and cuts what does
not fit; asked by number, it goes on from there.  So the time finds the first, and numbers the rest.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import Any, Final

__all__ = ["DAY_MS", "PAGE", "all_trades"]

DAY_MS: Final = 86_400_000
PAGE: Final = 1000
#: Beyond so many windows, reading from the first trade on is less work.
MOST_WINDOWS: Final = 40

Row = Mapping[str, Any]
Fetch = Callable[[dict[str, Any]], Awaitable[list[Row]]]


async def all_trades(fetch: Fetch, since_ms: int, now_ms: int, window_ms: int) -> list[Row]:
    """Rows from ``since_ms`` on, in the order of their numbers, each once."""
    if since_ms <= 0 or (now_ms - since_ms) // window_ms > MOST_WINDOWS:
        page = await fetch({"fromId": 0, "limit": PAGE})
    else:
        page = await _first(fetch, since_ms, now_ms, window_ms)
    found: dict[int, Row] = {}
    while page:
        found |= {int(row["id"]): row for row in page}
        # a full window may end anywhere, so only a short page asked by number is the last one
        page = await fetch({"fromId": max(found) + 1, "limit": PAGE})
        if len(page) < PAGE:
            found |= {int(row["id"]): row for row in page}
            break
    return [found[number] for number in sorted(found) if int(found[number]["time"]) >= since_ms]


async def _first(fetch: Fetch, since_ms: int, now_ms: int, window_ms: int) -> list[Row]:
    """The first window that has trades in it."""
    start = since_ms
    while start <= now_ms:
        page = await fetch({"startTime": start, "endTime": start + window_ms - 1, "limit": PAGE})
        if page:
            return page
        start += window_ms
    return []
