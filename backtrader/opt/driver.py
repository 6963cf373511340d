"""What one driver does to a study in the store: claim combinations, record results, stay alive.

Several drivers may work on one study.  A combination belongs to the driver that claimed it, until it
is recorded or the driver is dead: then the next one takes it over.
"""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable, Iterable, Sequence
from functools import partial
from typing import Any, TypeVar

from .alive import HOST, birth, is_alive
from .codec import key_of
from .entry import RUNNING, Entry
from .rows import entry_of, finished_row, waiting_row
from .store import ENDED, LEASE, WAITING, Store
from .tables import tables

__all__ = ["Driver"]

T = TypeVar("T")
_CHUNK = 500
_PATIENCE = (0.1, 0.5, 2.0, 5.0, 15.0)  # seconds to wait for a database that is away for a moment


class Driver:
    """One process at work on one study."""

    def __init__(self, store: Store, name: str, workers: int = 1, lease: float = LEASE) -> None:
        self.store, self.name, self.lease = store, name, lease
        self.study = store.id_of(name)
        self._database = store.database
        self._ended = threading.Event()
        self.first = True
        """Whether no other driver ever was at this study."""
        self.number = self._transaction(lambda connection: self._register(connection, workers))
        if not self._database.in_memory:
            threading.Thread(target=self._stay_alive, name="opt-alive", daemon=True).start()

    def _transaction(self, work: Callable[[Any], T]) -> T:
        """Do it in a transaction; a database that is away for a moment is waited for."""
        from sqlalchemy.exc import DBAPIError

        for pause in (*_PATIENCE, None):
            try:
                with self._database.write() as connection:
                    return work(connection)
            except DBAPIError as error:
                away = error.connection_invalidated or "locked" in str(error.orig)
                if pause is None or not away:
                    raise
                time.sleep(pause)
        raise AssertionError("unreachable")

    def _lock(self, connection: Any) -> Any:
        """The study's row, which no other driver touches until this transaction is done."""
        from sqlalchemy import select

        studies = tables().studies
        return connection.execute(select(studies).where(studies.c.id == self.study).with_for_update()).one()

    # -- being there -------------------------------------------------------------------------------
    def _register(self, connection: Any, workers: int) -> int:
        from sqlalchemy import insert, select

        self._lock(connection)
        drivers = tables().drivers
        earlier = select(drivers.c.id).where(drivers.c.study == self.study).limit(1)
        self.first = connection.execute(earlier).first() is None
        now, pid = self._database.now(connection), os.getpid()
        query = insert(drivers).values(
            study=self.study, host=HOST, pid=pid, process=birth(pid), workers=workers,
            started=now, alive=now,
        )  # fmt: skip
        return int(connection.execute(query).inserted_primary_key[0])

    def _stay_alive(self) -> None:
        """Give a sign of life now and then; in a thread, as a run may take long."""
        from sqlalchemy import update
        from sqlalchemy.exc import SQLAlchemyError

        drivers = tables().drivers
        while not self._ended.wait(self.lease / 4):
            try:
                with self._database.write() as connection:
                    now = self._database.now(connection)
                    connection.execute(update(drivers).where(drivers.c.id == self.number).values(alive=now))
            except SQLAlchemyError:  # the next sign may get through; if none does, others take over
                continue

    def dead(self, connection: Any) -> list[int]:
        """The drivers of this study that will not come back to what they claimed."""
        from sqlalchemy import select

        drivers = tables().drivers
        since = self._database.now(connection) - self.lease
        rows = connection.execute(
            select(drivers).where(drivers.c.study == self.study, drivers.c.id != self.number)
        ).all()
        return [row.id for row in rows if not is_alive(row, since)]

    # -- claiming ----------------------------------------------------------------------------------
    def take_waiting(self, limit: int) -> list[Entry]:
        """Claim what waits: put there to begin with, given back, or left behind by a dead driver."""
        return self._transaction(lambda connection: self._take_waiting(connection, limit))

    def _take_waiting(self, connection: Any, limit: int) -> list[Entry]:
        from sqlalchemy import and_, or_, select, update

        entries = tables().entries
        self._lock(connection)
        waits = entries.c.state == WAITING
        orphaned = and_(entries.c.state == RUNNING, entries.c.driver.in_(self.dead(connection)))
        rows = connection.execute(
            select(entries)
            .where(entries.c.study == self.study, or_(waits, orphaned))
            .order_by(entries.c.number)
            .limit(limit)
        ).all()
        if rows:
            connection.execute(
                update(entries)
                .where(entries.c.study == self.study, entries.c.number.in_([row.number for row in rows]))
                .values(state=RUNNING, driver=self.number)
            )
        reader = self.store.reader(self.name)
        return [entry_of(row, reader) for row in rows]

    def claim(self, wanted: Sequence[Entry], total: int | None = None) -> tuple[list[Entry], list[Entry]]:
        """Claim new combinations: (those that are ours now, those that others had before).

        ``total`` is how many entries the study may have in all; what goes beyond it is neither.
        """
        return self._transaction(lambda connection: self._claim(connection, wanted, total, RUNNING))

    def enqueue(self, wanted: Iterable[Entry]) -> int:
        """Put combinations into the queue of the study, those it does not have yet; how many were new."""
        given, new = list(wanted), 0
        for first in range(0, len(given), _CHUNK):
            part = given[first : first + _CHUNK]
            new += len(self._transaction(partial(self._claim, wanted=part, total=None, state=WAITING))[0])
        return new

    def _claim(
        self, connection: Any, wanted: Sequence[Entry], total: int | None, state: str
    ) -> tuple[list[Entry], list[Entry]]:
        from sqlalchemy import insert, select, update

        layout = tables()
        entries, studies = layout.entries, layout.studies
        first = number = self._lock(connection).next_number
        keys = {key_of(entry.params): entry for entry in wanted}
        query = select(entries.c.key).where(entries.c.study == self.study, entries.c.key.in_(list(keys)))
        taken = set(connection.execute(query).scalars())
        rows, ours = [], []
        for key, entry in keys.items():
            if key in taken or (total is not None and number >= total):
                continue
            entry.number = number
            driver = self.number if state == RUNNING else None
            rows.append(waiting_row(self.study, number, entry) | {"state": state, "driver": driver})
            ours.append(entry)
            number += 1
        if rows:
            connection.execute(insert(entries), rows)
            connection.execute(update(studies).where(studies.c.id == self.study).values(next_number=number))
        assert number - first == len(ours)
        return ours, [entry for key, entry in keys.items() if key in taken]

    def release(self) -> int:
        """Give back what was claimed and not run; how many."""
        return self._transaction(self._release)

    def _release(self, connection: Any) -> int:
        from sqlalchemy import update

        entries = tables().entries
        self._lock(connection)
        mine = (entries.c.study == self.study, entries.c.driver == self.number, entries.c.state == RUNNING)
        query = update(entries).where(*mine).values(state=WAITING, driver=None)
        return int(connection.execute(query).rowcount)

    def retry(self, states: Sequence[str]) -> int:
        """Put what ended in one of these states into the queue again; how many."""
        return self._transaction(lambda connection: self._retry(connection, states))

    def _retry(self, connection: Any, states: Sequence[str]) -> int:
        from sqlalchemy import update

        entries = tables().entries
        self._lock(connection)
        again = (entries.c.study == self.study, entries.c.state.in_(states))
        values = {"state": WAITING, "driver": None, "done": None, "valid": None, "score": None}
        return int(connection.execute(update(entries).where(*again).values(**values)).rowcount)

    # -- recording ---------------------------------------------------------------------------------
    def record(self, finished: Sequence[tuple[Entry, bytes | None]]) -> None:
        """Write down what came of runs, all at once.

        What another driver took over meanwhile, because this one seemed dead, is the other's to record.
        """
        if finished:
            self._transaction(lambda connection: self._record(connection, finished))

    def _record(self, connection: Any, finished: Sequence[tuple[Entry, bytes | None]]) -> None:
        from sqlalchemy import bindparam, delete, insert, update

        layout = tables()
        entries, studies, kept = layout.entries, layout.studies, layout.returns
        done = self._lock(connection).next_done
        rows = []
        for entry, _ in finished:
            done += 1
            rows.append(finished_row(entry) | {"done": done, "_number": entry.number})
        mine = (
            entries.c.study == self.study,
            entries.c.number == bindparam("_number"),
            entries.c.driver == self.number,
            entries.c.state == RUNNING,
        )
        connection.execute(update(entries).where(*mine), rows)
        returns = [
            {"study": self.study, "number": entry.number, "returns": found}
            for entry, found in finished
            if found is not None
        ]
        if returns:
            numbers = [row["number"] for row in returns]
            connection.execute(delete(kept).where(kept.c.study == self.study, kept.c.number.in_(numbers)))
            connection.execute(insert(kept), returns)
        now = self._database.now(connection)
        connection.execute(
            update(studies).where(studies.c.id == self.study).values(next_done=done, updated=now)
        )

    # -- the others --------------------------------------------------------------------------------
    def known(self) -> list[tuple[str, int, str, int]]:
        """(key, number, state, done) of everything in the study: what need not be asked for again."""
        from sqlalchemy import select

        entries = tables().entries
        columns = (entries.c.key, entries.c.number, entries.c.state, entries.c.done)
        with self._database.read() as connection:
            rows = connection.execute(select(*columns).where(entries.c.study == self.study))
            return [(row.key, row.number, row.state, row.done or 0) for row in rows]

    def open_elsewhere(self) -> int:
        """How many combinations are in the hands of other drivers, or wait."""
        from sqlalchemy import func, select

        entries = tables().entries
        query = select(func.count()).where(
            entries.c.study == self.study, entries.c.state.not_in(ENDED),
        )  # fmt: skip
        with self._database.read() as connection:
            return int(connection.execute(query).scalar() or 0)

    def end(self, state: str | None = None) -> None:
        """Give back what is left, say goodbye, and note how the study stands if nobody else is at it."""
        self._ended.set()
        self._transaction(lambda connection: self._end(connection, state))

    def _end(self, connection: Any, state: str | None) -> None:
        from sqlalchemy import select, update

        layout = tables()
        drivers, studies = layout.drivers, layout.studies
        self._release(connection)
        now = self._database.now(connection)
        connection.execute(update(drivers).where(drivers.c.id == self.number).values(ended=now))
        gone = {*self.dead(connection), self.number}
        query = select(drivers.c.id).where(drivers.c.study == self.study)
        if state is not None and all(each in gone for each in connection.execute(query).scalars()):
            values = {"state": state, "updated": now, "wanted": ""}
            connection.execute(update(studies).where(studies.c.id == self.study).values(**values))
