"""What scripts call without a Cerebro: drawing functions, formatters, colours, the plotter's own methods."""

from __future__ import annotations

import datetime as dt
from typing import Any

import backtrader as bt

from ..stage import Drawing, Quiet, chart, daily

XS = [0, 1, 2, 3]
OPENS, HIGHS = [10.0, 11.0, 12.0, 11.0], [12.0, 12.0, 13.0, 12.0]
LOWS, CLOSES = [9.0, 10.0, 11.0, 10.0], [11.0, 11.0, 11.5, 11.5]
VOLUMES = [100.0, 0.0, 300.0, 150.0]
NAN = float("nan")


def _drawn(*calls: tuple[str, tuple[Any, ...], dict[str, Any]]) -> Drawing:
    """A figure with one axes for each call of a drawing function, each with a legend."""
    import matplotlib.pyplot as pyplot

    from backtrader.plot import finance

    figure = pyplot.figure()
    for number, (name, columns, options) in enumerate(calls, 1):
        ax = figure.add_subplot(len(calls), 1, number)
        getattr(finance, name)(ax, *columns, label="bars", **options)
        ax.legend(loc="upper left")
    return Drawing(figures=[figure])


PRICES = (XS, OPENS, HIGHS, LOWS, CLOSES)


@chart
def candle_function() -> Drawing:
    return _drawn(
        ("plot_candlestick", PRICES, {}),
        ("plot_candlestick", PRICES, {"colorup": "0.75", "colordown": "red", "alpha": 0.5, "width": 0.5}),
        ("plot_candlestick", PRICES, {"tickwidth": 3, "edgeadjust": 0.2, "edgeshading": -50, "zorder": 7}),
        ("plot_candlestick", ([5, 6, 7, 8], *PRICES[1:]), {}),
    )


@chart
def hollow_candles_function() -> Drawing:
    return _drawn(
        ("plot_candlestick", PRICES, {"fillup": False, "colorup": "green"}),
        ("plot_candlestick", PRICES, {"filldown": False}),
        ("plot_candlestick", (XS, [10.0, NAN, 11.0, 12.0], HIGHS, [NAN, *LOWS[1:]], CLOSES), {}),
    )


@chart
def bar_function() -> Drawing:
    return _drawn(
        ("plot_ohlc", PRICES, {}),
        (
            "plot_ohlc",
            PRICES,
            {"colorup": "green", "colordown": "red", "width": 3, "tickwidth": 0.3, "alpha": 0.4},
        ),
        ("plot_ohlc", ([5, 6, 7, 8], *PRICES[1:]), {}),
    )


@chart
def line_function() -> Drawing:
    return _drawn(
        ("plot_lineonclose", (XS, CLOSES), {}),
        ("plot_lineonclose", ([5, 6, 7, 8], CLOSES), {"color": "red", "alpha": 0.4, "width": 4, "ls": ":"}),
    )


@chart
def volume_function() -> Drawing:
    volume = (XS, OPENS, CLOSES, VOLUMES)
    return _drawn(
        ("plot_volume", volume, {}),
        (
            "plot_volume",
            volume,
            {"colorup": "green", "alpha": 0.3, "edgeshading": -40, "edgeadjust": 0.2, "width": 0.5},
        ),
        ("plot_volume", volume, {"edgeup": "blue", "edgedown": "pink", "alpha": 0.5}),
    )


@chart
def formatters() -> Drawing:
    from backtrader.plot.formatters import MyDateFormatter, MyVolFormatter

    notes: dict[str, Any] = {}
    for top in (0, 5, 999, 1000, 1e5, 5e6, 3.2e9, 1e13, 1e16, 0.5):
        made = MyVolFormatter(top)
        says = [made(y) for y in (0, top / 3, top, top * 1.1, top * 1.2, top * 1.21, 999, 1500)]
        notes[f"volume up to {top}"] = [made.divisor, made.suffix, made.volmax, says]
    dates = [bt.date2num(dt.datetime(2020, 1, 1, 9) + dt.timedelta(days=day)) for day in range(5)]
    for fmt in ("%Y-%m-%d", "%d %H:%M"):
        dated = MyDateFormatter(dates, fmt)
        notes[fmt] = [
            dated.lendates,
            dated.fmt,
            [dated(x) for x in (-1, -0.2, 0, 0.4, 0.5, 1.5, 2.5, 4, 4.6, 9)],
        ]
    return Drawing(notes=notes)


@chart
def colours_and_shapes() -> Drawing:
    from backtrader.plot.utils import shade_color, tag_box_style

    names = ("red", "#808080", "0.75", "#aaaaaa", "#cc6073", "orange", "white", "black", (0.1, 0.7, 0.9))
    shades = [
        [float(part) for part in shade_color(name, p)]
        for name in names
        for p in (-100, -50, -10, 20, 50, 100)
    ]
    boxes = [tag_box_style(*box) for box in ((0, 0, 10, 5, 1), (1, 2, 20, 10, 9), (1, 2, 20, 10, 9, 2))]
    return Drawing(
        notes={"shades": shades, "boxes": [[box.vertices.tolist(), box.codes.tolist()] for box in boxes]}
    )


@chart
def settings() -> Drawing:
    scheme = bt.plot.PlotScheme()
    from backtrader.plot import scheme as module

    lists = {
        name: getattr(module, name) for name in ("tableau20", "tableau10", "tableau10_light", "tab10_index")
    }
    return Drawing(
        notes={**vars(scheme), **lists, "colours": [scheme.color(index) for index in range(-1, 25)]}
    )


@chart
def figure_state() -> Drawing:
    import matplotlib.pyplot as pyplot

    state = bt.plot.plot.PInfo(bt.plot.PlotScheme())
    ax = pyplot.figure(50).add_subplot()
    notes: dict[str, Any] = {"colour": [[state.nextcolor(ax), state.color(ax)] for _ in range(4)]}
    state.zorder[ax] = 2.0
    notes["z"] = [state.zordernext(ax), state.zordercur(ax), state.zordernext(ax)]
    figure = state.newfig(60, 3, pyplot)
    notes["figure"] = [
        figure.number,
        len(state.figs),
        state.row,
        state.nrows,
        state.xlen,
        state.clock,
        state.sharex,
    ]
    notes["size"] = state.prop.get_size()
    return Drawing(notes=notes)


@chart
def plotter_methods() -> Drawing:
    cerebro = bt.Cerebro()
    cerebro.adddata(daily())
    cerebro.addstrategy(Quiet, parts=lambda s: (bt.ind.RSI(s.data, safediv=True), bt.ind.SMA(s.data)))
    strategy = cerebro.run()[0]
    first, second = bt.plot.Plot(), bt.plot.Plot_OldSync(style="candle")
    notes: dict[str, Any] = {
        "same class": bt.plot.Plot is bt.plot.Plot_OldSync,
        "same scheme": first.p.scheme is second.p.scheme,
        "own scheme": bt.plot.Plot(scheme=bt.plot.PlotScheme()).p.scheme is first.p.scheme,
        "style": first.p.scheme.style,
    }
    figures = first.plot(strategy, figid=7, numfigs=3, iplot=False, start=10)
    state = first.pinf
    notes["numbers"] = [figure.number for figure in figures]
    notes["state"] = [
        state.nrows,
        state.row,
        state.xlen,
        state.clock is strategy,
        len(state.cursors),
        len(state.figs),
    ]
    notes["x"] = [float(x) for x in state.x]
    notes["top"] = [type(one).__name__ for one in first.dplotstop]
    for name in ("dplotsup", "dplotsdown", "dplotsover"):
        placed = getattr(first, name)
        notes[name] = sorted(
            [type(key).__name__, [type(one).__name__ for one in ones]] for key, ones in placed.items() if ones
        )
    return Drawing(figures=figures, notes=notes)


@chart
def saved_sizes() -> Drawing:
    import struct
    import tempfile
    from pathlib import Path

    cerebro = bt.Cerebro()
    cerebro.adddata(daily())
    cerebro.addstrategy(Quiet)
    cerebro.run()
    figure = cerebro.plot(iplot=False)[0][0]
    notes: dict[str, Any] = {}
    with tempfile.TemporaryDirectory() as folder:
        for options in ({"width": 8, "height": 4, "dpi": 50, "tight": False}, {"dpi": 30, "tight": False}):
            path = Path(folder) / "chart.png"
            notes[str(options)] = [bt.plot.Plot().savefig(figure, str(path), **options)]
            notes[str(options)] += struct.unpack(">II", path.read_bytes()[16:24])
            notes[str(options)] += [float(inches) for inches in figure.get_size_inches()]
    return Drawing(notes=notes)
