"""Studies shared by several drivers through a real PostgreSQL server."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
import urllib.request
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from backtrader.opt.store import Store
from backtrader.opt.tables import tables
from tests.opt.sweeps import outcomes, study
from tests.opt.test_survival import ended, start


@pytest.fixture(scope="module")
def undisturbed() -> dict[Any, Any]:
    return outcomes(study(":memory:", "undisturbed", pause=0.0).run().all_results)


def by_driver(store: Store) -> Counter[int]:
    """How many entries each driver has recorded."""
    with store.database.read() as connection:
        return Counter(connection.execute(select(tables().entries.c.driver)).scalars())


@pytest.mark.parametrize("sampler", ["grid", "random", "tpe"])
def test_two_drivers_share_a_study(
    root: Path, postgres_url: str, undisturbed: dict[Any, Any], sampler: str
) -> None:
    budget = 120 if sampler == "tpe" else 500
    options = (f"sampler={sampler!r}", f"n_trials={budget}", "pause=0.01")
    both = [start(root, postgres_url, "shared", *options) for _ in range(2)]
    for process in both:
        assert f"ended {budget}" in ended(process)
    store = Store.open(postgres_url)
    entries = store.entries("shared")
    found = outcomes(entries)  # none twice
    assert [entry.number for entry in entries] == list(range(budget))  # none lost
    assert all(undisturbed[key] == value for key, value in found.items())
    shares = by_driver(store)
    assert len(shares) == 2 and min(shares.values()) >= budget / 10
    record = store.load("shared")
    assert record.state == "finished" and record.drivers == 0


def test_a_dead_drivers_claims_are_taken_over(
    root: Path, postgres_url: str, undisturbed: dict[Any, Any]
) -> None:
    first = start(root, postgres_url, "shared", "n_jobs=2")
    store = Store.open(postgres_url)
    deadline = time.monotonic() + 30
    while "shared" not in store.names() or store.load("shared").finished < 60:
        assert time.monotonic() < deadline and first.poll() is None
        time.sleep(0.02)
    second = start(root, postgres_url, "shared", "n_jobs=2")
    os.kill(first.pid, signal.SIGKILL)
    first.wait()
    assert "ended 500" in ended(second)
    assert outcomes(store.entries("shared")) == undisturbed


def test_several_on_one_machine_see_each_others_best(postgres_url: str) -> None:
    study(postgres_url, "shared", pause=0.0, n_trials=60, sampler="tpe").run()
    other = study(postgres_url, "shared", pause=0.0, n_trials=120, sampler="tpe")
    result = other.run()
    assert result.total_runs == 120
    assert result.best_score > -1.0  # it went on from where the first had come to


def test_the_same_reading_as_from_a_file(postgres_url: str, tmp_path: Path) -> None:
    stores = [Store.open(postgres_url), Store.open(tmp_path / "s.db")]
    for store in stores:
        study(store, "one", pause=0.0, n_trials=80, sampler="random").run()
    first, second = stores
    assert [e.params for e in first.entries("one")] == [e.params for e in second.entries("one")]
    assert [e.number for e in first.best("one", 7)] == [e.number for e in second.best("one", 7)]
    assert first.load("one").counts == second.load("one").counts
    kinds = [[event["kind"] for event in store.events("one")] for store in stores]
    assert kinds[0] == kinds[1]
    first.delete("one")
    assert first.names() == []


def test_the_page_shows_studies_of_a_server_while_they_run(root: Path, postgres_url: str) -> None:
    driver = start(root, postgres_url, "shared", "pause=0.05")
    command = [sys.executable, "-m", "backtrader.opt", "serve", "--storage", postgres_url, "--port", "0"]
    server = subprocess.Popen(command, cwd=root, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        assert server.stdout is not None
        address = next(word for line in server.stdout for word in line.split() if word.startswith("http://"))

        def shown() -> Any:
            with opener.open(f"{address}api/studies", timeout=10) as answer:
                return json.load(answer)

        deadline = time.monotonic() + 60
        while not (found := shown()) or found[0]["done"] < 10:
            assert time.monotonic() < deadline and driver.poll() is None
            time.sleep(0.1)
        assert (found[0]["name"], found[0]["state"]) == ("shared", "running")
    finally:
        server.terminate()
        server.wait(20)
        driver.send_signal(signal.SIGINT)
        driver.wait(30)
