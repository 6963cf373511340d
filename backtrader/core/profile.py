"""Memory profiles: one word for how much of a run is kept."""

from __future__ import annotations

from enum import IntEnum
from typing import Any


class MemoryProfile(IntEnum):
    """How much memory a run may take, for ``Cerebro(memory_profile=...)``; the results are the same.

    ============  =======  =======  =========  ======================================================
    profile       preload  runonce  exactbars  what is in memory
    ============  =======  =======  =========  ======================================================
    CONSERVATIVE  yes      yes      no         feeds, and whole every line that is read
    BALANCED      yes      yes      -1         feeds; of a computed line the bars around now, while
                                               the run goes on: 32,768 back and some ahead
    AGGRESSIVE    no       no       1          a window as long as the longest period; nothing to plot
    ============  =======  =======  =========  ======================================================

    Where BALANCED cannot be had everything is kept: in runs that are no batch (live and replayed
    feeds), and with lines computed in Python or coupled to another timeline.
    """

    CONSERVATIVE = 0
    BALANCED = 1
    AGGRESSIVE = 2

    @property
    def modes(self) -> tuple[bool, bool, int]:
        """``preload``, ``runonce`` and ``exactbars`` of the run."""
        return _MODES[self]


_MODES = {
    MemoryProfile.CONSERVATIVE: (True, True, 0),
    MemoryProfile.BALANCED: (True, True, -1),
    MemoryProfile.AGGRESSIVE: (False, False, 1),
}


def profile_modes(given: Any) -> tuple[bool, bool, int]:
    """The modes of a profile given as such, by number or by name."""
    try:
        profile = MemoryProfile[given.upper()] if isinstance(given, str) else MemoryProfile(given)
    except (KeyError, ValueError):
        names = ", ".join(f"MemoryProfile.{profile.name}" for profile in MemoryProfile)
        raise ValueError(f"memory_profile is one of {names} or None, not {given!r}") from None
    return profile.modes


__all__ = ["MemoryProfile", "profile_modes"]
