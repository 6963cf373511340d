"""backtrader-plotting: figures, what is drawn in them, and the numbers behind it."""

from __future__ import annotations

from typing import Any

import numpy as np

# the package is from the days of these names
for name, kind in (("object", object), ("bool", bool), ("float", float), ("int", int)):
    if name not in vars(np):
        setattr(np, name, kind)

from backtrader_plotting import Bokeh  # noqa: E402
from backtrader_plotting.schemes import Blackly, Tradimo  # noqa: E402
from sample import sample, say  # noqa: E402


def numbers(values: Any) -> Any:
    """Length and sum of a column, or its type."""
    column = np.asarray(list(values))
    if column.dtype.kind not in "fiu":
        return [len(column), str(column.dtype)]
    return [len(column), round(float(np.nansum(column.astype(float))), 6)]


for scheme in (Tradimo(), Blackly()):
    cerebro = sample()
    cerebro.run()
    page = cerebro.plot(Bokeh(style="bar", scheme=scheme, output_mode="memory"), iplot=False)[0][0]
    say(len(page.figures))
    for figure in page.figures:
        drawn = figure.bfigure
        legend = [item.label["value"] for item in drawn.legend[0].items] if drawn.legend else []
        say(type(figure.master).__name__, len(drawn.renderers), legend)
    say(sorted((numbers(column) for column in page.cds.data.values()), key=str))
