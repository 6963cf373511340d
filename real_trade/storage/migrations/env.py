"""Runs the revisions on the connection it is given; see `real_trade.storage.upgrade`."""

from __future__ import annotations

from typing import Any

from alembic import context

from real_trade.storage.migrating import guarded
from real_trade.storage.models import metadata


def run(connection: Any) -> None:
    """All revisions that were asked for, in one transaction: all of them or none."""
    context.configure(
        connection=connection,
        target_metadata=metadata,
        # SQLite changes a table by copying it ...
        render_as_batch=True,
        # ... and takes back a change of tables as PostgreSQL does, once transactions are begun by us.
        transactional_ddl=True,
    )
    with guarded(connection), context.begin_transaction():
        context.run_migrations()


run(context.config.attributes["connection"])
