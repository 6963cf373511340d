"""What is known while one figure is drawn: its axes, its rows, and the state of each pane."""

from __future__ import annotations

from collections import OrderedDict, defaultdict
from typing import Any

__all__ = ["PInfo"]

#: How much lower a line is drawn than the one before it.
_BELOW, _ABOVE = 0.9999, 1.0001


class PInfo:
    """The state of a drawing; a new one for each figure's set of axes."""

    def __init__(self, sch: Any) -> None:
        from matplotlib.font_manager import FontProperties

        self.sch = sch
        self.nrows = 0
        self.row = 0
        self.clock: Any = None
        self.x: Any = None
        self.xlen = 0
        self.sharex: Any = None
        self.figs: list[Any] = []
        self.cursors: list[Any] = []
        self.daxis: OrderedDict[Any, Any] = OrderedDict()
        self.vaxis: list[Any] = []
        self.zorder: dict[Any, float] = {}
        self.coloridx: defaultdict[Any, int] = defaultdict(lambda: -1)
        self.handles: defaultdict[Any, list[Any]] = defaultdict(list)
        self.labels: defaultdict[Any, list[str]] = defaultdict(list)
        self.legpos: defaultdict[Any, int] = defaultdict(int)
        self.prop = FontProperties(size=sch.subtxtsize)

    def newfig(self, figid: int, numfig: int, mpyplot: Any) -> Any:
        """A figure with the number ``figid + numfig``; one of that number from before is emptied."""
        figure = mpyplot.figure(figid + numfig)
        figure.clear()
        self.figs.append(figure)
        self.daxis = OrderedDict()
        self.vaxis = []
        self.row = 0
        self.sharex = None
        return figure

    def nextcolor(self, ax: Any) -> int:
        """Go on to the next colour of a pane."""
        self.coloridx[ax] += 1
        return self.coloridx[ax]

    def color(self, ax: Any) -> Any:
        """The colour that a pane is at."""
        return self.sch.color(self.coloridx[ax])

    def zordernext(self, ax: Any) -> float:
        """The height for what is drawn next in a pane."""
        return self.zorder[ax] * (_BELOW if self.sch.zdown else _ABOVE)

    def zordercur(self, ax: Any) -> float:
        """The height of what was drawn last in a pane."""
        return self.zorder[ax]
