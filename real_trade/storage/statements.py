"""What the writer says to the database for each kind of item."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, bindparam, insert, update
from sqlalchemy.dialects import postgresql, sqlite

from . import models
from .records import AccountRecord, Incident, Item, OrderRecord, Setting, Snapshot

__all__ = ["Statements"]


class Statements:
    """Made once for an account, so that nothing is put together while an order waits."""

    def __init__(self, dialect: str, account_id: int, run_id: int, epoch: int) -> None:
        self.account_id, self.run_id = account_id, run_id
        upsert = sqlite.insert if dialect == "sqlite" else postgresql.insert
        order = upsert(models.orders)
        kept = ("account_id", "key", "created_ns", "foreign_", "client_id")
        self._order = order.on_conflict_do_update(
            index_elements=["account_id", "key"],
            set_={
                column.name: order.excluded[column.name]
                for column in models.orders.c
                if column.name not in kept
            },
        )
        setting = upsert(models.settings)
        self._setting = setting.on_conflict_do_update(
            index_elements=["account_id", "name"],
            set_={"value": setting.excluded.value, "updated_ns": setting.excluded.updated_ns},
        )
        # The same fill may come from two sides at once; the first one counts.
        self._fill = upsert(models.fills).on_conflict_do_nothing()
        self._event = insert(models.order_events)
        self._account_event = insert(models.account_events)
        self._incident = insert(models.incidents)
        leases = models.leases
        self._beat = (
            update(leases)
            .where(leases.c.account_id == account_id, leases.c.epoch == epoch, leases.c.released.is_(False))
            .values(beat_ns=bindparam("beat"))
        )

    def beat(self, connection: Connection, now_ns: int) -> bool:
        """A sign of life; False if the account is no longer ours."""
        return connection.execute(self._beat, {"beat": now_ns}).rowcount == 1

    def write(self, connection: Connection, items: Sequence[Item], seq: int) -> int:
        """Write the items with the numbers after ``seq``; the last number used."""
        orders: dict[str, dict[str, Any]] = {}
        events: list[dict[str, Any]] = []
        account: list[dict[str, Any]] = []
        fills: list[dict[str, Any]] = []
        others: list[Incident | Snapshot | Setting] = []
        for item in items:
            if isinstance(item, OrderRecord):
                seq += 1
                orders[item.key] = {"account_id": self.account_id, **item.row}
                events.append(self._event_row(item, seq) | {"key": item.key})
                if item.fill is not None:
                    fills.append(self._fill_row(item, seq))
            elif isinstance(item, AccountRecord):
                seq += 1
                account.append(self._event_row(item, seq))
            else:
                others.append(item)
        for statement, rows in (
            (self._order, list(orders.values())),
            (self._event, events),
            (self._fill, fills),
            (self._account_event, account),
        ):
            if rows:
                connection.execute(statement, rows)
        for other in others:
            self._write_other(connection, other)
        return seq

    def _event_row(self, item: OrderRecord | AccountRecord, seq: int) -> dict[str, Any]:
        return {
            "account_id": self.account_id,
            "seq": seq,
            "run_id": self.run_id,
            "kind": item.kind,
            "time_ns": item.time_ns,
            "data": item.data,
        }

    def _fill_row(self, item: OrderRecord, seq: int) -> dict[str, Any]:
        fill = item.fill
        assert fill is not None
        return {
            "account_id": self.account_id,
            "symbol": fill.symbol,
            "trade_id": fill.trade_id,
            "seq": seq,
            "key": item.key,
            "venue_id": fill.venue_id,
            "side": fill.side.value,
            "price": fill.price,
            "quantity": fill.quantity,
            "fee": fill.fee,
            "fee_asset": fill.fee_asset,
            "maker": fill.maker,
            "time_ns": fill.time_ns,
        }

    def _write_other(self, connection: Connection, item: Incident | Snapshot | Setting) -> None:
        of = {"account_id": self.account_id}
        if isinstance(item, Incident):
            row = {
                name: getattr(item, name) for name in ("kind", "text", "time_ns", "handling", "key", "symbol")
            }
            connection.execute(self._incident, of | row)
        elif isinstance(item, Setting):
            row = {"name": item.name, "value": item.value, "updated_ns": item.time_ns}
            connection.execute(self._setting, of | row)
        else:
            self._write_snapshot(connection, item, of | {"time_ns": item.time_ns})

    def _write_snapshot(self, connection: Connection, item: Snapshot, of: dict[str, Any]) -> None:
        balances = [
            of | {"asset": one.asset, "free": one.free, "locked": one.locked} for one in item.balances
        ]
        positions = [
            of
            | {
                "symbol": one.symbol,
                "side": one.side,
                "quantity": one.quantity,
                "entry_price": one.entry_price,
            }
            for one in item.positions
        ]
        if balances:
            connection.execute(insert(models.balance_snapshots), balances)
        if positions:
            connection.execute(insert(models.position_snapshots), positions)
