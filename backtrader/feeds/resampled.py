"""Preloading a feed that is resampled: its rows as columns, larger bars out of them."""

from __future__ import annotations

from array import array
from typing import Any

from ..filters.larger_bars import clock_leaves_no_trace, larger_bars, resamples_plainly
from ..lines.clock import NAN


def plain_resampler(feed: Any) -> Any:
    """The feed's filter if it is its only one and resamples as ours does, else None."""
    if len(feed._filters) == 1 and resamples_plainly(feed._filters[0][0]):
        return feed._filters[0][0]
    return None


def resample_rows(feed: Any, flt: Any) -> None:
    """Put larger bars in the place of the rows that are loaded.

    The last bar is left to the filter, which delivers it when the input has ended or goes on.
    """
    import numpy as np

    bundle, rows = feed.lines, len(feed)
    if not rows:
        return
    lines = dict(zip(bundle._names, bundle.itersize(), strict=True))
    columns = {name: np.array(line.array, dtype=np.float64) for name, line in lines.items()}
    bars = larger_bars(flt, columns, lambda row: _stand_at(feed, row))
    _stand_at(feed, rows - 1)
    feed.backwards(size=rows)
    if bars is None:
        flt.begin_again()
        _one_by_one(feed, list(columns.values()))
        return
    put_bars(feed, bars.columns)


def put_bars(feed: Any, columns: Any) -> None:
    """Make whole columns the bars of a feed that has none; the feed shows the last one."""
    count = len(columns["datetime"])
    for name, line in zip(feed.lines._names, feed.lines.itersize(), strict=True):
        values = columns.get(name)
        line.array = array("d", [NAN]) * count if values is None else array("d", values.tobytes())
    feed._now.idx = count - 1


def bars_of_clone(clone: Any, flt: Any) -> Any:
    """The larger bars of a clone whose every step has one more row of the loaded feed it follows.

    None if the rows one by one have to tell; the filter has to be used anew then.
    """
    import numpy as np

    other = clone.data
    if not clock_leaves_no_trace(flt.boundary):
        return None
    rows = other._now.size
    pairs = zip(clone.lines._names, other.lines.itersize(), strict=False)
    columns = {name: np.frombuffer(line.array, dtype=np.float64, count=rows) for name, line in pairs}
    try:
        return larger_bars(flt, columns, lambda row: _stand_at(other, row))
    finally:
        _stand_at(other, -1)


def _stand_at(feed: Any, row: int) -> None:
    feed._now.idx = row


def _one_by_one(feed: Any, columns: list[Any]) -> None:
    """Send rows through the filters, as loading them would have done."""
    for row in zip(*(column.tolist() for column in columns), strict=True):
        feed._updatebar(row, forward=True)
        if feed._filtered():
            while feed._barstack:
                feed.forward()
                feed._fromstack()
