"""Pictures of indicators: values over the bundled prices, drawn the way their plot options say."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import backtrader as bt
from backtrader.utils.optional import require

from . import gallery_calls

ROOT = Path(__file__).resolve().parent.parent
DATA = ROOT / "examples" / "data"

# Loaded from the first date on, so that the longest look-back has its value where the picture begins.
LOADED = dt.datetime(2020, 3, 2), dt.datetime(2022, 5, 31)
SHOWN_FROM = dt.date(2021, 10, 1)

#: Lines of another scale than the others of their indicator: a panel of their own.
APART = {"BollingerBandsPct": ("pctb",), "CointN": ("pvalue",), "OLS_Slope_InterceptN": ("intercept",)}

#: Inches by the number of panels.
HEIGHTS = {1: 2.5, 2: 3.4, 3: 4.4}

#: What says yes or no: drawn in steps.
SIGNS = {-1.0, 0.0, 1.0}

COLOURS = ("#1b5e9e", "#c8511b", "#2e8540", "#7d4fa8", "#8a6d00", "#008b8b", "#b03060")
STYLE: dict[str, Any] = {
    "svg.fonttype": "none",  # text stays text
    "svg.hashsalt": "gallery",  # the same bytes every time
    "font.size": 8,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.edgecolor": "#888888",
    "axes.grid": True,
    "axes.axisbelow": True,
    "grid.color": "#eeeeee",
    "grid.linewidth": 0.6,
    "xtick.color": "#555555",
    "ytick.color": "#555555",
    "lines.linewidth": 1.1,
}


class Exhibition(bt.Strategy):
    """All indicators of the gallery over the same feeds."""

    params = (("names", ()),)

    def __init__(self) -> None:
        feeds = [self.getdatabyname(name) for name in ("data", "other", "months")]
        self.made = {name: gallery_calls.make(name, *feeds) for name in self.p.names}


def run(names: Iterable[str]) -> Any:
    """A strategy that has run, with the indicators in ``made``."""
    cerebro = bt.Cerebro(stdstats=False)
    first, last = LOADED
    for name, symbol in (("data", "acme"), ("other", "zeno")):
        path = DATA / f"{symbol}-daily.csv"
        feed = bt.feeds.GenericCSVData(dataname=str(path), dtformat="%Y-%m-%d", fromdate=first, todate=last)
        cerebro.adddata(feed, name=name)
    cerebro.resampledata(cerebro.datas[0], name="months", timeframe=bt.TimeFrame.Months)
    cerebro.addstrategy(Exhibition, names=tuple(names))
    return cerebro.run()[0]


class Picture:
    """One indicator: prices above, its lines over them or below."""

    def __init__(self, indicator: Any, data: Any, other: Any) -> None:
        self.indicator, self.other = indicator, other
        times = [bt.num2date(number).date() for number in data.datetime.array]
        self.first = next(i for i, day in enumerate(times) if day >= SHOWN_FROM)
        self.days = times[self.first :]
        self.data = data
        indicator._plotinit()

    # -- values ------------------------------------------------------------------------------
    def values(self, line: Any) -> list[float]:
        """What a line shows on each day of the picture; a month's value stays through the next one."""
        own = list(line.array)
        clock = self.indicator.data
        if getattr(clock, "_name", "") != "months":
            return own[self.first : self.first + len(self.days)]
        known = [(bt.num2date(number).date(), v) for number, v in zip(clock.datetime.array, own, strict=True)]
        known.reverse()
        return [next((v for end, v in known if end < day), float("nan")) for day in self.days]

    def options(self, index: int, name: str) -> dict[str, Any]:
        """How a line is to be drawn: by its name, or by its number."""
        found: dict[str, Any] = {}
        for key in (name, f"_{index}"):
            if key in self.indicator.plotlines._getkeys():
                found.update(getattr(self.indicator.plotlines, key)._getkwargs())
        return found

    # -- drawing -------------------------------------------------------------------------------
    def draw(self, title: str) -> Any:
        """The figure: prices, the lines below them or over them, lines of another scale on their own."""
        pyplot = _matplotlib("pyplot")
        names = self.indicator.lines.getlinealiases()
        apart = APART.get(type(self.indicator).__name__, ())
        below = self.indicator.plotinfo.subplot
        rows = 1 + below + len(apart)
        shares = [1.0] + [1.25 if rows == 2 else 1.0] * (rows - 1)
        figure, axes = pyplot.subplots(
            rows, 1, figsize=(7.4, HEIGHTS[rows]), sharex=True, squeeze=False, layout="constrained",
            gridspec_kw={"height_ratios": shares},
        )  # fmt: skip
        panels = [row[0] for row in axes]
        if isinstance(self.indicator, bt.ind.HeikinAshi):
            self._bars(panels[0])
        else:
            self._prices(panels[0])
            self._lines(panels[below], [name for name in names if name not in apart])
            for panel, name in zip(panels[1 + below :], apart, strict=True):
                self._lines(panel, [name])
        for panel in panels[1:]:
            panel.margins(x=0.01, y=0.05 + self.indicator.plotinfo.plotymargin)
        if below:
            self._levels(panels[1])
        panels[0].set_title(title, loc="left", fontsize=7.5, color="#333333", family="monospace")
        self._dates(panels[-1])
        return figure

    def _prices(self, axis: Any) -> None:
        prices = {name: self._price(name) for name in ("low", "high", "close")}
        axis.fill_between(self.days, prices["low"], prices["high"], color="#d5dae1", linewidth=0)
        axis.plot(self.days, prices["close"], color="#555555", linewidth=0.8)
        axis.margins(x=0.01)
        if self._uses(self.other):
            twin = axis.twinx()
            twin.plot(self.days, list(self.other.close.array)[self.first :], color="#c8511b", linewidth=0.8)
            twin.grid(False)
            twin.spines["right"].set_visible(True)
            twin.set_ylabel("other", color="#c8511b")
            axis.set_ylabel("data")
        for source in self.indicator.datas:
            if isinstance(source, bt.Indicator) and not source.plotinfo.subplot:
                label = source.plotlabel()
                axis.plot(
                    self.days, self.values(source.lines[0]), color="#2e8540", linewidth=0.9, label=label
                )
                _legend(axis, 1)

    def _price(self, name: str) -> list[float]:
        return list(getattr(self.data.lines, name).array)[self.first :]

    def _uses(self, feed: Any) -> bool:
        return any(source is feed for source in self.indicator.datas)

    def _lines(self, axis: Any, names: list[str]) -> None:
        every = self.indicator.lines.getlinealiases()
        colours, colour = iter(COLOURS), COLOURS[0]
        shown = {name: self.values(getattr(self.indicator.lines, name)) for name in every}
        drawn = 0
        for name in names:
            options = self.options(every.index(name), name)
            if options.pop("_plotskip", False):
                continue
            if not (options.pop("_samecolor", False) and drawn):
                colour = next(colours)
            self._line(axis, shown, name, {"color": colour, **options})
            drawn += 1
        if drawn > 1 or len(every) > drawn:
            _legend(axis, drawn)

    def _line(self, axis: Any, shown: dict[str, list[float]], name: str, options: dict[str, Any]) -> None:
        fills = [(options.pop("_fill_gt", None), True), (options.pop("_fill_lt", None), False)]
        method, label = options.pop("_method", "plot"), options.pop("_name", name)
        plain = {key: value for key, value in options.items() if not key.startswith("_")}
        if {*shown[name]} <= SIGNS:
            plain["drawstyle"] = "steps-mid"
        getattr(axis, method)(self.days, shown[name], label=label, **plain)
        for fill, above in fills:
            if fill is not None:
                self._fill(axis, shown, shown[name], fill, above)

    def _fill(self, axis: Any, shown: Any, values: list[float], fill: Any, above: bool) -> None:
        to, colour = fill
        other = shown[to] if isinstance(to, str) else [float(to)] * len(values)
        where = [(a > b) if above else (a < b) for a, b in zip(values, other, strict=True)]
        axis.fill_between(
            self.days, values, other, where=where, color=colour, alpha=0.2, linewidth=0, interpolate=True
        )

    def _bars(self, axis: Any) -> None:
        """Bars with bodies, for what makes other bars out of the data."""
        lines = self.indicator.lines
        opens, highs, lows, closes = (self.values(lines[i]) for i in range(4))
        colours = [COLOURS[2] if c >= o else COLOURS[1] for o, c in zip(opens, closes, strict=True)]
        axis.vlines(self.days, lows, highs, colors=colours, linewidth=0.7)
        heights = [abs(c - o) for o, c in zip(opens, closes, strict=True)]
        bottoms = [min(o, c) for o, c in zip(opens, closes, strict=True)]
        axis.bar(self.days, heights, bottom=bottoms, color=colours, width=0.8, linewidth=0)
        axis.margins(x=0.01)

    def _levels(self, axis: Any) -> None:
        info = self.indicator.plotinfo
        for level in {*info.plothlines, *info.plotyhlines}:
            axis.axhline(level, color="#888888", linewidth=0.6, linestyle="--")
        ticks = {*info.plotyticks, *info.plotyhlines}
        if ticks:
            axis.set_yticks(sorted(ticks))

    def _dates(self, axis: Any) -> None:
        dates = _matplotlib("dates")
        axis.xaxis.set_major_locator(dates.MonthLocator())
        axis.xaxis.set_major_formatter(dates.DateFormatter("%b %Y"))


def _matplotlib(module: str) -> Any:
    return require(f"matplotlib.{module}", "plot", "the gallery")


def _legend(axis: Any, entries: int) -> None:
    """The names of the lines, above the panel at the right where nothing is drawn."""
    place = {"loc": "lower right", "bbox_to_anchor": (1.0, 0.97), "borderaxespad": 0.0}
    axis.legend(frameon=False, fontsize=7, ncols=entries, handlelength=1.4, columnspacing=1.0, **place)


def pictures(names: Iterable[str], folder: Path, suffix: str = "svg") -> None:
    """Write the picture of each indicator named."""
    pyplot = _matplotlib("pyplot")
    pyplot.switch_backend("Agg")
    strategy = run(names)
    data, other = strategy.getdatabyname("data"), strategy.getdatabyname("other")
    folder.mkdir(parents=True, exist_ok=True)
    with pyplot.rc_context(STYLE):
        for name, indicator in strategy.made.items():
            figure = Picture(indicator, data, other).draw(gallery_calls.call_of(name))
            path = folder / f"{name}.{suffix}"
            meta = {"Date": None, "Creator": None} if suffix == "svg" else None
            figure.savefig(path, metadata=meta, dpi=90)
            pyplot.close(figure)
            if suffix == "svg":
                path.write_text(shortened(path.read_text(encoding="utf-8")), encoding="utf-8")


def shortened(svg: str) -> str:
    """The picture with coordinates in hundredths of a point: no eye sees more."""
    numbers = re.sub(r"(-?\d+\.\d\d)\d+", r"\1", svg)
    return re.sub(r"[ \t]+\n", "\n", numbers)
