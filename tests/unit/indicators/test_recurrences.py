"""Kernels that belong to one indicator: the same bits in one go, bar by bar, and compiled."""

from __future__ import annotations

from array import array
from typing import Any

import pytest

from backtrader.indicators.heikinashi import averaged_open
from backtrader.indicators.lrsi import laguerre
from backtrader.indicators.psar import parabolic_stop
from backtrader.indicators.zlind import error_correcting
from tests.unit.indicators.cases import DATASETS

KERNELS = [
    (error_correcting, (0.1, -7, 8), 0),
    (laguerre, (0.4, 0), 0),
    (laguerre, (0.4, 1), 0),
    (averaged_open, (1,), 0),
    (averaged_open, (4,), 0),
    (parabolic_stop, (0.02, 0.2), 1),
]


@pytest.mark.parametrize(("kernel", "params", "first"), KERNELS)
@pytest.mark.parametrize("name", ["walk", "holes"])
def test_every_way_of_running_gives_the_same(kernel: Any, params: Any, first: int, name: str) -> None:
    columns = [array("d", DATASETS[name][c]) for c in ("high", "low", "close")]
    inputs, size = columns[: kernel.inputs], len(columns[0])
    at_once, by_bar, compiled = (array("d", [float("nan")]) * size for _ in range(3))
    kernel.py(*inputs, at_once, kernel.new_state(), *params, first, size)
    state = kernel.new_state()
    for i in range(first, size):
        kernel.py(*inputs, by_bar, state, *params, i, i + 1)
    assert [v.hex() for v in by_bar] == [v.hex() for v in at_once]
    pytest.importorskip("numba")
    kernel.compiled(*inputs, compiled, kernel.new_state(), *params, first, size)
    assert [v.hex() for v in compiled] == [v.hex() for v in at_once]
