"""What is written beside and in the panes fits, whatever the size of a figure."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("matplotlib")

import backtrader as bt
from backtrader.plot.legends import _parts

Ran = Callable[..., Any]

SIZES = [(6.4, 4.8), (13.0, 7.5), (19.0, 10.0), (8.0, 20.0)]


def resize(figure: Any, width: float, height: float) -> None:
    """Give a figure another size, as a window does, and draw it."""
    figure.set_size_inches(width, height)
    figure.canvas.draw()


def legends(figure: Any) -> list[Any]:
    return [ax.get_legend() for ax in figure.axes if ax.get_legend() is not None]


def labels(axis: Any) -> list[Any]:
    """Texts of ticks that are seen, from the lowest to the highest."""
    low, high = sorted(axis.get_view_interval())
    ticks = [tick for tick in axis.get_major_ticks() if low <= tick.get_loc() <= high]
    both = [
        label
        for tick in sorted(ticks, key=lambda tick: float(tick.get_loc()))
        for label in (tick.label1, tick.label2)
    ]
    return [label for label in both if label.get_visible() and label.get_text()]


def dated(figure: Any) -> list[Any]:
    return [label for ax in figure.axes if ax.xaxis.get_visible() for label in labels(ax.xaxis)]


def everything(s: Any) -> None:
    for indicator in (bt.ind.RSI, bt.ind.MACDHisto, bt.ind.Stochastic):
        indicator(s.data, **({} if indicator is bt.ind.MACDHisto else {"safediv": True}))


@pytest.fixture(params=["days", "minutes"])
def drawn(request: pytest.FixtureRequest, ran: Ran, data_dir: Path) -> Callable[..., Any]:
    """A chart of daily bars, or of minutes, whose dates are longer."""

    def make(**options: Any) -> Any:
        path = str(data_dir / "acme-2020-minutes.csv")
        feed = bt.feeds.GenericCSVData(dataname=path, openinterest=-1, timeframe=bt.TimeFrame.Minutes)
        return ran(everything, feeds=[feed] if request.param == "minutes" else None).plot(**options)[0][0]

    return make


@pytest.mark.parametrize("turn", [0, 15, 45, 90])
def test_numbers_and_dates_are_in_the_figure(drawn: Callable[..., Any], turn: int) -> None:
    figure = drawn(tickrotation=turn)
    for size in SIZES:
        resize(figure, *size)
        seen = [*dated(figure), *(label for ax in figure.axes for label in labels(ax.yaxis))]
        assert len(seen) > 10
        for label in seen:
            box = label.get_window_extent()
            assert box.x0 >= 0 and box.y0 >= 0
            assert box.x1 <= figure.bbox.x1 and box.y1 <= figure.bbox.y1


def test_dates_do_not_lie_over_each_other(drawn: Callable[..., Any]) -> None:
    figure = drawn(tickrotation=0)
    for size in SIZES:
        resize(figure, *size)
        boxes = [label.get_window_extent() for label in dated(figure)]
        assert len(boxes) >= 2
        assert all(before.x1 < after.x0 for before, after in pairwise(boxes))


def test_inclined_dates_may_stand_closer(ran: Ran) -> None:
    cerebro, counts = ran(), []
    for turn in (0, 15, 45, 90):
        figure = cerebro.plot(tickrotation=turn)[0][0]
        resize(figure, 5.0, 4.8)
        counts.append(len(dated(figure)))
    assert counts == sorted(counts) and counts[0] < counts[-1]


def test_numbers_stay_in_their_pane_and_apart(drawn: Callable[..., Any]) -> None:
    figure = drawn()
    for size in SIZES:
        resize(figure, *size)
        for ax in figure.axes:
            boxes = [label.get_window_extent() for label in labels(ax.yaxis)]
            if len(boxes) > 1:  # alone, one may be higher than a very low pane
                assert boxes[0].y0 >= ax.bbox.y0 - 1.0 and boxes[-1].y1 <= ax.bbox.y1 + 1.0
            assert all(below.y1 <= above.y0 + 1.0 for below, above in pairwise(boxes))


def test_what_is_left_out_comes_back_with_the_room(drawn: Callable[..., Any]) -> None:
    figure = drawn()
    counts = []
    for size in (SIZES[2], SIZES[0], SIZES[2]):
        resize(figure, *size)
        counts.append([len(labels(axis)) for ax in figure.axes for axis in (ax.xaxis, ax.yaxis)])
    assert counts[0] == counts[2]
    assert sum(counts[1]) < sum(counts[0])


def test_margins_that_somebody_chose_stay(ran: Ran) -> None:
    figure = ran().plot()[0][0]
    figure.canvas.draw()
    figure.subplots_adjust(bottom=0.3, right=0.7)
    resize(figure, 12.0, 6.0)
    assert (figure.subplotpars.bottom, figure.subplotpars.right) == (0.3, 0.7)


def test_legends_stay_in_their_panes(ran: Ran) -> None:
    def parts(s: Any) -> None:
        for _ in range(4):
            bt.ind.StochasticFull(s.data, safediv=True)

    figure = ran(parts).plot()[0][0]
    for height, columns in ((9.0, 2), (30.0, 1), (7.0, 3), (4.8, 3), (9.0, 2)):
        resize(figure, 16.0, height)
        assert [legend._ncols for legend in legends(figure)[-4:]] == [columns] * 4
        for legend in legends(figure):
            box, pane = legend.get_window_extent(), legend.axes.bbox
            assert pane.y0 <= box.y0 < box.y1 <= pane.y1
            assert pane.x0 <= box.x0 < box.x1 <= pane.x1
        lines = 1 if height == 4.8 else 2
        text = legends(figure)[-1].get_texts()[0].get_text()
        assert text.startswith("StochasticFull") and len(text.split("\n")) == lines


def test_columns_of_a_legend_are_those_of_matplotlib() -> None:
    import matplotlib.pyplot as pyplot

    ax = pyplot.figure().add_subplot()
    handles = [ax.plot([0, 1])[0] for _ in range(11)]
    for count in range(1, 12):
        names = [str(number) for number in range(count)]
        for columns in range(1, count + 1):
            legend = ax.legend(handles[:count], names, ncols=columns)
            dealt = [
                [item.get_children()[1].get_text() for item in column.get_children()]
                for column in legend._legend_handle_box.get_children()
            ]
            assert [list(part) for part in _parts(names, columns)] == dealt


def test_saving_lays_legends_out_for_the_picture(ran: Ran, tmp_path: Path) -> None:
    figure = ran(lambda s: bt.ind.StochasticFull(s.data, safediv=True)).plot()[0][0]
    resize(figure, 6.4, 4.8)
    assert {legend._ncols for legend in legends(figure)} > {1}
    bt.plot.Plot().savefig(figure, tmp_path / "tall.png", width=8, height=40, dpi=20)
    assert {legend._ncols for legend in legends(figure)} == {1}


@pytest.mark.parametrize("suffix", ["svg", "pdf"])
def test_other_kinds_of_pictures_are_arranged_too(ran: Ran, tmp_path: Path, suffix: str) -> None:
    import matplotlib.pyplot as pyplot

    pyplot.switch_backend(suffix)
    figure = ran(everything).plot()[0][0]
    figure.set_size_inches(5.0, 4.0)
    figure.savefig(tmp_path / f"chart.{suffix}")
    assert figure.subplotpars.bottom > 0.06
