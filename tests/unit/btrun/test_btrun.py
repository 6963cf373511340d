"""The command line: what is wrong is said in one sentence, what is right is run."""

from __future__ import annotations

import argparse
import datetime as dt
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

import backtrader as bt
from backtrader.btrun import btrun
from backtrader.btrun.btrun import DATAFORMATS, TIMEFRAMES, parse_args
from backtrader.btrun.specs import OptionError, kwargs_of, moment, period
from tests.unit.report.reading import Read

MODULE = """
import backtrader as bt
from backtrader import Strategy

class Zed(Strategy):
    params = (("a", 1),)
    def stop(self):
        print("stop", len(self), self.p.a)

def prepare(cerebro):
    print("hook")
"""


@pytest.fixture
def folder(tmp_path: Path, data_dir: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a user's module, files that cannot be loaded, and data; the process stands in it."""
    (tmp_path / "mod.py").write_text(MODULE)
    (tmp_path / "empty.py").write_text("x = 1\n")
    (tmp_path / "broken.py").write_text("import nosuchmodule\n")
    (tmp_path / "syntax.py").write_text("def f(:\n")
    (tmp_path / "data.csv").write_text((data_dir / "acme-2020.csv").read_text())
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("--strategy nomod:X", "--strategy: there is no file nomod.py to load 'nomod' from"),
        ("--strategy mod:Zod", "--strategy mod:Zod: no strategy 'Zod' in mod; did you mean Zed?"),
        ("--strategy mod:Other", "no strategy 'Other' in mod; there are: Strategy, Zed"),
        ("--strategy :Nope", "in backtrader.strategies; there are: MA_CrossOver, SMA_CrossOver"),
        ("--strategy empty", "no strategy '' in empty; there are: none"),
        ("--strategy broken", "broken.py cannot be loaded: ModuleNotFoundError: No module named 'nosuchmodule'"),
        ("--strategy syntax", "syntax.py cannot be loaded: SyntaxError: line 1"),
        ("--strategy mod:Zed:a=", "--strategy: 'a=' is not of the form name=value,name=value"),
        ("--strategy mod:Zed:3", "'3' is not of the form name=value,name=value: a name is missing"),
        ("--strategy mod:Zed:a=word", "a=word: name 'word' is not defined; text needs quotes"),
        ("--analyzer mod:Zed", "no analyzer 'Zed' in mod"),
        ("--analyzer :SQM", "did you mean SQN?"),
        ("--hook :addtzz", "no hook 'addtzz' in Cerebro; did you mean addtz?"),
        ("--hook mod:nope", "no hook 'nope' in mod; there are: prepare"),
        ("--signal up+mod:Zed", "'up' is no type of signal; there are: long, "),
        ("--signal :Signal --strategy mod", "--strategy and --signal exclude each other"),
        ("--cerebro runones=False", "Cerebro has no parameter 'runones'; did you mean 'runonce'?"),
        ("--writer rounds=3", "WriterFile has no parameter 'rounds'; did you mean 'rounding'?"),
        ("--resample fortnights", "--resample: 'fortnights' is no timeframe; there are: microseconds, "),
        ("--replay weeks:x", "--replay: 'x' is no compression"),
        ("--resample weeks:0", "--resample: '0' is no compression"),
        ("--fromdate 2020/03/01", "--fromdate: '2020/03/01' is not a date of the form YYYY-MM-DD[THH:MM:SS]"),
        ("--todate 2020-03-01T10:00:00+01:00", "--todate: '2020-03-01T10:00:00+01:00' has a time zone"),
        ("--data gone.csv", "--data: there is no file gone.csv"),
        ("--data mod.py", "mod.py"),
    ],
)  # fmt: skip
def test_mistakes_end_with_a_sentence(
    folder: Path, capsys: pytest.CaptureFixture[str], line: str, said: str
) -> None:
    with pytest.raises(SystemExit) as end:
        btrun(f"--data data.csv {line}")
    assert end.value.code == 1
    error = capsys.readouterr().err
    assert error.startswith("btrun: ")
    assert said in error
    assert "Traceback" not in error


@pytest.mark.parametrize("line", ["", "--data x --format nope", "--data x --cash much", "--data x --nope"])
def test_unknown_options_show_the_usage(capsys: pytest.CaptureFixture[str], line: str) -> None:
    with pytest.raises(SystemExit) as end:
        parse_args(line.split() or ["--flush"])
    assert end.value.code == 2
    assert capsys.readouterr().err.startswith("usage: btrun")


def test_own_classes_come_before_imported_ones(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    btrun(["--data", "data.csv", "--strategy", "mod::a=5", "--hook", "mod"])
    assert capsys.readouterr().out == "hook\nstop 254 5\n"


def test_a_missing_plot_package_is_named(
    folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    with pytest.raises(SystemExit):
        btrun("--data data.csv --plot")
    assert "matplotlib" in capsys.readouterr().err


def test_a_report_is_written(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    btrun("--data data.csv --strategy :SMA_CrossOver --report out/run.html")
    assert capsys.readouterr().out.endswith(f"report: {Path('out/run.html')}\n")
    assert Read(folder / "out" / "run.html")["strategies"][0]["name"].endswith("CrossOver")


def test_plot_options_are_handed_on(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    drawn: list[dict[str, object]] = []
    monkeypatch.setattr(bt.Cerebro, "plot", lambda cerebro, **options: drawn.append(options))
    btrun("--data data.csv --plot")
    btrun(["--data", "data.csv", "--plot", "style='candle',numfigs=2"])
    assert drawn == [{"style": "bar"}, {"style": "candle", "numfigs": 2}]


def test_a_plot_is_drawn_without_a_screen(folder: Path, pyplot: Any) -> None:
    btrun("--data data.csv --strategy :SMA_CrossOver --plot")
    axes = pyplot.figure(0).axes
    assert len(axes) == 5  # account, trades, volume and prices, crossings
    assert [type(one).__name__ for one in axes[3].collections] == ["WickBars", "SideTicks", "SideTicks"]


@pytest.mark.usefixtures("pyplot")
def test_what_cannot_be_drawn_is_told(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        btrun(["--data", "data.csv", "--plot", "start=9999"])
    assert capsys.readouterr().err.startswith("btrun: --plot: cerebro.plot(start=9999, end=None): no bar")


def test_help_names_every_option(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as end:
        parse_args(["--help"])
    assert end.value.code == 0
    text = capsys.readouterr().out
    for name in ("--data", "--strategy", "--no-slip_match", "--ppranalyzer", "module:name:kwargs"):
        assert name in text


def test_module_can_be_run(folder: Path) -> None:
    line = [sys.executable, "-m", "backtrader.btrun", "-d", "data.csv", "-st", "mod"]
    done = subprocess.run(line, capture_output=True, text=True, check=True)
    assert done.stdout == "stop 254 1\n"


def test_pieces() -> None:
    assert kwargs_of("--x", "") == {}
    assert kwargs_of("--x", "a=1, b='x,y', c=bt.ind.SMA, d=datetime.date(2020, 1, 2)") == {
        "a": 1, "b": "x,y", "c": bt.ind.SMA, "d": dt.date(2020, 1, 2),
    }  # fmt: skip
    with pytest.raises(OptionError, match="a name is missing"):
        kwargs_of("--x", "**{'a': 1}")
    assert moment("--x", None) is None
    assert moment("--x", "2020-01-02") == dt.datetime(2020, 1, 2)
    assert moment("--x", "2020-01-02T03:04:05") == dt.datetime(2020, 1, 2, 3, 4, 5)
    assert period("--x", "Weeks:") == {"timeframe": bt.TimeFrame.Weeks, "compression": 1}
    assert period("--x", "minutes:15") == {"timeframe": bt.TimeFrame.Minutes, "compression": 15}
    assert TIMEFRAMES["years"] == bt.TimeFrame.Years
    assert DATAFORMATS["btcsv"] is bt.feeds.BacktraderCSVData
    assert isinstance(parse_args("-d 'a b'"), argparse.Namespace)
