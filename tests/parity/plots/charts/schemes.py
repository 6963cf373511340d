"""Settings of the scheme."""

from __future__ import annotations

from typing import Any

import backtrader as bt

from ..stage import Drawing, chart, daily, drawing


def _parts(s: Any) -> None:
    bt.ind.RSI(s.data, safediv=True)
    bt.ind.SMA(s.data, period=4)


@chart
def no_grid() -> Drawing:
    return drawing(grid=False, parts=_parts)


@chart(differs={"rows": "every pane of an indicator has rowsminor rows", "place": "the same"})
def rows() -> Drawing:
    return drawing(rowsmajor=3, rowsminor=2, parts=_parts)


@chart
def distance_between_panes() -> Drawing:
    return drawing(plotdist=0.2, parts=_parts)


@chart
def date_formats() -> Drawing:
    return drawing(fmt_x_ticks="%d/%m", fmt_x_data="%d.%m.%Y %H:%M", parts=_parts)


@chart
def own_colours() -> Drawing:
    colours = [f"#{number:02x}44{255 - number:02x}" for number in range(0, 220, 20)]
    return drawing(lcolors=colours, parts=lambda s: [bt.ind.SMA(s.data, period=p) for p in range(3, 17)])


@chart(crash="IndexError")
def few_colours() -> Drawing:
    colours = ["#123456", "#654321", "#abcdef"]
    return drawing(lcolors=colours, parts=lambda s: [bt.ind.SMA(s.data, period=p) for p in range(3, 9)])


@chart
def levels_of_the_scheme() -> Drawing:
    return drawing(hlinescolor="red", hlinesstyle="-.", hlineswidth=2.5, parts=_parts)


@chart
def legends_of_the_scheme() -> Drawing:
    return drawing(
        legenddataloc="lower left", legendindloc="upper right", legendtrans=0.3, subtxtsize=6, parts=_parts
    )


@chart
def no_legends() -> Drawing:
    return drawing(legendind=False, parts=_parts)


@chart
def tags_of_the_scheme() -> Drawing:
    return drawing(subtxttrans=0.4, subtxtsize=14, parts=_parts)


@chart
def stacking_upwards() -> Drawing:
    return drawing(zdown=False, parts=_parts)


@chart
def tight_axes() -> Drawing:
    return drawing(ytight=True, yadjust=0.3, parts=_parts)


@chart
def yadjust_alone() -> Drawing:
    return drawing(yadjust=0.3, parts=_parts)


@chart
def translucent_bars() -> Drawing:
    return drawing(baralpha=0.3, style="candle", tickrotation=45)


@chart
def translucent_ohlc_bars() -> Drawing:
    return drawing(baralpha=0.3, bartrans=0.6, style="bar")


@chart
def a_plotter_of_ones_own() -> Drawing:
    return drawing(plotter=bt.plot.Plot(style="candle", volume=False), style="bar")


@chart
def scheme_of_ones_own() -> Drawing:
    scheme = bt.plot.PlotScheme()
    scheme.style = "bar"
    scheme.grid = False
    return drawing(plotter=bt.plot.Plot(scheme=scheme))


@chart
def settings_persist() -> Drawing:
    import matplotlib.pyplot as pyplot

    first = drawing()
    first.cerebro.plot(iplot=False, style="candle", barup="blue")
    pyplot.close("all")  # the original draws over a figure of the same number
    return drawing(daily("zeno"))


@chart
def unknown_settings() -> Drawing:
    return drawing(whatever=5)
