"""The bars that orders are matched with."""

from __future__ import annotations

from typing import Any

from .matching import Bar

__all__ = ["BarReader"]


class BarReader:
    """The bar on which a feed stands; the last tick's where a larger bar is being replayed.

    While the prices of a feed stay where they are in memory, as they do in a run computed in advance, they
    are read from there: the clock says when that ends (`Clock.wake`).
    """

    __slots__ = ("_live", "_noted", "data")

    def __init__(self, data: Any) -> None:
        self.data = data
        self._noted = data.__dict__  # the attributes themselves are the bar's where nothing is noted
        self._live: Any = None  # (clock, four memories) while prices can be read there; False if they cannot

    def __call__(self) -> Bar:
        """Open, high, low and close."""
        noted = self._noted
        if noted.get("tick_open") is None:
            live = self._live
            if live:
                clock, opens, highs, lows, closes = live
                now = clock.idx
                return opens[now], highs[now], lows[now], closes[now]
            if live is None:
                self._go_live()
        data, get = self.data, noted.get
        opened, high, low, close = get("tick_open"), get("tick_high"), get("tick_low"), get("tick_close")
        return (
            data.open[0] if opened is None else opened,
            data.high[0] if high is None else high,
            data.low[0] if low is None else low,
            data.close[0] if close is None else close,
        )

    def _go_live(self) -> None:
        self._live = False
        data = self.data
        found: list[tuple[Any, Any]] = []
        for line in (data.open, data.high, data.low, data.close):
            line[0]  # a line finds out when it is read
            live = getattr(line, "_live", None)
            if not live or (found and live[1] is not found[0][1]):
                return
            found.append(live)
        if any(self._noted.get(f"tick_{name}") is not None for name in ("high", "low", "close")):
            return
        clock = found[0][1]
        self._live = (clock, *(memory for memory, _ in found))
        clock.lively.append(self)
