"""backtrader-plotly: every trace with its numbers."""

from __future__ import annotations

import numpy as np
from backtrader_plotly.plotter import BacktraderPlotly
from backtrader_plotly.scheme import PlotScheme
from sample import sample, say

cerebro = sample()
cerebro.run()
scheme = PlotScheme(decimal_places=5, max_legend_text_width=16)
for figures in cerebro.plot(BacktraderPlotly(show=False, use_python_plotly=True, scheme=scheme)):
    for figure in figures:
        for trace in figure.data:
            y = getattr(trace, "y", None)
            column = np.asarray([] if y is None else y, dtype=float)
            say(trace.name, trace.type, len(column), round(float(np.nansum(column)), 6))
