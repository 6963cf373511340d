"""The tags beside the last bar."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

pytest.importorskip("matplotlib")

import backtrader as bt
from backtrader.plot.tags import Tag, spread

PLACES = st.lists(st.floats(0.0, 100.0), min_size=1, max_size=12)


@given(PLACES)
def test_things_are_apart_in_view_and_in_their_order(places: list[float]) -> None:
    height = 5.0
    found = spread(places, height, 0.0, 100.0)
    order = sorted(range(len(places)), key=lambda i: (places[i], found[i]))
    for lower, upper in pairwise(order):
        assert found[upper] - found[lower] >= height - 1e-9
    assert all(0.0 <= place <= 100.0 for place in found)


@given(PLACES)
def test_what_has_room_stays(places: list[float]) -> None:
    apart = [place * 100.0 for place in sorted(set(map(round, places)))]
    assert spread(apart, 50.0, -100.0, 20_000.0) == apart


def test_more_than_there_is_room_for() -> None:
    assert spread([5.0] * 4, 10.0, 0.0, 20.0) == [-5.0, 5.0, 15.0, 25.0]


def tags(figure: Any) -> list[Any]:
    return [text for ax in figure.axes for text in ax.texts if isinstance(text, Tag)]


def boxes(figure: Any) -> list[Any]:
    """Where tags were drawn."""
    found: list[Any] = []
    original = Tag._shift
    for tag in tags(figure):
        if tag._in_view():
            found.append((tag._place() + original(tag), tag.get_window_extent().height, tag))
    return found


def test_tags_of_a_pane_do_not_lie_over_each_other(ran: Callable[..., Any]) -> None:
    cerebro = ran(lambda s: [bt.ind.SMA(s.data, period=period) for period in range(3, 12)])
    figure = cerebro.plot()[0][0]
    figure.set_size_inches(16, 9)
    figure.canvas.draw()
    panes: dict[Any, list[Any]] = {}
    for place, height, tag in boxes(figure):
        panes.setdefault(tag.axes.get_subplotspec().rowspan.start, []).append((place, height))
    crowd = sorted(panes[2])
    assert len(crowd) >= 10
    for (lower, height), (upper, _) in pairwise(crowd):
        assert upper - lower >= height


def test_tags_out_of_view_are_not_drawn(ran: Callable[..., Any]) -> None:
    figure = ran(lambda s: bt.ind.SMA(s.data.volume, period=3)).plot()[0][0]
    hidden = [tag for tag in tags(figure) if not tag._in_view()]
    assert [tag.get_text() for tag in hidden] == ["2500066.67"]
    assert hidden[0].get_tightbbox() is None
    figure.canvas.draw()  # with the original a text a million pixels high
    size = figure.get_tightbbox().size
    assert size[0] < 10 and size[1] < 10  # inches


def test_tags_out_of_the_dates_in_view_are_not_drawn(ran: Callable[..., Any]) -> None:
    figure = ran().plot()[0][0]
    figure.axes[0].set_xlim(10, 20)
    assert not any(tag._in_view() for tag in tags(figure))
