"""The steps of a run with resampled feeds, found by going through them without the strategies."""

from __future__ import annotations

from array import array
from typing import Any

from .align import Layout, grouped
from .cast import Cast
from .moving import Mover


def record(cerebro: Any, cast: Cast) -> Layout:
    """Let the feeds move as they do in a run bar by bar, and note where they stand at each step."""
    mover = Mover(cerebro)
    clocks = [data._now for data in cast.datas]
    places = [array("q") for _ in clocks]
    now, times = array("d"), array("d")
    held = -1
    while held < 0:
        if not mover.advance():
            if not mover.flush():
                break
            held = len(now)
        for clock, column in zip(clocks, places, strict=True):
            column.append(clock.idx)
        now.append(mover.now)
        times.append(max(data.lines.datetime[0] for data in cast.datas if len(data)))
    for data in cast.datas:
        data._settle()
        data._now.idx = -1
        data._tick_nullify()
    known = {id(data): _plain(column) for data, column in zip(cast.datas, places, strict=True)}
    return Layout(*grouped(cast.datas, known), memoryview(times), memoryview(now), held)


def _plain(column: array[int]) -> Any:
    """A range if there is a bar in every step."""
    count = len(column)
    return range(count) if count and column[0] == 0 and column[-1] == count - 1 else column
