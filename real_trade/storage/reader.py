"""Looking things up in the journal; readers wait for nobody."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import Engine, Select, func, select

from ..model import Balance, Position
from . import models
from .records import Snapshot, StoredEvent

__all__ = ["Reader"]

_CHUNK = 500  # values in one question: databases have limits


class Reader:
    """Questions about one account."""

    def __init__(self, engine: Engine, account_id: int) -> None:
        self._engine, self._account = engine.execution_options(reads=True), account_id

    def open_keys(self) -> list[str]:
        """The orders that have not come to their end."""
        of = models.orders.c
        wanted = select(of.key).where(of.account_id == self._account, of.final.is_(False))
        return [row.key for row in self._rows(wanted.order_by(of.created_ns, of.key))]

    def recent_keys(self, since_ns: int) -> list[str]:
        """The orders to which something happened since then."""
        of = models.orders.c
        wanted = select(of.key).where(of.account_id == self._account, of.updated_ns >= since_ns)
        return [row.key for row in self._rows(wanted.order_by(of.created_ns, of.key))]

    def events(self, keys: Iterable[str] | None = None) -> list[StoredEvent]:
        """All events of these orders (of all, without keys), in the order they were written."""
        of = models.order_events.c
        base = select(of.seq, of.key, of.kind, of.time_ns, of.data, of.run_id).where(
            of.account_id == self._account
        )
        if keys is None:
            return [StoredEvent(**row._mapping) for row in self._rows(base.order_by(of.seq))]
        found: list[StoredEvent] = []
        for part in _parts(list(keys)):
            found += [StoredEvent(**row._mapping) for row in self._rows(base.where(of.key.in_(part)))]
        return sorted(found, key=lambda event: event.seq)

    def key_of(self, symbol: str, *, client_id: str = "", venue_id: str = "") -> str:
        """The order with one of these ids; empty if the journal knows none.

        Client ids are looked for among our own orders only: others use theirs again.
        """
        of = models.orders.c
        base = select(of.key).where(of.account_id == self._account, of.symbol == symbol)
        for column, value in ((of.key, client_id), (of.venue_id, venue_id)):
            if value:
                rows = self._rows(base.where(column == value).limit(1))
                if rows:
                    return str(rows[0].key)
        return ""

    def orders(self, *, final: bool | None = None) -> list[dict[str, Any]]:
        """Rows of the orders table, oldest first."""
        of = models.orders.c
        wanted = select(models.orders).where(of.account_id == self._account)
        if final is not None:
            wanted = wanted.where(of.final.is_(final))
        return [dict(row._mapping) for row in self._rows(wanted.order_by(of.created_ns, of.key))]

    def fills(self, symbol: str | None = None, since_ns: int = 0, after_seq: int = 0) -> list[dict[str, Any]]:
        """Rows of the fills table, oldest first; ``after_seq``: written down after that event."""
        of = models.fills.c
        wanted = select(models.fills).where(of.account_id == self._account, of.time_ns >= since_ns)
        if after_seq:
            wanted = wanted.where(of.seq > after_seq)
        if symbol is not None:
            wanted = wanted.where(of.symbol == symbol)
        return [dict(row._mapping) for row in self._rows(wanted.order_by(of.time_ns, of.seq))]

    def last_fill_ns(self) -> int:
        """When the last fill was, by the venue's clock; 0 if there is none."""
        of = models.fills.c
        rows = self._rows(select(func.max(of.time_ns)).where(of.account_id == self._account))
        return int(rows[0][0] or 0)

    def symbols(self, since_ns: int) -> list[str]:
        """What was traded, or stands, since then."""
        of = models.orders.c
        wanted = select(of.symbol).where(of.account_id == self._account)
        rows = self._rows(wanted.where((of.updated_ns >= since_ns) | of.final.is_(False)).distinct())
        return sorted(row.symbol for row in rows)

    def account_events(self, kinds: Sequence[str], limit: int = 0) -> list[StoredEvent]:
        """Events of the account, newest first."""
        of = models.account_events.c
        wanted = select(of.seq, of.kind, of.time_ns, of.data, of.run_id).where(
            of.account_id == self._account, of.kind.in_(list(kinds))
        )
        wanted = wanted.order_by(of.seq.desc())
        return [StoredEvent(**row._mapping) for row in self._rows(wanted.limit(limit) if limit else wanted)]

    def incidents(self, *, open_only: bool = False) -> list[dict[str, Any]]:
        """Rows of the incidents table, oldest first."""
        of = models.incidents.c
        wanted = select(models.incidents).where(of.account_id == self._account)
        if open_only:
            wanted = wanted.where(of.closed_ns.is_(None))
        return [dict(row._mapping) for row in self._rows(wanted.order_by(of.id))]

    def snapshot(self, time_ns: int) -> Snapshot:
        """The snapshot taken then."""
        balances, positions = models.balance_snapshots, models.position_snapshots
        of_balances = select(balances).where(
            balances.c.account_id == self._account, balances.c.time_ns == time_ns
        )
        of_positions = select(positions).where(
            positions.c.account_id == self._account, positions.c.time_ns == time_ns
        )
        return Snapshot(
            time_ns,
            tuple(Balance(row.asset, row.free, row.locked) for row in self._rows(of_balances)),
            tuple(
                Position(row.symbol, row.quantity, row.entry_price, row.side)
                for row in self._rows(of_positions)
            ),
        )

    def setting(self, name: str) -> str | None:
        """The value kept under a name."""
        of = models.settings.c
        rows = self._rows(select(of.value).where(of.account_id == self._account, of.name == name))
        return rows[0].value if rows else None

    def count(self) -> int:
        """How many events the journal holds."""
        total = 0
        for table in (models.order_events, models.account_events):
            wanted = select(func.count().label("count")).where(table.c.account_id == self._account)
            total += self._rows(wanted)[0][0]
        return total

    def _rows(self, wanted: Select[Any]) -> Sequence[Any]:
        with self._engine.connect() as connection:
            return connection.execute(wanted).all()


def _parts(values: list[str]) -> Iterable[list[str]]:
    for start in range(0, len(values), _CHUNK):
        yield values[start : start + _CHUNK]
