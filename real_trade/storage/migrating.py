"""The layout of the database by its revisions: which it has, which is ours, and how to get there."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, inspect
from sqlalchemy.exc import SQLAlchemyError

from backtrader.utils.optional import require

from ..errors import JournalError
from .base import cannot, open_engine, shown

__all__ = ["HEAD", "check", "downgrade", "guarded", "head", "revision", "upgrade"]

#: The layout that this version reads and writes: the last revision.  A start compares with it and
#: so needs no alembic, which takes a while to import.
HEAD = "0002"

MIGRATIONS = Path(__file__).parent / "migrations"

# PostgreSQL: two processes that start at once must not both change the tables.
_LOCK = 7302418


def upgrade(url: Any = None, to: str = "head", *, migrations: Path = MIGRATIONS) -> str:
    """Bring a database, new or old, to the layout of this version; what it is at then."""
    return _move(url, to, migrations, "upgrade")


def downgrade(url: Any, to: str, *, migrations: Path = MIGRATIONS) -> str:
    """Back to an older layout; what only the newer one keeps is lost."""
    return _move(url, to, migrations, "downgrade")


def head(migrations: Path = MIGRATIONS) -> str:
    """The last revision there is."""
    return str(_script(migrations).get_current_head())


def revision(engine: Engine) -> str:
    """The layout a database has; empty if it has none yet."""
    with engine.connect().execution_options(reads=True) as connection:
        if not inspect(connection).has_table("alembic_version"):
            return ""
        found = connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalar()
        return str(found or "")


def check(engine: Engine) -> None:
    """Complain, in a sentence, of a database that this version must not write to."""
    try:
        found, ours = revision(engine), HEAD
        tables = inspect(engine).get_table_names()
    except SQLAlchemyError as error:
        raise cannot("open", engine.url, error) from None
    name = shown(engine.url)
    if found == ours:
        return
    if not found and not tables:
        raise JournalError(f"{name} is empty: make its tables with real_trade.storage.upgrade()")
    if not found:
        raise JournalError(f"{name} holds tables of something else: name another database")
    if found not in _known():
        raise JournalError(
            f"{name} was written by a newer version (layout {found}, this one reads {ours}): use that version"
        )
    raise JournalError(
        f"{name} has layout {found} and this version needs {ours}: "
        "back it up, then run real_trade.storage.upgrade()"
    )


@contextmanager
def guarded(connection: Connection) -> Iterator[None]:
    """What must hold around a migration.

    With foreign keys enforced SQLite refuses to copy a table that others refer to.  They are off
    meanwhile, looked at in the end, and on again.
    """
    if connection.dialect.name != "sqlite":
        connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_LOCK})")
        yield
        return
    yield
    broken = connection.exec_driver_sql("PRAGMA foreign_key_check").fetchall()
    if broken:
        raise JournalError(f"the migration left rows that refer to nothing: {broken[:3]}")


def _move(url: Any, to: str, migrations: Path, direction: str) -> str:
    from alembic import command

    engine = open_engine(url)
    config = _config(migrations)
    try:
        with engine.connect() as connection:
            if engine.dialect.name == "sqlite":
                # has no effect within a transaction, so before the first
                driver: Any = connection.connection.driver_connection
                driver.execute("PRAGMA foreign_keys=OFF")
            with connection.begin():
                config.attributes["connection"] = connection
                getattr(command, direction)(config, to)
        return revision(engine)
    except SQLAlchemyError as error:
        raise cannot(direction, engine.url, error) from None
    finally:
        engine.dispose()


def _config(migrations: Path) -> Any:
    require("alembic", "live", "real_trade.storage")
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(migrations).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    return config


def _script(migrations: Path = MIGRATIONS) -> Any:
    from alembic.script import ScriptDirectory

    return ScriptDirectory.from_config(_config(migrations))


def _known() -> set[str]:
    return {one.revision for one in _script().walk_revisions()}
