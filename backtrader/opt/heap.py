"""Giving memory back: what the C library keeps of freed blocks, each worker would keep for itself."""

from __future__ import annotations

import sys
from functools import cache
from typing import Any

__all__ = ["libc", "return_large_blocks", "trim"]

_M_MMAP_THRESHOLD, _LARGE = -3, 2**20


@cache
def libc() -> Any:
    """The C library of this process; on other systems than Linux there is nothing to be had from it."""
    if not sys.platform.startswith("linux"):
        return None
    import ctypes

    return ctypes.CDLL(None)


def return_large_blocks() -> None:
    """Let large blocks go back to the system when they are freed."""
    mallopt = getattr(libc(), "mallopt", None)  # there in glibc only
    if mallopt is not None:
        mallopt(_M_MMAP_THRESHOLD, _LARGE)


def trim() -> None:
    """Give back what is free now."""
    malloc_trim = getattr(libc(), "malloc_trim", None)
    if malloc_trim is not None:
        malloc_trim(0)
