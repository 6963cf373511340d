"""Progress as people see it, and events as programs do."""

from __future__ import annotations

import io
import json
import re
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console

from backtrader.opt.entry import FAILED
from backtrader.opt.progress import Bar, Lines, Silent, describe, progress_of
from backtrader.opt.store import Store
from backtrader.opt.study import Study
from tests.unit.opt.fakes import FakeJob

NOW = {
    "total": 500, "done": 120, "completed": 110, "pruned": 4, "failed": 6, "running": 2, "pending": 378,
    "percent": 24.0, "elapsed": 61.0, "rate": 2.5, "eta": 152.0, "best_score": 1.23456789,
    "best_params": {"fast": 12, "width": 0.123456789}, "metric": "sharpe_ratio", "stage": "coarse",
}  # fmt: skip


def test_how_it_stands_in_a_line() -> None:
    assert describe(NOW) == (
        "120 of 500 runs, 4 pruned, 6 failed, 2.5 runs/s, 2 min 32 s left; "
        "best sharpe_ratio 1.23457 (fast=12, width=0.123457)"
    )
    assert describe(NOW, "the target", ended=True).startswith(
        "120 of 500 runs, 4 pruned, 6 failed, in 1 min 01 s, stopped: the target; best"
    )
    early = NOW | {"total": None, "eta": None, "rate": 0.02, "best_score": None, "pruned": 0, "failed": 0}
    assert describe(early) == "120 runs, 50 s a run"
    assert "3 h 25 min left" in describe(NOW | {"eta": 12300.0})


def test_the_bar_in_a_terminal() -> None:
    out = io.StringIO()
    bar = Bar(Console(file=out, force_terminal=True, width=160, color_system=None))
    bar.update(NOW)
    bar.close(NOW, "asked to stop")
    text = re.sub(r"\x1b\[[0-9;?]*[a-zA-Z]", "", out.getvalue())
    for part in (
        "coarse: 120/500",
        "2.5 runs/s, 2 min 32 s left",
        "6 failed",
        "fast=12",
        "stopped: asked to stop",
    ):
        assert part in text, text


def test_lines_where_there_is_no_terminal() -> None:
    out = io.StringIO()
    lines = Lines(out, every=0.0)
    lines.update(NOW)
    Lines(out, every=60.0).update(NOW)
    lines.close(NOW, "")
    assert out.getvalue().count("\n") == 2 and "\x1b" not in out.getvalue()


def test_what_shows_progress(monkeypatch: pytest.MonkeyPatch) -> None:
    class Own(Silent):
        pass

    own = Own()
    assert type(progress_of(False)) is Silent and progress_of(own) is own
    assert isinstance(progress_of(True), Lines)  # tests have no terminal


def test_a_search_shows_itself(capsys: pytest.CaptureFixture[str]) -> None:
    Study(FakeJob(), {"a": (1, 10)}, "sharpe", progress=True).run()
    assert "10 of 10 runs, in " in capsys.readouterr().err
    Study(FakeJob(), {"a": (1, 10)}, "sharpe").run()
    assert capsys.readouterr().err == ""


def one_bad(params: Any) -> float:
    if params["a"] == 2:
        raise ValueError("two")
    return float(params["a"])


def events_of(text: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = [json.loads(line) for line in text.splitlines()]
    return found


def test_events_in_a_file_on_the_output_and_in_the_store(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    stages = [{"name": "one", "params": {"a": (1, 3)}}, {"name": "two", "params": {"b": [5, 6]}}]
    space = {"a": (1, 3), "b": [5, 6]}
    for target in (tmp_path / "events.jsonl", "-", io.StringIO()):
        Study(
            FakeJob(one_bad), space, "sharpe", name=f"to {type(target).__name__}", storage=tmp_path / "s.db",
            sampler="multi-stage", sampler_options={"stages": stages}, events=target,
        ).run()  # fmt: skip
    written = (tmp_path / "events.jsonl").read_text()
    found = events_of(written)
    assert [(e["event"], e.get("number", e.get("stage"))) for e in found if e["event"] != "progress"] == [
        ("started", ""), ("stage", "one"), ("run", 0), ("best", 0), ("run", 1), ("run", 2), ("best", 2),
        ("stage", "two"), ("run", 3), ("run", 4), ("finished", "two"),
    ]  # fmt: skip
    bad = next(e for e in found if e.get("number") == 1)
    assert bad["state"] == FAILED and bad["score"] is None and "ValueError: two" in bad["error"]
    assert found[-1]["best_params"] == {"a": 3} and found[-1]["completed"] == 4
    assert all(e["study"] == "to PosixPath" and e["at"] > 1e9 for e in found)
    assert "NaN" not in written  # plain JSON for any reader
    output = events_of(capsys.readouterr().out)
    assert [e["event"] for e in output] == [e["event"] for e in found]
    assert isinstance(target, io.StringIO) and len(events_of(target.getvalue())) == len(found)
    kept = Store.open(tmp_path / "s.db").events("to PosixPath")
    assert [e["kind"] for e in kept] == ["started", "stage", "best", "best", "stage", "finished"]
