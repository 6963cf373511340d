"""How a feed's bars and volume are drawn."""

from __future__ import annotations

from typing import Any

import backtrader as bt

from ..stage import Drawing, Quiet, chart, daily, drawing


@chart
def closes_as_a_line() -> Drawing:
    return drawing(parts=lambda s: bt.ind.RSI(s.data, safediv=True))


@chart
def candles() -> Drawing:
    return drawing(style="candle")


@chart
def bars() -> Drawing:
    return drawing(style="bar")


@chart
def candles_with_colours() -> Drawing:
    return drawing(
        style="candle",
        barup="#117733",
        bardown="#cc3311",
        bartrans=0.4,
        volup="blue",
        voldown="orange",
        voltrans=0.8,
    )


@chart
def candles_hollow() -> Drawing:
    return drawing(style="candle", barupfill=False, bardownfill=False, barup="0.5")


@chart
def candles_hollow_up() -> Drawing:
    return drawing(style="candle", barupfill=False)


@chart
def bars_with_colours() -> Drawing:
    return drawing(style="bar", barup="green", bardown="magenta", loc="grey", volume=False)


@chart
def line_with_colour() -> Drawing:
    return drawing(loc="navy", strategy=Quiet)


@chart
def no_volume() -> Drawing:
    return drawing(volume=False)


@chart
def volume_below() -> Drawing:
    return drawing(voloverlay=False, style="candle")


@chart
def volume_below_of_two_feeds() -> Drawing:
    return drawing(daily(), daily("zeno"), voloverlay=False)


@chart
def volume_settings() -> Drawing:
    return drawing(volscaling=0.5, volpushup=0.25, voltrans=0.2)


@chart(crash="ValueError")
def volume_missing() -> Drawing:
    return drawing(daily(volume=-1))


@chart(differs={"panes": "no empty axes for volume that there is not"})
def volume_all_zero() -> Drawing:
    return drawing(daily(volume=-1, nullvalue=0.0))


class Large(bt.feeds.GenericCSVData):
    """Billions are traded."""

    def _loadline(self, tokens: Any) -> Any:
        done = super()._loadline(tokens)
        self.lines.volume[0] *= 12345.0
        return done


@chart
def volume_in_billions() -> Drawing:
    return drawing(daily(kind=Large), strategy=Quiet)


class Small(Large):
    """A few pieces are traded."""

    def _loadline(self, tokens: Any) -> Any:
        done = super()._loadline(tokens)
        self.lines.volume[0] = float(len(self) % 7)
        return done


@chart
def volume_of_pieces() -> Drawing:
    return drawing(daily(kind=Small), strategy=Quiet)


@chart
def not_limited_to_prices() -> Drawing:
    feed = daily()
    feed.plotinfo.plotylimited = False
    return drawing(feed, parts=lambda s: bt.ind.SMA(s.data.close * 1.2, period=5, plotname="above"))


@chart
def limited_to_prices() -> Drawing:
    return drawing(parts=lambda s: bt.ind.SMA(s.data.close * 1.2, period=5, plotname="above"))


@chart(differs={"y axis": "prices have ticks, which seldom fall on powers of ten"})
def logarithmic() -> Drawing:
    feed = daily()
    feed.plotinfo.plotlog = True
    return drawing(feed)


@chart
def missing_prices() -> Drawing:
    class Holes(Large):
        def _loadline(self, tokens: Any) -> Any:
            done = super()._loadline(tokens)
            if len(self) % 9 == 5:
                for line in (self.l.open, self.l.high, self.l.low, self.l.close):
                    line[0] = float("nan")
            return done

    return drawing(daily(kind=Holes), strategy=Quiet, style="candle", volume=False)


@chart(differs={"panes": "no empty pane for volume that there is not"})
def no_volume_to_put_below() -> Drawing:
    return drawing(daily(volume=-1, nullvalue=0.0), voloverlay=False)


@chart
def values_of_feeds_not_shown() -> Drawing:
    return drawing(linevalues=False, valuetags=False, style="bar")
