"""Every bar in two steps: first its open, then all of it."""

from __future__ import annotations

from typing import Any

__all__ = ["BarReplayer_Open", "DayStepsFilter"]


class BarReplayer_Open:
    """Delivers the opening price as a bar of its own and then the whole bar in its place.

    So a strategy can act on the open of a day before it knows the rest; the feed's length grows
    with the first of the two.
    """

    def __init__(self, data: Any) -> None:
        self.begin_again()
        data.resampling, data.replaying = 1, True

    def begin_again(self) -> None:
        """A run starts: no bar waits."""
        self.pendingbar: Any = None

    def __call__(self, data: Any) -> bool:
        whole = [line[0] for line in data.lines]
        opening = data.open[0]
        step = [opening, opening, opening, opening, 0.0, 0.0, data.datetime[0]]
        pending, self.pendingbar = self.pendingbar, whole
        data.backwards(force=True)
        data._add2stack(step)
        shown = pending is not None and len(data) > 0  # a later filter may have taken the step away
        if shown:
            data._updatebar(pending)
        return not shown

    def last(self, data: Any) -> bool:
        """The input has ended: the last bar is still to be shown whole."""
        if self.pendingbar is None:
            return False
        data.backwards(force=True)
        data._add2stack(self.pendingbar)
        self.pendingbar = None
        return True


DayStepsFilter = BarReplayer_Open
