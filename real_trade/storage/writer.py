"""The one thread that writes: everything that is waiting goes to the disk together."""

from __future__ import annotations

import logging
import sqlite3
import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from queue import Empty, SimpleQueue
from typing import Any

from sqlalchemy import Connection, Engine, select
from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from ..errors import JournalError
from . import models
from .base import cannot, file_of, shown
from .lock import take_advisory
from .records import Item, OrderRecord
from .statements import Statements

__all__ = ["Tenure", "Writer"]

logger = logging.getLogger(__name__)

Batch = tuple[Sequence[Item], "Future[None]"]

_MOST = 256  # batches in one transaction
_BEAT = 5.0  # seconds without work until the next sign of life
_CLEAN = 1_000  # pages of SQLite's log worth cleaning up when nothing waits


class Tenure:
    """The right to write for an account: which one it is, since when, and how the right is kept."""

    def __init__(self, venue: str, account: str, account_id: int, run_id: int, epoch: int) -> None:
        self.venue, self.account = venue, account
        self.account_id, self.run_id, self.epoch = account_id, run_id, epoch


class Writer:
    """Writes batches in the order they come, and says of each when it is on disk.

    ``patience`` is for how many seconds a server that went away is dialled again.  Nothing is lost or
    written twice by that: events carry numbers of ours, and whether the last transaction arrived is
    looked up.  ``trace`` hears of each step (for tests and measurements).
    """

    def __init__(
        self,
        engine: Engine,
        connection: Connection,
        tenure: Tenure,
        seq: int,
        *,
        patience: float,
        trace: Callable[[str], None],
    ) -> None:
        self._engine, self._connection, self._tenure, self._seq = engine, connection, tenure, seq
        self._patience, self._trace = patience, trace
        self._statements = Statements(engine.dialect.name, tenure.account_id, tenure.run_id, tenure.epoch)
        self._queue: SimpleQueue[Batch | None] = SimpleQueue()
        self._unclean = 0
        self.failure: JournalError | None = None
        self._thread = threading.Thread(target=self._run, name="journal", daemon=True)
        self._thread.start()

    def submit(self, items: Sequence[Item], future: Future[None]) -> None:
        """Have the items written; the future is done when they are on disk, or cannot be."""
        self._trace("queued")
        self._queue.put((items, future))

    def close(self) -> Connection:
        """Write what waits, end the thread, and give the connection back."""
        self._queue.put(None)
        self._thread.join()
        return self._connection

    # -- in the thread ----------------------------------------------------------------------------
    def _run(self) -> None:
        ended = False
        while not ended:
            try:
                first = self._queue.get(timeout=_BEAT)
            except Empty:
                self._attempt([])
                continue
            batches = [] if first is None else [first]
            ended = first is None
            while not ended and len(batches) < _MOST and not self._queue.empty():
                following = self._queue.get()
                if following is None:
                    ended = True
                else:
                    batches.append(following)
            if batches:
                self._attempt(batches)
            if self._queue.empty():
                self._clean_up()

    def _attempt(self, batches: list[Batch]) -> None:
        try:
            if self.failure is not None:
                raise self.failure
            self._write([item for items, _ in batches for item in items])
        except Exception as error:
            self._fail(error, batches)
        else:
            self._trace("committed")
            for _, future in batches:
                future.set_result(None)

    def _fail(self, error: Exception, batches: list[Batch]) -> None:
        """From now on nothing is written: what came later must not be there without what came first."""
        if self.failure is None:
            if isinstance(error, SQLAlchemyError):
                error = cannot("write to", self._engine.url, error)
            elif not isinstance(error, JournalError):
                logger.exception("the journal met what it does not understand")
                error = JournalError(f"cannot write to {shown(self._engine.url)}: {error}")
            self.failure = error
            logger.error("%s", error)
        for _, future in batches:
            future.set_exception(self.failure)

    def _write(self, items: Sequence[Item]) -> None:
        try:
            self._transact(items)
        except DBAPIError as error:
            if not error.connection_invalidated or not self._patience:
                raise
            logger.warning("the database went away: %s", error.orig)
            self._again(items, error)

    def _transact(self, items: Sequence[Item]) -> None:
        connection = self._connection
        with connection.begin():
            self._trace("begun")
            if not self._statements.beat(connection, time.time_ns()):
                raise JournalError(
                    f"the account {self._tenure.account} at {self._tenure.venue} was taken over "
                    "by another process: this one must not trade"
                )
            seq = self._statements.write(connection, items, self._seq)
            self._trace("written")
        self._seq = seq
        self._unclean += len(items)

    def _again(self, items: Sequence[Item], cause: DBAPIError) -> None:
        """Dial again; go on only with the same rights, and write only what did not arrive."""
        until = time.monotonic() + self._patience
        delay = 0.05
        error: DBAPIError = cause
        while time.monotonic() < until:
            time.sleep(delay)
            delay = min(delay * 2, 1.0)
            try:
                self._redial()
                # what arrived must still be ours to act on, which a transaction with nothing in it tells
                self._transact([] if self._arrived(items) else items)
                return
            except DBAPIError as again:
                error = again
        raise error

    def _redial(self) -> None:
        self._connection.close()
        self._connection = self._engine.connect()
        if file_of(self._engine.url):
            return
        with self._connection.begin():
            got = take_advisory(self._connection, self._tenure.venue, self._tenure.account)
        if not got:
            # The server may need a moment to see that the old connection is gone; the lease, which
            # every transaction looks at, tells whether somebody else came in between.
            raise DBAPIError("the account is still locked", None, Exception("the account is still locked"))

    def _arrived(self, items: Sequence[Item]) -> bool:
        """Whether the transaction whose end was not heard is in the database."""
        numbered = next((item for item in items if hasattr(item, "data")), None)
        if numbered is None:
            return False
        table = models.order_events if isinstance(numbered, OrderRecord) else models.account_events
        # whoever took the account over meanwhile goes on with the same numbers
        wanted = (
            table.c.account_id == self._tenure.account_id,
            table.c.run_id == self._tenure.run_id,
            table.c.seq > self._seq,
        )
        with self._connection.begin():
            last = self._connection.execute(
                select(table.c.seq).where(*wanted).order_by(table.c.seq.desc())
            ).scalar()
        if last is None:
            return False
        self._seq += sum(hasattr(item, "data") for item in items)
        return True

    def _clean_up(self) -> None:
        """Move SQLite's log into its file while nobody waits, so that no order pays for it."""
        if not file_of(self._engine.url) or self._unclean < _CLEAN or self.failure is not None:
            return
        self._unclean = 0
        # not through SQLAlchemy, which would begin a transaction: nothing can be cleaned up within one
        driver: Any = self._connection.connection.driver_connection
        try:
            busy, pages, moved = driver.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchone()
        except sqlite3.Error as error:
            logger.warning("cannot clean up the log of %s: %s", shown(self._engine.url), error)
            return
        self._trace("cleaned" if moved == pages and not busy else "not cleaned")
