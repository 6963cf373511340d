"""Opening the database of studies: a SQLite file, PostgreSQL by URL, or memory."""

from __future__ import annotations

import sqlite3
import time
from pathlib import Path
from typing import Any

from ..errors import BacktraderError
from ..utils.optional import require
from .tables import SCHEMA, tables

__all__ = ["DEFAULT_FILE", "Database", "StoreError"]

#: Where studies are kept if nothing else is said: a file in the current folder.
DEFAULT_FILE = "studies.db"
MEMORY = ":memory:"


class StoreError(BacktraderError):
    """A storage that cannot be opened, or a study that is not in it."""


def url_of(given: Any) -> str:
    """A SQLAlchemy URL of what a user names: a path, a URL, nothing, or ``:memory:``."""
    if given is None:
        given = DEFAULT_FILE
    text = str(given)
    if text in (MEMORY, "sqlite://", "sqlite:///:memory:"):
        return "sqlite://"
    if "://" not in text:
        return f"sqlite:///{Path(text).expanduser()}"
    scheme, _, rest = text.partition("://")
    if scheme in ("postgres", "postgresql"):
        return f"postgresql+psycopg://{rest}"
    return text


class Database:
    """An engine, with transactions that hold what the work on a study needs."""

    def __init__(self, given: Any = None) -> None:
        require("sqlalchemy", "opt", "backtrader.opt")
        from sqlalchemy.engine import make_url
        from sqlalchemy.exc import ArgumentError

        try:
            self.url = make_url(url_of(given))
        except ArgumentError as error:
            raise StoreError(f"{given!r} is neither the path of a file nor a database URL: {error}") from None
        self.shown = self.url.render_as_string(hide_password=True)
        self.in_memory = self.url.drivername.startswith("sqlite") and not self.url.database
        self.is_sqlite = self.url.drivername.startswith("sqlite")
        if not self.is_sqlite and not self.url.drivername.startswith("postgresql"):
            raise StoreError(
                f"studies live in SQLite or PostgreSQL, not in {self.url.drivername!r} ({self.shown})"
            )
        self.engine = self._engine()
        self._read = self.engine.execution_options(isolation_level="AUTOCOMMIT")
        self._prepare()

    def _engine(self) -> Any:
        from sqlalchemy import create_engine, event
        from sqlalchemy.pool import StaticPool

        if not self.is_sqlite:
            require("psycopg", "opt", "a study in PostgreSQL")
            options = {"connect_timeout": 10, "application_name": "backtrader.opt"}
            return create_engine(self.url, connect_args=options, pool_pre_ping=True)
        parent = Path(self.url.database or ".").parent
        if not self.in_memory and not parent.is_dir():
            raise StoreError(f"cannot open {self.shown}: there is no folder {parent}")
        wait = {"timeout": 60, "check_same_thread": False}
        pool = {"poolclass": StaticPool} if self.in_memory else {}
        engine = create_engine(self.url, connect_args=wait, **pool)
        event.listen(engine, "connect", _set_up_sqlite)
        event.listen(engine, "begin", _begin_at_once)
        return engine

    def _prepare(self) -> None:
        """Make the tables if they are not there; complain of a database that cannot be used."""
        from sqlalchemy import insert, select
        from sqlalchemy.exc import DBAPIError, IntegrityError

        layout = tables()
        try:
            with self.engine.begin() as connection:
                if not self.is_sqlite:  # two that come at once must not both make the tables
                    connection.exec_driver_sql("SELECT pg_advisory_xact_lock(7302417)")
                layout.metadata.create_all(connection)
                found = connection.execute(select(layout.schema.c.version)).scalars().all()
                if not found:
                    connection.execute(insert(layout.schema).values(version=SCHEMA))
        except IntegrityError:  # pragma: no cover - another process was first
            found = [SCHEMA]
        except DBAPIError as error:
            self.engine.dispose()
            raise StoreError(f"cannot open {self.shown}: {_reason(error)}") from None
        if found and found != [SCHEMA]:
            self.engine.dispose()
            raise StoreError(
                f"{self.shown} holds studies of layout {found[0]}, this version reads layout {SCHEMA}: "
                "use another file, or the version that wrote it"
            )

    def read(self) -> Any:
        """A connection to read with."""
        return self._read.connect()

    def write(self) -> Any:
        """A transaction: in SQLite alone from its beginning, else alone for each study it locks."""
        return self.engine.begin()

    def now(self, connection: Any) -> float:
        """The time by the clock that all drivers share: the server's."""
        if self.is_sqlite:
            return time.time()
        text = "SELECT extract(epoch FROM clock_timestamp())::float8"
        return float(connection.exec_driver_sql(text).scalar())

    def close(self) -> None:
        """Close all connections."""
        self.engine.dispose()


def _set_up_sqlite(connection: Any, _record: Any) -> None:
    connection.isolation_level = None  # transactions begin where we say so
    cursor = connection.cursor()
    _use_wal(cursor)  # readers do not wait for the writer
    # A power loss may cost the last half second, which is then run again; the file stays whole.
    cursor.execute("PRAGMA synchronous=NORMAL")
    cursor.execute("PRAGMA foreign_keys=ON")
    cursor.close()


def _use_wal(cursor: Any) -> None:
    """Switch the file over, once: SQLite does not wait for others who do the same at this moment."""
    for attempt in range(100):
        try:
            cursor.execute("PRAGMA journal_mode=WAL")
            return
        except sqlite3.OperationalError as error:
            if "locked" not in str(error) or attempt == 99:
                raise
            time.sleep(0.02)


def _begin_at_once(connection: Any) -> None:
    """Take SQLite's one write lock at the start: what is read in a transaction stays true in it."""
    if connection.get_execution_options().get("isolation_level") != "AUTOCOMMIT":
        connection.exec_driver_sql("BEGIN IMMEDIATE")


def _reason(error: Any) -> str:
    return str(error.orig).strip().splitlines()[0] if error.orig is not None else str(error)
