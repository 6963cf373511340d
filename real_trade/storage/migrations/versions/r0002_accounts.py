"""What happens to the account itself: its events, snapshots, incidents and settings.

Revision 0002, after 0001.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from real_trade.storage.migrations.appendonly import make_append_only
from real_trade.storage.types import Key, Money, Nanos

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def _of_account(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=f"fk_{table}_account_id_accounts")


def upgrade() -> None:
    """To this revision."""
    op.create_table(
        "account_events",
        sa.Column("account_id", Key, nullable=False),
        sa.Column("seq", sa.BigInteger, nullable=False, autoincrement=False),
        sa.Column("run_id", Key, nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("time_ns", Nanos, nullable=False),
        sa.Column("data", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("account_id", "seq", name="pk_account_events"),
        _of_account("account_events"),
        sa.ForeignKeyConstraint(["run_id"], ["runs.id"], name="fk_account_events_run_id_runs"),
    )
    op.create_index("ix_account_events_account_id_kind_seq", "account_events", ["account_id", "kind", "seq"])
    make_append_only("account_events")
    _snapshots()
    op.create_table(
        "incidents",
        sa.Column("id", Key, nullable=False),
        sa.Column("account_id", Key, nullable=False),
        sa.Column("time_ns", Nanos, nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("handling", sa.String(10), nullable=False),
        sa.Column("key", sa.String(140), nullable=False),
        sa.Column("symbol", sa.String(60), nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("closed_ns", Nanos),
        sa.PrimaryKeyConstraint("id", name="pk_incidents"),
        _of_account("incidents"),
        sa.CheckConstraint("handling in ('note', 'repair', 'adopt', 'halt')", name="ck_incidents_handling"),
    )
    op.create_index("ix_incidents_account_id_time_ns", "incidents", ["account_id", "time_ns"])
    op.create_table(
        "settings",
        sa.Column("account_id", Key, nullable=False),
        sa.Column("name", sa.String(100), nullable=False),
        sa.Column("value", sa.Text, nullable=False),
        sa.Column("updated_ns", Nanos, nullable=False),
        sa.PrimaryKeyConstraint("account_id", "name", name="pk_settings"),
        _of_account("settings"),
    )


def _snapshots() -> None:
    op.create_table(
        "balance_snapshots",
        sa.Column("account_id", Key, nullable=False),
        sa.Column("time_ns", Nanos, nullable=False),
        sa.Column("asset", sa.String(40), nullable=False),
        sa.Column("free", Money, nullable=False),
        sa.Column("locked", Money, nullable=False),
        sa.PrimaryKeyConstraint("account_id", "time_ns", "asset", name="pk_balance_snapshots"),
        _of_account("balance_snapshots"),
    )
    op.create_table(
        "position_snapshots",
        sa.Column("account_id", Key, nullable=False),
        sa.Column("time_ns", Nanos, nullable=False),
        sa.Column("symbol", sa.String(60), nullable=False),
        sa.Column("side", sa.String(5), nullable=False),
        sa.Column("quantity", Money, nullable=False),
        sa.Column("entry_price", Money, nullable=False),
        sa.PrimaryKeyConstraint("account_id", "time_ns", "symbol", "side", name="pk_position_snapshots"),
        _of_account("position_snapshots"),
    )


def downgrade() -> None:
    """Back to the one before."""
    for table in (
        "settings", "incidents", "position_snapshots", "balance_snapshots", "account_events",
    ):  # fmt: skip
        op.drop_table(table)
