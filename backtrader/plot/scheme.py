"""How charts look: colours, sizes and switches, one attribute each."""

from __future__ import annotations

from typing import Any

__all__ = ["PlotScheme", "tab10_index", "tableau10", "tableau10_light", "tableau20"]

tableau20 = [
    "steelblue",
    "lightsteelblue",
    "darkorange",
    "peachpuff",
    "green",
    "lightgreen",
    "crimson",
    "lightcoral",
    "mediumpurple",
    "thistle",
    "saddlebrown",
    "rosybrown",
    "orchid",
    "lightpink",
    "gray",
    "lightgray",
    "olive",
    "palegoldenrod",
    "mediumturquoise",
    "paleturquoise",
]

tableau10 = [
    "blue",
    "darkorange",
    "green",
    "crimson",
    "mediumpurple",
    "saddlebrown",
    "orchid",
    "gray",
    "olive",
    "mediumturquoise",
]

tableau10_light = [
    "lightsteelblue",
    "peachpuff",
    "lightgreen",
    "lightcoral",
    "thistle",
    "rosybrown",
    "lightpink",
    "lightgray",
    "palegoldenrod",
    "paleturquoise",
]

#: The order in which the lines of a pane take the colours.
tab10_index = [3, 0, 2, 1, 2, 4, 5, 6, 7, 8, 9]


class PlotScheme:
    """The settings of charts; ``cerebro.plot(style='candle')`` changes them for this and later charts.

    Panes: ``rowsmajor`` and ``rowsminor`` are the heights of the pane of a feed and of all others,
    ``plotdist`` the space between them, ``grid`` draws lines behind them.

    Prices: ``style`` is ``line``, ``bar`` or ``candle``; ``loc`` colours the line, ``barup`` and
    ``bardown`` the others, ``barupfill`` and ``bardownfill`` fill candles, ``bartrans`` is their
    opacity.

    Volume: ``volume`` shows it, ``voloverlay`` behind the prices and not in a pane of its own;
    there it takes the part ``volscaling`` of the height and ``volpushup`` keeps prices above it;
    ``volup``, ``voldown`` and ``voltrans`` are its colours and opacity.

    Legends and values: ``legendind``, ``legendindloc``, ``legenddataloc``, ``linevalues`` (the last
    value in the legend), ``valuetags`` (and beside the line), ``subtxtsize``.

    Lines: ``lcolors`` in the order `color` says, ``fillalpha`` for areas, ``hlinescolor``,
    ``hlinesstyle``, ``hlineswidth`` for levels, ``zdown`` draws a line below those before it.

    Dates: ``fmt_x_ticks`` and ``fmt_x_data`` are `strftime` formats for the axis and for the
    cursor, ``tickrotation`` turns the dates.  ``yadjust`` and ``ytight`` say how prices fill a pane.
    """

    def __init__(self) -> None:
        self.ytight = False
        self.yadjust = 0.0
        self.zdown = True
        self.tickrotation = 15

        self.rowsmajor = 5
        self.rowsminor = 1
        self.plotdist = 0.0
        self.grid = True

        self.style = "line"
        self.loc = "black"
        self.barup: Any = "0.75"
        self.bardown: Any = "red"
        self.bartrans = 1.0
        self.barupfill = True
        self.bardownfill = True
        self.baralpha = 1.0
        self.fillalpha = 0.20

        self.volume = True
        self.voloverlay = True
        self.volscaling = 0.33
        self.volpushup = 0.00
        self.volup: Any = "#aaaaaa"
        self.voldown: Any = "#cc6073"
        self.voltrans = 0.50

        self.subtxttrans = 0.66
        self.subtxtsize = 9
        self.legendtrans = 0.25
        self.legendind = True
        self.legendindloc: Any = "upper left"
        self.legenddataloc: Any = "upper left"
        self.linevalues = True
        self.valuetags = True

        self.hlinescolor: Any = "0.66"
        self.hlinesstyle: Any = "--"
        self.hlineswidth = 1.0
        self.lcolors: Any = tableau10

        self.fmt_x_ticks: str | None = "%Y-%m-%d %H:%M"
        self.fmt_x_data: str | None = None

    def color(self, idx: int) -> Any:
        """The colour of the ``idx``-th line of a pane."""
        return self.lcolors[tab10_index[idx % len(tab10_index)] % len(self.lcolors)]
