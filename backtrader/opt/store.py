"""Where studies live: what they look for, what they have evaluated, and who is at it.

>>> store = Store.open("studies.db")            # a file, or postgresql://user@host/database
>>> store.studies()
>>> store.best("sma", n=10)

Reading is here; what a driver of a study does to it is in `backtrader.opt.driver`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from ..utils.params import nearest
from .alive import is_alive
from .codec import Reader, dumps, loads, plain
from .database import DEFAULT_FILE, Database, StoreError
from .describe import describe_objectives, describe_space
from .entry import COMPLETE, FAILED, LOST, PRUNED, RUNNING, TIMEOUT, Entry
from .rows import entry_of
from .tables import tables

__all__ = ["DEFAULT_FILE", "ENDED", "Store", "StoreError", "StudyExists", "StudyRecord"]

ENDED = (COMPLETE, PRUNED, FAILED, TIMEOUT, LOST)
WAITING = "waiting"
LEASE = 30.0  # seconds without a sign of life after which a driver counts as dead


class StudyExists(StoreError):
    """A study of this name is there already."""


@dataclass
class StudyRecord:
    """A study as it stands in the store."""

    id: int
    name: str
    created: float
    updated: float
    state: str
    """new, running, finished, stopped or failed; interrupted, if its drivers died."""
    wanted: str
    space: dict[str, Any]
    objectives: list[dict[str, Any]]
    settings: dict[str, Any]
    total: int | None
    counts: dict[str, int] = field(default_factory=dict)
    """How many combinations are in each state: waiting, running, complete, pruned, failed, timeout, lost."""
    drivers: int = 0
    """How many processes work on it now."""

    @property
    def directions(self) -> tuple[bool, ...]:
        """For each objective, whether it is made large."""
        return tuple(bool(each["maximize"]) for each in self.objectives)

    @cached_property
    def finished(self) -> int:
        """How many combinations have been evaluated, well or not."""
        return sum(self.counts.get(state, 0) for state in ENDED)


class Store:
    """The studies of one database."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self._ids: dict[str, int] = {}
        self._readers: dict[int, Reader] = {}

    @classmethod
    def open(cls, given: Any = None) -> Store:
        """The store in a file, by a URL, or (":memory:") in memory; made if it is not there.

        Nothing given is the file ``studies.db`` in the current folder.
        """
        return given if isinstance(given, cls) else cls(Database(given))

    @property
    def shown(self) -> str:
        """Where it is, without a password."""
        return self.database.shown

    def close(self) -> None:
        """Close its connections."""
        self.database.close()

    # -- studies -----------------------------------------------------------------------------------
    def create(
        self,
        name: str,
        space: Any,
        objectives: Sequence[Any],
        settings: Mapping[str, Any] | None = None,
        total: int | None = None,
    ) -> StudyRecord:
        """A new study; `StudyExists` if there is one of this name."""
        from sqlalchemy import insert
        from sqlalchemy.exc import IntegrityError

        if not name or len(name) > 200:
            raise StoreError("a study needs a name, of 200 characters at most")
        described = space if isinstance(space, dict) else describe_space(space)
        try:
            with self.database.write() as connection:
                now = self.database.now(connection)
                connection.execute(
                    insert(tables().studies).values(
                        name=name, created=now, updated=now, state="new", wanted="",
                        space=dumps(described), objective=dumps(plain(describe_objectives(objectives))),
                        settings=dumps(plain(dict(settings or {}))), total=total, next_number=0, next_done=0,
                    )
                )  # fmt: skip
        except IntegrityError:
            raise StudyExists(f"there is a study {name!r} already in {self.shown}") from None
        return self.load(name)

    def exists(self, name: str) -> bool:
        """Whether there is a study of this name."""
        return name in self.names()

    def names(self) -> list[str]:
        """The names of all studies."""
        from sqlalchemy import select

        studies = tables().studies
        with self.database.read() as connection:
            return list(connection.execute(select(studies.c.name).order_by(studies.c.id)).scalars())

    def load(self, name: str) -> StudyRecord:
        """The study of this name; `StoreError` with the nearest names if there is none."""
        from sqlalchemy import select

        studies = tables().studies
        with self.database.read() as connection:
            row = connection.execute(select(studies).where(studies.c.name == name)).first()
            if row is not None:
                return self._record(connection, row)
        raise StoreError(f"there is no study {name!r} in {self.shown}; " + nearest(name, self.names()))

    def studies(self) -> list[StudyRecord]:
        """All studies, the one touched last first."""
        from sqlalchemy import select

        studies = tables().studies
        with self.database.read() as connection:
            rows = connection.execute(select(studies).order_by(studies.c.updated.desc())).all()
            return [self._record(connection, row) for row in rows]

    def _record(self, connection: Any, row: Any) -> StudyRecord:
        from sqlalchemy import func, select

        entries, drivers = tables().entries, tables().drivers
        counted = connection.execute(
            select(entries.c.state, func.count()).where(entries.c.study == row.id).group_by(entries.c.state)
        ).all()
        since = self.database.now(connection) - LEASE
        query = select(drivers).where(drivers.c.study == row.id, drivers.c.ended.is_(None))
        alive = sum(is_alive(driver, since) for driver in connection.execute(query))
        state = "interrupted" if row.state == "running" and not alive else row.state
        self._ids[row.name] = row.id
        return StudyRecord(
            row.id, row.name, row.created, row.updated, state, row.wanted, loads(row.space),
            loads(row.objective), loads(row.settings), row.total, dict(map(tuple, counted)), alive,
        )  # fmt: skip

    def delete(self, name: str) -> None:
        """Remove a study with all it has."""
        from sqlalchemy import delete

        layout, number = tables(), self.id_of(name)
        with self.database.write() as connection:
            for table in (layout.events, layout.drivers, layout.returns, layout.entries):
                connection.execute(delete(table).where(table.c.study == number))
            connection.execute(delete(layout.studies).where(layout.studies.c.id == number))
        self._ids.pop(name, None)

    def id_of(self, name: str) -> int:
        """The number of a study in the database."""
        return self._ids.get(name) or self.load(name).id

    def ask_to_stop(self, name: str, wanted: str = "stop") -> None:
        """Have the drivers of a study stop after the runs they are at; "" takes it back."""
        self._set(name, wanted=wanted)

    def wanted(self, name: str) -> str:
        """What is asked of the drivers of a study."""
        from sqlalchemy import select

        studies = tables().studies
        with self.database.read() as connection:
            query = select(studies.c.wanted).where(studies.c.id == self.id_of(name))
            return str(connection.execute(query).scalar() or "")

    def set_state(self, name: str, state: str) -> None:
        """Note how a study stands."""
        self._set(name, state=state)

    def set_total(self, name: str, total: int | None) -> None:
        """Note how many runs are planned."""
        self._set(name, total=total)

    def set_settings(self, name: str, settings: Mapping[str, Any]) -> None:
        """Note with what settings a study goes on."""
        self._set(name, settings=dumps(plain(dict(settings))))

    def _set(self, name: str, **values: Any) -> None:
        from sqlalchemy import update

        studies = tables().studies
        with self.database.write() as connection:
            values["updated"] = self.database.now(connection)
            query = update(studies).where(studies.c.id == self.id_of(name)).values(**values)
            connection.execute(query)

    # -- entries -----------------------------------------------------------------------------------
    def use_space(self, name: str, space: Any) -> None:
        """Read the parameters of a study as values of this space, not only as plain ones."""
        self._readers[self.id_of(name)] = Reader(space)

    def reader(self, name: str) -> Reader:
        """What reads the stored parameters of a study."""
        return self._readers.setdefault(self.id_of(name), Reader())

    def entries(
        self, name: str, after: int = 0, limit: int | None = None, states: Sequence[str] = ENDED
    ) -> list[Entry]:
        """What has been evaluated, in the order of their numbers.

        ``after`` leaves out the first so many that ended: what `news` gave is not read again.
        """
        return self._entries(name, after, limit, states)[0]

    def news(self, name: str, after: int = 0) -> tuple[list[Entry], int]:
        """What ended after the first ``after``, and what to say as ``after`` the next time."""
        return self._entries(name, after, None, ENDED)

    def _entries(
        self, name: str, after: int, limit: int | None, states: Sequence[str]
    ) -> tuple[list[Entry], int]:
        from sqlalchemy import select

        entries = tables().entries
        query = select(entries).where(entries.c.study == self.id_of(name), entries.c.state.in_(states))
        if after:
            query = query.where(entries.c.done > after)
        if limit is not None:
            query = query.limit(limit)
        with self.database.read() as connection:
            rows = connection.execute(query.order_by(entries.c.number)).all()
        reader = self.reader(name)
        return [entry_of(row, reader) for row in rows], max((row.done or 0 for row in rows), default=after)

    def running(self, name: str) -> list[Entry]:
        """What is being run now, as far as the store knows."""
        return self.entries(name, states=(RUNNING,))

    def entry(self, name: str, number: int) -> Entry:
        """One entry by its number."""
        from sqlalchemy import select

        entries = tables().entries
        query = select(entries).where(entries.c.study == self.id_of(name), entries.c.number == number)
        with self.database.read() as connection:
            row = connection.execute(query).first()
        if row is None:
            raise StoreError(f"study {name!r} has no entry {number}")
        return entry_of(row, self.reader(name))

    def best(self, name: str, n: int = 1, maximize: bool | None = None) -> list[Entry]:
        """The best valid entries by the first objective, best first; by index, whatever the study's size."""
        from sqlalchemy import select

        entries = tables().entries
        if maximize is None:
            maximize = self.load(name).directions[0]
        order = entries.c.score.desc() if maximize else entries.c.score.asc()
        query = (
            select(entries)
            .where(entries.c.study == self.id_of(name), entries.c.valid == 1, entries.c.score.is_not(None))
            .order_by(order, entries.c.number)
            .limit(n)
        )
        with self.database.read() as connection:
            rows = connection.execute(query).all()
        return [entry_of(row, self.reader(name)) for row in rows]

    def returns(self, name: str, number: int) -> Any:
        """The returns by period of one entry, as an array; None if they were not kept."""
        return self.all_returns(name, [number]).get(number)

    def all_returns(self, name: str, numbers: Sequence[int] | None = None) -> dict[int, Any]:
        """The returns by period of entries (of all that have any), by number."""
        import numpy as np
        from sqlalchemy import select

        kept = tables().returns
        query = select(kept.c.number, kept.c.returns).where(kept.c.study == self.id_of(name))
        if numbers is not None:
            query = query.where(kept.c.number.in_(list(numbers)))
        with self.database.read() as connection:
            rows = connection.execute(query.order_by(kept.c.number)).all()
        return {number: np.frombuffer(found, dtype=np.float32) for number, found in rows}

    # -- events ------------------------------------------------------------------------------------
    def add_event(self, name: str, kind: str, **data: Any) -> None:
        """Note something that happened to a study."""
        from sqlalchemy import insert

        with self.database.write() as connection:
            connection.execute(
                insert(tables().events).values(
                    study=self.id_of(name), at=self.database.now(connection), kind=kind,
                    data=dumps(plain(data)),
                )
            )  # fmt: skip

    def events(self, name: str, after: int = 0, limit: int = 1000) -> list[dict[str, Any]]:
        """What happened to a study: started, best, stage, stopped, finished, failed; oldest first."""
        from sqlalchemy import select

        events = tables().events
        query = select(events).where(events.c.study == self.id_of(name), events.c.id > after)
        with self.database.read() as connection:
            rows = connection.execute(query.order_by(events.c.id).limit(limit)).all()
        return [{"id": row.id, "at": row.at, "kind": row.kind, **loads(row.data)} for row in rows]
