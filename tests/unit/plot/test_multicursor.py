"""The cross-hair."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

pytest.importorskip("matplotlib")

from matplotlib.backend_bases import MouseEvent

from backtrader.plot.multicursor import MultiCursor, MultiCursor2

Ran = Callable[..., Any]


def move(figure: Any, ax: Any, x: float, y: float) -> None:
    px, py = ax.transData.transform((x, y))
    figure.canvas.callbacks.process(
        "motion_notify_event", MouseEvent("motion_notify_event", figure.canvas, px, py)
    )


@pytest.fixture
def chart(ran: Ran) -> Any:
    figure = ran().plot()[0][0]
    figure.canvas.draw()
    return figure


def seen(chart: Any) -> list[list[str]]:
    """Dotted lines that are visible in each pane."""
    return [
        [str(line.get_linestyle()) for line in ax.lines if line.get_visible() and line.get_ls() == ":"]
        for ax in chart.axes
    ]


def test_a_chart_that_nobody_points_at_has_no_cross_hair(chart: Any) -> None:
    assert not any(seen(chart))
    assert not any(not line.get_visible() for ax in chart.axes for line in ax.lines)


def test_it_follows_the_mouse_through_all_panes(chart: Any) -> None:
    limits = [(ax.get_xlim(), ax.get_ylim()) for ax in chart.axes]
    move(chart, chart.axes[0], 100.0, sum(chart.axes[0].get_ylim()) / 2)
    assert [len(lines) for lines in seen(chart)] == [2, 1, 1, 1]
    dotted = (line for ax in chart.axes for line in ax.lines if line.get_ls() == ":")
    upright = next(line for line in dotted if line.get_visible())
    assert upright.get_xdata()[0] == pytest.approx(100.0, abs=0.5)
    assert [(ax.get_xlim(), ax.get_ylim()) for ax in chart.axes] == limits
    chart.canvas.draw()
    assert not any(seen(chart))  # drawn anew: shown again when the mouse moves


def cursor_of(chart: Any, kind: Any = MultiCursor, **options: Any) -> Any:
    return kind(chart.canvas, chart.axes, color="black", ls=":", **options)


def test_both_lines_everywhere(chart: Any) -> None:
    both = cursor_of(chart, MultiCursor2, horizOn=True)
    move(chart, chart.axes[0], 100.0, sum(chart.axes[0].get_ylim()) / 2)
    assert [len(lines) for lines in seen(chart)] == [4, 3, 3, 3]  # with those of the chart's own
    both.disconnect()


@pytest.mark.parametrize("stop", ["disconnect", "switch off"])
def test_it_can_be_stopped(chart: Any, stop: str) -> None:
    cursor = cursor_of(chart)
    if stop == "disconnect":
        cursor.disconnect()
    else:
        cursor.active = False
        assert not cursor.get_active()
    move(chart, chart.axes[0], 100.0, sum(chart.axes[0].get_ylim()) / 2)
    assert not cursor.vlines and not cursor.hlines


def test_other_axes_are_none_of_its_business(chart: Any) -> None:
    cursor = MultiCursor(chart.canvas, chart.axes[1:])
    move(chart, chart.axes[0], 100.0, sum(chart.axes[0].get_ylim()) / 2)
    assert not cursor.vlines


def test_without_blitting_the_canvas_is_drawn(chart: Any) -> None:
    cursor = cursor_of(chart, useblit=False)
    move(chart, chart.axes[0], 100.0, sum(chart.axes[0].get_ylim()) / 2)
    assert len(cursor.vlines) == 4 and not cursor.useblit
