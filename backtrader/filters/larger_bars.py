"""Resampling whole columns: the bars that row by row would give, without the rows."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, NamedTuple

from ..utils.datearrays import datetimes_to_nums, nums_to_wall
from .boundary import Boundary, CellBoundary, DayBoundary, EveryInput, UnitBoundary
from .cuts import Cuts, cut
from .resample import Resampler

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Columns = dict[str, Floats]

_DAY = 86_400_000_000
_NO_METHODS = ("__call__", "last", "check", "_late", "_add_late", "_move_to_edge")


class LargerBars(NamedTuple):
    """Bars that are over, and the row with which each of them was found to be over."""

    columns: Any
    came: Any


def resamples_plainly(flt: Any) -> bool:
    """Whether a filter is a resampler as we know it, with nothing of it changed by a user's class."""
    kind = type(flt)
    return isinstance(flt, Resampler) and all(
        getattr(kind, name) is getattr(Resampler, name) and name not in vars(flt) for name in _NO_METHODS
    )


def larger_bars(flt: Resampler, columns: Columns, stand_at: Callable[[int], None]) -> LargerBars | None:
    """The bars that are over; what is left is in the filter's bar, as if the rows had gone through it.

    ``stand_at`` moves the feed to a row: sessions are asked for there.  None means that only the
    rows one by one can tell: times go back, prices are missing, input is late.  The filter has to
    be used anew then, it may have looked at some of the sessions.
    """
    import numpy as np

    times = columns["datetime"]
    if np.isnan(columns["open"]).any():
        return None
    cuts = cut(flt.boundary, times, flt.data, stand_at)
    if cuts is None:
        return None
    begins, over = _bars(cuts)
    ends = np.append(begins[1:], len(times)) - 1
    stamps = times[ends[:over]]
    if flt.boundary.moves_time:
        stamps = _moved(flt, cuts, ends[:over], flt.data._tz)
    if isinstance(flt.boundary, UnitBoundary) and _late(cuts, ends[:over], stamps):
        return None
    found = _summed(columns, begins, ends)
    _keep_rest(flt, found, over)
    bars = {**{name: values[:over] for name, values in found.items()}, "datetime": stamps}
    return LargerBars(bars, ends[:over] + ~cuts.last[ends[:over]])


def clock_leaves_no_trace(boundary: Boundary) -> bool:
    """Whether it makes no difference that the boundary is asked, at the time of each row, if the bar is over.

    compat: days and units that are counted look for the next end of a session then.
    """
    counted = isinstance(boundary, (DayBoundary, UnitBoundary)) and not isinstance(boundary, CellBoundary)
    return not counted or boundary.p.compression == 1


def _bars(cuts: Cuts) -> tuple[Any, int]:
    """The first row of every bar, and how many of the bars are over."""
    import numpy as np

    begins = cuts.beyond.copy()
    begins[0] = True
    begins[1:] |= cuts.last[:-1]
    found = np.flatnonzero(begins)
    return found, len(found) - (not cuts.last[-1])


def _moved(flt: Resampler, cuts: Cuts, ends: Any, zone: Any) -> Floats:
    """The times of bars, moved to their edges where those are later."""
    import numpy as np

    times, boundary = cuts.times[ends], flt.boundary
    if isinstance(boundary, EveryInput):
        in_time: Floats = np.fmax(times, cuts.session_ends[ends])
        return in_time
    after = np.minimum(ends + 1, len(cuts.times) - 1)  # the row beyond the bar, if it did not end by itself
    edges = cuts.session_ends[after]
    if isinstance(boundary, UnitBoundary):
        edges = np.where(np.isnan(edges), _edges(boundary, times, zone), edges)
    moved: Floats = np.where(cuts.last[ends], times, np.fmax(times, edges))
    return moved


def _edges(boundary: UnitBoundary, times: Floats, zone: Any) -> Floats:
    """What `Grid.edge` says for many moments."""
    grid = boundary.grid
    wall = nums_to_wall(times, zone).view("int64")
    cells = ((wall % _DAY) // grid.unit + grid.boundoff) // grid.compression
    if boundary.p.rightedge:
        cells = cells + 1
    return datetimes_to_nums(wall - wall % _DAY + cells * (grid.compression * grid.unit), "us", zone)


def _late(cuts: Cuts, ends: Any, stamps: Floats) -> bool:
    """Whether a row is not later than the bar delivered before it came."""
    after = ends + 1 + ~cuts.last[ends]  # the row beyond a bar came before the bar was delivered
    inside = after < len(cuts.times)
    return bool((cuts.times[after[inside]] <= stamps[inside]).any())


def _summed(columns: Columns, begins: Any, ends: Any) -> Columns:
    """The bars of the rows from each beginning to each end."""
    import numpy as np

    found: Columns = {name: columns[name][ends] for name in ("close", "openinterest", "datetime")}
    found["open"] = columns["open"][begins]
    high, low = columns["high"], columns["low"]
    found["high"] = np.maximum.reduceat(np.where(np.isnan(high), -np.inf, high), begins)
    found["low"] = np.minimum.reduceat(np.where(np.isnan(low), np.inf, low), begins)
    # added up one after the other, as rows are: the order counts for the last digits
    number = np.zeros(len(columns["volume"]), dtype=np.intp)
    number[begins[1:]] = 1
    found["volume"] = np.bincount(np.cumsum(number), weights=columns["volume"]).astype(np.float64)
    return found


def _keep_rest(flt: Resampler, found: Columns, over: int) -> None:
    if over == len(found["close"]):
        return
    bar = flt.bar
    for name in ("open", "high", "low", "close", "volume", "openinterest"):
        setattr(bar, name, float(found[name][over]))
    bar.time = float(found["datetime"][over])
