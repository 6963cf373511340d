"""How many cores this process may use: what the machine has, less what it is denied."""

from __future__ import annotations

import math
import os
from pathlib import Path

__all__ = ["available_cores"]


def available_cores(root: Path = Path("/")) -> int:
    """Cores of the machine that this process may run on and has the time of, at least one.

    A container may show sixteen cores and grant the time of two: the control group knows.
    """
    allowed = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    granted = _granted(root)
    return allowed if granted >= allowed else max(1, math.ceil(granted))


def _granted(root: Path) -> float:
    """How many cores' time the control groups grant, the strictest of those above each other."""
    try:
        lines = (root / "proc/self/cgroup").read_text().splitlines()
    except OSError:
        return math.inf
    found = math.inf
    for line in lines:
        _, controllers, path = line.split(":", 2)
        if not controllers:
            base, quota_of = root / "sys/fs/cgroup", _quota
        elif "cpu" in controllers.split(","):
            base, quota_of = root / "sys/fs/cgroup/cpu", _old_quota
        else:
            continue
        here = base / path.lstrip("/")
        for group in (here, *here.parents):
            if not group.is_relative_to(base):
                break
            found = min(found, quota_of(group))
    return found


def _quota(group: Path) -> float:
    """Of a control group of the second version: ``max 100000``, or ``150000 100000`` for one and a half."""
    try:
        quota, period = (group / "cpu.max").read_text().split()
        return math.inf if quota == "max" else int(quota) / int(period)
    except (OSError, ValueError):
        return math.inf


def _old_quota(group: Path) -> float:
    try:
        quota = int((group / "cpu.cfs_quota_us").read_text())
        return math.inf if quota <= 0 else quota / int((group / "cpu.cfs_period_us").read_text())
    except (OSError, ValueError):
        return math.inf
