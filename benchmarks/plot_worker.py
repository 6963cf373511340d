"""Draws the same charts under either engine: requests and answers are lines of JSON.

Run by `bench_plot` as a plain script; the first argument names the engine.  A strategy runs once,
then its chart is made again for every request: figure and artists (*made*), the picture (*drawn*), and the
picture of 200 bars in the middle (*zoomed*).
"""

from __future__ import annotations

import gc
import json
import os
import sys
import time
import warnings
from pathlib import Path
from typing import Any

WIDTH, HEIGHT, DPI = 16.0, 9.0, 100.0


def strategy(bt: Any) -> Any:
    """Six indicators and some trades."""

    class Six(bt.Strategy):
        def __init__(self) -> None:
            fast, slow = bt.ind.SMA(period=10), bt.ind.EMA(period=30)
            bt.ind.BollingerBands(period=20)
            bt.ind.RSI(period=14, safediv=True)
            bt.ind.MACDHisto()
            bt.ind.Stochastic(safediv=True)
            self.cross = bt.ind.CrossOver(fast, slow, plot=False)

        def next(self) -> None:
            if self.cross[0] > 0:
                self.buy()
            elif self.cross[0] < 0 and self.position:
                self.close()

    return Six


def run(bars: int) -> Any:
    """A Cerebro that has run over daily bars (of minutes, if there are more than calendars have days)."""
    from data import bars as frame_of

    import backtrader as bt

    frame = frame_of(bars)
    if bars <= 5_000:
        import pandas as pd

        frame.index = pd.bdate_range("2005-01-03", periods=bars)
    cerebro = bt.Cerebro()
    kind = {} if bars <= 5_000 else {"timeframe": bt.TimeFrame.Minutes}
    cerebro.adddata(bt.feeds.PandasData(dataname=frame, name="bars", **kind))
    cerebro.addstrategy(strategy(bt))
    cerebro.run()
    return cerebro


def chart(cerebro: Any, style: str) -> dict[str, Any]:
    """Make and draw the chart once."""
    import matplotlib.pyplot as pyplot

    pyplot.close("all")
    gc.collect()
    began = time.process_time()
    figure = cerebro.plot(iplot=False, style=style)[0][0]
    figure.set_size_inches(WIDTH, HEIGHT)
    figure.set_dpi(DPI)
    made = time.process_time()
    figure.canvas.draw()
    drawn = time.process_time()
    bars = len(cerebro.datas[0])
    figure.axes[0].set_xlim(bars / 2, bars / 2 + 200)
    figure.canvas.draw()
    return {
        "made": made - began,
        "drawn": drawn - made,
        "zoomed": time.process_time() - drawn,
        "panes": len(figure.axes),
        "lines": sum(line.get_visible() for ax in figure.axes for line in ax.lines),
    }


def main() -> None:
    """Answer requests until the input ends."""
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)
    sys.path.insert(0, str(Path(__file__).parent))
    os.environ["MPLBACKEND"] = "Agg"
    warnings.simplefilter("ignore")
    import matplotlib
    import matplotlib.pyplot as pyplot

    matplotlib.rcParams["date.epoch"] = "0000-12-31"  # the original takes day numbers for matplotlib's
    pyplot.close(pyplot.figure())  # a backend in use is not changed by the original's import
    known: dict[int, Any] = {}
    for line in sys.stdin:
        request = json.loads(line)
        bars = request["bars"]
        if bars not in known:
            known.clear()
            known[bars] = run(bars)
        answer = chart(known[bars], request["style"])
        answer["matplotlib"] = matplotlib.__version__
        answers.write(json.dumps(answer) + "\n")
        answers.flush()


if __name__ == "__main__":
    main()
