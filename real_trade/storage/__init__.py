"""What live trading remembers: the journal of its orders, and everything that follows from it."""

from .base import DEFAULT_FILE, open_engine, url_of
from .journal import Journal
from .migrating import check, downgrade, head, revision, upgrade
from .records import AccountRecord, Incident, Item, OrderRecord, Setting, Snapshot, StoredEvent

__all__ = [
    "DEFAULT_FILE", "AccountRecord", "Incident", "Item", "Journal", "OrderRecord", "Setting", "Snapshot",
    "StoredEvent", "check", "downgrade", "head", "open_engine", "revision", "upgrade", "url_of",
]  # fmt: skip
