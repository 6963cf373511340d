"""What providers have in common: a source gives pages of bars, a feed plays them."""

from __future__ import annotations

import datetime as _dt
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from ...errors import DataError
from ...lines.timeframe import TimeFrame
from ..columns import BlocksData
from ..tablefiles import Block, TableFile

_EPOCH = _dt.datetime(1970, 1, 1)
_MICROSECOND = _dt.timedelta.resolution
_LINES = ("open", "high", "low", "close", "volume", "openinterest")


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


class OnlineData(BlocksData):
    """A feed of what a source gives; a subclass makes the source.

    The first date is ``fromdate``, the last ``todate``. With ``cache``, a folder, what was
    downloaded once is read from a file there.
    """

    params: Any = (("cache", None), ("retries", 4))

    _dates_end_sessions = True

    def _source(self) -> Source:
        raise NotImplementedError

    def _files(self) -> Iterator[Iterator[Block]]:
        source = self._source()
        source.retries = self.p.retries
        if self.p.cache is None:
            yield self._from_provider(source)
            return
        blocks = TableFile(self._cached(source), list(self.lines._names), {}).blocks()
        yield ((columns, source.intraday) for columns, _ in blocks)  # times of day are UTC there

    def _from_provider(self, source: Source) -> Iterator[Block]:
        for page in source.pages(self.p.fromdate, self.p.todate):
            if page:
                yield as_block(page, source.intraday)

    def _cached(self, source: Source) -> str:
        from .save import save

        limits = [str(limit.date()) if limit else "" for limit in (self.p.fromdate, self.p.todate)]
        parts = [source.provider, *map(str, source.describe().values()), *limits]
        name = "-".join("".join(c if c.isalnum() else "_" for c in part) for part in dict.fromkeys(parts))
        path = Path(self.p.cache) / f"{name}.csv"
        if not path.exists():
            path.parent.mkdir(parents=True, exist_ok=True)
            save(source, path, self.p.fromdate, self.p.todate)
        return str(path)


def as_block(page: Sequence[Bar], intraday: bool) -> Block:
    """A page of bars as columns; times of day are UTC, dates are the exchange's."""
    import numpy as np

    micros = [(bar.when - _EPOCH) // _MICROSECOND for bar in page]
    columns: dict[str, Any] = {"datetime": np.array(micros, dtype=np.int64)}
    for name in _LINES:
        columns[name] = np.array([getattr(bar, name) for bar in page], dtype=np.float64)
    return columns, intraday


def bars_of_frame(frame: Any, where: str, zone: str | None = None) -> list[Bar]:
    """The bars of a client's DataFrame: columns by their usual names, or dates in the index.

    With ``zone`` its times are wall clocks there and become UTC; dates stay what they are.
    """
    from ...utils.dateintern import UTC, tzparse
    from ..tables import find_columns

    table = frame if "datetime" in _found(frame) else frame.reset_index()
    places = find_columns(list(table.columns), ("datetime", *_LINES), {}, where)
    columns = {line: table.iloc[:, place].tolist() for line, place in places.items()}
    for line in _LINES:
        columns.setdefault(line, [0.0] * len(table))
    tz = tzparse(zone) if zone else None
    bars = []
    for values in zip(*(columns[name] for name in ("datetime", *_LINES)), strict=True):
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
