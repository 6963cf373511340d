"""Which pane an indicator goes to."""

from __future__ import annotations

from typing import Any

import backtrader as bt

from ..stage import Drawing, Quiet, chart, daily, drawing, together_with


@chart
def indicator_above() -> Drawing:
    return drawing(parts=lambda s: bt.ind.RSI(s.data, safediv=True, plotabove=True))


@chart
def indicators_above_and_below() -> Drawing:
    def parts(s: Any) -> None:
        bt.ind.RSI(s.data, safediv=True, plotabove=True)
        bt.ind.ATR(s.data)
        bt.ind.MACD(s.data, plotabove=True)
        bt.ind.Momentum(s.data)

    return drawing(parts=parts)


@chart
def average_in_its_own_pane() -> Drawing:
    return drawing(parts=lambda s: bt.ind.SMA(s.data, period=5, subplot=True))


@chart
def indicator_of_an_indicator() -> Drawing:
    def parts(s: Any) -> None:
        rsi = bt.ind.RSI(s.data, safediv=True)
        bt.ind.SMA(rsi, period=5)
        bt.ind.EMA(rsi, period=9)

    return drawing(parts=parts)


@chart
def indicator_of_an_indicator_own_pane() -> Drawing:
    def parts(s: Any) -> None:
        rsi = bt.ind.RSI(s.data, safediv=True)
        bt.ind.SMA(rsi, period=5, subplot=True)
        bt.ind.Momentum(rsi, plotabove=True)

    return drawing(parts=parts)


@chart
def indicator_of_an_average() -> Drawing:
    def parts(s: Any) -> None:
        bt.ind.SMA(s.averages[0], period=5)
        bt.ind.RSI(s.averages[0], period=5, safediv=True)

    return drawing(parts=parts)


@chart(
    differs={
        "lines": "an indicator of an indicator of an indicator is drawn",
        "tags": "the same",
        "legend": "the same",
    }
)
def chain_of_indicators() -> Drawing:
    def parts(s: Any) -> None:
        rsi = bt.ind.RSI(s.data, safediv=True)
        roc = bt.ind.ROC(rsi, period=3)
        bt.ind.SMA(roc, period=3)
        bt.ind.SMA(bt.ind.SMA(rsi, period=3), period=3)

    return drawing(parts=parts)


@chart
def indicator_with_a_master() -> Drawing:
    def parts(s: Any) -> None:
        rsi = bt.ind.RSI(s.data, safediv=True)
        fast = bt.ind.RSI(s.data, period=5, safediv=True)
        fast.plotinfo.plotmaster = rsi

    return drawing(parts=parts)


@chart
def indicator_with_another_feed_as_master() -> Drawing:
    def parts(s: Any) -> None:
        average = bt.ind.SMA(s.data1, period=5)
        average.plotinfo.plotmaster = s.data0

    return drawing(daily("zeno"), daily(), parts=parts)


@chart
def oscillator_over_prices() -> Drawing:
    def parts(s: Any) -> None:
        s.atr = bt.ind.ATR(s.data)
        s.atr.plotinfo.plotmaster = s.data

    return drawing(parts=parts)


@chart
def oscillator_over_prices_no_subplot() -> Drawing:
    return drawing(parts=lambda s: bt.ind.ATR(s.data, subplot=False))


@chart
def indicators_not_drawn() -> Drawing:
    def parts(s: Any) -> None:
        bt.ind.RSI(s.data, safediv=True, plot=False)
        bt.ind.ATR(s.data, plotskip=True)
        bt.ind.SMA(s.data, period=4).plotinfo.plot = False
        hidden = bt.ind.ROC(s.data, plot=False)
        bt.ind.SMA(hidden, period=4, plotname="of a hidden one")

    return drawing(parts=parts)


@chart(differs={"rows": "no room is kept for what is not drawn", "place": "the same"})
def indicator_of_a_hidden_one_own_pane() -> Drawing:
    def parts(s: Any) -> None:
        hidden = bt.ind.ROC(s.data, plot=False)
        bt.ind.SMA(hidden, period=4, subplot=True)

    return drawing(parts=parts)


@chart
def indicators_of_single_lines() -> Drawing:
    def parts(s: Any) -> None:
        bt.ind.EMA(s.data.high, period=5)
        bt.ind.SMA(s.data.volume, period=7, subplot=True, plotname="Average volume")

    return drawing(parts=parts)


@chart(crash="RuntimeError")
def average_of_volume_over_prices() -> Drawing:
    return drawing(parts=lambda s: bt.ind.SMA(s.data.volume, period=5))


@chart(crash="AttributeError")
def forced() -> Drawing:
    return drawing(parts=lambda s: bt.ind.SMA(bt.ind.ROC(s.data, plot=False), period=4, plotforce=True))


@chart
def of_an_operation() -> Drawing:
    return drawing(
        parts=lambda s: (
            bt.ind.SMA(s.data.close - s.data.open, period=4),
            bt.ind.SMA(s.data.close / 1.01, period=4),
        )
    )


@chart
def of_operations_of_the_second_feed() -> Drawing:
    def parts(s: Any) -> None:
        bt.ind.SMA(s.data1.close - s.data1.open, period=4, subplot=True)
        bt.ind.SMA(s.data1.close - s.data0.close, period=4, subplot=True)
        bt.ind.SMA(abs(s.data1.close(-1) - s.data0.close) * 2.0, period=4, subplot=True)
        bt.ind.SMA(bt.If(s.data1.close > s.data1.open, s.data0.high, s.data1.low), period=4, subplot=True)
        bt.ind.EMA(bt.Max(s.data1.close, s.data1.open), period=4)

    return drawing(daily(), daily("zeno"), parts=parts)


@chart
def forced_on_a_feed() -> Drawing:
    return drawing(parts=lambda s: bt.ind.SMA(s.data, period=4, plotforce=True))


@chart
def forced_on_an_operation() -> Drawing:
    return drawing(parts=lambda s: bt.ind.SMA(s.data.close - s.data.open, period=4, plotforce=True))


@chart
def indicator_of_a_skipped_one() -> Drawing:
    return drawing(parts=lambda s: bt.ind.SMA(bt.ind.ROC(s.data, plotskip=True), period=4))


@chart
def indicators_of_two_feeds() -> Drawing:
    def parts(s: Any) -> None:
        bt.ind.CrossOver(s.data0, s.data1)
        bt.ind.OLS_Slope_InterceptN(s.data0, s.data1) if False else bt.ind.RSI(s.data1, safediv=True)

    return drawing(daily(), daily("zeno"), parts=parts)


@chart
def line_operation_drawn() -> Drawing:
    def parts(s: Any) -> None:
        bt.LinePlotterIndicator(s.data.close - s.data.open, name="body")

    return drawing(parts=parts)


@chart
def comparison_drawn() -> Drawing:
    def parts(s: Any) -> None:
        bt.LinePlotterIndicator(s.data.close > s.data.open, name="up", subplot=True, plotname="Up days")

    return drawing(parts=parts)


@chart
def many_panes() -> Drawing:
    def parts(s: Any) -> None:
        for period in range(3, 12):
            bt.ind.RSI(s.data, period=period, safediv=True)

    return drawing(parts=parts, strategy=Quiet)


@chart
def many_averages() -> Drawing:
    def parts(s: Any) -> None:
        for period in range(3, 18):
            bt.ind.SMA(s.data, period=period)

    return drawing(parts=parts, strategy=Quiet)


@chart
def own_plotinit_and_label() -> Drawing:
    class Mine(bt.Indicator):
        lines = ("mine",)
        params = (("level", 5.0), ("what", bt.ind.SMA))
        plotinfo = dict(subplot=True)

        def __init__(self) -> None:
            self.lines.mine = self.data.close - self.data.low

        def _plotlabel(self) -> Any:
            return [self.p.level, "more"]

        def _plotinit(self) -> None:
            self.plotinfo.plotyhlines = [self.p.level]
            self.plotinfo.plotname = "made in _plotinit"

    return drawing(parts=lambda s: Mine(s.data, level=2.5))


@chart
def sub_indicators_inside_indicators() -> Drawing:
    class Outer(bt.Indicator):
        lines = ("diff",)

        def __init__(self) -> None:
            fast, slow = bt.ind.SMA(self.data, period=3), bt.ind.SMA(self.data, period=9)
            self.lines.diff = fast - slow

    return drawing(parts=lambda s: Outer(s.data))


def _strength(source: Any, **options: Any) -> Any:
    return bt.ind.RSI(source, period=5, safediv=True, **options)


@chart
def below_an_average_and_below_the_feed() -> Drawing:
    def parts(s: Any) -> None:
        _strength(s.averages[0], plotname="of the average")
        bt.ind.ATR(s.data)
        _strength(s.averages[0], plotname="above, of the average", plotabove=True)
        bt.ind.ROC(s.data, plotabove=True)

    return drawing(parts=parts)


@chart(
    differs={"panes": "indicators of indicators of indicators are drawn, where the original leaves room only"}
)
def four_levels_down() -> Drawing:
    def parts(s: Any) -> None:
        first = _strength(s.data)
        second = bt.ind.Momentum(first)
        third = bt.ind.ROC(second, period=3)
        bt.ind.Momentum(third, period=2)

    return drawing(parts=parts)


@chart
def over_one_that_is_above() -> Drawing:
    def parts(s: Any) -> None:
        above = _strength(s.data, plotabove=True)
        bt.ind.SMA(above, period=5)
        bt.ind.Momentum(above, plotabove=True)
        bt.ind.ROC(above)

    return drawing(parts=parts)


@chart
def of_lines_of_indicators() -> Drawing:
    def parts(s: Any) -> None:
        macd = bt.ind.MACD(s.data)
        bt.ind.SMA(macd.signal, period=3)
        bt.ind.EMA(macd.macd - macd.signal, period=3)

    return drawing(parts=parts)


@chart
def master_that_is_an_overlay() -> Drawing:
    def parts(s: Any) -> None:
        atr = bt.ind.ATR(s.data)
        atr.plotinfo.plotmaster = s.averages[0]

    return drawing(parts=parts)


@chart(
    differs={
        "lines": "an observer on the strategy's clock is drawn over the first feed",
        "tags": "the same",
        "legend": "the same",
    }
)
def observer_with_a_master() -> Drawing:
    cerebro = bt.Cerebro()
    cerebro.addobserver(bt.observers.Value, subplot=False)
    return drawing(cerebro=cerebro)


@chart(crash="ValueError")
def weekly_average_on_days() -> Drawing:
    def parts(s: Any) -> None:
        average = bt.ind.SMA(s.data1, period=3)
        average.plotinfo.plotmaster = s.data0

    return drawing(cerebro=together_with(daily(), bt.TimeFrame.Weeks), parts=parts)


@chart(differs={"lines": "has the name of what is coupled", "legend": "the same"})
def weekly_average_coupled_to_days() -> Drawing:
    def parts(s: Any) -> None:
        bt.ind.SMA(s.data1, period=3)()

    return drawing(cerebro=together_with(daily(), bt.TimeFrame.Weeks), parts=parts)


@chart
def daily_and_weekly_together() -> Drawing:
    def parts(s: Any) -> None:
        bt.ind.SMA(s.data0.close - s.data1.close(), period=3, plotname="difference", subplot=True)

    return drawing(cerebro=together_with(daily(), bt.TimeFrame.Weeks), parts=parts)
