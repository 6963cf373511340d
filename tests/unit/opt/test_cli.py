"""The commands of ``python -m backtrader.opt``: what they print, keep and refuse."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from backtrader.opt import Store
from backtrader.opt.cli import main

STRATEGY = """
import backtrader as bt


class Cross(bt.Strategy):
    params = (("fast", 20), ("slow", 50), ("wait", 0.0))

    def __init__(self):
        self.cross = bt.ind.CrossOver(bt.ind.SMA(period=self.p.fast), bt.ind.SMA(period=self.p.slow))

    def start(self):
        import time
        time.sleep(self.p.wait)

    def next(self):
        if self.p.fast == 13:
            raise ValueError("thirteen is not tried")
        if self.cross > 0:
            self.buy(size=10)
        elif self.cross < 0 and self.position:
            self.close()
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("BTOPT_STORAGE", raising=False)
    (tmp_path / "sma.py").write_text(STRATEGY)
    return tmp_path


@pytest.fixture
def data(data_dir: Path) -> str:
    return str(data_dir / "acme-2020.csv")


def searched(data: str, *more: str, study: str = "sma") -> int:
    """A small sweep that is kept."""
    given = ["--data", data, "--param", "fast=5:20:5", "--param", "slow=30,40", "--objective", "sharpe"]
    return main(["run", "sma.py:Cross", *given, "--study", study, "--quiet", *more])


def said(capsys: Any, *arguments: str) -> tuple[int, str, str]:
    status = main(arguments)
    out = capsys.readouterr()
    return status, out.out, out.err


# -- running -----------------------------------------------------------------------------------------
def test_a_run_prints_the_best_and_keeps_everything(folder: Path, data: str, capsys: Any) -> None:
    status = main(["run", "sma.py", "--data", data, "--param", "fast=5:20:5,slow=30,40", "--study", "sma"])
    out = capsys.readouterr()
    assert status == 0
    assert "The best of 8 runs" in out.out
    assert "8 of 8 runs" in out.err
    entries = Store.open("studies.db").entries("sma")
    assert [(e.params["fast"], e.params["slow"]) for e in entries[:3]] == [(5, 30), (5, 40), (10, 30)]


def test_going_on_runs_only_what_is_missing(folder: Path, data: str, capsys: Any) -> None:
    assert searched(data, "--trials", "3") == 0
    assert len(Store.open("studies.db").entries("sma")) == 3
    assert said(capsys, "resume", "sma", "--trials", "8", "--events", "events.jsonl")[0] == 0
    events = [json.loads(line) for line in Path("events.jsonl").read_text().splitlines()]
    assert sum(event["event"] == "run" for event in events) == 5
    assert len(Store.open("studies.db").entries("sma")) == 8


def test_a_study_goes_on_from_another_folder(folder: Path, data: str, monkeypatch: Any) -> None:
    assert searched(data, "--trials", "2") == 0
    (folder / "elsewhere").mkdir()
    monkeypatch.chdir(folder / "elsewhere")
    assert main(["resume", "sma", "--storage", "../studies.db", "--trials", "8", "--quiet"]) == 0
    assert len(Store.open("../studies.db").entries("sma")) == 8


def test_space_file_formula_and_limits(folder: Path, data: str, capsys: Any) -> None:
    Path("space.toml").write_text(
        'constraints = ["fast < slow"]\n[space]\nfast = {range = [5, 35, 10]}\nslow = [10, 30]\n'
    )
    status, out, _ = said(
        capsys, "run", "sma.py", "--data", data, "--space", "space.toml",
        "--objective", "total_return * (1 - max_drawdown_pct / 100)", "--require", "trades >= 1", "--study", "s",
    )  # fmt: skip
    assert status == 0
    entries = Store.open("studies.db").entries("s")
    assert [tuple(e.params.values()) for e in entries] == [(5, 10), (5, 30), (15, 30), (25, 30)]
    for entry in entries:
        by_hand = entry.metrics["total_return"] * (1 - entry.metrics["max_drawdown_pct"] / 100)
        assert entry.score == pytest.approx(by_hand)
        assert entry.valid == (entry.metrics["trades"] >= 1)
    assert "total_return * (1 - max_drawdown_pct / 100)" in " ".join(out.split())


def test_a_failing_run_is_kept_with_its_traceback(folder: Path, data: str, capsys: Any) -> None:
    given = ["--param", "fast=11:14", "--objective", "total_return", "--study", "bad", "--quiet"]
    assert main(["run", "sma.py", "--data", data, *given]) == 0
    status, out, _ = said(capsys, "show", "bad", "--errors")
    assert status == 0
    assert "1 × ValueError: thirteen is not tried" in out
    assert 'raise ValueError("thirteen is not tried")' in out


def test_walk_forward_tells_each_window(folder: Path, data: str, capsys: Any) -> None:
    status, out, _ = said(
        capsys, "walk-forward", "sma.py", "--data", data, "--param", "fast=3:9:3", "--param", "slow=15",
        "--objective", "total_return", "--train", "120", "--test", "60", "--json",
    )  # fmt: skip
    assert status == 0
    assert len(json.loads(out)["windows"]) == 2


# -- looking -----------------------------------------------------------------------------------------
def test_list_show_best(folder: Path, data: str, capsys: Any) -> None:
    assert searched(data) == 0
    assert "8 of 8" in said(capsys, "list")[1]
    assert json.loads(said(capsys, "list", "--json")[1])[0]["finished"] == 8
    status, out, _ = said(capsys, "show", "sma")
    assert status == 0
    assert "The best 10" in out
    assert "Around the best" in out
    best = json.loads(said(capsys, "best", "sma", "--json")[1])
    scores = [e.score for e in Store.open("studies.db").entries("sma")]
    assert best["score"] == max(scores)
    least = json.loads(said(capsys, "best", "sma", "--by", "max_drawdown_pct", "--json")[1])
    falls = [e.metrics["max_drawdown_pct"] for e in Store.open("studies.db").entries("sma")]
    assert least["metrics"]["max_drawdown_pct"] == min(falls)


def test_export_has_every_run(folder: Path, data: str, capsys: Any) -> None:
    import csv

    assert searched(data) == 0
    for name in ("a.csv", "a.json", "a.jsonl", "a.parquet"):
        assert said(capsys, "export", "sma", "-o", name)[0] == 0
    with open("a.csv") as file:
        assert len(list(csv.DictReader(file))) == 8
    assert len(json.loads(Path("a.json").read_text())) == 8
    assert len(Path("a.jsonl").read_text().splitlines()) == 8
    pandas = pytest.importorskip("pandas")
    assert list(pandas.read_parquet("a.parquet")["slow"]) == [30, 40] * 4


def test_export_to_optuna(folder: Path, data: str, capsys: Any) -> None:
    optuna = pytest.importorskip("optuna")
    assert searched(data) == 0
    assert said(capsys, "export", "sma", "--optuna", "sqlite:///optuna.db")[0] == 0
    study = optuna.load_study(study_name="sma", storage="sqlite:///optuna.db")
    best = json.loads(said(capsys, "best", "sma", "--json")[1])
    assert study.best_value == pytest.approx(best["score"])


def test_compare_puts_studies_side_by_side(folder: Path, data: str, capsys: Any) -> None:
    assert searched(data) == 0
    assert searched(data, "--commission", "0.01", study="dear") == 0
    status, out, _ = said(capsys, "compare", "sma", "dear")
    assert status == 0
    assert "Best parameters" in out
    rows = json.loads(said(capsys, "compare", "sma", "dear", "--json")[1])["metrics"]
    commission = next(row for row in rows if row["name"] == "commission")
    assert commission["a"] == 0 < commission["b"]


# -- what makes no sense -----------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["run", "sma.py:Cros", "--data", "D", "--param", "fast=5:6"], "no class 'Cros'; did you mean 'Cross'?"),
        (["run", "no.py", "--data", "D", "--param", "fast=5:6"], "no.py' to take a strategy from"),
        (["run", "no.mod:X", "--data", "D", "--param", "fast=5:6"], "there is no module 'no'"),
        (["run", "broken.py", "--data", "D", "--param", "fast=5:6"], "ZeroDivisionError: division by zero"),
        (["run", "sma.py", "--data", "no.csv", "--param", "fast=5:6"], "there is no file"),
        (["run", "sma.py", "--data", "D", "--param", "fst=5:6"], "no parameter 'fst'; did you mean 'fast'?"),
        (["run", "sma.py", "--data", "D", "--param", "fast"], "write name=start:stop"),
        (["run", "sma.py", "--data", "D", "--param", "fast=9:5"], "starts at 9 and ends at 5"),
        (["run", "sma.py", "--data", "D", "--param", "fast=a:b"], "in numbers"),
        (["run", "sma.py", "--data", "D"], "nothing to search: give a space (btopt: --param"),
        (["run", "sma.py", "--data", "D", "--param", "fast=5-30"], "a range is written fast=5:30"),
        (["run", "sma.py", "--data", "D", "--param", "fast=5..30..5"], "a range is written fast=5:30:5"),
        (["run", "sma.py", "--data", "D", "--param", "fast=5:6", "--constraint", "fast>9"], "'fast>9'"),
        (["run", "sma.py", "--data", "D", "--param", "fast=5:6", "--constraint", "fasd>9"], "'fast'"),
        (["run", "sma.py", "--data", "D", "--param", "fast=5:6", "--objective", "sharp"], "did you mean 'sharpe'?"),
        (["run", "sma.py", "--data", "D", "--param", "fast=5:6", "--require", "trade > 1"], "did you mean 'trades'"),
        (["run", "sma.py", "--data", "D", "--param", "fast=5:6", "--require", "trades.real > 1"], "metrics, numbers"),
        (["run", "sma.py", "--data", "D", "--param", "fast=5:6", "--sampler", "tpee"], "did you mean 'tpe'?"),
        (["run", "sma.py", "--data", "D", "--space", "no.toml"], "no.toml cannot be read"),
        (["run", "sma.py", "--data", "D", "--param", "fast=5:6", "--study", "a", "--storage", "no/x.db"], "no folder"),
        (["show", "sma"], "there are no studies yet"),
    ],
)  # fmt: skip
def test_what_makes_no_sense_is_said_before_anything_runs(
    arguments: list[str], sentence: str, folder: Path, data: str, capsys: Any
) -> None:
    (folder / "broken.py").write_text("x = 1 / 0\n")
    status, out, err = said(capsys, *[data if each == "D" else each for each in arguments])
    assert status == 2
    assert out == ""
    assert sentence in " ".join(err.split())
    assert not list(folder.glob("*.db"))


def test_another_space_is_refused_with_what_differs(folder: Path, data: str, capsys: Any) -> None:
    assert searched(data) == 0
    given = ["--data", data, "--param", "fast=5:30:5", "--param", "slow=30,40", "--objective", "sharpe"]
    status, _, err = said(capsys, "run", "sma.py:Cross", *given, "--study", "sma")
    assert status == 2
    assert "fast was 5 to 20 step 5 (int), now 5 to 30 step 5 (int)" in err


def test_unknown_study_names_the_nearest(folder: Path, data: str, capsys: Any) -> None:
    assert searched(data) == 0
    for command in (["show"], ["best"], ["resume"], ["report"], ["export", "-o", "x.csv"]):
        status, _, err = said(capsys, command[0], "smaa", *command[1:])
        assert status == 2
        assert "did you mean 'sma'?" in err


def test_nothing_that_counts_is_a_failure(folder: Path, data: str, capsys: Any) -> None:
    status, _, err = said(
        capsys, "run", "sma.py", "--data", data, "--param", "fast=5:6", "--require", "trades > 1000"
    )
    assert status == 1
    assert "no run counts" in err


# -- ended by hand -----------------------------------------------------------------------------------
@pytest.mark.slow
@pytest.mark.parametrize("jobs", ["1", "2"])
def test_ctrl_c_ends_cleanly_with_the_best_so_far(folder: Path, data: str, jobs: str, root: Path) -> None:
    command = [
        sys.executable, "-m", "backtrader.opt", "run", "sma.py", "--data", data, "--param", "fast=14:100",
        "--param", "slow=120", "--param", "wait=0.2", "--objective", "total_return", "--study", "long", "--jobs",
        jobs, "--events", "events.jsonl",
    ]  # fmt: skip
    env = os.environ | {"PYTHONPATH": str(root)}
    process = subprocess.Popen(
        command, env=env, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True
    )
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        if Path("events.jsonl").exists() and Path("events.jsonl").read_text().count('"run"') >= 4:
            break
        time.sleep(0.05)
    os.killpg(process.pid, signal.SIGINT)  # as a terminal does: everybody gets it
    out, err = process.communicate(timeout=60)
    assert process.returncode == 130
    assert "The best of" in out
    assert "Traceback" not in err
    assert "Go on with: btopt resume long" in err
    done = len(Store.open("studies.db").entries("long"))
    assert 4 <= done < 87
