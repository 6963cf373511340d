"""Which pane things go to, without any drawing."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import backtrader as bt
from backtrader.plot.layout import Layout, holder_of

Ran = Callable[..., Any]


def layout_of(cerebro: Any) -> Layout:
    return Layout(cerebro.runstrats[0][0])


def names(things: Any) -> list[str]:
    return [thing.plotinfo.plotname or type(thing).__name__ for thing in things]


def test_observers_have_panes_above_all_feeds_or_lie_over_them(ran: Ran) -> None:
    cerebro = ran()
    layout = layout_of(cerebro)
    assert [type(one).__name__ for one in layout.top] == ["Broker", "Trades"]
    assert [type(one).__name__ for one in layout.over[cerebro.datas[0]]] == ["BuySell"]


def test_indicators_go_where_their_options_say(ran: Ran) -> None:
    def parts(s: Any) -> None:
        bt.ind.SMA(s.data)
        bt.ind.RSI(s.data, safediv=True)
        bt.ind.ATR(s.data, plotabove=True)
        bt.ind.ROC(s.data, plot=False)
        bt.ind.Momentum(s.data, plotskip=True)
        bt.ind.CCI(s.data, subplot=False)

    cerebro = ran(parts, stdstats=False)
    layout, data = layout_of(cerebro), cerebro.datas[0]
    assert names(layout.over[data]) == ["SMA", "CCI"]
    assert names(layout.down[data]) == ["RSI"]
    assert names(layout.up[data]) == ["ATR"]


def test_a_chain_of_indicators(ran: Ran) -> None:
    def parts(s: Any) -> None:
        s.rsi = bt.ind.RSI(s.data, safediv=True, plotname="rsi")
        s.over = bt.ind.SMA(s.rsi, plotname="over")
        s.below = bt.ind.Momentum(s.over, plotname="below")
        s.above = bt.ind.Momentum(s.rsi, plotabove=True, plotname="above")
        bt.ind.SMA(s.below, period=2, plotname="over the one below")

    cerebro = ran(parts, stdstats=False)
    layout, strategy = layout_of(cerebro), cerebro.runstrats[0][0]
    assert names(layout.overlays(strategy.rsi)) == ["over"]
    assert names(layout.above(strategy.rsi)) == ["above"]
    assert names(layout.below(strategy.rsi)) == ["below"]
    assert names(layout.overlays(strategy.below)) == ["over the one below"]
    assert names(layout.panes(cerebro.datas[0])) == ["rsi", "above", "below"]


def test_a_line_stands_for_what_it_is_a_line_of(ran: Ran, share: Any) -> None:
    def parts(s: Any) -> None:
        s.macd = bt.ind.MACD(s.data)
        s.of_line = bt.ind.SMA(s.macd.signal, period=3)
        s.of_operation = bt.ind.SMA(s.data1.close - s.data1.open, period=3)
        s.of_feed_line = bt.ind.SMA(s.data1.volume, period=3)

    cerebro = ran(parts, feeds=[share(), share("zeno")], stdstats=False)
    strategy = cerebro.runstrats[0][0]
    assert holder_of(strategy.of_line._clock) is strategy.macd
    assert holder_of(strategy.of_operation._clock) is strategy
    assert strategy.of_operation in layout_of(cerebro).over[cerebro.datas[0]]
    assert holder_of(strategy.of_feed_line._clock) is cerebro.datas[1]
    assert holder_of(None) is None


def test_masters(ran: Ran) -> None:
    def parts(s: Any) -> None:
        s.rsi = bt.ind.RSI(s.data, safediv=True)
        s.fast = bt.ind.RSI(s.data, period=5, safediv=True)
        s.fast.plotinfo.plotmaster = s.rsi

    cerebro = ran(parts, stdstats=False)
    layout, strategy = layout_of(cerebro), cerebro.runstrats[0][0]
    assert layout.over[strategy.rsi] == [strategy.fast]
    assert layout.down[cerebro.datas[0]] == [strategy.rsi]


def test_feeds_that_are_not_drawn(ran: Ran, share: Any) -> None:
    first, second = share(), share("zeno")
    first.plotinfo.plot = False
    assert layout_of(ran(feeds=[first, second])).feeds == [second]


def test_options_are_derived_just_before(ran: Ran) -> None:
    class Late(bt.Indicator):
        lines = ("late",)

        def __init__(self) -> None:
            self.lines.late = self.data.close + 0.0

        def _plotinit(self) -> None:
            self.plotinfo.plotabove = True

    cerebro = ran(lambda s: Late(s.data), stdstats=False)
    assert names(layout_of(cerebro).up[cerebro.datas[0]]) == ["Late"]
