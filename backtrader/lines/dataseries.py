"""The lines of a bar, in upstream's order: close first."""

from __future__ import annotations

from typing import Any

from .series import LineSeries


class DataSeries(LineSeries):
    """A series with a name and a timeframe."""

    plotinfo: Any = dict(plot=True, plotind=True, plotylimited=True)

    _name = ""
    _compression = 1
    _timeframe = 5

    Close, Low, High, Open, Volume, OpenInterest, DateTime = range(7)
    LineOrder = [DateTime, Open, High, Low, Close, Volume, OpenInterest]

    def getwriterheaders(self) -> list[str]:
        """Column names for a writer."""
        headers = [self._name, "len"]
        headers.extend(self.lines._getlinealias(i) for i in self.LineOrder)
        headers.extend(self.lines.getlinealiases()[len(self.LineOrder) :])
        return headers

    def getwritervalues(self) -> list[Any]:
        """The values of this bar for a writer; empty before the first bar."""
        length = len(self)
        values: list[Any] = [self._name, length]
        if not length:
            return values + [""] * self.lines.size()
        values.append(self.lines.datetime.datetime(0))
        values.extend(self.lines[i][0] for i in self.LineOrder[1:])
        values.extend(self.lines[i][0] for i in range(len(self.LineOrder), self.lines.size()))
        return values

    def getwriterinfo(self) -> dict[str, Any]:
        """What a writer says about the feed at the end."""
        from .timeframe import TimeFrame

        return {
            "Name": self._name,
            "Timeframe": TimeFrame.TName(self._timeframe),
            "Compression": self._compression,
        }


class OHLC(DataSeries):
    """Prices, volume and open interest."""

    lines: Any = ("close", "low", "high", "open", "volume", "openinterest")


class OHLCDateTime(OHLC):
    """A bar with its time."""

    lines: Any = ("datetime",)
