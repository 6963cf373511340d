"""Bars of feeds loaded once, and feeds made of a part of them: what walk-forward windows run on.

A part may have bars before it that only warm indicators up (`AbstractDataBase._warmup`).  Nothing later
than its last bar is in it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

from ..core.cerebro import Cerebro
from ..core.sweep import load_datas
from ..errors import DataError
from ..feeds import AbstractDataBase
from .sources import feeds_of

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

__all__ = ["BarsData", "LoadedBars", "Part", "PartialFactory", "load_bars"]

_KEPT = ("sessionstart", "sessionend", "calendar")


@dataclass(frozen=True)
class LoadedBars:
    """All bars of one feed, by line, and what else a feed is."""

    columns: Mapping[str, NDArray[np.float64]]
    name: str
    timeframe: int
    compression: int
    tz: Any
    params: Mapping[str, Any]

    @property
    def times(self) -> NDArray[np.float64]:
        """The times of the bars, as numbers."""
        return self.columns["datetime"]


class BarsData(AbstractDataBase):
    """A feed of bars that are in memory; a subclass for each set of lines is made by `feed_of`."""

    params: Any = (("warmup", 0),)

    _row = 0

    def start(self) -> None:
        """Begin at the first bar again."""
        super().start()
        self._row = 0

    def _load(self) -> bool:
        columns = self.p.dataname
        if self._row >= len(columns["datetime"]):
            return False
        for name, values in columns.items():
            getattr(self.lines, name)[0] = values[self._row]
        self._row += 1
        return True

    def _column_chunks(self) -> Iterator[Any]:
        columns = self.p.dataname
        rest = {name: values[self._row :] for name, values in columns.items()}
        self._row = len(columns["datetime"])
        yield rest


@cache
def _class_of(lines: tuple[str, ...]) -> Any:
    known = BarsData.lines._getlines()
    own = tuple(name for name in lines if name not in known)
    return type("BarsData", (BarsData,), {"lines": own, "__module__": __name__}) if own else BarsData


def _feed_of(bars: LoadedBars, start: int, stop: int, warmup: int) -> Any:
    columns = {name: values[start:stop] for name, values in bars.columns.items()}
    feed = _class_of(tuple(columns))(
        dataname=columns, name=bars.name, timeframe=bars.timeframe, compression=bars.compression,
        tz=bars.tz, warmup=warmup, **bars.params,
    )  # fmt: skip
    if warmup:
        feed._warmup = warmup
        feed._begins_at = float(bars.times[start + warmup])
    return feed


@dataclass(frozen=True)
class Part:
    """Some bars of all feeds: from bar ``start`` to before ``stop`` of the first one.

    ``warmup`` is how many bars before it are there for indicators; None is all there are.  Called, it
    gives feeds; so it goes where a function that returns data goes, also to another process.
    """

    bars: tuple[LoadedBars, ...]
    start: int
    stop: int
    warmup: int | None = None

    def __call__(self) -> list[Any]:
        """The feeds, fresh."""
        return [_feed_of(bars, *edges) for bars, edges in zip(self.bars, self.edges(), strict=True)]

    def edges(self) -> list[tuple[int, int, int]]:
        """For each feed: its first bar, the bar it ends before, and how many of them are for warming up."""
        import numpy as np

        times = self.bars[0].times
        begin, last = times[self.start], times[self.stop - 1]
        found = []
        for each in self.bars:
            first = int(np.searchsorted(each.times, begin, "left"))
            stop = int(np.searchsorted(each.times, last, "right"))
            before = first if self.warmup is None else min(first, self.warmup)
            found.append((first - before, stop, before))
        return found

    def moments(self) -> NDArray[np.float64]:
        """The times at which a strategy steps, without warming up: those of all feeds."""
        import numpy as np

        inside = [
            each.times[start + before : stop]
            for each, (start, stop, before) in zip(self.bars, self.edges(), strict=True)
        ]
        return np.unique(np.concatenate(inside))


class PartialFactory:
    """A ``cerebro_factory`` whose feeds are replaced by a part of their bars."""

    def __init__(self, cerebro_factory: Callable[..., Any], part: Part, cash: float | None = None) -> None:
        self.cerebro_factory = cerebro_factory
        self.part, self.cash = part, cash
        self.__name__ = getattr(cerebro_factory, "__name__", type(cerebro_factory).__name__)

    def __call__(self, params: Mapping[str, Any]) -> Any:
        """The user's Cerebro for these parameters, over the part."""
        cerebro = self.cerebro_factory(params)
        feeds = self.part()
        if len(feeds) != len(cerebro.datas):
            raise DataError(
                f"{self.__name__}(params) has {len(cerebro.datas)} feeds, and had {len(feeds)} with other "
                "parameters: windows need the same feeds for all"
            )
        replaced = list(cerebro.datas)
        cerebro.datas.clear()
        cerebro.datasbyname.clear()
        for feed, old in zip(feeds, replaced, strict=True):
            cerebro.adddata(feed, name=old._name)
        if self.cash is not None:
            cerebro.broker.setcash(self.cash)
        return cerebro


def load_bars(data: Any = None, cerebro: Any = None) -> tuple[LoadedBars, ...]:
    """Read everything ``data`` (as `feeds_of` takes it), or the feeds of a Cerebro, gives."""
    if cerebro is None:
        cerebro = Cerebro(stdstats=False)
        for feed, name in feeds_of(data):
            cerebro.adddata(feed, name=name)
    if not cerebro.datas:
        raise DataError("there are no feeds: windows are made of their bars")
    cerebro._choose_modes()
    if not cerebro._dopreload:
        raise DataError(
            "windows need bars that can be loaded in advance: no live or replayed feeds, "
            "preload=True and no bounded memory"
        )
    load_datas(cerebro)
    loaded = tuple(_loaded(feed) for feed in cerebro.datas)
    for feed in cerebro.datas:
        feed.stop()
    if not len(loaded[0].times):
        raise DataError(f"the feed {loaded[0].name or 0!r} has no bars")
    return loaded


def _loaded(feed: Any) -> LoadedBars:
    import numpy as np

    count = feed.buflen()
    columns = {
        name: np.array(line.array[:count], dtype=np.float64)
        for name, line in zip(feed.lines._names, feed.lines.itersize(), strict=True)
    }
    params = {name: getattr(feed.p, name) for name in _KEPT}
    return LoadedBars(columns, feed._name, feed._timeframe, feed._compression, feed._tz, params)
