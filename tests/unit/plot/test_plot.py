"""``cerebro.plot`` and the plotter: what they take, return, refuse and leave alone."""

from __future__ import annotations

import datetime as dt
import subprocess
import sys
import types
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import backtrader as bt
from backtrader.errors import BacktraderError

Ran = Callable[..., Any]


def closes(figure: Any) -> Any:
    """The line of closes of the only feed in a figure."""
    return next(line for ax in figure.axes for line in ax.lines if " C:" in line.get_label())


# --- what is returned -------------------------------------------------------------------------------


def test_a_list_of_figures_for_each_strategy(share: Any) -> None:
    cerebro = bt.Cerebro()
    cerebro.adddata(share())
    cerebro.addstrategy(bt.Strategy)
    cerebro.addstrategy(bt.Strategy)
    cerebro.run()
    figures = cerebro.plot(numfigs=2)
    assert [[figure.number for figure in group] for group in figures] == [[0, 1], [100, 101]]


def test_nothing_without_bars(share: Any) -> None:
    cerebro = bt.Cerebro()
    cerebro.adddata(share(todate=dt.datetime(2019, 1, 1)))
    cerebro.addstrategy(bt.Strategy)
    cerebro.run()
    assert cerebro.plot() == [[]]


def test_nothing_is_kept_to_draw_with_exactbars(share: Any) -> None:
    cerebro = bt.Cerebro(exactbars=1)
    cerebro.adddata(share())
    cerebro.addstrategy(bt.Strategy)
    cerebro.run()
    assert cerebro.plot() is None


def test_bars_kept_with_a_negative_exactbars_are_drawn(ran: Ran) -> None:
    whole, saved = ran(), ran(exactbars=-1)
    assert (closes(saved.plot()[0][0]).get_ydata() == closes(whole.plot()[0][0]).get_ydata()).all()


def test_before_a_run_there_is_nothing_to_draw() -> None:
    with pytest.raises(RuntimeError, match=r"call cerebro\.run\(\) first"):
        bt.Cerebro().plot()


def test_an_optimisation_keeps_no_lines(share: Any) -> None:
    class Tuned(bt.Strategy):
        params = (("period", 3),)

    cerebro = bt.Cerebro(maxcpus=1)
    cerebro.adddata(share())
    cerebro.optstrategy(Tuned, period=[3, 4])
    cerebro.run()
    with pytest.raises(RuntimeError, match="optreturn=False"):
        cerebro.plot()


def test_another_plotter_is_asked_as_the_original_asks(ran: Ran) -> None:
    asked: list[dict[str, Any]] = []

    class Other:
        def plot(
            self, strategy: Any, figid: int, numfigs: int, iplot: bool, start: Any, end: Any, use: Any
        ) -> str:
            asked.append(
                {"figid": figid, "numfigs": numfigs, "iplot": iplot, "start": start, "end": end, "use": use}
            )
            return "drawn"

        def show(self) -> None:
            asked.append({"shown": True})

    assert ran().plot(plotter=Other(), start=3, numfigs=2, style="candle") == ["drawn"]
    assert asked == [
        {"figid": 0, "numfigs": 2, "iplot": True, "start": 3, "end": None, "use": None}, {"shown": True},
    ]  # fmt: skip


# --- which bars ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("start", "end", "first", "count"),
    [
        (None, None, 85.22, 254),
        (10, None, 87.12, 244),
        (-10, None, None, 10),
        (None, -1, 85.22, 254),
        (None, -3, 85.22, 252),
        (5, 6, None, 1),
        (dt.date(2020, 2, 3), dt.date(2020, 4, 30), 88.27, 62),
        (dt.datetime(2020, 2, 3, 12), dt.datetime(2020, 5, 1), 88.27, 63),
        (dt.date(2019, 1, 1), dt.date(2030, 1, 1), 85.22, 254),
    ],
)
def test_the_bars_that_are_asked_for(ran: Ran, start: Any, end: Any, first: float | None, count: int) -> None:
    line = closes(ran().plot(start=start, end=end)[0][0])
    assert list(line.get_xdata()) == list(range(count))
    if first is not None:
        assert line.get_ydata()[0] == first


def test_figures_share_the_bars(ran: Ran) -> None:
    whole = list(closes(ran().plot()[0][0]).get_ydata())
    parts = [closes(figure).get_ydata() for figure in ran().plot(numfigs=4)[0]]
    assert [len(part) for part in parts] == [63, 63, 63, 65]
    assert [value for part in parts for value in part] == whole


def test_more_figures_than_bars(ran: Ran) -> None:
    assert [len(closes(figure).get_ydata()) for figure in ran().plot(start=0, end=3, numfigs=9)[0]] == [
        1,
        1,
        1,
    ]


@pytest.mark.parametrize("options", [{"start": 300}, {"start": 5, "end": 4}, {"end": dt.date(2019, 1, 1)}])
def test_a_range_without_bars_is_refused(ran: Ran, options: Any) -> None:
    with pytest.raises(BacktraderError, match=r"254 bars, from 2020-01-02 to 2020-12-31"):
        ran().plot(**options)


def test_at_least_one_figure(ran: Ran) -> None:
    with pytest.raises(BacktraderError, match="numfigs=0"):
        ran().plot(numfigs=0)


# --- settings -------------------------------------------------------------------------------------------


def test_settings_hold_for_later_charts_of_the_class(ran: Ran) -> None:
    ran().plot(style="candle")
    assert bt.plot.Plot().p.scheme.style == "candle"
    assert bt.plot.Plot(scheme=bt.plot.PlotScheme()).p.scheme.style == "line"


def test_a_setting_that_there_is_not_is_told(ran: Ran) -> None:
    with pytest.warns(UserWarning, match=r"no setting 'stlye'; did you mean 'style'\?"):
        ran().plot(stlye="candle")


def test_a_style_that_there_is_not_is_told(ran: Ran) -> None:
    with pytest.warns(UserWarning, match="style='candel'"):
        ran().plot(style="candel")


def test_the_first_colour_goes_on_after_the_last() -> None:
    scheme = bt.plot.PlotScheme()
    scheme.lcolors = ["red", "green", "blue"]
    assert {scheme.color(index) for index in range(30)} == {"red", "green", "blue"}


def test_a_second_chart_does_not_lie_over_the_first(ran: Ran) -> None:
    cerebro = ran()
    first = cerebro.plot()[0][0]
    count = len(first.axes)
    second = cerebro.plot()[0][0]
    assert second is first
    assert len(second.axes) == count


# --- matplotlib -----------------------------------------------------------------------------------------


def test_the_backend_stays(ran: Ran) -> None:
    import matplotlib

    for backend in ("svg", "pdf"):
        matplotlib.pyplot.switch_backend(backend)
        ran().plot()
        assert matplotlib.get_backend() == backend


def test_another_backend_if_asked_for(ran: Ran) -> None:
    import matplotlib

    ran().plot(use="pdf")
    assert matplotlib.get_backend() == "pdf"


def test_showing_without_a_screen_says_nothing(ran: Ran) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        ran().plot()


def test_figures_are_shown_where_there_is_a_screen(ran: Ran, monkeypatch: pytest.MonkeyPatch) -> None:
    import matplotlib.pyplot as pyplot

    shown: list[bool] = []
    monkeypatch.setattr(pyplot, "get_backend", lambda: "QtAgg")
    monkeypatch.setattr(pyplot, "show", lambda: shown.append(True))
    ran().plot()
    assert shown == [True]


def test_a_notebook_gets_large_figures(ran: Ran, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "ipykernel", types.ModuleType("ipykernel"))
    cerebro = ran()
    assert list(cerebro.plot(width=12, height=5)[0][0].get_size_inches()) == [12, 5]
    assert list(cerebro.plot(iplot=False)[0][0].get_size_inches()) == [12, 5]  # the figure is there already


@pytest.mark.parametrize("suffix", ["png", "svg", "pdf"])
def test_figures_are_saved(ran: Ran, tmp_path: Path, suffix: str) -> None:
    figure = ran().plot()[0][0]
    path = tmp_path / f"chart.{suffix}"
    bt.plot.Plot().savefig(figure, path, width=8, height=4, dpi=50)
    head = path.read_bytes()[:100]
    assert {"png": b"PNG", "svg": b"<?xml", "pdf": b"%PDF"}[suffix] in head


def test_a_saved_figure_has_the_size_asked_for(ran: Ran, tmp_path: Path) -> None:
    from PIL import Image

    figure = ran().plot()[0][0]
    bt.plot.Plot().savefig(figure, tmp_path / "a.png", width=10, height=6, dpi=40, tight=False)
    assert Image.open(tmp_path / "a.png").size == (400, 240)


def run_python(code: str, **environment: str) -> str:
    """What a fresh Python prints."""
    import os

    clean = {name: value for name, value in os.environ.items() if name not in ("MPLBACKEND", "DISPLAY")}
    done = subprocess.run(
        [sys.executable, "-W", "error:FigureCanvas", "-c", code],
        env={**clean, **environment}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


SCRIPT = """
import backtrader as bt, sys
cerebro = bt.Cerebro()
cerebro.adddata(bt.feeds.GenericCSVData(dataname={data!r}, dtformat="%Y-%m-%d", openinterest=-1))
cerebro.addstrategy(bt.Strategy)
cerebro.run()
"""


def test_a_script_without_a_screen_draws(data_dir: Path) -> None:
    script = SCRIPT.format(data=str(data_dir / "acme-2020.csv"))
    code = (
        script + "print(len(cerebro.plot()[0][0].axes)); import matplotlib; print(matplotlib.get_backend())"
    )
    assert run_python(code, DISPLAY="").lower().split() == ["4", "agg"]


def test_matplotlib_is_imported_when_something_is_drawn() -> None:
    code = (
        "import sys, backtrader as bt; bt.plot.Plot(style='bar'); bt.plot.PlotScheme(); from backtrader.plot import *\n"
        "print('matplotlib' in sys.modules)"
    )
    assert run_python(code) == "False"


def test_without_matplotlib_the_error_says_what_to_install(data_dir: Path) -> None:
    script = SCRIPT.format(data=str(data_dir / "acme-2020.csv"))
    code = (
        "import sys; sys.modules['matplotlib'] = None\n"
        + script
        + ("try:\n    cerebro.plot()\nexcept ImportError as error:\n    print(error)")
    )
    assert "cerebro.plot() needs the package 'matplotlib'" in run_python(code)
    assert "backtrader[plot]" in run_python(code)


# --- names of the original ------------------------------------------------------------------------------


def test_old_names_lead_here() -> None:
    from backtrader.plot import finance, formatters, locator, multicursor, plot, scheme, utils

    assert bt.plot.Plot is bt.plot.Plot_OldSync is plot.Plot is plot.Plot_OldSync
    assert bt.plot.PlotScheme is scheme.PlotScheme is plot.PlotScheme
    assert plot.plot_candlestick is finance.plot_candlestick
    assert plot.MyDateFormatter is formatters.MyDateFormatter
    assert plot.loc is locator
    assert plot.MultiCursor is multicursor.MultiCursor
    assert finance.shade_color is utils.shade_color
    with pytest.raises(AttributeError, match="nothing_of_the_kind"):
        plot.nothing_of_the_kind
    with pytest.raises(AttributeError, match="nothing_of_the_kind"):
        bt.plot.nothing_of_the_kind
