"""What a chart looks like where it is better than the original's."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

pytest.importorskip("matplotlib")

import backtrader as bt
from backtrader.plot.timeline import values_of

Ran = Callable[..., Any]


def texts(legend: Any) -> list[str]:
    return [text.get_text() for text in legend.get_texts()]


def dates(ax: Any) -> list[str]:
    ax.figure.set_size_inches(16, 9)
    ax.figure.canvas.draw()
    labels = [tick.label1 for tick in ax.xaxis.get_major_ticks()]
    return [label.get_text() for label in labels if label.get_visible() and label.get_text()]


def test_the_lowest_pane_alone_has_dates(ran: Ran) -> None:
    figure = ran(lambda s: bt.ind.RSI(s.data, safediv=True)).plot()[0][0]
    shown = [dates(ax) for ax in figure.axes]
    assert not any(shown[:-1])
    assert "2020-03-02" in shown[-1]


def test_dates_below_prices_that_lie_over_volume(ran: Ran) -> None:
    figure = ran().plot()[0][0]
    assert "2020-03-02" in dates(figure.axes[-2])  # the axes of volume; those of prices hide theirs
    assert not figure.axes[-1].xaxis.get_visible()


def legends(figure: Any) -> list[Any]:
    return [ax.get_legend() for ax in figure.axes if ax.get_legend() is not None]


def test_legends_can_be_read_over_lines(ran: Ran) -> None:
    for legend in legends(ran().plot()[0][0]):
        assert all(text.get_path_effects() for text in legend.get_texts())


def test_feeds_in_one_pane_share_a_legend(ran: Ran, share: Any) -> None:
    first, second = share(), share("zeno")
    second.plotinfo.plotmaster = first
    figure = ran(feeds=[first, second]).plot()[0][0]
    legends = [texts(ax.get_legend()) for ax in figure.axes if ax.get_legend()]
    assert [entry.split(" ")[0].split("\n")[0] for entry in legends[2]] == [
        "acme-2020", "Volume", "BuySell", "sell", "zeno-2020", "BuySell", "sell",
    ]  # fmt: skip


def test_a_feed_before_the_one_it_lies_over(ran: Ran, share: Any) -> None:
    first, second = share(), share("zeno")
    first.plotinfo.plotmaster = second
    figure = ran(feeds=[first, second]).plot(volume=False)[0][0]
    assert [ax.get_subplotspec().rowspan.start for ax in figure.axes] == [0, 1, 2, 2]


def test_one_axis_for_two_feeds_shows_both(ran: Ran, share: Any) -> None:
    first, second = share(), share("zeno")
    second.plotinfo.plotmaster, second.plotinfo.sameaxis = first, True
    ax = ran(feeds=[first, second]).plot(volume=False)[0][0].axes[-1]
    low, high = ax.get_ylim()
    assert low < values_of(second.low).min() and high > values_of(first.high).max()


@pytest.mark.parametrize("missing", [0.0, float("nan")])
def test_no_axes_for_volume_that_there_is_not(ran: Ran, share: Any, missing: float) -> None:
    for options in ({}, {"voloverlay": False}):
        feed = share(volume=-1, nullvalue=missing)
        assert len(ran(feeds=[feed]).plot(**options)[0][0].axes) == 3


def test_volume_with_holes(ran: Ran, share: Any) -> None:
    class Holes(bt.feeds.GenericCSVData):
        def _loadline(self, tokens: Any) -> Any:
            done = super()._loadline(tokens)
            if len(self) % 3 == 0:
                self.lines.volume[0] = float("nan")
            return done

    like = share()
    feed = Holes(dataname=like.p.dataname, dtformat="%Y-%m-%d", openinterest=-1)
    figure = ran(feeds=[feed]).plot()[0][0]
    assert figure.axes[2].get_ylim()[1] == pytest.approx(np.nanmax(values_of(feed.volume)) / 0.33)


def test_logarithmic_prices_have_plain_ticks(ran: Ran, share: Any) -> None:
    feed = share()
    feed.plotinfo.plotlog = True
    ax = ran(feeds=[feed]).plot()[0][0].axes[-1]
    ax.figure.canvas.draw()
    shown = [tick.label2.get_text() for tick in ax.yaxis.get_major_ticks()]
    assert ax.get_yscale() == "log"
    assert len([text for text in shown if text]) >= 4 and not any("10^" in text for text in shown)


def test_tags_can_be_left_out_for_an_indicator(ran: Ran) -> None:
    figure = ran(lambda s: bt.ind.RSI(s.data, safediv=True, plotvaluetags=False)).plot()[0][0]
    assert not figure.axes[-1].texts and figure.axes[-2].texts


def test_a_coupled_indicator_has_its_own_name(share: Any) -> None:
    class Coupled(bt.Strategy):
        def __init__(self) -> None:
            bt.ind.SMA(self.data1, period=3)()

    cerebro = bt.Cerebro(stdstats=False)
    feed = share()
    cerebro.adddata(feed)
    cerebro.resampledata(feed, timeframe=bt.TimeFrame.Weeks)
    cerebro.addstrategy(Coupled)
    cerebro.run()
    legend = cerebro.plot()[0][0].axes[1].get_legend()
    assert [entry.rpartition(" ")[0] for entry in texts(legend)] == ["acme-2020 (1 Day)", "", "SMA (3)"]


def test_a_weekly_average_over_days_is_a_staircase(share: Any) -> None:
    class Over(bt.Strategy):
        def __init__(self) -> None:
            self.average = bt.ind.SMA(self.data1, period=3)
            self.average.plotinfo.plotmaster = self.data0

    cerebro = bt.Cerebro(stdstats=False)
    feed = share()
    cerebro.adddata(feed)
    cerebro.resampledata(feed, timeframe=bt.TimeFrame.Weeks)
    cerebro.addstrategy(Over)
    cerebro.run()
    line = cerebro.plot()[0][0].axes[1].lines[1]
    assert len(line.get_xdata()) == 254
    values = line.get_ydata()
    steps = np.flatnonzero(np.diff(values[~np.isnan(values)]))
    assert len(steps) < 55


def test_indicators_of_indicators_of_indicators(ran: Ran) -> None:
    def parts(s: Any) -> None:
        one = bt.ind.RSI(s.data, safediv=True)
        for _ in range(4):
            one = bt.ind.Momentum(one, period=3)

    figure = ran(parts, stdstats=False).plot(volume=False)[0][0]
    assert [ax.get_subplotspec().rowspan.start for ax in figure.axes] == [0, 5, 6, 7, 8, 9]
    assert figure.axes[0].get_subplotspec().get_gridspec().nrows == 10


def test_rows_of_every_pane(ran: Ran) -> None:
    figure = ran(lambda s: bt.ind.RSI(s.data, safediv=True)).plot(rowsmajor=3, rowsminor=2)[0][0]
    spans = sorted(
        {(ax.get_subplotspec().rowspan.start, ax.get_subplotspec().rowspan.stop) for ax in figure.axes}
    )
    assert spans == [(0, 2), (2, 4), (4, 7), (7, 9)]


def test_borders_of_tags_have_the_colours_of_their_lines(ran: Ran) -> None:
    class Own(bt.Indicator):
        lines = ("own",)
        plotlines = dict(own=dict(color="purple"))

        def __init__(self) -> None:
            self.lines.own = self.data.close + 0.0

    figure = ran(lambda s: Own(s.data, subplot=True)).plot()[0][0]
    from matplotlib.colors import to_hex

    assert to_hex(figure.axes[-1].texts[0].get_bbox_patch().get_edgecolor()) == to_hex("purple")


def test_drawing_changes_nothing_in_the_run(ran: Ran) -> None:
    cerebro = ran(lambda s: bt.ind.RSI(s.data, safediv=True))
    strategy = cerebro.runstrats[0][0]
    before = [
        list(line.array) for thing in (cerebro.datas[0], *strategy.getindicators()) for line in thing.lines
    ]
    cerebro.plot(style="candle", start=dt.date(2020, 3, 1))
    after = [
        list(line.array) for thing in (cerebro.datas[0], *strategy.getindicators()) for line in thing.lines
    ]
    assert str(before) == str(after)
