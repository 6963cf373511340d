"""What is committed stays, one process at a time, and never two meanings."""

from __future__ import annotations

import asyncio
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import Future
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from real_trade.errors import ConfigError, JournalError
from real_trade.model import Balance, Position
from real_trade.storage import (
    AccountRecord,
    Incident,
    Journal,
    OrderRecord,
    Setting,
    Snapshot,
    open_engine,
)
from tests.unit.real_trade.storage.rows import fill, items, row


@pytest.fixture
def journal(database: str) -> Iterator[Journal]:
    with Journal.open(database, "fake", "main") as opened:
        yield opened


def write(journal: Journal, *some: Any) -> None:
    journal.submit(some).result(10)


def test_events_come_back_in_their_order_with_their_text(journal: Journal) -> None:
    write(
        journal,
        OrderRecord("a", "intended", 5, '{"x":"ü"}', row("a")),
        OrderRecord("b", "intended", 6, "{}", row("b")),
    )
    write(journal, OrderRecord("a", "sent", 7, "{}", row("a", status=1)))
    read = [(one.seq, one.key, one.kind, one.time_ns, one.data) for one in journal.read.events()]
    assert read == [
        (1, "a", "intended", 5, '{"x":"ü"}'),
        (2, "b", "intended", 6, "{}"),
        (3, "a", "sent", 7, "{}"),
    ]
    assert [one.seq for one in journal.read.events(["a"])] == [1, 3]


def test_the_row_of_an_order_is_where_its_last_event_led(journal: Journal) -> None:
    write(journal, OrderRecord("a", "intended", 1, "{}", row("a")), OrderRecord("a", "filled", 2, "{}", row("a", filled=Decimal("1.5"), final=True)))  # fmt: skip
    assert journal.read.open_keys() == []
    (found,) = journal.read.orders()
    assert (found["filled"], found["final"], found["price"]) == (Decimal("1.5"), True, Decimal("1e-18"))


def test_amounts_are_exact_to_the_last_of_38_digits(journal: Journal) -> None:
    write(journal, OrderRecord("a", "filled", 1, "{}", row("a"), fill()))
    (found,) = journal.read.fills("BTC/USDT")
    assert str(found["price"]) == "12345678901234567890.123456789012345678"
    assert (str(found["fee"]), str(found["quantity"])) == ("-0.01", "0.5")


@pytest.mark.parametrize("amount", ["1e-19", "1e20", "NaN", "Infinity"])
def test_an_amount_that_cannot_be_kept_is_refused_and_not_rounded(journal: Journal, amount: str) -> None:
    with pytest.raises(JournalError, match="cannot be kept"):
        write(journal, OrderRecord("a", "intended", 1, "{}", row("a", quantity=Decimal(amount))))
    # and nothing may be written after what is missing
    with pytest.raises(JournalError, match="cannot be kept"):
        write(journal, AccountRecord("later", 2))
    assert journal.read.count() == 0


def test_the_same_fill_is_kept_once(journal: Journal) -> None:
    write(journal, OrderRecord("a", "filled", 1, "{}", row("a"), fill()))
    write(journal, OrderRecord("a", "filled", 2, "{}", row("a"), fill(fee=Decimal(9))))
    (found,) = journal.read.fills()
    assert found["fee"] == Decimal("-0.01")


def test_an_order_keeps_who_gave_it_and_when(journal: Journal) -> None:
    write(journal, OrderRecord("a", "intended", 1, "{}", row("a")))
    write(
        journal,
        OrderRecord(
            "a", "x", 2, "{}", row("a", created_ns=9, client_id="other", foreign_=True, venue_id="8")
        ),
    )
    (found,) = journal.read.orders()
    assert (found["created_ns"], found["client_id"], found["foreign_"], found["venue_id"]) == (
        1,
        "a",
        False,
        "8",
    )


def test_everything_else_comes_back_too(journal: Journal) -> None:
    snapshot = Snapshot(50, (Balance("BTC", Decimal("1.1"), Decimal("0.2")),), (Position("X", Decimal(-3), Decimal("9.5"), "short"),))  # fmt: skip
    write(journal, AccountRecord("halted", 1, '{"reason":"x"}'), snapshot, Incident("overfilled", "too much", 3, "halt", "a", "X"))  # fmt: skip
    write(journal, AccountRecord("resumed", 2), Setting("colour", "1", 4), Setting("colour", "2", 5))
    assert [one.kind for one in journal.read.account_events(("halted", "resumed"))] == ["resumed", "halted"]
    assert journal.read.account_events(("halted", "resumed"), limit=1)[0].seq == 2
    assert journal.read.snapshot(50) == snapshot
    (incident,) = journal.read.incidents(open_only=True)
    assert (incident["kind"], incident["handling"], incident["text"]) == ("overfilled", "halt", "too much")
    assert journal.read.setting("colour") == "2" and journal.read.setting("shape") is None


def test_orders_are_found_by_each_id(journal: Journal) -> None:
    write(journal, OrderRecord("a", "x", 1, "{}", row("a", venue_id="11", updated_ns=100)), OrderRecord("b", "x", 1, "{}", row("b", venue_id="12", symbol="ETH/USDT", final=True)))  # fmt: skip
    read = journal.read
    assert read.key_of("BTC/USDT", client_id="a") == "a" == read.key_of("BTC/USDT", venue_id="11")
    assert read.key_of("BTC/USDT", venue_id="12") == "" == read.key_of("ETH/USDT", client_id="a")
    assert read.symbols(100) == ["BTC/USDT"] and read.symbols(0) == ["BTC/USDT", "ETH/USDT"]
    assert read.recent_keys(50) == ["a"] and read.open_keys() == ["a"]


@pytest.mark.parametrize("table", ["order_events", "account_events"])
@pytest.mark.parametrize("change", ["UPDATE {} SET kind = 'other'", "DELETE FROM {}"])
def test_the_database_itself_keeps_events_from_changing(
    journal: Journal, database: str, table: str, change: str
) -> None:
    write(journal, *items(1))
    engine = open_engine(database)
    with pytest.raises(DBAPIError, match="append-only"), engine.begin() as connection:
        connection.execute(text(change.format(table)))
    engine.dispose()
    assert journal.read.count() == 3


def test_an_event_of_an_order_that_is_not_there_is_refused_by_the_database(database: str) -> None:
    with Journal.open(database, "fake", "main"):
        engine = open_engine(database)
        with pytest.raises(DBAPIError), engine.begin() as connection:
            connection.execute(text("INSERT INTO order_events (account_id, seq, run_id, key, kind, time_ns, data) VALUES (1, 99, 1, 'nobody', 'x', 1, '{}')"))  # fmt: skip
        engine.dispose()


def test_batches_that_wait_are_written_together_and_in_order(database: str) -> None:
    steps: list[str] = []
    with Journal.open(database, "fake", "main", trace=steps.append) as journal:
        futures = [journal.submit(items(number)) for number in range(1, 101)]
        for future in futures:
            future.result(10)
        assert [one.key for one in journal.read.events()][::2] == [
            f"order{number}" for number in range(1, 101)
        ]
    assert steps.count("queued") == 100
    assert steps.count("committed") < 50, "each had a transaction of its own"


def test_the_log_of_sqlite_is_cleaned_up_in_quiet_moments_and_does_not_grow(tmp_path: Path) -> None:
    steps: list[str] = []
    path = tmp_path / "trading.db"
    with Journal.open(path, "fake", "main", trace=steps.append) as journal:
        sizes = []
        for start in range(1, 6001, 1000):
            for number in range(start, start + 1000, 20):
                write(journal, *(one for more in range(20) for one in items(number + more)))
            sizes.append(path.with_name("trading.db-wal").stat().st_size)
            time.sleep(0.02)
    assert "cleaned" in steps and "not cleaned" not in steps
    assert sizes[-1] < 3 * sizes[0], sizes


def test_a_caller_that_is_cancelled_takes_nothing_back(journal: Journal) -> None:
    async def main() -> None:
        task = asyncio.ensure_future(journal.commit(items(1)))
        await asyncio.sleep(0)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        await journal.commit(items(2))

    asyncio.run(main())
    assert journal.read.count() == 6


# -- one process ------------------------------------------------------------------------------------
def test_a_second_process_on_the_account_is_refused_in_a_sentence(database: str) -> None:
    with Journal.open(database, "fake", "main"):
        with pytest.raises(JournalError) as caught:
            Journal.open(database, "fake", "main")
        assert f"the account main at fake is in use by process {os.getpid()} on " in str(caught.value)
        assert "tester@" not in str(caught.value)
        with Journal.open(database, "fake", "other"), Journal.open(database, "elsewhere", "main"):
            pass
    Journal.open(database, "fake", "main").close()


def test_who_was_taken_over_can_write_no_more(database: str) -> None:
    journal = Journal.open(database, "fake", "main")
    engine = open_engine(database)
    with engine.begin() as connection:
        connection.execute(text("UPDATE leases SET epoch = epoch + 1"))
    engine.dispose()
    with pytest.raises(JournalError, match="taken over by another process: this one must not trade"):
        write(journal, *items(1))
    assert journal.read.count() == 0
    journal.close()


def test_a_child_does_not_keep_the_account_of_a_dead_parent(tmp_path: Path) -> None:
    # a process that forks a child and is killed; the child lives on
    program = (
        "import os, sys, time\n"
        "from real_trade.storage import Journal\n"
        "journal = Journal.open(sys.argv[1], 'fake', 'main')\n"
        "child = os.fork()\n"
        "if not child:\n    time.sleep(30)\n    os._exit(0)\n"
        "print(child, flush=True)\ntime.sleep(30)\n"
    )
    url = str(tmp_path / "trading.db")
    process = subprocess.Popen([sys.executable, "-c", program, url], stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    child = int(process.stdout.readline())
    with pytest.raises(JournalError, match=f"process {process.pid} "):
        Journal.open(url, "fake", "main")
    process.kill()
    process.wait()
    process.stdout.close()
    try:
        Journal.open(url, "fake", "main").close()
    finally:
        os.kill(child, signal.SIGKILL)


def test_runs_are_told_apart_and_one_that_died_is_marked(database: str) -> None:
    first = Journal.open(database, "fake", "main")
    first.close("all done")
    # one that dies: its lock goes, its end is not written
    program = (
        "import os, sys\nfrom real_trade.storage import Journal\n"
        "Journal.open(sys.argv[1], 'fake', 'main')\nos._exit(9)\n"
    )
    subprocess.run([sys.executable, "-c", program, database], check=False)
    third = Journal.open(database, "fake", "main")
    assert third.tenure.epoch == 3
    engine = open_engine(database)
    with engine.connect() as connection:
        endings = connection.execute(text("SELECT ending FROM runs ORDER BY id")).scalars().all()
    engine.dispose()
    assert endings == ["all done", "found dead at the next start", ""]
    third.close()


# -- what cannot be opened --------------------------------------------------------------------------
def test_a_newer_layout_is_refused_in_a_sentence(database: str) -> None:
    Journal.open(database, "fake", "main").close()
    engine = open_engine(database)
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    engine.dispose()
    with pytest.raises(
        JournalError, match=r"written by a newer version \(layout 9999, this one reads 0002\)"
    ):
        Journal.open(database, "fake", "main")


def test_a_database_of_something_else_is_refused(database: str) -> None:
    engine = open_engine(database)
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE recipes (id INTEGER)"))
    engine.dispose()
    with pytest.raises(JournalError, match="holds tables of something else"):
        Journal.open(database, "fake", "main")


@pytest.mark.parametrize(
    ("url", "sentence"),
    [
        (":memory:", "outlives the process"),
        ("sqlite://", "outlives the process"),
        ("mysql://user:hunter2@host/db", "SQLite or PostgreSQL, not in 'mysql'"),
        ("nowhere/at/all.db", "there is no folder"),
        ("://hunter2", "neither the path of a file nor a URL"),
    ],
)
def test_a_database_that_cannot_be_is_refused_before_anything_else(url: str, sentence: str) -> None:
    with pytest.raises(ConfigError, match=sentence) as caught:
        Journal.open(url, "fake", "main")
    assert "hunter2" not in str(caught.value)


def test_a_server_that_is_not_there_is_a_sentence_without_the_password() -> None:
    with pytest.raises(
        JournalError, match=r"cannot open postgresql\+psycopg://me:\*\*\*@127.0.0.1:9/x"
    ) as caught:
        Journal.open("postgresql://me:hunter2@127.0.0.1:9/x", "fake", "main")
    assert "hunter2" not in str(caught.value)


def test_a_file_that_is_no_database_is_a_sentence(tmp_path: Path) -> None:
    path = tmp_path / "notes.db"
    path.write_text("these are notes, and not few: " * 100)
    with pytest.raises(JournalError, match=r"cannot open .*notes\.db: file is not a database"):
        Journal.open(path, "fake", "main")


# -- kill -9 ------------------------------------------------------------------------------------------
@pytest.mark.parametrize("ahead", [1, 40])
def test_nothing_committed_is_lost_when_the_writer_is_killed(database: str, root: Path, ahead: int) -> None:
    chance = random.Random(ahead)
    confirmed = 0
    for _ in range(4):
        command = [sys.executable, "-m", "tests.unit.real_trade.storage.rows", database, str(ahead)]
        process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=root)
        assert process.stdout is not None
        assert process.stdout.readline() == "open\n"
        time.sleep(chance.uniform(0.02, 0.25))
        process.kill()
        confirmed = max([confirmed, *(int(line) for line in process.stdout.read().split("\n")[:-1] if line)])
        process.stdout.close()
        process.wait()
        with Journal.open(database, "fake", "main") as journal:
            events = journal.read.events()
            count = journal.read.count()
        # all that was confirmed is there, transactions are whole, and numbers without a gap
        assert count >= confirmed * 3 and count % 3 == 0
        assert len(events) == count * 2 // 3
        assert [one.key for one in events[::2]] == [f"order{number}" for number in range(1, count // 3 + 1)]
    assert confirmed > 0


def test_a_server_that_comes_back_is_gone_on_with(journal_server: str) -> None:
    # the server ends our connections, in the middle of the work
    database = journal_server
    engine = open_engine(database)
    with engine.begin() as connection:
        connection.execute(text("DROP SCHEMA public CASCADE"))
        connection.execute(text("CREATE SCHEMA public"))
    journal = Journal.open(database, "fake", "main")
    futures: list[Future[None]] = []
    with engine.connect() as connection:
        for number in range(1, 301):
            futures.append(journal.submit(items(number)))
            if number % 60 == 0:
                connection.execute(
                    text("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid()"
                         " AND application_name = 'real_trade'")
                )  # fmt: skip
                connection.rollback()
            time.sleep(0.001)
    for future in futures:
        future.result(20)
    assert [one.key for one in journal.read.events()][::2] == [f"order{number}" for number in range(1, 301)]
    assert journal.read.count() == 900
    journal.close()
    engine.dispose()


def test_an_address_may_be_a_secret(tmp_path: Path) -> None:
    from real_trade.config import Secret
    from real_trade.storage import url_of

    assert url_of(Secret(f"sqlite:///{tmp_path}/a.db")).database == f"{tmp_path}/a.db"
    assert url_of(Secret("postgresql://me:word@here/x")).password == "word"
