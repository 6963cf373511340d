"""What sources have in common: one symbol of a provider, as pages of bars."""

from __future__ import annotations

import datetime as _dt
import time
from collections.abc import Callable, Iterator, Sequence
from typing import Any, NamedTuple

from ...errors import DataError
from ...lines.timeframe import TimeFrame

LINES = ("open", "high", "low", "close", "volume", "openinterest")


class Bar(NamedTuple):
    """One bar: its time in UTC, or its date in the exchange's calendar for days and longer."""

    when: _dt.datetime
    open: float
    high: float
    low: float
    close: float
    volume: float
    openinterest: float = 0.0


class Source:
    """One symbol of one provider in one bar length."""

    provider = ""

    def __init__(self, symbol: str, timeframe: int = TimeFrame.Days, compression: int = 1) -> None:
        if not symbol:
            raise DataError(f"{self.provider}: which symbol? dataname='...' is empty")
        self.symbol, self.timeframe, self.compression = symbol, timeframe, compression
        #: Times to try again after the network failed, and the first wait in seconds (doubled each time).
        self.retries, self.pause = 4, 1.0

    @property
    def intraday(self) -> bool:
        """Whether bars have a time of day."""
        return self.timeframe < TimeFrame.Days

    @property
    def interval(self) -> str:
        """The bar length in the provider's words."""
        raise NotImplementedError

    def describe(self) -> dict[str, Any]:
        """What has to be equal for two downloads to be parts of one."""
        return {"provider": self.provider, "symbol": self.symbol, "interval": self.interval}

    def pages(self, begin: _dt.datetime | None, end: _dt.datetime | None) -> Iterator[list[Bar]]:
        """Bars from ``begin`` to ``end`` in order, a request's worth at a time; None is no limit."""
        raise NotImplementedError

    # -- help for sources --------------------------------------------------------------------------
    def _unsupported(self, known: Sequence[str]) -> DataError:
        unit = TimeFrame.getname(self.timeframe, self.compression)
        return DataError(
            f"{self.provider}: {self.symbol}: there are no bars of {self.compression} {unit.lower()}; "
            f"there are {', '.join(known)}"
        )

    def _refused(self, error: BaseException | str) -> DataError:
        kind = "" if isinstance(error, str) else f"{type(error).__name__}: "
        return DataError(f"{self.provider}: {self.symbol} ({self.interval}): {kind}{error}")

    def _patiently(self, ask: Callable[[], Any], passing: tuple[type[BaseException], ...]) -> Any:
        """``ask()``, again after a while if it fails with one of the errors that pass."""
        wait = self.pause
        for attempt in range(self.retries + 1):
            try:
                return ask()
            except passing as error:
                if attempt == self.retries:
                    raise self._refused(error) from error
                time.sleep(wait)
                wait *= 2
        raise AssertionError("unreachable")


def bars_of_frame(frame: Any, where: str, zone: str | None = None) -> list[Bar]:
    """The bars of a client's DataFrame: columns by their usual names, or dates in the index.

    With ``zone`` its times are wall clocks there and become UTC; dates stay what they are.
    """
    from ...utils.dateintern import UTC, tzparse
    from ..tables import find_columns

    table = frame if "datetime" in _found(frame) else frame.reset_index()
    places = find_columns(list(table.columns), ("datetime", *LINES), {}, where)
    columns = {line: table.iloc[:, place].tolist() for line, place in places.items()}
    for line in LINES:
        columns.setdefault(line, [0.0] * len(table))
    tz = tzparse(zone) if zone else None
    bars = []
    for values in zip(*(columns[name] for name in ("datetime", *LINES)), strict=True):
        when = as_datetime(values[0])
        if tz is not None:
            when = tz.localize(when).astimezone(UTC).replace(tzinfo=None)
        bars.append(Bar(when, *(float(value) for value in values[1:])))
    bars.sort(key=lambda bar: bar.when)
    return bars


def _found(frame: Any) -> set[str]:
    from ..tables import NAMES, plain

    dates = set(NAMES["datetime"])
    return {"datetime"} if any(plain(name) in dates for name in frame.columns) else set()


def as_datetime(value: Any) -> _dt.datetime:
    """A client's idea of a time as a naive datetime."""
    if isinstance(value, str):
        return _dt.datetime.fromisoformat(value)
    if hasattr(value, "to_pydatetime"):
        value = value.to_pydatetime()
    if isinstance(value, _dt.datetime):
        if value.tzinfo is not None:
            return value.astimezone(_dt.UTC).replace(tzinfo=None)
        return value
    return _dt.datetime.combine(value, _dt.time())
