"""Accounts, who trades on them, and the journal of their orders.

Revision 0001, the first.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from real_trade.storage.migrations.appendonly import make_append_only
from real_trade.storage.types import Key, Money, Nanos

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """To this revision."""
    op.create_table(
        "accounts",
        sa.Column("id", Key, nullable=False),
        sa.Column("venue", sa.String(40), nullable=False),
        sa.Column("name", sa.String(100), nullable=False),
        sa.Column("created_ns", Nanos, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_accounts"),
    )
    op.create_index("ix_accounts_venue_name", "accounts", ["venue", "name"], unique=True)
    op.create_table(
        "leases",
        sa.Column("account_id", Key, nullable=False),
        sa.Column("epoch", sa.BigInteger, nullable=False),
        sa.Column("host", sa.String(255), nullable=False),
        sa.Column("pid", sa.Integer, nullable=False),
        sa.Column("since_ns", Nanos, nullable=False),
        sa.Column("beat_ns", Nanos, nullable=False),
        sa.Column("released", sa.Boolean, nullable=False),
        sa.PrimaryKeyConstraint("account_id", name="pk_leases"),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name="fk_leases_account_id_accounts"),
    )
    op.create_table(
        "runs",
        sa.Column("id", Key, nullable=False),
        sa.Column("account_id", Key, nullable=False),
        sa.Column("epoch", sa.BigInteger, nullable=False),
        sa.Column("version", sa.String(40), nullable=False),
        sa.Column("host", sa.String(255), nullable=False),
        sa.Column("pid", sa.Integer, nullable=False),
        sa.Column("started_ns", Nanos, nullable=False),
        sa.Column("ended_ns", Nanos),
        sa.Column("ending", sa.String(200), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_runs"),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name="fk_runs_account_id_accounts"),
    )
    op.create_index("ix_runs_account_id", "runs", ["account_id"])
    _orders()
    _events()
    _fills()
    make_append_only("order_events")


def _orders() -> None:
    op.create_table(
        "orders",
        sa.Column("account_id", Key, nullable=False),
        sa.Column("key", sa.String(140), nullable=False),
        sa.Column("client_id", sa.String(64), nullable=False),
        sa.Column("venue_id", sa.String(64), nullable=False),
        sa.Column("symbol", sa.String(60), nullable=False),
        sa.Column("side", sa.String(4), nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("time_in_force", sa.String(4), nullable=False),
        sa.Column("quantity", Money, nullable=False),
        sa.Column("price", Money),
        sa.Column("stop_price", Money),
        sa.Column("status", sa.Integer, nullable=False),
        sa.Column("final", sa.Boolean, nullable=False),
        sa.Column("filled", Money, nullable=False),
        sa.Column("average_price", Money),
        sa.Column("foreign_", sa.Boolean, nullable=False),
        sa.Column("strategy", sa.String(100), nullable=False),
        sa.Column("replaces", sa.String(140), nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("created_ns", Nanos, nullable=False),
        sa.Column("updated_ns", Nanos, nullable=False),
        sa.PrimaryKeyConstraint("account_id", "key", name="pk_orders"),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name="fk_orders_account_id_accounts"),
    )
    op.create_index("ix_orders_account_id_final", "orders", ["account_id", "final"])
    op.create_index("ix_orders_account_id_symbol_venue_id", "orders", ["account_id", "symbol", "venue_id"])
    op.create_index("ix_orders_account_id_updated_ns", "orders", ["account_id", "updated_ns"])


def _events() -> None:
    op.create_table(
        "order_events",
        sa.Column("account_id", Key, nullable=False),
        sa.Column("seq", sa.BigInteger, nullable=False, autoincrement=False),
        sa.Column("run_id", Key, nullable=False),
        sa.Column("key", sa.String(140), nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("time_ns", Nanos, nullable=False),
        sa.Column("data", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("account_id", "seq", name="pk_order_events"),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name="fk_order_events_account_id_accounts"),
        sa.ForeignKeyConstraint(["run_id"], ["runs.id"], name="fk_order_events_run_id_runs"),
        sa.ForeignKeyConstraint(
            ["account_id", "key"],
            ["orders.account_id", "orders.key"],
            name="fk_order_events_account_id_key_orders",
        ),
    )
    op.create_index("ix_order_events_account_id_key_seq", "order_events", ["account_id", "key", "seq"])


def _fills() -> None:
    op.create_table(
        "fills",
        sa.Column("account_id", Key, nullable=False),
        sa.Column("symbol", sa.String(60), nullable=False),
        sa.Column("trade_id", sa.String(64), nullable=False),
        sa.Column("seq", sa.BigInteger, nullable=False),
        sa.Column("key", sa.String(140), nullable=False),
        sa.Column("venue_id", sa.String(64), nullable=False),
        sa.Column("side", sa.String(4), nullable=False),
        sa.Column("price", Money, nullable=False),
        sa.Column("quantity", Money, nullable=False),
        sa.Column("fee", Money, nullable=False),
        sa.Column("fee_asset", sa.String(40), nullable=False),
        sa.Column("maker", sa.Boolean, nullable=False),
        sa.Column("time_ns", Nanos, nullable=False),
        sa.PrimaryKeyConstraint("account_id", "symbol", "trade_id", name="pk_fills"),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name="fk_fills_account_id_accounts"),
        sa.ForeignKeyConstraint(
            ["account_id", "key"], ["orders.account_id", "orders.key"], name="fk_fills_account_id_key_orders"
        ),
        sa.ForeignKeyConstraint(
            ["account_id", "seq"],
            ["order_events.account_id", "order_events.seq"],
            name="fk_fills_account_id_seq_order_events",
        ),
    )
    op.create_index("ix_fills_account_id_key", "fills", ["account_id", "key"])
    op.create_index("ix_fills_account_id_time_ns", "fills", ["account_id", "time_ns"])


def downgrade() -> None:
    """Back to nothing."""
    for table in ("fills", "order_events", "orders", "runs", "leases", "accounts"):
        op.drop_table(table)
