"""Amounts of memory as people write them."""

from __future__ import annotations

import re
from typing import Any

__all__ = ["bytes_of"]

_UNITS = {"": 2**20, "k": 2**10, "m": 2**20, "g": 2**30, "t": 2**40}
_SIZE = re.compile(r"\s*(\d+\.?\d*|\.\d+)\s*([kmgt]?)i?b?\s*", re.IGNORECASE)


def bytes_of(size: Any) -> int:
    """``"2GB"``, ``"500M"`` or a number of megabytes, in bytes."""
    found = _SIZE.fullmatch(str(size))
    if found is None:
        raise ValueError(f"a size is written like '2GB', or as a number of megabytes, not {size!r}")
    return int(float(found[1]) * _UNITS[found[2].lower()])
