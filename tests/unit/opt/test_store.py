"""Studies in a file: written by drivers, read by anyone."""

from __future__ import annotations

import math
import sqlite3
import time
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from backtrader.opt.driver import Driver
from backtrader.opt.entry import COMPLETE, FAILED, PRUNED, RUNNING, Entry
from backtrader.opt.objective import ObjectiveFunction
from backtrader.opt.space import ParamSpace
from backtrader.opt.store import Store, StoreError, StudyExists

SPACE = ParamSpace(a=(1, 100), b=["x", "y"])


@pytest.fixture(params=["memory", "file"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Store:
    return Store.open(":memory:" if request.param == "memory" else tmp_path / "s.db")


def new(store: Store, name: str = "one", **more: Any) -> Driver:
    store.create(name, SPACE, [ObjectiveFunction("sqn")], {"seed": 3}, **more)
    return Driver(store, name)


def entry(a: int, score: float = 1.0, **more: Any) -> Entry:
    more = {"metrics": {"sqn": score}, "scores": (score,), "started": 1.5, "seconds": 0.5, **more}
    return Entry({"a": a, "b": "x"}, score, **more)


def finish(driver: Driver, *entries: Entry) -> None:
    ours, others = driver.claim(entries)
    assert len(ours) == len(entries) and not others
    for each in entries:
        each.state = each.state if each.state != RUNNING else COMPLETE
    driver.record([(each, None) for each in entries])


def test_an_entry_comes_back_as_it_was(store: Store) -> None:
    driver = new(store)
    given = entry(
        3, 2.5, stage="fine", interim=[(10, 0.5), (20, 0.25)], retries=["lost: killed"],
        metrics={"sqn": 2.5, "calmar_ratio": math.inf},
    )  # fmt: skip
    failed = entry(4, math.nan, state=FAILED, error="Traceback …\nValueError: no", metrics={}, valid=False)
    finish(driver, given, failed)
    found = store.entries("one")
    assert found[0] == given
    assert math.isnan(found[1].score) and math.isnan(found[1].scores[0])
    assert (found[1].state, found[1].error, found[1].valid) == (FAILED, failed.error, False)
    assert store.entry("one", 1).params == {"a": 4, "b": "x"}
    with pytest.raises(StoreError, match="has no entry 7"):
        store.entry("one", 7)


def test_several_objectives(store: Store) -> None:
    store.create("two", SPACE, [ObjectiveFunction("sqn"), ObjectiveFunction(False, {"trades": 1.0})])
    finish(Driver(store, "two"), entry(1, 5.0, scores=(5.0, -2.0)))
    assert store.entries("two")[0].scores == (5.0, -2.0)
    assert store.load("two").directions == (True, False)


def test_the_best_by_direction_and_only_valid_ones(store: Store) -> None:
    driver = new(store)
    finish(
        driver, entry(1, 1.0), entry(2, 9.0, valid=False), entry(3, 5.0), entry(4, math.nan), entry(5, 5.0),
        entry(6, -3.0),
    )  # fmt: skip
    assert [each.params["a"] for each in store.best("one", 3)] == [3, 5, 1]
    assert [each.params["a"] for each in store.best("one", 1, maximize=False)] == [6]


def test_what_ended_since(store: Store) -> None:
    driver = new(store)
    finish(driver, entry(1), entry(2))
    news, upto = store.news("one")
    assert [each.number for each in news] == [0, 1]
    assert store.news("one", upto) == ([], upto)
    ours, _ = driver.claim([entry(3), entry(4)])
    driver.record([(ours[1], None)])  # the later one ends first
    news, upto = store.news("one", upto)
    assert [each.number for each in news] == [3]
    driver.record([(ours[0], None)])
    assert [each.number for each in store.news("one", upto)[0]] == [2]
    assert len(store.entries("one", limit=2)) == 2


def test_counts_state_and_running_ones(store: Store) -> None:
    driver = new(store, total=9)
    finish(driver, entry(1), entry(2, state=FAILED), entry(3, state=PRUNED))
    driver.claim([entry(4)])
    record = store.load("one")
    assert record.counts == {"complete": 1, "failed": 1, "pruned": 1, "running": 1}
    assert (record.finished, record.total, record.settings, record.drivers) == (3, 9, {"seed": 3}, 1)
    assert [each.params["a"] for each in store.running("one")] == [4]


def test_returns_are_kept_apart(store: Store) -> None:
    driver = new(store)
    ours, _ = driver.claim([entry(1), entry(2)])
    data = np.array([0.1, -0.2, 0.3], dtype=np.float32)
    driver.record([(ours[0], data.tobytes()), (ours[1], None)])
    assert store.returns("one", 0).tolist() == data.tolist()
    assert store.returns("one", 1) is None
    assert list(store.all_returns("one")) == [0]


def test_several_studies(store: Store) -> None:
    finish(new(store, "one"), entry(1))
    finish(new(store, "two"), entry(1), entry(2))
    assert store.names() == ["one", "two"]
    assert {record.name: record.finished for record in store.studies()} == {"one": 1, "two": 2}
    store.delete("one")
    assert store.names() == ["two"] and len(store.entries("two")) == 2
    with pytest.raises(StoreError, match=r"no study 'twoo' in .*did you mean 'two'"):
        store.load("twoo")
    with pytest.raises(StudyExists, match="'two' already"):
        new(store, "two")
    with pytest.raises(StoreError, match="needs a name"):
        new(store, "")


def test_events(store: Store) -> None:
    new(store)
    store.add_event("one", "started", total=5)
    store.add_event("one", "best", score=0.5, params={"a": 1})
    found = store.events("one")
    assert [(event["kind"], event.get("total"), event.get("score")) for event in found] == [
        ("started", 5, None), ("best", None, 0.5),
    ]  # fmt: skip
    assert store.events("one", after=found[0]["id"]) == found[1:]


def test_asking_to_stop(store: Store) -> None:
    new(store)
    assert store.wanted("one") == ""
    store.ask_to_stop("one")
    assert store.wanted("one") == "stop" == store.load("one").wanted


# -- what cannot be opened ------------------------------------------------------------------------------
def test_what_cannot_be_opened_is_said(tmp_path: Path) -> None:
    (tmp_path / "text.db").write_text("this is no database, but long enough to look at" * 50)
    cases = {
        tmp_path / "no" / "s.db": "there is no folder",
        tmp_path / "text.db": "file is not a database",
        "mysql://u:secret@h/d": r"SQLite or PostgreSQL, not in 'mysql'",
        "sqlite:/broken": "cannot open|neither the path",
        "postgresql://u:secret@127.0.0.1:1/d": "cannot open .*refused",
    }
    for given, said in cases.items():
        with pytest.raises(StoreError, match=said) as caught:
            Store.open(given)
        assert "secret" not in str(caught.value)


def test_another_layout_is_refused(tmp_path: Path) -> None:
    Store.open(tmp_path / "s.db").close()
    with sqlite3.connect(tmp_path / "s.db") as connection:
        connection.execute("UPDATE bt_opt_schema SET version = 99")
    with pytest.raises(StoreError, match="layout 99, this version reads layout 1"):
        Store.open(tmp_path / "s.db")


@pytest.mark.slow
def test_a_hundred_thousand_entries_stay_usable(tmp_path: Path) -> None:
    store = Store.open(tmp_path / "s.db")
    store.create("big", ParamSpace(a=(1, 1_000_000)), [ObjectiveFunction("sqn")])
    driver = Driver(store, "big")
    metrics = {f"metric_{n}": 1.5 * n for n in range(20)}
    for first in range(0, 100_000, 5000):
        part = [Entry({"a": n}, float(n * 7919 % 100_003), metrics) for n in range(first, first + 5000)]
        driver.record([(each, None) for each in driver.claim(part)[0]])
    took = {}
    for name, work in {
        "best": lambda: store.best("big", 10), "list": store.studies, "load": lambda: store.load("big"),
        "news": lambda: store.news("big", 99_900), "one": lambda: store.entry("big", 77_777),
    }.items():  # fmt: skip
        began = time.perf_counter()
        work()
        took[name] = time.perf_counter() - began
    assert store.load("big").finished == 100_000
    assert store.best("big")[0].score == 100_002.0
    assert max(took.values()) < 0.5, took
