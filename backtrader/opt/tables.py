"""The tables a study lives in: the same in a SQLite file and in PostgreSQL.

They are ours and not Optuna's because a sweep of short runs writes hundreds of results a second, in
batches, and drivers on several machines share a queue; see the decision record on studies.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any, NamedTuple

from ..utils.optional import require

__all__ = ["SCHEMA", "Tables", "tables"]

SCHEMA = 1  # the number of this layout, kept in the database


class Tables(NamedTuple):
    """The tables, each by what a row of it is."""

    metadata: Any
    schema: Any
    studies: Any
    entries: Any
    returns: Any
    drivers: Any
    events: Any


@lru_cache(maxsize=1)
def tables() -> Tables:
    """The layout; made when first needed, as SQLAlchemy is imported only then."""
    require("sqlalchemy", "opt", "backtrader.opt")
    from sqlalchemy import Column, Float, ForeignKey, Index, Integer, MetaData, String, Table, Text

    metadata = MetaData()

    def study_column() -> Any:
        return Column("study", ForeignKey("bt_opt_studies.id", ondelete="CASCADE"), primary_key=True)

    schema = Table("bt_opt_schema", metadata, Column("version", Integer, primary_key=True))
    studies = Table(
        "bt_opt_studies", metadata,
        Column("id", Integer, primary_key=True),
        Column("name", String(200), nullable=False, unique=True),
        Column("created", Float, nullable=False),
        Column("updated", Float, nullable=False),
        Column("state", String(12), nullable=False),  # new running finished stopped failed
        Column("wanted", String(12), nullable=False),  # what someone asks of its drivers: stop
        Column("space", Text, nullable=False),
        Column("objective", Text, nullable=False),
        Column("settings", Text, nullable=False),
        Column("total", Integer),  # how many runs are planned; none: open
        Column("next_number", Integer, nullable=False),
        Column("next_done", Integer, nullable=False),
    )  # fmt: skip
    entries = Table(
        "bt_opt_entries", metadata,
        study_column(),
        Column("number", Integer, primary_key=True, autoincrement=False),
        Column("key", String(32), nullable=False),
        Column("stage", String(100), nullable=False),
        Column("params", Text, nullable=False),
        Column("state", String(10), nullable=False),  # waiting running, or how it ended
        Column("driver", Integer),
        Column("done", Integer),  # the order in which they ended
        Column("score", Float),
        Column("scores", Text),
        Column("valid", Integer),
        Column("metrics", Text),
        Column("error", Text),
        Column("retries", Text),
        Column("interim", Text),
        Column("started", Float),
        Column("seconds", Float),
        Index("bt_opt_entries_key", "study", "key", unique=True),
        Index("bt_opt_entries_state", "study", "state"),
        Index("bt_opt_entries_done", "study", "done"),
        Index("bt_opt_entries_score", "study", "valid", "score"),
    )  # fmt: skip
    returns = Table(
        "bt_opt_returns", metadata,
        study_column(),
        Column("number", Integer, primary_key=True, autoincrement=False),
        Column("returns", _blob(), nullable=False),
    )  # fmt: skip
    drivers = Table(
        "bt_opt_drivers", metadata,
        Column("id", Integer, primary_key=True),
        Column("study", ForeignKey("bt_opt_studies.id", ondelete="CASCADE"), nullable=False, index=True),
        Column("host", String(200), nullable=False),
        Column("pid", Integer, nullable=False),
        Column("process", Float, nullable=False),  # when that process was born: numbers are used again
        Column("workers", Integer, nullable=False),
        Column("started", Float, nullable=False),
        Column("alive", Float, nullable=False),  # the last sign of life
        Column("ended", Float),
    )  # fmt: skip
    events = Table(
        "bt_opt_events", metadata,
        Column("id", Integer, primary_key=True),
        Column("study", ForeignKey("bt_opt_studies.id", ondelete="CASCADE"), nullable=False, index=True),
        Column("at", Float, nullable=False),
        Column("kind", String(20), nullable=False),
        Column("data", Text, nullable=False),
    )  # fmt: skip
    return Tables(metadata, schema, studies, entries, returns, drivers, events)


def _blob() -> Any:
    from sqlalchemy import LargeBinary

    return LargeBinary
