"""The tag with a line's last value."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ..utils.optional import require

text: Any = require("matplotlib.text", extra="plot", why="backtrader.plot")
transforms: Any = require("matplotlib.transforms")

__all__ = ["Tag", "spread"]

#: Height of a tag in heights of its letters.
_LINES = 1.55


class Tag(text.Text):
    """A text beside the last bar that gives way to its neighbours.

    It is drawn while its place is in view, not over the panes above and below; tags that would lie
    over each other are moved apart.
    """

    def __init__(self, ax: Any, x: float, y: float, says: str, **options: Any) -> None:
        super().__init__(x, y, says, clip_on=False, transform=ax.transData, **options)
        ax.add_artist(self)

    def draw(self, renderer: Any) -> None:
        """Draw it where there is room, if it is in view."""
        if not self._in_view():
            return
        at = self.get_transform()
        try:
            self.set_transform(at + transforms.Affine2D().translate(0.0, self._shift()))
            super().draw(renderer)
        finally:
            self.set_transform(at)
            self.stale = False

    def get_tightbbox(self, renderer: Any = None) -> Any:
        """The room it takes, if it is in view."""
        return super().get_tightbbox(renderer) if self._in_view() else None

    def _in_view(self) -> bool:
        limits = sorted(self.axes.get_xlim()), sorted(self.axes.get_ylim())
        return all(low <= at <= high for at, (low, high) in zip(self.get_position(), limits, strict=True))

    def _place(self) -> float:
        return float(self.axes.transData.transform(self.get_position())[1])

    def _shift(self) -> float:
        """How many pixels it is moved up, so that it does not lie over another."""
        spec = self.axes.get_subplotspec()
        pane = [ax for ax in self.axes.figure.axes if ax.get_subplotspec() == spec]
        tags = [one for ax in pane for one in ax.texts if isinstance(one, Tag) and one._in_view()]
        height = _LINES * self.get_fontsize() * self.axes.figure.dpi / 72.0
        places = [tag._place() for tag in tags]
        return spread(places, height, *self.axes.bbox.intervaly)[tags.index(self)] - self._place()


def spread(places: Sequence[float], height: float, low: float, high: float) -> list[float]:
    """Where things of one height go that want to be at ``places``: in view, apart, in their order."""
    order = sorted(range(len(places)), key=lambda i: places[i])
    groups: list[list[float]] = []  # middle, number of things
    for i in order:
        groups.append([_inside(places[i], height, low, high), 1.0])
        while len(groups) > 1:
            (below, count), (above, more) = groups[-2:]
            if above - below >= height * (count + more) / 2.0:
                break
            middle = (below * count + above * more) / (count + more)
            groups[-2:] = [[_inside(middle, (count + more) * height, low, high), count + more]]
    found = [0.0] * len(places)
    rank = iter(order)
    for middle, count in groups:
        for step in range(int(count)):
            found[next(rank)] = middle + (step - (count - 1) / 2.0) * height
    return found


def _inside(middle: float, size: float, low: float, high: float) -> float:
    """The middle of a group moved so that the group stays in view, as far as it can."""
    if size >= high - low:
        return (low + high) / 2.0
    return min(max(middle, low + size / 2.0), high - size / 2.0)
