"""The larger bar in the making."""

from __future__ import annotations

from typing import Any

_NAN, _INF = float("nan"), float("inf")


class Bar:
    """Collects inputs into one bar; ``time`` is that of the last input put in."""

    __slots__ = ("close", "high", "low", "open", "openinterest", "time", "volume")

    open: float
    high: float
    low: float
    close: float
    volume: float
    openinterest: float
    time: float

    def __init__(self) -> None:
        self.clear()

    def clear(self) -> None:
        """Nothing is in; the time is later than any."""
        self.open = self.close = _NAN
        self.high, self.low = -_INF, _INF
        self.volume = self.openinterest = 0.0
        self.time = _INF

    @property
    def begun(self) -> bool:
        """Whether there is something in; an input without an opening price does not begin a bar."""
        return self.open == self.open

    @property
    def empty(self) -> bool:
        """Whether no input was put in at all."""
        return self.time == _INF

    def add(self, lines: Any) -> None:
        """Put the bar that ``lines`` show in."""
        if not self.begun:
            self.open = lines.open[0]
        high, low = lines.high[0], lines.low[0]
        if high > self.high:  # false for a missing value
            self.high = high
        if low < self.low:
            self.low = low
        self.close = lines.close[0]
        self.volume += lines.volume[0]
        self.openinterest = lines.openinterest[0]
        self.time = lines.datetime[0]

    def values(self) -> list[float]:
        """In the order of a feed's lines."""
        return [self.close, self.low, self.high, self.open, self.volume, self.openinterest, self.time]
