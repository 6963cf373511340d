"""One process an account: the lock beside a SQLite file, or on the connection to PostgreSQL.

The operating system, or the server, lets go of it when the process is gone, however it went.
"""

from __future__ import annotations

import os
import re
import sys
import weakref
from hashlib import blake2s
from pathlib import Path

from sqlalchemy import Connection

__all__ = ["FileLock", "advisory_key", "take_advisory"]


class FileLock:
    """A lock file; its text says who holds it."""

    def __init__(self, database: str, venue: str, account: str) -> None:
        name = re.sub(r"[^A-Za-z0-9_.-]", "_", f"{venue}-{account}")
        mark = blake2s(f"{venue}\0{account}".encode(), digest_size=3).hexdigest()
        self.path = Path(f"{os.path.realpath(database)}.{name}-{mark}.lock")
        self._file: int | None = None

    def take(self, holder: str) -> bool:
        """Take it, or return False at once if somebody has it."""
        file = os.open(self.path, os.O_RDWR | os.O_CREAT, 0o600)
        if not _try(file):
            os.close(file)
            return False
        os.ftruncate(file, 0)
        os.pwrite(file, holder.encode(), 0)
        self._file = file
        _HELD.add(self)
        return True

    def holder(self) -> str:
        """Who wrote into the file last."""
        try:
            return self.path.read_text(encoding="utf-8").strip() or "another process"
        except OSError:
            return "another process"

    def release(self) -> None:
        """Let go; the file stays, since removing it would let two others hold two files."""
        if self._file is not None:
            os.close(self._file)
            self._file = None
        _HELD.discard(self)


_HELD: weakref.WeakSet[FileLock] = weakref.WeakSet()


def _forget_in_child() -> None:
    """A forked child must not keep the account locked when its parent dies."""
    for lock in list(_HELD):
        lock.release()


if sys.platform == "win32":
    import msvcrt

    def _try(file: int) -> bool:
        try:
            # far behind the text: a locked part cannot be read by others
            os.lseek(file, 1 << 20, os.SEEK_SET)
            msvcrt.locking(file, msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True
else:
    import fcntl

    def _try(file: int) -> bool:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            return False
        return True

    os.register_at_fork(after_in_child=_forget_in_child)


def advisory_key(venue: str, account: str) -> int:
    """The number under which PostgreSQL locks an account."""
    digest = blake2s(f"real_trade\0{venue}\0{account}".encode(), digest_size=8).digest()
    return int.from_bytes(digest, "big", signed=True)


def take_advisory(connection: Connection, venue: str, account: str) -> bool:
    """Lock the account for as long as this connection lives; False if another has it.

    It is the connection that writes the journal: who loses the one loses the other.
    """
    key = advisory_key(venue, account)
    return bool(connection.exec_driver_sql(f"SELECT pg_try_advisory_lock({key})").scalar())
