"""What several folders of tests ask for."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

import backtrader as bt


@pytest.fixture
def pyplot() -> Iterator[Any]:
    """matplotlib draws to memory, and settings of charts are afterwards what they were."""
    pyplot = pytest.importorskip("matplotlib.pyplot")
    pyplot.switch_backend("agg")
    scheme = bt.plot.Plot.params.scheme
    before = dict(vars(scheme))
    yield pyplot
    vars(scheme).clear()
    vars(scheme).update(before)
    pyplot.close("all")
