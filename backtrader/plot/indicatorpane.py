"""Indicators and observers: lines, bars and areas, in a pane of their own or in one that is there."""

from __future__ import annotations

from typing import Any

from ..errors import BacktraderError
from ..lines.coupler import MultiCoupler
from ..lines.root import LineRoot
from .layout import Layout
from .panes import Panes
from .series import LineLook, last_of, looks_of
from .timeline import Bars

__all__ = ["IndicatorPanes"]

_OWN_COLOURS = ("color", "c")


class IndicatorPanes(Panes):
    """Draws what is computed from feeds and from the account."""

    _layout: Layout

    def plotind(
        self,
        iref: Any,
        ind: Any,
        subinds: Any = None,
        upinds: Any = None,
        downinds: Any = None,
        masterax: Any = None,
    ) -> None:
        """Draw ``ind`` in a new pane, or in that of ``masterax``.

        ``upinds`` and ``downinds`` get panes above and below it, ``subinds`` are drawn in its own;
        by default those that the layout has for it.
        """
        if masterax is not None:
            self._draw_over(ind, masterax)
            for sub in subinds or ():
                self._draw_over(sub, masterax)
            return
        layout = self._layout
        for other in layout.above(ind) if upinds is None else upinds:
            self.plotind(ind, other)
        ax = self.newaxis(ind, self._scheme.rowsminor)
        self._draw_lines(ind, ax, alone=True)
        for sub in layout.overlays(ind) if subinds is None else subinds:
            self._draw_over(sub, ax)
        self._finish_pane(ind, ax)
        for other in layout.below(ind) if downinds is None else downinds:
            self.plotind(ind, other)

    def _finish_pane(self, ind: Any, ax: Any) -> None:
        info, scheme = ind.plotinfo, self._scheme
        margin = max(info._get("plotymargin", 0.0), scheme.yadjust)
        if margin:
            ax.margins(y=margin)
        if self.pinf.zorder.get(ax) is not None:
            ax.autoscale_view()
        self._levels(ax, info)
        ax.yaxis.tick_right()
        if info._get("plotlegend", scheme.legendind):
            self._legend(ax, info.legendloc or scheme.legendindloc)

    def _draw_over(self, ind: Any, ax: Any) -> None:
        self._draw_lines(ind, ax, alone=False)

    # -- lines -------------------------------------------------------------------------------------
    def _bars_of(self, ind: Any) -> Any:
        """The bars that ``ind`` has values for, seen from the feed that it is drawn over."""
        if ind._ltype == LineRoot.ObsType:
            return self._timeline.of(self._timeline.strategy if ind._stclock else ind._clock)
        master = ind.plotinfo.plotmaster
        return self._timeline.seen_from(master, ind._now.feed)

    def _draw_lines(self, ind: Any, ax: Any, alone: bool) -> None:
        bars, info = self._bars_of(ind), ind.plotinfo
        title = self._title(ind)
        named = alone or info._get("plotlinelabels", False)
        first = True
        for look in looks_of(ind):
            label = look.name if named else title if first else "_nolegend"
            values = look.values(bars)
            last = last_of(values)
            if (
                self._shows(look, "plotlinevalues", "_plotvalue", self._scheme.linevalues)
                and last is not None
            ):
                label += f" {last:.2f}"
            if named and first:
                label = f"{title}\n{label}"
            colour = self._draw_line(look, ax, bars.xs, values, label)
            if self._shows(look, "plotvaluetags", "_plotvaluetag", self._scheme.valuetags):
                self._tag(ax, last, colour)
            self._fill(look, ax, bars, values)
            first = False

    @staticmethod
    def _title(ind: Any) -> str:
        """Its name and parameters; a coupler only lets another be seen from elsewhere, and has its title."""
        return str((ind.data if isinstance(ind, MultiCoupler) else ind).plotlabel())

    def _shows(self, look: LineLook, for_all: str, for_one: str, by_scheme: bool) -> bool:
        return bool(by_scheme and look.thing.plotinfo._get(for_all, True) and look.option(for_one, True))

    def _draw_line(self, look: LineLook, ax: Any, xs: Any, values: Any, label: str) -> Any:
        """Draw one line; returns its colour."""
        import numpy as np

        style = look.style
        own = next((style.pop(name) for name in _OWN_COLOURS if name in style), None)
        if own is None:
            if not look.option("_samecolor", False):
                self.pinf.nextcolor(ax)
            style["color"] = self.pinf.color(ax)
        else:
            style["color"] = own
        if ax in self.pinf.zorder:
            style.setdefault("zorder", self.pinf.zordernext(ax))
        if look.option("_skipnan", False):
            there = ~np.isnan(values)
            xs, values = xs[there], values[there]
        made = self._make(look, ax, xs, values, dict(style, label=label))
        self.pinf.zorder[ax] = made.get_zorder()
        self._enter(ax, self._handle, label)
        return style["color"]

    def _make(self, look: LineLook, ax: Any, xs: Any, values: Any, style: dict[str, Any]) -> Any:
        """The artist of a line; what stands for it in a legend is left in ``_handle``."""
        from .thinning import ColumnBars, ThinLine

        if look.method == "plot":
            self._handle = ax.add_line(ThinLine(xs, values, **style))
            return self._handle
        if look.method == "bar" and not set(style) - ColumnBars.OPTIONS:
            self._handle = ax.add_collection(ColumnBars.of(xs, values, **style))
            return self._handle
        draw = getattr(ax, look.method, None)
        if draw is None:
            raise BacktraderError(
                f"{type(look.thing).__name__}.plotlines: line {look.alias!r} has _method={look.method!r}, "
                "which is no drawing method of matplotlib's axes"
            )
        made = draw(xs, values, **style)
        self._handle = made if look.method == "bar" else _first(made)
        return _first(made)

    def _fill(self, look: LineLook, ax: Any, bars: Bars, values: Any) -> None:
        import numpy as np

        for name, until, colour, alpha in look.fills:
            other = np.broadcast_to(np.asarray(look.fill_until(until, bars), dtype=float), values.shape)
            with np.errstate(invalid="ignore"):
                where = (
                    values > other if name == "_fill_gt" else values < other if name == "_fill_lt" else None
                )
            ax.fill_between(
                bars.xs, values, other, where=where, interpolate=True, facecolor=colour,
                alpha=self._scheme.fillalpha if alpha is None else alpha,
            )  # fmt: skip


def _first(made: Any) -> Any:
    """One artist of those that a drawing method returned."""
    try:
        return made[0]
    except (TypeError, IndexError):
        return made
