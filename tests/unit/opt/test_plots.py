"""Pictures of a search: what they show is what the entries say."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any

import matplotlib as mpl
import numpy as np
import pytest

from backtrader.opt.analysis import OptimizationAnalyzer
from backtrader.opt.trials import AnalysisError
from tests.unit.opt.made import bowl, mixed


@pytest.fixture(autouse=True)
def _unseen() -> Iterator[None]:
    mpl.use("Agg")
    from matplotlib import pyplot

    yield
    pyplot.close("all")


def _image(figure: Any) -> Any:
    return figure.axes[0].images[0].get_array()


def test_a_map_has_a_cell_for_each_pair_of_values() -> None:
    figure = OptimizationAnalyzer(bowl()).plot_optimization_surface("a", "b")
    cells = _image(figure)
    assert cells.shape == (9, 6)
    for entry in bowl():
        place = entry["params"]["b"] // 10 - 2, entry["params"]["a"] // 5 - 1
        assert cells[place] == pytest.approx(entry["score"])
    assert [text.get_text() for text in figure.axes[0].get_xticklabels()] == [
        "5",
        "10",
        "15",
        "20",
        "25",
        "30",
    ]
    assert "best 1.5 at a 15, b 60" in figure.get_suptitle()


def test_several_entries_on_one_cell_are_their_mean_or_the_best_of_them() -> None:
    entries = [
        {"params": {"a": 1, "b": b, "c": c}, "score": c, "metrics": {"volatility": c}}
        for b in (1, 2)
        for c in (1.0, 5.0)
    ]
    analyzer = OptimizationAnalyzer(entries)
    assert _image(analyzer.plot_optimization_surface("a", "b")).tolist() == [[3.0], [3.0]]
    assert _image(analyzer.plot_optimization_surface("a", "b", best_of=True)).tolist() == [[5.0], [5.0]]
    less = analyzer.plot_optimization_surface("a", "b", metric="volatility", best_of=True)
    assert _image(less).tolist() == [[1.0], [1.0]]


def test_many_values_share_cells_and_failures_are_not_drawn() -> None:
    analyzer = OptimizationAnalyzer(mixed())
    cells = _image(analyzer.plot_optimization_surface("zeta", "alpha"))
    assert cells.shape == (20, 20) and np.nanmax(cells) < 1  # the invalid ones have 100
    choices = _image(analyzer.plot_optimization_surface("band", "width"))
    assert choices.shape == (20, 3)


@pytest.mark.parametrize(("p1", "p2"), [("a", "b"), ("zeta", "band"), ("zeta", "width")])
def test_a_relief_is_drawn_of_any_two_parameters(p1: str, p2: str) -> None:
    analyzer = OptimizationAnalyzer(bowl() if p1 == "a" else mixed())
    figure = analyzer.plot_optimization_surface(p1, p2, kind="3d")
    figure.canvas.draw()
    assert figure.axes[0].name == "3d" and (figure.axes[0].get_xlabel(), figure.axes[0].get_ylabel()) == (
        p1,
        p2,
    )


def test_distributions_tell_all_from_the_best() -> None:
    figure = OptimizationAnalyzer(mixed()).plot_parameter_distribution()
    assert [plot.get_xlabel() for plot in figure.axes] == ["zeta", "band", "alpha", "width"]
    assert [text.get_text() for text in figure.legends[0].get_texts()] == ["all 170", "best 17", "the best"]
    everybody, best = (patch.get_data() for patch in figure.axes[0].patches)
    assert everybody.values.sum() == pytest.approx(100) and best.values.sum() == pytest.approx(100)
    middle = everybody.edges[:-1][best.values > 0]
    assert middle.min() > 5 and middle.max() < 35
    assert figure.axes[2].get_xscale() == "log"


def test_one_parameter_and_its_bins() -> None:
    figure = OptimizationAnalyzer(mixed()).plot_parameter_distribution("zeta", bins=7)
    assert len(figure.axes) == 1 and len(figure.axes[0].patches[0].get_data().values) == 7
    bars = OptimizationAnalyzer(bowl()).plot_parameter_distribution("a").axes[0].patches
    assert len(bars) == 12 and bars[0].get_height() == pytest.approx(100 / 6)


@pytest.mark.parametrize(
    ("draw", "said"),
    [
        (lambda a: a.plot_optimization_surface("a", "c"), "no entry has a parameter 'c'"),
        (lambda a: a.plot_optimization_surface("a", "b", kind="4d"), "'map' or '3d'"),
        (lambda a: a.plot_optimization_surface("a", "b", metric="sharp"), "no entry has a metric"),
        (lambda a: a.plot_parameter_distribution("c"), "no entry has a parameter 'c'"),
    ],
)
def test_what_cannot_be_drawn_is_said(draw: Any, said: str) -> None:
    with pytest.raises(AnalysisError, match=said):
        draw(OptimizationAnalyzer(bowl()))


def test_nothing_to_draw_is_said() -> None:
    lonely = OptimizationAnalyzer([{"params": {"a": 1, "b": 2}, "score": math.inf}])
    with pytest.raises(AnalysisError, match="no valid entry has a, b and a score"):
        lonely.plot_optimization_surface("a", "b")
    with pytest.raises(AnalysisError, match="no parameter was varied"):
        lonely.plot_parameter_distribution()
