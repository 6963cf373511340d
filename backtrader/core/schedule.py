"""The steps of a run with resampled feeds, laid out before it begins.

`Mover` says what is to come out: plain feeds lead, resampled bars come with the first step that is not
earlier than they are, and what filters still hold at the end of the input comes with one more step.
As far as plain feeds lead that is a matter of columns; what comes after them is gone through step by
step, as is what can be delivered by the time of other feeds.
"""

from __future__ import annotations

from array import array
from typing import TYPE_CHECKING, Any

from ..feeds.resampled import bars_of_clone, put_bars
from .align import Layout, grouped
from .cast import Cast
from .clockwork import ByClock, check_at
from .moving import NEVER

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]


def lay_out_ahead(cast: Cast) -> Layout | None:
    """The whole run as columns; None where only the feeds themselves, step by step, can tell."""
    times = _leading(cast.plain)
    if times is None:
        return None
    made = _bars_of_clones(cast, times)
    if made is None:
        return None
    shows = [_Shows(data, times) for data in cast.plain]
    for clone, bars in zip(cast.clones, made, strict=True):
        put_bars(clone, bars.columns)
        shows.append(_Shows(clone, times, bars.came))
    for data in cast.own:
        shows.append(_Shows(data, times))
        shows[-1].deliver_by_clock()
    return _Rest(shows, times).finish(cast)


def _leading(plain: list[Any]) -> Floats | None:
    """The times at which plain feeds have a bar; None if one of them does not go on from bar to bar."""
    import numpy as np

    if not plain:
        return np.empty(0)
    columns = [stamps_of(data) for data in plain]
    if not all(len(column) and bool((column[1:] > column[:-1]).all()) for column in columns):
        return None
    first, *others = columns
    same = all(len(column) == len(first) and bool((column == first).all()) for column in others)
    return first if same else np.unique(np.concatenate(columns))


def _bars_of_clones(cast: Cast, times: Floats) -> list[Any] | None:
    """The larger bars of each clone; None if one would be late for its step, or cannot be made as columns.

    compat: a bar that is later than the step it comes with is put back, and the clone misses a row.
    """
    made = []
    for clone in cast.clones:
        bars = None
        if clone.data._now.size == len(times) and cast.follows(clone):
            bars = bars_of_clone(clone, clone._filters[0][0])
        if bars is None or bool((bars.columns["datetime"] > times[bars.came]).any()):
            for one in cast.clones:
                one._filters[0][0].begin_again()
            return None
        made.append(bars)
    return made


def stamps_of(data: Any) -> Floats:
    """The times of a feed's bars."""
    import numpy as np

    return np.frombuffer(data.lines.datetime.array, dtype=np.float64)[: data._now.size]


class _Shows:
    """When a feed shows its bars: ``steps`` of those that come while plain feeds lead, and ``more``."""

    def __init__(self, data: Any, times: Floats, came: Ints | None = None) -> None:
        import numpy as np

        self.data, self.times = data, times
        self.more: list[int] = []
        if came is not None:
            self.steps, self.bars = came, len(came)
            return
        stamps = stamps_of(data)
        numbers = np.arange(len(stamps))
        # not before its time, and one bar a step
        due = np.maximum.accumulate(times.searchsorted(stamps) - numbers) + numbers
        self.steps = due[: due.searchsorted(len(times))]
        self.bars = len(stamps)

    @property
    def shown(self) -> int:
        """How many bars have been shown."""
        return len(self.steps) + len(self.more)

    def stamp(self, bar: int) -> float:
        """The time of a bar."""
        return self.data.lines.datetime.array[bar]  # type: ignore[no-any-return]

    def check(self, now: float) -> bool:
        """Nothing came: the filter may deliver what it holds, because it is ``now``."""
        if not check_at(self.data, self.bars, now):
            return False
        self.bars += 1
        return True

    def deliver_by_clock(self) -> None:
        """After its last bar a feed is asked in every step whether the one in the making is over."""
        if self.shown < self.bars:
            return
        begin = int(self.steps[-1]) + 1 if self.bars else 0
        step = ByClock(self.data, self.bars, self.times).first(begin)
        if step is None:
            return
        self.bars += 1
        stamp = self.stamp(self.bars - 1)
        if stamp > self.times[step]:
            step = max(step + 1, int(self.times.searchsorted(stamp)))
        if step < len(self.times):
            self.more.append(step)

    def flush(self) -> bool:
        """The input has ended: whether the filter delivers what it holds."""
        self.data._now.idx = self.bars - 1
        delivered = bool(self.data._last())
        self.bars += delivered
        return delivered

    def positions(self, length: int) -> Any:
        """Where the feed stands at each step."""
        import numpy as np

        steps = np.concatenate((self.steps, np.array(self.more, dtype=np.int64)))
        if len(steps) == length:
            return range(length)
        marks = np.zeros(length, dtype=np.int64)
        marks[steps] = 1
        return array("q", (np.cumsum(marks) - 1).tobytes())


class _Rest:
    """The steps after those that plain feeds lead."""

    def __init__(self, shows: list[_Shows], times: Floats) -> None:
        self.shows = shows
        self.leading = times
        self.now: list[float] = []
        self.times: list[float] = []

    def finish(self, cast: Cast) -> Layout:
        """Go on until all has been shown, and settle the feeds."""
        import numpy as np

        while self._step():
            pass
        held = self._flush()
        length = len(self.leading) + len(self.now)
        places = {id(one.data): one.positions(length) for one in self.shows}
        for data in cast.datas:
            data._settle()
            data._now.idx = -1
        groups, positions = grouped(cast.datas, places)
        times, now = (np.concatenate((self.leading, more)).data for more in (self.times, self.now))
        return Layout(groups, positions, times, now, held)

    def _step(self) -> bool:
        ahead = [one for one in self.shows if one.shown < one.bars]
        if not ahead:
            return False
        now = min(one.stamp(one.shown) for one in ahead)
        came = [one for one in self.shows if one not in ahead and one.check(now)]
        step = len(self.leading) + len(self.now)
        for one in [*ahead, *came]:
            if one.stamp(one.shown) <= now:
                one.more.append(step)
        self._note(now)
        return True

    def _flush(self) -> int:
        """The step that delivers what filters hold; -1 if there is none."""
        step = len(self.leading) + len(self.now)
        delivered = [one for one in self.shows if one.flush()]
        if not delivered:
            return -1
        for one in delivered:
            one.more.append(step)
        before = self.now[-1] if self.now else float(self.leading[-1]) if step else NEVER
        self._note(before)
        return step

    def _note(self, now: float) -> None:
        self.now.append(now)
        self.times.append(max(one.stamp(one.shown - 1) for one in self.shows if one.shown))
