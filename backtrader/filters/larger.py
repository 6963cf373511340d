"""What resampling and replaying have in common."""

from __future__ import annotations

from typing import Any

from ..lines.timeframe import TimeFrame
from ..utils.construct import ParamsBase
from .bar import Bar
from .boundary import boundary_for
from .faker import clock_of

LATE_STEP = 0.000001  # days by which a bar made of late input comes after the one before it


class _BaseResampler(ParamsBase):
    """A filter that makes larger bars: options, the bar in the making, its boundary."""

    params: Any = (
        ("bar2edge", True),
        ("adjbartime", True),
        ("rightedge", True),
        ("boundoff", 0),
        ("timeframe", TimeFrame.Days),
        ("compression", 1),
        ("takelate", True),
        ("sessionend", True),  # compat: has no effect
    )

    p: Any
    replaying = False

    def __init__(self, data: Any) -> None:
        p = self.p
        self.data = data
        self.bar = Bar()
        self.boundary = boundary_for(data, p, self.replaying)  # looks at what the feed is now
        self._can_be_late = TimeFrame.Ticks < p.timeframe < TimeFrame.Days
        data.resampling, data.replaying = 1, self.replaying
        data._timeframe, data._compression = p.timeframe, p.compression

    def begin_again(self) -> None:
        """A run starts: what was left of the one before is forgotten."""
        self.bar.clear()
        self.boundary.begin_again()

    def __call__(self, data: Any, fromcheck: bool = False, forcedata: Any = None) -> bool:
        """A bar came in; ``fromcheck``: none came, only time went by."""
        raise NotImplementedError

    def check(self, data: Any, _forcedata: Any = None) -> Any:
        """No bar came in: the one in the making may be over by the clock, or by ``_forcedata``'s time."""
        return self(data, fromcheck=True, forcedata=_forcedata) if self.bar.begun else None

    def _over_by_clock(self, data: Any, forcedata: Any = None) -> bool:
        now = clock_of(data) if forcedata is None else forcedata.datetime[0]
        return self.boundary.passed_by(now, self.bar)

    def _late(self, data: Any) -> bool:
        """Whether the input is not later than the bar delivered last."""
        if not self._can_be_late or len(data) < 2:
            return False
        times = data.lines.datetime
        return bool(times[0] <= times[-1])

    def _add_late(self, data: Any) -> None:
        """Late input gives the bar a time just after that of the bar delivered last."""
        self.bar.add(data.lines)
        self.bar.time = data.lines.datetime[-1] + LATE_STEP

    def _move_to_edge(self) -> bool:
        """Give the bar the time of its edge if that is later than the time it has."""
        edge = self.boundary.edge(self.bar)
        if edge <= self.bar.time:
            return False
        self.bar.time = edge
        return True
