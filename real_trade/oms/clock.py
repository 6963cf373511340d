"""How much time has passed, the time included in which the machine slept.

`time.monotonic` stands still on Linux and macOS while a laptop is closed.  For how long a wait may take
that does no harm; for how old a decision is, or since when nothing was heard, it would be an hour too little.
"""

from __future__ import annotations

import sys
import time

__all__ = ["elapsed"]

if sys.platform == "linux":

    def elapsed() -> float:
        """Seconds since some moment; never goes back, and nobody sets it."""
        return time.clock_gettime(time.CLOCK_BOOTTIME)

elif sys.platform == "darwin":

    def elapsed() -> float:
        """Seconds since some moment; never goes back, and nobody sets it."""
        return time.clock_gettime(time.CLOCK_MONOTONIC)

else:

    def elapsed() -> float:
        """Seconds since some moment; never goes back, and nobody sets it."""
        return time.monotonic()
