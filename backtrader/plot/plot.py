"""Charts of a run with matplotlib: what ``cerebro.plot()`` uses."""

from __future__ import annotations

import sys
import warnings
from collections.abc import Sequence
from typing import Any

from ..utils.construct import ParamsBase
from ..utils.optional import require
from ..utils.params import nearest
from .feedpane import FeedPanes
from .layout import Layout
from .pinfo import PInfo
from .scheme import PlotScheme
from .timeline import Timeline, figure_ranges, values_of

__all__ = ["PInfo", "Plot", "PlotScheme", "Plot_OldSync"]


#: Backends that only write files; showing a figure with one of them is a warning and nothing else.
_NO_SCREEN = {"agg", "cairo", "pdf", "pgf", "ps", "svg", "template"}


class Plot_OldSync(FeedPanes, ParamsBase):
    """Draws strategies; keywords are settings of the scheme.

    compat: the scheme belongs to the class, so settings hold for later charts too.  Give one with
    ``scheme=PlotScheme()`` to keep settings apart.
    """

    params: Any = (("scheme", PlotScheme()),)

    pinf: PInfo

    def __init__(self, **kwargs: Any) -> None:
        scheme = self.p.scheme
        for name, value in kwargs.items():
            if not hasattr(scheme, name):
                warnings.warn(
                    f"a plot scheme has no setting {name!r}; {nearest(name, vars(scheme))}", stacklevel=3
                )
            setattr(scheme, name, value)
        self.mpyplot: Any = None

    # -- from outside ------------------------------------------------------------------------------
    def plot(
        self,
        strategy: Any,
        figid: int = 0,
        numfigs: int = 1,
        iplot: bool = True,
        start: Any = None,
        end: Any = None,
        **kwargs: Any,
    ) -> list[Any]:
        """Draw a strategy in ``numfigs`` figures, numbered from ``figid`` on; returns them.

        ``start`` and ``end`` choose bars, by number or by date.  ``use`` names a backend of
        matplotlib; without it the one that is in use stays.
        """
        if not strategy.datas or not len(strategy):
            return []
        self._open_matplotlib(kwargs.get("use"))
        self.pinf = PInfo(self.p.scheme)
        self.sortdataindicators(strategy)
        size = kwargs.get("figsize") if iplot and "ipykernel" in sys.modules else None
        dates = values_of(strategy.lines.datetime)[: len(strategy)]
        for number, (first, last) in enumerate(figure_ranges(dates, start, end, numfigs)):
            figure = self.pinf.newfig(figid, number, self.mpyplot)
            if size is not None:
                figure.set_size_inches(size)
            self._draw(strategy, figure, Timeline(strategy, first, last))
        return self.pinf.figs

    def show(self) -> None:
        """Show the figures, if there is a screen for them."""
        if self.mpyplot is None:
            return
        if self.mpyplot.get_backend().lower() not in _NO_SCREEN:
            self.mpyplot.show()

    def savefig(
        self,
        fig: Any,
        filename: Any,
        width: float = 16,
        height: float = 9,
        dpi: int = 300,
        tight: bool = True,
    ) -> None:
        """Write a figure to a file, ``width`` by ``height`` inches large."""
        fig.set_size_inches(width, height)
        fig.savefig(filename, dpi=dpi, bbox_inches="tight" if tight else None)

    # -- one figure --------------------------------------------------------------------------------
    def sortdataindicators(self, strategy: Any) -> None:
        """Find the pane of everything that the strategy has."""
        self._layout = layout = Layout(strategy)
        self.dplotstop = layout.top
        self.dplotsup, self.dplotsdown, self.dplotsover = layout.up, layout.down, layout.over

    def calcrows(self, strategy: Any) -> None:
        """Count the rows that the panes of a figure need."""
        scheme, layout = self.p.scheme, self._layout
        minor = sum(1 + len(layout.panes(one)) for one in layout.top)
        major = 0
        for feed in layout.feeds:
            minor += len(layout.panes(feed))
            over = feed.plotinfo.plotmaster is not None
            major += not over
            minor += (over or not scheme.voloverlay) and self._has_volume(
                self._timeline.of(feed).of(feed.volume)
            )
        self.pinf.nrows = major * scheme.rowsmajor + minor * scheme.rowsminor

    def _open_matplotlib(self, backend: str | None) -> None:
        matplotlib = require("matplotlib", extra="plot", why="cerebro.plot()")
        if backend is not None:
            matplotlib.use(backend)
        self.mpyplot = require("matplotlib.pyplot", extra="plot", why="cerebro.plot()")

    def _draw(self, strategy: Any, figure: Any, timeline: Timeline) -> None:
        pinf = self.pinf
        self._figure, self._timeline = figure, timeline
        pinf.clock, pinf.x, pinf.xlen = strategy, timeline.xs, len(timeline)
        self.calcrows(strategy)
        self._begin()
        for observer in self._layout.top:
            self.plotind(None, observer)
        for feed in _masters_first(self._layout.feeds):
            self.plotdata(feed, self._layout.overlays(feed))
        if not pinf.daxis:
            return
        self.setlocators(pinf.sharex)
        self._show_dates()
        self._cursor()


def _masters_first(feeds: Sequence[Any]) -> list[Any]:
    """Feeds in their order, but none before the one it is drawn over."""
    waiting, done = list(feeds), list[Any]()
    while waiting:
        # if they name each other, the first goes first
        free = (i for i, feed in enumerate(waiting) if not _is_among(feed.plotinfo.plotmaster, waiting))
        done.append(waiting.pop(next(free, 0)))
    return done


def _is_among(thing: Any, things: Sequence[Any]) -> bool:
    return any(one is thing for one in things)  # lines compare as numbers do


#: The name that scripts use.
Plot = Plot_OldSync

_FROM = {
    "MultiCursor": "multicursor",
    "MyDateFormatter": "formatters",
    "MyVolFormatter": "formatters",
    "getlocator": "formatters",
    "plot_candlestick": "finance",
    "plot_lineonclose": "finance",
    "plot_ohlc": "finance",
    "plot_volume": "finance",
}


def __getattr__(name: str) -> Any:
    """Names of the drawing modules, which need matplotlib: imported when asked for."""
    import importlib

    if name == "loc":
        return importlib.import_module(f"{__package__}.locator")
    if name in _FROM:
        return getattr(importlib.import_module(f"{__package__}.{_FROM[name]}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
