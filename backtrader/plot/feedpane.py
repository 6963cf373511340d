"""Feeds: prices as a line, bars or candles, volume behind or below them, and what is drawn over them."""

from __future__ import annotations

import warnings
from typing import Any

from ..lines.timeframe import TimeFrame
from .indicatorpane import IndicatorPanes
from .timeline import Bars

__all__ = ["FeedPanes"]

_VOLUME_TICKS = 6
_PRICE_TICKS = 10


class FeedPanes(IndicatorPanes):
    """Draws feeds and the indicators that belong to them."""

    def plotdata(self, data: Any, indicators: Any) -> None:
        """Draw a feed with ``indicators`` over it, and the panes above and below it."""
        layout = self._layout
        for one in layout.above(data):
            self.plotind(data, one)
        bars = self._timeline.of(data)
        opens, highs, lows, closes, volumes = (
            bars.of(line) for line in (data.open, data.high, data.low, data.close, data.volume)
        )
        master = (
            self.pinf.daxis.get(data.plotinfo.plotmaster) if data.plotinfo.plotmaster is not None else None
        )
        volume = None
        if self._has_volume(volumes) and master is None and self._scheme.voloverlay:
            volume = self.plotvolume(data, opens, highs, lows, closes, volumes, "Volume")
        ax = self._axes_of(data, master)
        self._draw_prices(data, ax, bars, opens, highs, lows, closes)
        if volume is not None:
            self._enter(self._legend_axes(data), volume, volume.get_label())
        self._limit(data, ax, master, volume is not None)
        if data.plotinfo._get("plotlog", False):
            ax.set_yscale("log")
        for one in indicators:
            self._draw_over(one, ax)
        ax.autoscale_view()
        self._prices_right(ax, _PRICE_TICKS)
        if data.plotinfo._get("plotlog", False):
            self._plain_numbers(ax)
        self._share_legend(data, ax)
        self._legend(self._legend_axes(data), data.plotinfo.legendloc or self._scheme.legenddataloc)
        if self._has_volume(volumes) and volume is None:
            label = f"Volume ({data._name})" if data._name else "Volume"
            self.plotvolume(data, opens, highs, lows, closes, volumes, label)
        for one in layout.below(data):
            self.plotind(data, one)

    # -- axes --------------------------------------------------------------------------------------
    def _axes_of(self, data: Any, master: Any) -> Any:
        """Where the prices go: over their volume, over or into another feed's pane, or into a new one."""
        behind = self.pinf.daxis.get(data.volume)
        if master is not None:
            ax = master if data.plotinfo._get("sameaxis", False) else self._twin(master)
            self._volume_inside(data.plotinfo.plotmaster)
        elif behind is not None:
            ax = self._twin(behind)
        else:
            return self.newaxis(data, self._scheme.rowsmajor)
        self.pinf.daxis[data] = ax
        return ax

    def _volume_inside(self, master: Any) -> None:
        """The numbers of volume go into the pane: outside are those of the prices that others lie over."""
        behind = self.pinf.daxis.get(master.volume)
        if behind is not None:
            behind.tick_params(axis="y", pad=-6, direction="in")
            for label in behind.get_yticklabels():
                label.set_horizontalalignment("left")

    def _legend_axes(self, data: Any) -> Any:
        """The axes that have the legend: those of the feed that others are drawn over."""
        master = data.plotinfo.plotmaster
        if master is not None and master in self.pinf.daxis:
            return self._legend_axes(master)
        return self.pinf.daxis[data]

    def _share_legend(self, data: Any, ax: Any) -> None:
        """Entries of axes that lie over others go into the legend of those."""
        below = self._legend_axes(data)
        if below is ax:
            return
        for handle, label in zip(self.pinf.handles.pop(ax, []), self.pinf.labels.pop(ax, []), strict=True):
            self._enter(below, handle, label)

    def _limit(self, data: Any, ax: Any, master: Any, pushed: bool) -> None:
        """Let prices alone decide what heights are seen, whatever is drawn over them."""
        if master is not None:
            if ax is master and not ax.get_autoscaley_on():
                self._reach(data, ax)
            return
        if data.plotinfo._get("plotylimited", True):
            low, high = ax.get_ylim()
            if pushed:
                low *= 1.0 - self._scheme.volpushup
            ax.set_ylim(low, high)
        elif pushed and self._scheme.volpushup:
            low, high = ax.get_ylim()
            ax.set_ylim(low * (1.0 - self._scheme.volpushup), high)

    def _reach(self, data: Any, ax: Any) -> None:
        """Widen limits that are set already, so that a second feed on the same axis is seen too."""
        import numpy as np

        bars, (low, high) = self._timeline.of(data), ax.get_ylim()
        prices = np.concatenate([bars.of(data.low), bars.of(data.high)])
        if np.isfinite(prices).any():
            room = 0.05 * (np.nanmax(prices) - np.nanmin(prices))
            ax.set_ylim(min(low, np.nanmin(prices) - room), max(high, np.nanmax(prices) + room))

    # -- prices ------------------------------------------------------------------------------------
    def _draw_prices(
        self, data: Any, ax: Any, bars: Bars, opens: Any, highs: Any, lows: Any, closes: Any
    ) -> None:
        from .finance import plot_candlestick, plot_lineonclose, plot_ohlc

        scheme, prices = self._scheme, (opens, highs, lows, closes)
        style = self._style()
        label = self._label(data, style, prices)
        if style == "line":
            made: Any = plot_lineonclose(ax, bars.xs, closes, color=self._line_colour(data, ax), label=label)
        elif style == "candle":
            made = plot_candlestick(
                ax, bars.xs, *prices, colorup=scheme.barup, colordown=scheme.bardown, label=label,
                alpha=scheme.baralpha, fillup=scheme.barupfill, filldown=scheme.bardownfill,
            )  # fmt: skip
        else:
            made = plot_ohlc(
                ax, bars.xs, *prices, colorup=scheme.barup, colordown=scheme.bardown, label=label,
            )  # fmt: skip
        self.pinf.zorder[ax] = made[0].get_zorder()
        self._enter(ax, made[0], label)
        if scheme.valuetags and len(closes):
            self._tag(ax, float(closes[-1]), made[0].get_color() if style == "line" else scheme.loc)

    def _line_colour(self, data: Any, ax: Any) -> Any:
        """The scheme's colour of closes; over another feed the next colour of its pane."""
        below = self._legend_axes(data)
        if data.plotinfo.plotmaster is None or data.plotinfo.plotmaster not in self.pinf.daxis:
            return self._scheme.loc
        self.pinf.nextcolor(below)
        return self.pinf.color(below)

    def _style(self) -> str:
        style = str(self._scheme.style)
        for known in ("line", "candle"):
            if style.startswith(known):
                return known
        if not style.startswith(("bar", "ohlc")):
            # compat: any other word means bars
            warnings.warn(
                f"cerebro.plot(style={style!r}): known styles are 'line', 'bar' and 'candle'; drawing bars",
                stacklevel=2,
            )
        return "bar"

    def _label(self, data: Any, style: str, prices: Any) -> str:
        label = f"{data._name} ({data._compression} {TimeFrame.getname(data._timeframe, data._compression)})"
        if not self._scheme.linevalues or not len(prices[0]):
            return label
        opened, high, low, close = (float(column[-1]) for column in prices)
        if style == "line":
            return f"{label} C:{close:.2f}"
        return f"{label} O:{opened:.2f} H:{high:.2f} L:{low:.2f} C:{close:.2f}"

    # -- volume ------------------------------------------------------------------------------------
    def _has_volume(self, volumes: Any) -> bool:
        import numpy as np

        return bool(self._scheme.volume and len(volumes) and np.nanmax(np.nan_to_num(volumes)) > 0.0)

    def plotvolume(
        self, data: Any, opens: Any, highs: Any, lows: Any, closes: Any, volumes: Any, label: str
    ) -> Any:
        """Draw volume, in a pane that prices will lie over or in one of its own; returns the bars."""
        import numpy as np
        from matplotlib.ticker import MaxNLocator

        from .finance import plot_volume
        from .formatters import MyVolFormatter

        scheme = self._scheme
        behind = label == "Volume" and scheme.voloverlay and data.plotinfo.plotmaster is None
        ax = self.newaxis(data.volume, scheme.rowsmajor if behind else scheme.rowsminor)
        top = float(np.nanmax(volumes))
        (made,) = plot_volume(
            ax, self._timeline.of(data).xs, opens, closes, volumes, colorup=scheme.volup,
            colordown=scheme.voldown, alpha=scheme.voltrans if behind else 1.0, label=label,
        )  # fmt: skip
        ticks = int(_VOLUME_TICKS / scheme.volscaling) if behind else _VOLUME_TICKS
        ax.yaxis.set_major_locator(MaxNLocator(nbins=ticks, prune=None if behind else "both"))
        ax.yaxis.set_major_formatter(MyVolFormatter(top))
        if behind:
            ax.set_ylim(0.0, top / scheme.volscaling)
        else:
            ax.yaxis.tick_right()
            self._enter(ax, made, label)
            self._legend(ax, scheme.legendindloc)
        self.pinf.zorder[ax] = made.get_zorder()
        return made
