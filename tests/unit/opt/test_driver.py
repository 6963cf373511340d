"""Several drivers on one study: who has what, and what becomes of the dead one's."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from sqlalchemy import update

from backtrader.opt.alive import birth
from backtrader.opt.driver import Driver
from backtrader.opt.entry import COMPLETE, FAILED, LOST, Entry
from backtrader.opt.objective import ObjectiveFunction
from backtrader.opt.space import ParamSpace
from backtrader.opt.store import Store
from backtrader.opt.tables import tables


@pytest.fixture
def store(tmp_path: Path) -> Store:
    store = Store.open(tmp_path / "s.db")
    store.create("one", ParamSpace(a=(1, 1000)), [ObjectiveFunction("sqn")])
    return store


def entries(*values: int) -> list[Entry]:
    return [Entry({"a": value}) for value in values]


def values(found: list[Entry]) -> list[int]:
    return [entry.params["a"] for entry in found]


def test_nothing_is_claimed_twice(store: Store) -> None:
    first, second = Driver(store, "one"), Driver(store, "one")
    assert first.first and not second.first
    ours, others = first.claim(entries(1, 2, 3))
    assert values(ours) == [1, 2, 3] and others == [] and [e.number for e in ours] == [0, 1, 2]
    ours, others = second.claim(entries(3, 4, 2))
    assert values(ours) == [4] and values(others) == [3, 2] and ours[0].number == 3


def test_no_more_than_the_study_may_have(store: Store) -> None:
    driver = Driver(store, "one")
    ours, others = driver.claim(entries(1, 2, 3, 4), total=3)
    assert values(ours) == [1, 2, 3] and others == []
    ours, others = driver.claim(entries(1, 9), total=3)
    assert ours == [] and values(others) == [1]


def test_the_queue_goes_first_in_and_first_out(store: Store) -> None:
    driver = Driver(store, "one")
    assert driver.enqueue(entries(*range(1, 1001))) == 1000  # more than one statement takes
    assert driver.enqueue(entries(5, 6)) == 0
    assert values(driver.take_waiting(2)) == [1, 2]
    assert values(Driver(store, "one").take_waiting(1)) == [3]


def test_what_is_given_back_waits(store: Store) -> None:
    first = Driver(store, "one")
    first.claim(entries(1, 2))
    assert Driver(store, "one").take_waiting(9) == []
    assert first.release() == 2
    assert values(Driver(store, "one").take_waiting(9)) == [1, 2]


def make_silent(store: Store, driver: Driver, **values: object) -> None:
    driver._ended.set()  # no more signs of life
    table = tables().drivers
    with store.database.write() as connection:
        connection.execute(update(table).where(table.c.id == driver.number).values(**values))


def test_a_silent_drivers_claims_are_taken_over(store: Store) -> None:
    first, second = Driver(store, "one"), Driver(store, "one")
    ours, _ = first.claim(entries(1, 2))
    make_silent(store, first, alive=1.0, host="elsewhere")
    assert values(second.take_waiting(9)) == [1, 2]
    ours[0].state = COMPLETE
    first.record([(ours[0], None)])  # it was only slow: what it has is the other's now
    assert store.entries("one") == []
    assert store.load("one").counts == {"running": 2}


def test_one_killed_on_this_machine_is_known_to_be_dead_at_once(store: Store) -> None:
    first, second = Driver(store, "one"), Driver(store, "one")
    first.claim(entries(1))
    process = subprocess.Popen([sys.executable, "-c", "pass"])
    process.wait()
    make_silent(store, first, pid=process.pid)
    assert values(second.take_waiting(9)) == [1]


def test_a_process_number_that_was_given_again_is_not_the_same_process(store: Store) -> None:
    first, second = Driver(store, "one"), Driver(store, "one")
    first.claim(entries(1))
    make_silent(store, first, process=birth(os.getpid()) - 5)
    assert values(second.take_waiting(9)) == [1]


def test_a_living_process_has_a_birth() -> None:
    assert birth(os.getpid()) > 0
    child = subprocess.Popen([sys.executable, "-c", "pass"])
    child.wait()
    assert birth(child.pid) == 0


def test_what_failed_can_be_run_again(store: Store) -> None:
    driver = Driver(store, "one")
    ours, _ = driver.claim(entries(1, 2, 3))
    for entry, state in zip(ours, (FAILED, COMPLETE, LOST), strict=True):
        entry.state = state
    driver.record([(entry, None) for entry in ours])
    assert driver.retry([FAILED, LOST]) == 2
    again = driver.take_waiting(9)
    assert values(again) == [1, 3] and [entry.number for entry in again] == [0, 2]
    again[0].state, again[0].score, again[0].valid = COMPLETE, 4.0, True
    driver.record([(again[0], b"\0\0\0\0")])
    assert store.best("one")[0].number == 0
    assert store.load("one").counts == {"complete": 2, "running": 1}


def test_the_last_to_leave_notes_how_it_ended(store: Store) -> None:
    first, second = Driver(store, "one"), Driver(store, "one")
    store.set_state("one", "running")
    first.claim(entries(1))
    first.end("finished")
    assert store.load("one").state == "running"
    second.end("finished")
    record = store.load("one")
    assert record.state == "finished" and record.drivers == 0 and record.counts == {"waiting": 1}


def test_many_threads_claim_each_thing_once(store: Store) -> None:
    claimed: list[int] = []

    def work() -> None:
        driver = Driver(store, "one")
        for first in range(1, 200, 20):
            claimed.extend(values(driver.claim(entries(*range(first, first + 20)))[0]))
        driver.end()

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(claimed) == list(range(1, 201))
