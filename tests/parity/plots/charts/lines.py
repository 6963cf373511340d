"""Options of single lines and of their legend."""

from __future__ import annotations

from typing import Any

import backtrader as bt

from ..stage import Drawing, chart, daily, drawing


def lines_of(*names: str, subplot: bool = True, info: dict[str, Any] | None = None, **options: Any) -> Any:
    """An indicator class with lines around the close and with the given options."""

    class Wave(bt.Indicator):
        lines = names
        params = (("step", 1.5),)
        plotinfo = dict(subplot=subplot, **(info or {}))
        plotlines = options

        def __init__(self) -> None:
            average = bt.ind.SMA(self.data, period=5)
            for number, name in enumerate(names):
                setattr(self.lines, name, average + self.p.step * (number - 1))

    return Wave


@chart
def line_styles() -> Drawing:
    wave = lines_of(
        "a", "b", "c", "d",
        a=dict(ls="--", lw=3.0, color="purple"), b=dict(marker="o", markersize=4.0, ls=""),
        c=dict(linestyle=":", linewidth=0.5, alpha=0.5), d=dict(drawstyle="steps-mid"),
    )  # fmt: skip
    return drawing(parts=lambda s: wave(s.data))


@chart
def line_styles_over_prices() -> Drawing:
    wave = lines_of("a", "b", "c", subplot=False, a=dict(color="0.6"), c=dict(marker="*", fillstyle="none"))
    return drawing(parts=lambda s: wave(s.data))


@chart
def same_colour() -> Drawing:
    wave = lines_of("a", "b", "c", b=dict(_samecolor=True), c=dict(_samecolor=True))
    return drawing(parts=lambda s: (wave(s.data), wave(s.data, subplot=False)))


@chart
def line_names() -> Drawing:
    wave = lines_of("a", "b", "c", a=dict(_name="Alpha"), b=dict(_name=""), _2=dict(_name="Gamma"))
    return drawing(parts=lambda s: wave(s.data))


@chart
def lines_skipped() -> Drawing:
    wave = lines_of("a", "b", "c", a=dict(_plotskip=True), c=dict(_plotskip="True"))
    return drawing(parts=lambda s: wave(s.data))


@chart
def all_lines_skipped() -> Drawing:
    wave = lines_of("a", "b", a=dict(_plotskip=True), b=dict(_plotskip=True))
    return drawing(parts=lambda s: wave(s.data))


@chart
def bars_as_method() -> Drawing:
    wave = lines_of("a", "b", a=dict(_method="bar", alpha=0.5, width=1.0), b=dict(_method="step"))
    return drawing(parts=lambda s: (wave(s.data), bt.ind.MACDHisto(s.data)))


@chart
def other_methods() -> Drawing:
    wave = lines_of("a", "b", a=dict(_method="scatter", s=4.0), b=dict(_method="fill_between", alpha=0.3))
    return drawing(parts=lambda s: wave(s.data))


class Holes(bt.Indicator):
    """A value on every seventh bar."""

    lines = ("plain", "joined")
    plotlines = dict(plain=dict(marker="x"), joined=dict(_skipnan=True, marker="."))

    def next(self) -> None:
        if len(self) % 7 == 0:
            self.lines.plain[0] = self.lines.joined[0] = self.data.close[0]


@chart
def missing_values_skipped() -> Drawing:
    return drawing(parts=lambda s: (Holes(s.data), Holes(s.data, subplot=False)))


@chart
def fills_between_lines() -> Drawing:
    wave = lines_of("a", "b", "c", a=dict(_fill_gt=("b", "red")), c=dict(_fill_lt=("a", ("blue", 0.5))))
    return drawing(parts=lambda s: wave(s.data))


@chart(crash="TypeError")
def fills_to_a_number() -> Drawing:
    wave = lines_of(
        "a",
        "b",
        a=dict(_fill_gt=(84.0, "green"), _fill_lt=(84.0, ("red", 0.1))),
        b=dict(_fill=(80.0, "yellow")),
    )
    return drawing(parts=lambda s: wave(s.data))


@chart
def fill_alpha_of_the_scheme() -> Drawing:
    wave = lines_of("a", "b", a=dict(_fill_gt=("b", "red"), _fill_lt=("b", "green")))
    return drawing(parts=lambda s: wave(s.data, subplot=False, step=0.0), fillalpha=0.6)


@chart(
    differs={"lines": "values beyond the end are missing, not taken from the beginning", "tags": "the same"}
)
def cloud() -> Drawing:
    return drawing(
        parts=lambda s: bt.ind.Ichimoku(s.data, tenkan=5, kijun=9, senkou=18, senkou_lead=9, chikou=9)
    )


@chart
def line_labels() -> Drawing:
    wave = lines_of("a", "b", info=dict(plotlinelabels=True))
    return drawing(
        parts=lambda s: (wave(s.data), wave(s.data, subplot=False), bt.ind.SMA(s.data, plotlinelabels=True))
    )


@chart
def no_values_in_legends() -> Drawing:
    return drawing(
        parts=lambda s: (
            bt.ind.RSI(s.data, safediv=True, plotlinevalues=False),
            bt.ind.MACD(s.data, plotlinevalues=False),
        )
    )


@chart(differs={"tags": "plotvaluetags=False leaves tags out"})
def no_tags() -> Drawing:
    return drawing(
        parts=lambda s: (
            bt.ind.RSI(s.data, safediv=True, plotvaluetags=False),
            bt.ind.MACD(s.data, plotvaluetags=False),
        )
    )


@chart
def value_and_tag_of_one_line() -> Drawing:
    wave = lines_of("a", "b", "c", a=dict(_plotvalue=False), b=dict(_plotvaluetag=False))
    return drawing(parts=lambda s: (wave(s.data), wave(s.data, subplot=False)))


@chart
def no_values_by_scheme() -> Drawing:
    return drawing(linevalues=False, parts=lambda s: bt.ind.MACD(s.data))


@chart
def no_tags_by_scheme() -> Drawing:
    return drawing(valuetags=False, parts=lambda s: bt.ind.MACD(s.data))


@chart(
    differs={
        "lines": "values beyond the end are missing, not taken from the beginning",
        "tags": "the same",
        "legend": "the same",
    }
)
def missing_last_value() -> Drawing:
    return drawing(parts=lambda s: bt.LinePlotterIndicator(s.data.close(5), name="ahead", subplot=True))


@chart
def levels_and_ticks() -> Drawing:
    wave = lines_of("a", info=dict(plothlines=[80.0, 85.0], plotyticks=[78.0, 82.0], plotymargin=0.25))
    other = lines_of("a", info=dict(plotyhlines=[80.0, 85.0], plotymargin=0.5))
    third = lines_of("a", info=dict(plotyticks=[80.0, 90.0]))
    fourth = lines_of("a", info=dict(plotyhlines=[70.0, 100.0], plotyticks=[80.0], plothlines=[75.0]))
    return drawing(parts=lambda s: [kind(s.data) for kind in (wave, other, third, fourth)])


@chart
def levels_over_prices() -> Drawing:
    wave = lines_of("a", subplot=False, info=dict(plothlines=[80.0], plotyhlines=[85.0], plotyticks=[70.0]))
    return drawing(parts=lambda s: wave(s.data))


@chart
def levels_of_a_feed() -> Drawing:
    feed = daily()
    feed.plotinfo.plothlines = [80.0, 85.0]
    feed.plotinfo.plotyticks = [75.0, 85.0, 95.0]
    feed.plotinfo.plotyhlines = [82.0]
    feed.plotinfo.plotymargin = 0.3
    return drawing(feed)


@chart
def legend_places() -> Drawing:
    def parts(s: Any) -> None:
        bt.ind.RSI(s.data, safediv=True, legendloc="lower right")
        bt.ind.ATR(s.data, legendloc=4)
        bt.ind.ROC(s.data)

    feed = daily()
    feed.plotinfo.legendloc = "upper center"
    return drawing(feed, parts=parts)


@chart
def legends_switched() -> Drawing:
    def parts(s: Any) -> None:
        bt.ind.RSI(s.data, safediv=True).plotinfo.plotlegend = False
        bt.ind.ATR(s.data).plotinfo.plotlegend = True
        bt.ind.SMA(s.data, period=3).plotinfo.plotlegend = False

    return drawing(parts=parts)


@chart
def names_and_parameters() -> Drawing:
    def parts(s: Any) -> None:
        bt.ind.RSI(s.data, safediv=True, movav=bt.ind.EMA, plotname="Strength")
        bt.ind.MACD(s.data, period_me1=5)
        bt.ind.AllN(s.data, period=3)
        bt.ind.Stochastic(s.data, safediv=True)
        bt.ind.PPO(s.data, plotname="")

    return drawing(parts=parts)


@chart
def a_last_value_that_is_missing() -> Drawing:
    class Ends(bt.Indicator):
        lines = ("ends",)

        def next(self) -> None:
            if len(self) < 100:
                self.lines.ends[0] = self.data.close[0]

    return drawing(parts=lambda s: (Ends(s.data), Ends(s.data, subplot=False)))


@chart
def options_by_number_and_by_name() -> Drawing:
    wave = lines_of("a", "b", a=dict(color="red", _name="by name"), _0=dict(color="blue", _name="by number"))
    return drawing(parts=lambda s: wave(s.data))


@chart
def colours_given_and_taken() -> Drawing:
    wave = lines_of("a", "b", "c", "d", a=dict(color="black"), c=dict(color="black"), d=dict(_samecolor=True))
    return drawing(parts=lambda s: (wave(s.data), wave(s.data, subplot=False)))


@chart
def fill_of_an_overlay_and_alpha() -> Drawing:
    wave = lines_of("a", "b", a=dict(_fill_gt=("b", ("red", 0.4)), _fill_lt=("b", "g")))
    return drawing(parts=lambda s: (wave(s.data, step=-1.0), wave(s.data, subplot=False)), start=10)
