"""Options of lines."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import backtrader as bt
from backtrader.errors import BacktraderError
from backtrader.plot.series import last_of, looks_of

Ran = Callable[..., Any]


def wave(**options: Any) -> Any:
    class Wave(bt.Indicator):
        lines = ("a", "b", "c")
        plotlines = options

        def __init__(self) -> None:
            self.lines.a = self.data.close + 0.0
            self.lines.b = self.data.high + 0.0
            self.lines.c = self.data.low + 0.0

    return Wave


def looks(ran: Ran, **options: Any) -> list[Any]:
    kind = wave(**options)
    strategy = ran(lambda s: kind(s.data), stdstats=False).runstrats[0][0]
    return list(looks_of(strategy.getindicators()[0]))


def test_names_and_options(ran: Ran) -> None:
    a, b, c = looks(
        ran, a=dict(_name="Alpha", ls=":"), _1=dict(color="red"), b=dict(color="blue"), c=dict(_method="bar")
    )
    assert (a.name, b.name, c.name) == ("Alpha", "b", "c")
    assert (a.style, b.style, c.style) == ({"ls": ":"}, {"color": "red"}, {})
    assert (a.method, c.method) == ("plot", "bar")
    assert a.option("_samecolor", False) is False


def test_skipped_lines(ran: Ran) -> None:
    assert [look.alias for look in looks(ran, a=dict(_plotskip=True), c=dict(_plotskip="True"))] == ["b"]


def test_options_changed_on_an_object(ran: Ran) -> None:
    kind = wave(a=dict(color="red"))

    def parts(s: Any) -> None:
        made = kind(s.data)
        made.plotlines.a.color = "green"
        made.plotlines.a.lw = 3.0

    strategy = ran(parts, stdstats=False).runstrats[0][0]
    assert next(iter(looks_of(strategy.getindicators()[0]))).style == {"color": "green", "lw": 3.0}


def test_fills(ran: Ran) -> None:
    a, b, _ = looks(
        ran, a=dict(_fill_gt=("b", "red"), _fill_lt=(80, ("blue", 0.5))), b=dict(_fill=("c", "g"))
    )
    assert a.fills == [("_fill_gt", "b", "red", None), ("_fill_lt", 80, "blue", 0.5)]
    assert b.fills == [("_fill", "c", "g", None)]


def areas(figure: Any) -> list[Any]:
    names = "PolyCollection", "FillBetweenPolyCollection"  # before and after matplotlib 3.10
    return [one for ax in figure.axes for one in ax.collections if type(one).__name__ in names]


def test_a_fill_up_to_a_number(ran: Ran) -> None:
    kind = wave(a=dict(_fill_gt=(80.0, "green"), _fill_lt=(80.0, ("red", 0.5))))
    above, below = areas(ran(lambda s: kind(s.data)).plot()[0][0])
    heights = [np.concatenate([path.vertices[:, 1] for path in one.get_paths()]) for one in (above, below)]
    assert heights[0].min() == pytest.approx(80.0) == heights[1].max()
    assert (above.get_alpha(), below.get_alpha()) == (0.2, 0.5)


def test_a_fill_up_to_a_line_that_there_is_not(ran: Ran) -> None:
    kind = wave(a=dict(_fill_gt=("bee", "green")))
    with pytest.raises(BacktraderError, match=r"Wave.plotlines: line 'a' is to be filled up to a line 'bee'"):
        ran(lambda s: kind(s.data)).plot()


def test_a_method_that_there_is_not(ran: Ran) -> None:
    kind = wave(b=dict(_method="wiggle"))
    with pytest.raises(BacktraderError, match="_method='wiggle', which is no drawing method"):
        ran(lambda s: kind(s.data)).plot()


def test_bars_with_options_of_their_own_are_matplotlibs(ran: Ran) -> None:
    kind = wave(a=dict(_method="bar", hatch="/"), b=dict(_method="bar", width=1.0))
    ax = ran(lambda s: kind(s.data, subplot=True)).plot()[0][0].axes[-1]
    assert len(ax.patches) == 254
    assert [type(one).__name__ for one in ax.collections] == ["ColumnBars"]
    assert [text.get_text() for text in ax.get_legend().get_texts()] == [
        "Wave\na 78.07",
        "b 78.07",
        "c 76.62",
    ]


def test_the_colour_may_be_given_by_its_short_name(ran: Ran) -> None:
    kind = wave(a=dict(c="orange"))
    ax = ran(lambda s: kind(s.data, subplot=True)).plot()[0][0].axes[-1]
    assert ax.lines[0].get_color() == "orange"


def test_last_values() -> None:
    assert last_of(np.array([1.0, 2.0])) == 2.0
    assert last_of(np.array([1.0, np.nan])) is None
    assert last_of(np.array([])) is None
