"""The frame of a chart: axes one below the other, dates, legends, tags and levels."""

from __future__ import annotations

import math
from typing import Any

from ..lines.timeframe import TimeFrame
from .pinfo import PInfo
from .scheme import PlotScheme
from .timeline import Timeline, wall_dates
from .utils import tag_box_style

__all__ = ["Panes"]

#: Where panes begin and end in a figure.
AROUND = {"top": 0.98, "left": 0.05, "bottom": 0.05, "right": 0.95}

_TIMES = {
    TimeFrame.Years: "%Y",
    TimeFrame.Months: "%Y-%m",
    TimeFrame.Weeks: "%Y-%m-%d",
    TimeFrame.Days: "%Y-%m-%d",
    TimeFrame.Minutes: "%Y-%m-%d %H:%M",
    TimeFrame.Seconds: "%Y-%m-%d %H:%M:%S",
    TimeFrame.MicroSeconds: "%Y-%m-%d %H:%M:%S.%f",
    TimeFrame.Ticks: "%Y-%m-%d %H:%M:%S.%f",
}


class Panes:
    """Makes axes and what all of them have."""

    pinf: PInfo
    mpyplot: Any
    _timeline: Timeline
    _figure: Any

    @property
    def _scheme(self) -> PlotScheme:
        scheme: PlotScheme = self.p.scheme  # type: ignore[attr-defined]
        return scheme

    # -- axes ------------------------------------------------------------------------------------
    def newaxis(self, obj: Any, rowspan: int) -> Any:
        """The next pane downwards, ``rowspan`` rows high, for ``obj``."""
        pinf = self.pinf
        rows = self._grid[pinf.row : pinf.row + rowspan]
        ax = self._figure.add_subplot(rows, sharex=pinf.sharex)
        if pinf.sharex is None:
            pinf.sharex = ax
        pinf.daxis[obj] = ax
        pinf.row += rowspan
        ax.grid(self._scheme.grid, which="both")
        ax.tick_params(axis="x", labelbottom=False)
        return ax

    def _begin(self) -> None:
        """An empty figure with room for the rows that were counted."""
        from matplotlib.gridspec import GridSpec

        self._figure.subplots_adjust(hspace=self._scheme.plotdist, **AROUND)
        self._grid = GridSpec(max(self.pinf.nrows, 1), 1, figure=self._figure)

    def _twin(self, ax: Any) -> Any:
        """Axes with heights of their own over ``ax``."""
        twin = ax.twinx()
        self.pinf.vaxis.append(twin)
        return twin

    def _prices_right(self, ax: Any, ticks: int) -> None:
        from matplotlib.ticker import MaxNLocator

        ax.yaxis.set_major_locator(MaxNLocator(nbins=ticks, prune="both"))
        ax.yaxis.tick_right()

    def _plain_numbers(self, ax: Any) -> None:
        """Numbers on a logarithmic axis as on others: prices seldom span a power of ten."""
        from matplotlib.ticker import NullLocator, ScalarFormatter

        ax.yaxis.set_major_formatter(ScalarFormatter())
        ax.yaxis.set_minor_locator(NullLocator())

    # -- dates -----------------------------------------------------------------------------------
    def setlocators(self, ax: Any) -> None:
        """Dates instead of bar numbers on the axis that all panes share."""
        from .formatters import MyDateFormatter
        from .locator import AutoDateLocator

        feeds = self._timeline.strategy.datas
        dates, timeframe = wall_dates(self._timeline.dates, feeds[0]._tz), self._timeframe()
        cursor = self._scheme.fmt_x_data or _TIMES.get(timeframe, _TIMES[TimeFrame.Ticks])
        for each in (*self.pinf.daxis.values(), *self.pinf.vaxis):
            each.fmt_xdata = MyDateFormatter(dates, fmt=cursor)
        ax.xaxis.set_major_locator(AutoDateLocator(dates))
        ax.xaxis.set_major_formatter(self._tick_dates(dates, timeframe))

    def _timeframe(self) -> int:
        """The timeframe of the feed that ticks most often."""
        return int(min(feed._timeframe for feed in self._timeline.strategy.datas))

    def _tick_dates(self, dates: Any, timeframe: int) -> Any:
        """What turns bars into dates below the chart."""
        from .formatters import BarDates, MyDateFormatter

        given = self._scheme.fmt_x_ticks
        if given and given != PlotScheme().fmt_x_ticks:
            return MyDateFormatter(dates, fmt=given)
        # the default tells the time of day, which daily bars do not have
        return MyDateFormatter(dates) if timeframe >= TimeFrame.Days else BarDates(dates)

    def _show_dates(self) -> None:
        """Dates below the lowest pane."""
        from .fitting import Fit

        last = list(self.pinf.daxis.values())[-1]
        row = last.get_subplotspec().rowspan
        below = next(ax for ax in self._figure.axes if ax.get_subplotspec().rowspan == row)
        turn = self._scheme.tickrotation
        below.tick_params(axis="x", labelbottom=True, labelrotation=turn)
        if turn:
            for tick in below.xaxis.get_major_ticks():
                tick.label1.set_horizontalalignment("center")
        # compat: only the lowest pane takes these settings
        last.margins(x=0.0)
        if self._scheme.ytight:
            last.margins(y=0.0)
        self._figure.set_layout_engine(Fit(below))

    # -- beside lines ------------------------------------------------------------------------------
    def drawtag(
        self, ax: Any, x: float, y: float, facecolor: Any, edgecolor: Any, alpha: float = 0.9, **kwargs: Any
    ) -> None:
        """A value in a box, at the right of what has it."""
        box = {"boxstyle": tag_box_style, "facecolor": facecolor, "edgecolor": edgecolor, "alpha": alpha}
        options = {"va": "center", "ha": "left", "zorder": self.pinf.zorder[ax] + 3.0, **kwargs}
        from .tags import Tag

        Tag(ax, x, y, f"{y:.2f}", bbox=box, fontproperties=self.pinf.prop, **options)

    def _tag(self, ax: Any, value: float | None, colour: Any) -> None:
        if value is not None and math.isfinite(value):
            self.drawtag(ax, len(self._timeline), value, facecolor="white", edgecolor=colour)

    def _levels(self, ax: Any, info: Any) -> None:
        """Horizontal lines and the ticks that go with them."""
        from matplotlib.ticker import MaxNLocator

        scheme = self._scheme
        both = info._get("plotyhlines", [])
        ticks = info._get("plotyticks", []) or both
        if ticks:
            ax.set_yticks(ticks)
        else:
            ax.yaxis.set_major_locator(MaxNLocator(nbins=4, prune="both"))
        for level in info._get("plothlines", []) or both:
            ax.axhline(level, color=scheme.hlinescolor, ls=scheme.hlinesstyle, lw=scheme.hlineswidth)

    # -- legends -----------------------------------------------------------------------------------
    def _enter(self, ax: Any, handle: Any, label: str, at: int | None = None) -> None:
        """Put something into the legend of a pane."""
        if not label or label.startswith("_"):
            return
        place = len(self.pinf.labels[ax]) if at is None else at
        self.pinf.handles[ax].insert(place, handle)
        self.pinf.labels[ax].insert(place, label)

    def _legend(self, ax: Any, loc: Any) -> None:
        """Draw the legend of a pane, if it has entries."""
        from .legends import draw_legend

        if self.pinf.labels[ax]:
            draw_legend(ax, self.pinf.handles[ax], self.pinf.labels[ax], loc, self.pinf.prop)

    def _cursor(self) -> None:
        from .multicursor import MultiCursor

        canvas, axes = self._figure.canvas, self._figure.axes
        cursor = MultiCursor(
            canvas, axes, useblit=True, horizOn=True, vertOn=True, horizMulti=False, vertMulti=True,
            horizShared=True, vertShared=False, color="black", lw=1, ls=":",
        )  # fmt: skip
        self.pinf.cursors.append(cursor)
        self._figure._cursor = cursor  # a canvas does not keep what listens to it
