"""Opening the database of live trading: a SQLite file by default, PostgreSQL by URL.

Both are set so that what is committed is on disk: a power loss takes nothing back.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from backtrader.utils.optional import require

from ..config.secret import Secret
from ..errors import ConfigError, JournalError

require("sqlalchemy", "live", "real_trade.storage")

from sqlalchemy import Engine, create_engine, event  # noqa: E402
from sqlalchemy.engine import URL, make_url  # noqa: E402
from sqlalchemy.exc import ArgumentError, DBAPIError, SQLAlchemyError  # noqa: E402

__all__ = ["DEFAULT_FILE", "file_of", "cannot", "open_engine", "reason_of", "shown", "url_of"]

#: Where live trading is recorded if nothing else is said: a file in the current folder.
DEFAULT_FILE = "real_trade.db"

#: Seconds to wait for another process that is writing.
WAIT = 30.0

# A server that vanished without a word is noticed after seconds, not after the quarter of an hour that
# systems take by themselves: nothing can be written, and so no order given, until it is.
_ALIVE = {
    "keepalives": 1, "keepalives_idle": 5, "keepalives_interval": 2, "keepalives_count": 3,
    "tcp_user_timeout": 12_000,
}  # fmt: skip

# Pages of the log after which a writer would have to clean up itself; it does so before, in quiet
# moments (see `writer`), since cleaning costs a writer several waits for the disk.
_PAGES = 20_000


def url_of(given: Any = None) -> URL:
    """What a user names - a path, a URL (maybe a secret one), nothing - as a URL of SQLAlchemy."""
    if isinstance(given, Secret):
        given = given.reveal()
    text = str(DEFAULT_FILE if given is None else given)
    if isinstance(given, URL):
        url = given
    elif "://" not in text:
        url = URL.create("sqlite", database=str(Path(text).expanduser()))
    else:
        try:
            url = make_url(text)
        except ArgumentError:
            raise ConfigError("the database is neither the path of a file nor a URL") from None
    if url.drivername in ("postgres", "postgresql"):
        url = url.set(drivername="postgresql+psycopg")
    if url.get_backend_name() not in ("sqlite", "postgresql"):
        raise ConfigError(
            f"live trading is recorded in SQLite or PostgreSQL, not in {url.get_backend_name()!r}"
        )
    if url.get_backend_name() == "sqlite" and url.database in (None, "", ":memory:"):
        raise ConfigError("live trading needs a database that outlives the process: name a file")
    return url


def shown(url: URL) -> str:
    """The database as it may appear in a message: without its password."""
    return file if (file := file_of(url)) else url.render_as_string(hide_password=True)


def file_of(url: URL) -> str:
    """The file of a SQLite database; empty for a server."""
    return (url.database or "") if url.get_backend_name() == "sqlite" else ""


def open_engine(given: Any = None) -> Engine:
    """An engine whose commits are durable; nothing is opened yet."""
    url = url_of(given)
    if url.get_backend_name() == "postgresql":
        require("psycopg", "postgres", "a journal in PostgreSQL")
        options = {"connect_timeout": 10, "application_name": "real_trade", **_ALIVE}
        engine = create_engine(url, connect_args=options)
        event.listen(engine, "connect", _set_up_postgres)
        return engine
    parent = Path(file_of(url)).parent
    if not parent.is_dir():
        raise ConfigError(f"cannot open {shown(url)}: there is no folder {parent}")
    engine = create_engine(url, connect_args={"timeout": WAIT, "check_same_thread": False})
    event.listen(engine, "connect", _set_up_sqlite)
    event.listen(engine, "begin", _begin_at_once)
    return engine


def reason_of(error: SQLAlchemyError) -> str:
    """What the database itself said, in a line."""
    inner = error.orig if isinstance(error, DBAPIError) and error.orig is not None else error
    return (str(inner).strip() or type(inner).__name__).splitlines()[0]


def cannot(what: str, url: URL, error: SQLAlchemyError) -> JournalError:
    """The error for something that the database did not do."""
    return JournalError(f"cannot {what} {shown(url)}: {reason_of(error)}")


def _set_up_sqlite(connection: Any, _record: Any) -> None:
    connection.isolation_level = None  # transactions begin where we say so
    cursor = connection.cursor()
    cursor.execute("PRAGMA journal_mode=WAL")
    cursor.execute("PRAGMA synchronous=FULL")
    cursor.execute("PRAGMA foreign_keys=ON")
    cursor.execute(f"PRAGMA busy_timeout={int(WAIT * 1000)}")
    cursor.execute(f"PRAGMA wal_autocheckpoint={_PAGES}")
    cursor.close()


def _set_up_postgres(connection: Any, _record: Any) -> None:
    # Whatever the server's own settings: a commit that returned is on its disk.
    before, connection.autocommit = connection.autocommit, True
    connection.execute("SET synchronous_commit TO on")
    connection.execute("SET TIME ZONE 'UTC'")
    connection.autocommit = before


def _begin_at_once(connection: Any) -> None:
    """Take SQLite's one write lock at the start: what is read in a transaction stays true in it.

    Connections that only read say so (``reads``) and wait for nobody.
    """
    if connection.get_execution_options().get("isolation_level") == "AUTOCOMMIT":
        return
    connection.exec_driver_sql(
        "BEGIN" if connection.get_execution_options().get("reads") else "BEGIN IMMEDIATE"
    )
