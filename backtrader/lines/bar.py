"""One bar as a record: what is passed on where a feed with its lines would be too much."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

FIELDS = ("datetime", "open", "high", "low", "close", "volume", "openinterest")


class Bar:
    """Time, prices, volume and open interest of one bar, in slots: a third smaller than a plain object."""

    __slots__ = FIELDS
    __hash__ = None  # type: ignore[assignment]  # a bar can be changed

    def __init__(
        self,
        datetime: Any,
        open: float,
        high: float,
        low: float,
        close: float,
        volume: float = 0.0,
        openinterest: float = 0.0,
    ) -> None:
        self.datetime = datetime
        self.open = open
        self.high = high
        self.low = low
        self.close = close
        self.volume = volume
        self.openinterest = openinterest

    @classmethod
    def from_feed(cls, feed: Any, ago: int = 0) -> Bar:
        """The bar that ``feed`` shows, or the one ``-ago`` bars before."""
        lines = feed.lines
        return cls(
            lines.datetime.datetime(ago),
            lines.open[ago],
            lines.high[ago],
            lines.low[ago],
            lines.close[ago],
            lines.volume[ago],
            lines.openinterest[ago],
        )

    def __iter__(self) -> Iterator[Any]:
        return (getattr(self, name) for name in FIELDS)

    def __eq__(self, other: object) -> bool:
        return tuple(self) == tuple(other) if isinstance(other, Bar) else NotImplemented

    def __repr__(self) -> str:
        return f"Bar({', '.join(f'{name}={getattr(self, name)!r}' for name in FIELDS)})"


__all__ = ["Bar"]
