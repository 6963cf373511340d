"""The tables of live trading.

``order_events`` and ``account_events`` are the journal: rows are added and never changed, which the
database itself enforces.  They share one count, ``seq``, so the order of everything is known.  The
rest is what follows from them, kept so that it can be looked up: ``orders`` is where the events have
led, ``fills`` each execution once.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
)

from .types import Key, Money, Nanos

__all__ = [
    "accounts", "account_events", "balance_snapshots", "fills", "incidents", "leases", "metadata",
    "order_events", "orders", "position_snapshots", "runs", "settings",
]  # fmt: skip

#: Every constraint has a name that can be foretold: SQLite changes tables only by copies, and needs it.
NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}

metadata = MetaData(naming_convention=NAMING)


def _account() -> Column[Any]:
    return Column("account_id", ForeignKey("accounts.id"), primary_key=True)


accounts = Table(
    "accounts", metadata,
    Column("id", Key, primary_key=True),
    Column("venue", String(40), nullable=False),
    Column("name", String(100), nullable=False),
    Column("created_ns", Nanos, nullable=False),
    Index(None, "venue", "name", unique=True),
)  # fmt: skip

#: Who may trade on an account: the holder of the highest epoch and nobody else.
leases = Table(
    "leases", metadata,
    _account(),
    Column("epoch", BigInteger, nullable=False),
    Column("host", String(255), nullable=False),
    Column("pid", Integer, nullable=False),
    Column("since_ns", Nanos, nullable=False),
    Column("beat_ns", Nanos, nullable=False),
    Column("released", Boolean, nullable=False),
)  # fmt: skip

runs = Table(
    "runs", metadata,
    Column("id", Key, primary_key=True),
    Column("account_id", ForeignKey("accounts.id"), nullable=False, index=True),
    Column("epoch", BigInteger, nullable=False),
    Column("version", String(40), nullable=False),
    Column("host", String(255), nullable=False),
    Column("pid", Integer, nullable=False),
    Column("started_ns", Nanos, nullable=False),
    Column("ended_ns", Nanos),
    Column("ending", String(200), nullable=False),
)  # fmt: skip

orders = Table(
    "orders", metadata,
    _account(),
    Column("key", String(140), primary_key=True),
    Column("client_id", String(64), nullable=False),
    Column("venue_id", String(64), nullable=False),
    Column("symbol", String(60), nullable=False),
    Column("side", String(4), nullable=False),
    Column("kind", String(20), nullable=False),
    Column("time_in_force", String(4), nullable=False),
    Column("quantity", Money, nullable=False),
    Column("price", Money),
    Column("stop_price", Money),
    Column("status", Integer, nullable=False),
    Column("final", Boolean, nullable=False),
    Column("filled", Money, nullable=False),
    Column("average_price", Money),
    Column("foreign_", Boolean, nullable=False),
    Column("strategy", String(100), nullable=False),
    Column("replaces", String(140), nullable=False),
    Column("reason", Text, nullable=False),
    Column("created_ns", Nanos, nullable=False),
    Column("updated_ns", Nanos, nullable=False),
    Index(None, "account_id", "final"),
    Index(None, "account_id", "symbol", "venue_id"),
    Index(None, "account_id", "updated_ns"),
)  # fmt: skip

order_events = Table(
    "order_events", metadata,
    _account(),
    Column("seq", BigInteger, primary_key=True, autoincrement=False),
    Column("run_id", ForeignKey("runs.id"), nullable=False),
    Column("key", String(140), nullable=False),
    Column("kind", String(20), nullable=False),
    Column("time_ns", Nanos, nullable=False),
    Column("data", Text, nullable=False),
    ForeignKeyConstraint(["account_id", "key"], ["orders.account_id", "orders.key"]),
    Index(None, "account_id", "key", "seq"),
)  # fmt: skip

fills = Table(
    "fills", metadata,
    _account(),
    Column("symbol", String(60), primary_key=True),
    Column("trade_id", String(64), primary_key=True),
    Column("seq", BigInteger, nullable=False),
    Column("key", String(140), nullable=False),
    Column("venue_id", String(64), nullable=False),
    Column("side", String(4), nullable=False),
    Column("price", Money, nullable=False),
    Column("quantity", Money, nullable=False),
    Column("fee", Money, nullable=False),
    Column("fee_asset", String(40), nullable=False),
    Column("maker", Boolean, nullable=False),
    Column("time_ns", Nanos, nullable=False),
    ForeignKeyConstraint(["account_id", "key"], ["orders.account_id", "orders.key"]),
    ForeignKeyConstraint(["account_id", "seq"], ["order_events.account_id", "order_events.seq"]),
    Index(None, "account_id", "key"),
    Index(None, "account_id", "time_ns"),
)  # fmt: skip

account_events = Table(
    "account_events", metadata,
    _account(),
    Column("seq", BigInteger, primary_key=True, autoincrement=False),
    Column("run_id", ForeignKey("runs.id"), nullable=False),
    Column("kind", String(20), nullable=False),
    Column("time_ns", Nanos, nullable=False),
    Column("data", Text, nullable=False),
    Index(None, "account_id", "kind", "seq"),
)  # fmt: skip

balance_snapshots = Table(
    "balance_snapshots", metadata,
    _account(),
    Column("time_ns", Nanos, primary_key=True),
    Column("asset", String(40), primary_key=True),
    Column("free", Money, nullable=False),
    Column("locked", Money, nullable=False),
)  # fmt: skip

position_snapshots = Table(
    "position_snapshots", metadata,
    _account(),
    Column("time_ns", Nanos, primary_key=True),
    Column("symbol", String(60), primary_key=True),
    Column("side", String(5), primary_key=True),
    Column("quantity", Money, nullable=False),
    Column("entry_price", Money, nullable=False),
)  # fmt: skip

incidents = Table(
    "incidents", metadata,
    Column("id", Key, primary_key=True),
    Column("account_id", ForeignKey("accounts.id"), nullable=False),
    Column("time_ns", Nanos, nullable=False),
    Column("kind", String(40), nullable=False),
    Column("handling", String(10), nullable=False),
    Column("key", String(140), nullable=False),
    Column("symbol", String(60), nullable=False),
    Column("text", Text, nullable=False),
    Column("closed_ns", Nanos),
    CheckConstraint("handling in ('note', 'repair', 'adopt', 'halt')", name="handling"),
    Index(None, "account_id", "time_ns"),
)  # fmt: skip

settings = Table(
    "settings", metadata,
    _account(),
    Column("name", String(100), primary_key=True),
    Column("value", Text, nullable=False),
    Column("updated_ns", Nanos, nullable=False),
)  # fmt: skip
