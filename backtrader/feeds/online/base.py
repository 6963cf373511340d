"""What feeds of providers have in common."""

from __future__ import annotations

import datetime as _dt
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from ..columns import BlocksData
from ..tablefiles import Block, TableFile
from .save import save
from .source import LINES, Bar, Source

_EPOCH = _dt.datetime(1970, 1, 1)
_MICROSECOND = _dt.timedelta.resolution


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
    for name in LINES:
        columns[name] = np.array([getattr(bar, name) for bar in page], dtype=np.float64)
    return columns, intraday
