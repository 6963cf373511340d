"""What is killed in the middle loses nothing: real processes, real signals, real files."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from backtrader.opt.store import Store
from tests.opt.sweeps import outcomes, study

pytest.importorskip("sqlalchemy")


@pytest.fixture(scope="module")
def undisturbed() -> dict[Any, Any]:
    """What the sweep of 500 comes to if nobody disturbs it."""
    found = outcomes(study(":memory:", "undisturbed", pause=0.0).run().all_results)
    assert len(found) == 500
    return found


def start(root: Path, storage: Any, name: str, *options: str) -> subprocess.Popen[str]:
    """The sweep in a process (and process group) of its own."""
    return subprocess.Popen(
        [sys.executable, "-m", "tests.opt.sweeps", str(storage), name, *options],
        cwd=root, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True,
    )  # fmt: skip


def wait_for(storage: Any, name: str, count: int, process: subprocess.Popen[str]) -> None:
    """Until so many are in the store."""
    for _ in range(600):
        assert process.poll() is None, process.communicate()
        if Path(storage).exists():
            store = Store.open(storage)
            done = sum(store.load(name).counts.values()) if name in store.names() else 0
            finished = store.load(name).finished if done else 0
            store.close()
            if finished >= count:
                return
        time.sleep(0.05)
    raise AssertionError("too slow")


def worker_of(process: subprocess.Popen[str]) -> int:
    """A process below it that has none below itself: one of its workers."""
    children: dict[int, list[int]] = {}
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit():
            try:
                parent = int((folder / "stat").read_text().rpartition(")")[2].split()[1])
            except OSError:
                continue
            children.setdefault(parent, []).append(int(folder.name))
    pid = process.pid
    while children.get(pid):
        pid = max(children[pid])
    assert pid != process.pid
    return pid


def ended(process: subprocess.Popen[str]) -> str:
    """Its output, once it is done."""
    out, error = process.communicate(timeout=120)
    assert process.returncode == 0, error
    return out


@pytest.mark.parametrize("sampler", ["grid", "random"])
def test_a_driver_killed_in_the_middle(
    root: Path, tmp_path: Path, undisturbed: dict[Any, Any], sampler: str
) -> None:
    storage, options = tmp_path / "s.db", (f"sampler={sampler!r}", "n_jobs=2")
    first = start(root, storage, "sweep", *options)
    wait_for(storage, "sweep", 100, first)
    os.kill(first.pid, signal.SIGKILL)
    first.wait()
    store = Store.open(storage)
    record = store.load("sweep")
    assert record.state == "interrupted" and 100 <= record.finished < 500
    before = store.entries("sweep")
    assert "ended 500" in ended(start(root, storage, "sweep", *options))
    after = store.entries("sweep")
    assert outcomes(after) == undisturbed
    assert [entry.number for entry in after] == list(range(500))
    times = {entry.number: entry.started for entry in after}
    assert all(times[entry.number] == entry.started for entry in before)  # none of them was run again
    assert store.load("sweep").state == "finished"


def test_a_worker_killed_in_the_middle(root: Path, tmp_path: Path, undisturbed: dict[Any, Any]) -> None:
    storage = tmp_path / "s.db"
    process = start(root, storage, "sweep", "n_jobs=2", "pause=0.01")
    for count in (20, 150, 300):
        wait_for(storage, "sweep", count, process)
        os.kill(worker_of(process), signal.SIGKILL)
    assert "ended 500" in ended(process)
    found = Store.open(storage).entries("sweep")
    assert outcomes(found) == undisturbed
    again = [entry for entry in found if entry.retries]
    assert 1 <= len(again) <= 6 and all("lost: the worker died" in entry.retries[0] for entry in again)


def test_ctrl_c_ends_cleanly(root: Path, tmp_path: Path, undisturbed: dict[Any, Any]) -> None:
    storage = tmp_path / "s.db"
    first = start(root, storage, "sweep", "n_jobs=2", "progress=True")
    wait_for(storage, "sweep", 50, first)
    os.killpg(first.pid, signal.SIGINT)  # as a terminal does it: to all
    _, error = first.communicate(timeout=30)
    assert "Interrupted: interrupted after" in error and "stopped: interrupted; best" in error
    assert "Process" not in error  # no worker complains
    store = Store.open(storage)
    record = store.load("sweep")
    assert record.state == "stopped" and "running" not in record.counts and record.drivers == 0
    assert "ended 500" in ended(start(root, storage, "sweep", "n_jobs=2"))
    assert outcomes(store.entries("sweep")) == undisturbed


def test_two_drivers_on_one_file(root: Path, tmp_path: Path, undisturbed: dict[Any, Any]) -> None:
    both = [start(root, tmp_path / "s.db", "sweep", "pause=0.01") for _ in range(2)]
    for process in both:
        assert "ended 500" in ended(process)
    store = Store.open(tmp_path / "s.db")
    assert outcomes(store.entries("sweep")) == undisturbed
