"""Charts of more bars than pixels."""

from __future__ import annotations

import time
from typing import Any

import numpy as np
import pytest

pytest.importorskip("matplotlib")

from backtrader.plot import thinning
from backtrader.plot.finance import plot_candlestick, plot_lineonclose, plot_ohlc, plot_volume
from backtrader.plot.thinning import BAR_PIXELS, ColumnBars, ThinLine, columns_in_view

COUNT = 20_000


@pytest.fixture
def prices() -> tuple[Any, ...]:
    rng = np.random.default_rng(5)
    closes = 100.0 + np.cumsum(rng.normal(0, 0.3, COUNT))
    opens = np.concatenate([closes[:1], closes[:-1]])
    highs = np.maximum(opens, closes) + rng.random(COUNT)
    lows = np.minimum(opens, closes) - rng.random(COUNT)
    return np.arange(COUNT, dtype=float), opens, highs, lows, closes


@pytest.fixture
def ax() -> Any:
    import matplotlib.pyplot as pyplot

    return pyplot.figure(figsize=(6, 4), dpi=100).add_subplot()


def shapes(artist: Any) -> Any:
    return np.array([path.vertices for path in artist.get_paths()])


def test_candles_of_several_bars_have_their_first_open_and_last_close(ax: Any, prices: Any) -> None:
    xs, opens, highs, lows, closes = prices
    bodies, wicks = plot_candlestick(ax, *prices)
    assert not bodies.get_paths()
    ax.figure.canvas.draw()
    shown, starts = columns_in_view(bodies, xs, BAR_PIXELS)
    first = shown.start + starts
    last = np.append(first[1:], shown.stop) - 1
    drawn = shapes(bodies)
    assert len(drawn) == len(starts) <= ax.bbox.width / BAR_PIXELS
    assert (drawn[:, 0, 1] == opens[first]).all()
    assert (drawn[:, 1, 1] == closes[last]).all()
    highest = [highs[a : b + 1].max() for a, b in zip(first, last)]
    lowest = [lows[a : b + 1].min() for a, b in zip(first, last)]
    ends = shapes(wicks)
    assert list(ends[: len(first), 0, 1]) == highest
    assert list(ends[len(first) :, 0, 1]) == lowest
    up = closes[last] > opens[first]
    colours = bodies.get_facecolor()
    assert {tuple(c) for c in colours[up]} == {(0.0, 0.0, 0.0, 1.0)}
    assert {tuple(c) for c in colours[~up]} == {(1.0, 0.0, 0.0, 1.0)}


def test_limits_are_those_of_all_bars(ax: Any, prices: Any) -> None:
    plot_candlestick(ax, *prices)
    assert (ax.dataLim.y0, ax.dataLim.y1) == (prices[3].min(), prices[2].max())
    assert (ax.dataLim.x0, ax.dataLim.x1) == (-0.45, COUNT)


def test_zooming_in_shows_single_bars(ax: Any, prices: Any) -> None:
    bodies, _ = plot_candlestick(ax, *prices)
    ax.figure.canvas.draw()
    ax.set_xlim(5000.0, 5020.0)
    ax.figure.canvas.draw()
    drawn = shapes(bodies)
    assert list(drawn[:, 0, 0] + 0.45) == list(range(4999, 5022))
    assert (drawn[:, 1, 1] == prices[4][4999:5022]).all()


def test_bars_and_volume_are_thinned_too(ax: Any, prices: Any) -> None:
    volumes = np.arange(float(COUNT)) % 977
    made = [*plot_ohlc(ax, *prices), *plot_volume(ax, prices[0], prices[1], prices[4], volumes)]
    ax.figure.canvas.draw()
    for artist in made:
        assert 0 < len(artist.get_paths()) <= ax.bbox.width / BAR_PIXELS
    assert shapes(made[-1])[:, 1, 1].max() == 976.0


def test_up_to_the_limit_every_bar_is_an_artists_own(ax: Any, prices: Any) -> None:
    few = tuple(column[: thinning.LIMIT] for column in prices)
    bodies, wicks = plot_candlestick(ax, *few)
    assert len(bodies.get_paths()) == thinning.LIMIT
    assert len(wicks.get_segments()) == 2 * thinning.LIMIT


def test_the_picture_at_the_limit_is_the_same(monkeypatch: pytest.MonkeyPatch, prices: Any) -> None:
    """Where single bars are in view, thinning draws what is drawn without it."""
    import matplotlib.pyplot as pyplot

    pictures = []
    for limit in (COUNT, 100):
        monkeypatch.setattr(thinning, "LIMIT", limit)
        figure = pyplot.figure(figsize=(6, 4), dpi=100)
        ax = figure.add_subplot()
        plot_candlestick(ax, *prices)
        plot_lineonclose(ax, prices[0], prices[4], color="blue")
        ax.set_xlim(7000.0, 7060.0)
        ax.set_ylim(prices[3][7000:7060].min(), prices[2][7000:7060].max())
        figure.canvas.draw()
        pictures.append(np.asarray(figure.canvas.buffer_rgba()).copy())
    assert (pictures[0] == pictures[1]).all()


def covered(figure: Any, ax: Any) -> Any:
    """For each column of pixels of the axes the rows that are not white."""
    figure.canvas.draw()
    picture = np.asarray(figure.canvas.buffer_rgba())[:, :, :3].min(axis=2) < 128
    box = ax.bbox
    return picture[:, int(box.x0) + 3 : int(box.x1) - 3]


def test_a_thinned_line_covers_the_same_pixels(monkeypatch: pytest.MonkeyPatch) -> None:
    import matplotlib.pyplot as pyplot

    rng = np.random.default_rng(9)
    values = np.cumsum(rng.normal(0, 1, 60_000))
    values[10_000:12_000] = np.nan
    shown = []
    for limit in (100_000, 1_000):
        monkeypatch.setattr(thinning, "LIMIT", limit)
        figure = pyplot.figure(figsize=(6, 4), dpi=100)
        ax = figure.add_axes((0.0, 0.0, 1.0, 1.0))
        ax.set_axis_off()
        ax.add_line(ThinLine(np.arange(60_000.0), values, color="black", lw=1.0))
        ax.set_xlim(0, 60_000)
        ax.set_ylim(np.nanmin(values), np.nanmax(values))
        shown.append(covered(figure, ax))
    assert (shown[0] != shown[1]).mean() < 0.02
    gap = shown[1][:, int(shown[1].shape[1] * 0.175) : int(shown[1].shape[1] * 0.195)]
    assert not gap.any()


def test_a_thinned_line_still_has_all_its_values(ax: Any) -> None:
    line = ThinLine(np.arange(50_000.0), np.arange(50_000.0))
    ax.add_line(line)
    ax.autoscale_view()
    ax.figure.canvas.draw()
    assert len(line.get_xdata()) == 50_000
    assert not line.stale


def test_bars_without_a_value_are_not_drawn_at_nothing(ax: Any) -> None:
    bars = ColumnBars.of(np.arange(4.0), np.array([np.nan, 2.0, -1.0, np.nan]), color="red", alpha=0.5)
    ax.add_collection(bars)
    assert (bars.get_datalim(ax.transData).x0, bars.get_datalim(ax.transData).x1) == (0.6, 2.4)
    heights = shapes(bars)[:, :2, 1].tolist()
    assert heights[1:3] == [[0.0, 2.0], [-1.0, 0.0]]
    assert np.isnan(heights[0]).all()
    assert tuple(bars.get_facecolor()[0]) == (1.0, 0.0, 0.0, 0.5)


@pytest.mark.slow
def test_a_million_bars_are_drawn_in_no_time(ax: Any) -> None:
    count = 1_000_000
    closes = 100.0 + np.cumsum(np.random.default_rng(1).normal(0, 0.1, count))
    xs = np.arange(float(count))
    began = time.process_time()
    plot_candlestick(ax, xs, closes - 0.1, closes + 0.3, closes - 0.3, closes)
    plot_volume(ax.twinx(), xs, closes - 0.1, closes, np.ones(count))
    ax.add_line(ThinLine(xs, closes))
    ax.figure.canvas.draw()
    assert time.process_time() - began < 5.0
