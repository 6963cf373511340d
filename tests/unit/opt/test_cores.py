"""Counting cores as a container grants them."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from backtrader.opt.cores import _granted, available_cores


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)


@pytest.mark.parametrize(
    ("text", "cores"), [("max 100000", 2**31), ("150000 100000", 1.5), ("20000 100000", 0.2)]
)
def test_a_control_group_grants_time(tmp_path: Path, text: str, cores: float) -> None:
    _write(tmp_path / "proc/self/cgroup", "0::/jobs/inner\n")
    _write(tmp_path / "sys/fs/cgroup/jobs/cpu.max", text)
    _write(tmp_path / "sys/fs/cgroup/jobs/inner/cpu.max", "max 100000")
    assert min(_granted(tmp_path), 2**31) == cores


def test_the_old_kind_of_control_groups(tmp_path: Path) -> None:
    _write(tmp_path / "proc/self/cgroup", "5:memory:/x\n4:cpu,cpuacct:/x\n")
    _write(tmp_path / "sys/fs/cgroup/cpu/x/cpu.cfs_quota_us", "100000")
    _write(tmp_path / "sys/fs/cgroup/cpu/x/cpu.cfs_period_us", "50000")
    assert _granted(tmp_path) == 2.0


def test_never_more_than_the_process_may_use_and_never_none(tmp_path: Path) -> None:
    _write(tmp_path / "proc/self/cgroup", "0::/\n")
    _write(tmp_path / "sys/fs/cgroup/cpu.max", "1000 100000")
    assert available_cores(tmp_path) == 1
    _write(tmp_path / "sys/fs/cgroup/cpu.max", "900000000 100000")
    assert available_cores(tmp_path) == len(os.sched_getaffinity(0))
    assert available_cores(tmp_path / "nowhere") == len(os.sched_getaffinity(0))
