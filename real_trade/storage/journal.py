"""The journal of one account: opened by one process, written before anything is done.

journal = Journal.open("trading.db", "binance", "main")
await journal.commit([...])     # on disk when this returns
"""

from __future__ import annotations

import asyncio
import os
import socket
import time
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, func, insert, select, update
from sqlalchemy.exc import SQLAlchemyError

from backtrader._version import __version__

from ..errors import JournalError
from . import models
from .base import cannot, file_of, open_engine, shown
from .lock import FileLock, take_advisory
from .migrating import check, revision, upgrade
from .reader import Reader
from .records import Item
from .writer import Tenure, Writer

__all__ = ["Journal"]

# Seconds without a sign of life after which another machine may take the account over.
_BEAT_LIMIT = 60.0
# Seconds that a server is given to see that the process before this one is gone.
_GONE = 2.0


class Journal:
    """What happened on an account, in order.  `open` makes one; `read` looks things up."""

    def __init__(self, engine: Engine, tenure: Tenure, writer: Writer, lock: FileLock | None) -> None:
        self._engine, self._writer, self._lock = engine, writer, lock
        self.tenure = tenure
        self.read = Reader(engine, tenure.account_id)
        self._closed = False

    @classmethod
    def open(
        cls,
        url: Any,
        venue: str,
        account: str,
        *,
        patience: float = 30.0,
        trace: Callable[[str], None] = lambda step: None,
    ) -> Journal:
        """Take the account; refused, in a sentence, if another process has it.

        An empty database gets its tables; one of an older or newer layout is refused.
        """
        engine = open_engine(url)
        try:
            return cls._open(engine, venue, account, patience, trace)
        except SQLAlchemyError as error:
            engine.dispose()
            raise cannot("open", engine.url, error) from None
        except JournalError:
            engine.dispose()
            raise

    @classmethod
    def _open(
        cls, engine: Engine, venue: str, account: str, patience: float, trace: Callable[[str], None]
    ) -> Journal:
        if not revision(engine) and _is_new(engine):
            upgrade(engine.url)
        check(engine)
        name = file_of(engine.url)
        lock = FileLock(name, venue, account) if name else None
        connection = engine.connect()
        try:
            _lock(lock, connection, venue, account)
            with connection.begin():
                tenure = _enter(connection, venue, account)
                seq = _last_number(connection, tenure.account_id)
        except BaseException:
            connection.close()
            if lock is not None:
                lock.release()
            raise
        writer = Writer(engine, connection, tenure, seq, patience=patience, trace=trace)
        return cls(engine, tenure, writer, lock)

    @property
    def name(self) -> str:
        """The database, as a message may show it."""
        return shown(self._engine.url)

    @property
    def failure(self) -> JournalError | None:
        """Why nothing can be written any more, if that is so."""
        return self._writer.failure

    def submit(self, items: Sequence[Item]) -> Future[None]:
        """Have the items written after all that came before; done when they are on disk."""
        future: Future[None] = Future()
        future.set_running_or_notify_cancel()  # what is queued will be written: nobody can take it back
        if self._closed:
            future.set_exception(JournalError(f"the journal {self.name} is closed"))
        else:
            self._writer.submit(items, future)
        return future

    async def commit(self, items: Sequence[Item]) -> None:
        """Return when the items are on disk; `JournalError` if they cannot be."""
        await asyncio.wrap_future(self.submit(items))

    def close(self, ending: str = "closed") -> None:
        """Write what waits, and let the account go."""
        if self._closed:
            return
        self._closed = True
        connection = self._writer.close()
        try:
            if self._writer.failure is None:
                with connection.begin():
                    _leave(connection, self.tenure, ending)
        except SQLAlchemyError as error:
            raise cannot("close", self._engine.url, error) from None
        finally:
            connection.close()
            self._engine.dispose()
            if self._lock is not None:
                self._lock.release()

    def __enter__(self) -> Journal:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def _is_new(engine: Engine) -> bool:
    """Whether nothing is in the database yet, so that making tables destroys nothing."""
    file = file_of(engine.url)
    if file and not Path(file).exists():
        return True
    from sqlalchemy import inspect

    return not inspect(engine).get_table_names()


def _lock(lock: FileLock | None, connection: Connection, venue: str, account: str) -> None:
    if lock is not None:
        if not lock.take(_holder()):
            raise _taken(venue, account, lock.holder())
        return
    until = time.monotonic() + _GONE
    while True:
        with connection.begin():
            if take_advisory(connection, venue, account):
                return
            found = _lease(connection, venue, account)
        if time.monotonic() > until:
            raise _taken(
                venue, account, "another process" if found is None else _holder(found.pid, found.host)
            )
        time.sleep(0.05)


def _lease(connection: Connection, venue: str, account: str) -> Any:
    of = models.accounts.c
    return connection.execute(
        select(models.leases).join(models.accounts).where(of.venue == venue, of.name == account)
    ).one_or_none()


def _enter(connection: Connection, venue: str, account: str) -> Tenure:
    """Write down that the account is ours from now on; whoever had it before can write no more."""
    now, host, pid = time.time_ns(), socket.gethostname(), os.getpid()
    of = models.accounts.c
    found = connection.execute(select(of.id).where(of.venue == venue, of.name == account)).scalar()
    if found is None:
        row = {"venue": venue, "name": account, "created_ns": now}
        key = connection.execute(insert(models.accounts), row).inserted_primary_key
        assert key is not None
        found = key[0]
    lease = _lease(connection, venue, account)
    mine = {"host": host, "pid": pid, "since_ns": now, "beat_ns": now, "released": False}
    if lease is None:
        connection.execute(insert(models.leases), {"account_id": found, "epoch": 1} | mine)
        epoch = 1
    else:
        alive = not lease.released and now - lease.beat_ns < _BEAT_LIMIT * 1e9
        if alive and lease.host != host and connection.dialect.name == "sqlite":
            # The lock of a file on a shared disk may not reach the other machine.
            raise _taken(venue, account, _holder(lease.pid, lease.host))
        epoch = lease.epoch + 1
        connection.execute(
            update(models.leases).where(models.leases.c.account_id == found).values(epoch=epoch, **mine)
        )
    _end_runs(connection, found, now)
    run = {"account_id": found, "epoch": epoch, "version": __version__, "started_ns": now}
    run |= {"host": host, "pid": pid, "ending": ""}
    key = connection.execute(insert(models.runs), run).inserted_primary_key
    assert key is not None
    return Tenure(venue, account, int(found), int(key[0]), epoch)


def _end_runs(connection: Connection, account_id: int, now: int) -> None:
    of = models.runs.c
    connection.execute(
        update(models.runs)
        .where(of.account_id == account_id, of.ended_ns.is_(None))
        .values(ended_ns=now, ending="found dead at the next start")
    )


def _leave(connection: Connection, tenure: Tenure, ending: str) -> None:
    now = time.time_ns()
    of = models.leases.c
    connection.execute(
        update(models.leases)
        .where(of.account_id == tenure.account_id, of.epoch == tenure.epoch)
        .values(released=True, beat_ns=now)
    )
    connection.execute(
        update(models.runs).where(models.runs.c.id == tenure.run_id).values(ended_ns=now, ending=ending[:200])
    )


def _last_number(connection: Connection, account_id: int) -> int:
    last = 0
    for table in (models.order_events, models.account_events):
        found = connection.execute(
            select(func.max(table.c.seq)).where(table.c.account_id == account_id)
        ).scalar()
        last = max(last, found or 0)
    return last


def _holder(pid: int | None = None, host: str = "") -> str:
    return f"process {pid or os.getpid()} on {host or socket.gethostname()}"


def _taken(venue: str, account: str, holder: str) -> JournalError:
    return JournalError(f"the account {account} at {venue} is in use by {holder}: stop that one first")
