"""Indicators are drawn where and how their plotinfo and plotlines say."""

from __future__ import annotations

from typing import Any

import pytest

import backtrader as bt
from backtrader.plot.layout import Layout
from backtrader.report.colors import PALETTE, css_color
from backtrader.report.panes import panes_of
from tests.browser import runs

pytest.importorskip("pandas")


class Marked(bt.Indicator):
    """All the options a line can have."""

    lines = ("band", "base", "bars", "marks", "hidden", "empty")
    plotinfo = dict(plotyhlines=[70.0], plothlines=[30.0, 70.0], plotname="All of it")
    plotlines = dict(
        band=dict(color="red", ls="--", _fill_gt=("base", "green"), _fill_lt=(50.0, "C1")),
        base=dict(_name="The base"),
        bars=dict(_method="bar", color="0.5"),
        marks=dict(marker="^", ls="", color="#123456", markersize=8.0),
        hidden=dict(_plotskip=True),
        empty=dict(),
    )

    def __init__(self) -> None:
        self.lines.band = self.data.close * 1.0
        self.lines.base = self.data.open * 1.0
        self.lines.bars = self.data.close - self.data.open
        self.lines.marks = self.data.high * 1.0
        self.lines.hidden = self.data.low * 1.0
        self.lines.empty = self.data.low * float("nan")


def panes(make: Any, feeds: int = 1, feed: int = 0) -> list[dict[str, Any]]:
    class One(bt.Strategy):
        def __init__(self) -> None:
            make(self)

    cerebro = bt.Cerebro()
    for number in range(feeds):
        cerebro.adddata(runs.daily(f"F{number}", number + 1, 60))
    cerebro.addstrategy(One)
    (strategy,) = cerebro.run()
    return panes_of(Layout(strategy), strategy.datas[feed])


def titles(found: list[dict[str, Any]]) -> list[str]:
    return [pane["title"] for pane in found]


def test_a_pane_of_its_own_over_the_price_or_above_it() -> None:
    def make(strategy: Any) -> None:
        bt.indicators.SMA(period=5)
        bt.indicators.RSI(period=5)
        bt.indicators.ATR(period=5, plotabove=True)
        bt.indicators.CCI(period=5, plot=False)

    found = panes(make)
    assert titles(found) == ["ATR (5)", "F0", "RSI (5)"]
    assert [series["of"] for series in found[1]["series"]] == ["SMA (5)"]
    assert found[2]["levels"] == [30.0, 70.0]


def test_indicators_of_indicators_go_with_them() -> None:
    def make(strategy: Any) -> None:
        rsi = bt.indicators.RSI(period=5)
        bt.indicators.SMA(rsi, period=3)  # over what it is made of
        other = bt.indicators.Momentum(period=4)
        bt.indicators.EMA(strategy.data, period=3, plotmaster=other)

    found = panes(make)
    assert titles(found) == ["F0", "RSI (5)", "Momentum (4)"]
    assert [series["of"] for series in found[1]["series"]] == ["RSI (5)", "SMA (3)"]
    assert [series["of"] for series in found[2]["series"]] == ["Momentum (4)", "EMA (3)"]


def test_each_feed_has_its_own() -> None:
    def make(strategy: Any) -> None:
        for data in strategy.datas:
            bt.indicators.SMA(data, period=5)
        bt.indicators.RSI(strategy.datas[1].close, period=5)

    assert titles(panes(make, 2, 0)) == ["F0"]
    assert titles(panes(make, 2, 1)) == ["F1", "RSI (5)"]
    assert [len(pane["series"]) for pane in panes(make, 2, 1)] == [1, 1]


def test_lines_have_their_options() -> None:
    (_, pane) = panes(lambda strategy: Marked())
    assert pane["title"] == "All of it"
    assert pane["levels"] == [30.0, 70.0]
    band, base, bars, marks = pane["series"]  # no hidden line, and none that never was a number
    assert (band["style"], band["dash"], band["color"]) == ("line", True, "#d6453d")
    assert band["fills"] == [
        {"where": "above", "color": "#2c9f5f", "line": "base"},
        {"where": "below", "color": PALETTE[1], "level": 50.0},
    ]
    assert (base["name"], base["color"]) == ("The base", PALETTE[1])
    assert (bars["style"], bars["color"]) == ("bar", "#808080")
    assert (marks["style"], marks["color"]) == ("points", "#123456")


def test_a_pane_without_a_number_is_no_pane() -> None:
    found = panes(
        lambda strategy: bt.indicators.SMA(bt.indicators.RSI(period=50, plot=False), period=40, subplot=True)
    )
    assert titles(found) == ["F0"]


@pytest.mark.parametrize(
    ("given", "css"),
    [
        ("red", "#d6453d"), ("r", "#d6453d"), ("k", "ink"), ("C0", PALETTE[0]), ("C9", PALETTE[1]), ("tab:orange", PALETTE[1]),
        ("tab:red", "#d6453d"), ("0.75", "#bfbfbf"), ("#AbCdEf", "#abcdef"), ((1.0, 0.5, 0.0), "#ff8000"), ((0, 0, 0, 0.5), "#00000080"),
        ("lightskyblue", "lightskyblue"), (None, None), ("", None), ("not a colour;}", None), (("a", "b", "c"), None), (3, None),
    ],
)  # fmt: skip
def test_colours_of_matplotlib_become_colours_of_the_browser(given: Any, css: str | None) -> None:
    assert css_color(given) == css
