"""Whether the process that claimed work is still there."""

from __future__ import annotations

import os
import socket
from typing import Any

__all__ = ["HOST", "birth", "is_alive"]

HOST = socket.gethostname()


def birth(pid: int) -> float:
    """When a living process was born, in the system's own ticks; 1 if only that it lives can be told.

    0 if it is gone.  A number alone would not do: systems give numbers of dead processes to new ones.
    """
    if os.name == "nt":  # there a signal to ask for life would be Ctrl-C; the lease has to do
        return 1.0
    if os.path.isdir("/proc/self"):
        try:
            with open(f"/proc/{pid}/stat", encoding="ascii", errors="replace") as file:
                fields = file.read().rpartition(")")[2].split()
        except OSError:
            return 0.0
        return 0.0 if fields[0] in "ZX" else float(fields[19])
    try:
        os.kill(pid, 0)
    except (OSError, OverflowError):
        return 0.0
    return 1.0


def is_alive(row: Any, since: float) -> bool:
    """Whether the driver of a row is at work: it gave a sign of life after ``since``.

    On the same machine a killed one is known at once.
    """
    if row.ended is not None or row.alive < since:
        return False
    return bool(row.host != HOST or birth(row.pid) == row.process)
