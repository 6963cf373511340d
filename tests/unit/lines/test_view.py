"""Views: read-only, without a copy, and good for one bar only."""

from __future__ import annotations

from array import array
from typing import Any

import numpy as np
import pytest

import backtrader as bt
from backtrader.errors import StaleViewError
from tests.unit.core.walk import MODES, Walk, run


def test_what_numpy_asks_of_an_array() -> None:
    memory = array("d", [1.0, 2.0, 3.0, 4.0])
    view = bt.DataView(memory)
    assert (view.shape, view.dtype, view.size, len(view)) == ((4,), np.float64, 4, 4)
    assert view[0] == 1.0 and view[-1] == 4.0 and type(view[0]) is float
    assert np.mean(view) == 2.5 and list(view) == memory.tolist() == view.tolist()
    assert np.asarray(view, dtype="f4").dtype == np.float32
    with pytest.raises(IndexError):
        view[4]


def test_it_shares_memory_and_cannot_write() -> None:
    source = np.arange(6.0)
    view = bt.DataView(source)
    seen = np.asarray(view)
    assert np.shares_memory(source, seen) and not seen.flags.writeable
    source[0] = 9.0
    assert view[0] == 9.0
    with pytest.raises(TypeError):
        view[0] = 1.0  # type: ignore[index]
    with pytest.raises(ValueError, match="read-only"):
        seen[0] = 1.0
    assert source.flags.writeable


def test_slices_are_views() -> None:
    source = np.arange(6.0)
    part = bt.DataView(source)[1:5:2]
    assert isinstance(part, bt.DataView) and part.tolist() == [1.0, 3.0]
    assert np.shares_memory(np.asarray(part), source)


def test_a_copy_is_asked_for_or_refused() -> None:
    source = np.arange(3.0)
    view = bt.DataView(source)
    assert not np.shares_memory(np.array(view), source)
    assert np.shares_memory(np.asarray(view), source)
    with pytest.raises(ValueError, match="without a copy"):
        view.__array__("int64", copy=False)
    kept = view.copy()
    source[0] = 9.0
    assert kept[0] == 0.0


def test_arrays_of_more_directions_and_other_types() -> None:
    table = bt.DataView(np.arange(6).reshape(2, 3))
    assert (table.shape, table.size, len(table)) == ((2, 3), 6, 2)
    assert table[1].tolist() == [3, 4, 5] and table[1, 2] == 5
    days = np.array(["2020-01-01", "2020-01-02"], dtype="M8[D]")
    assert bt.DataView(days).dtype == days.dtype
    assert bt.DataView(bt.DataView(days)).tolist() == days.tolist()


def test_memory_that_cannot_be_shared_is_refused() -> None:
    with pytest.raises(TypeError, match="not list"):
        bt.DataView([1.0, 2.0])


class Looking(bt.Strategy):
    """Looks at views on every bar, and back at the one of the bar before."""

    def __init__(self) -> None:
        self.sma = bt.ind.SMA(period=5)
        self.seen: list[Any] = []
        self.stale = 0

    def next(self) -> None:
        close = self.data.close.get_view(10)
        assert close.tolist() == list(self.data.close.get(size=10)) or len(self) < 10
        assert float(np.mean(self.data.get_view(5))) == pytest.approx(self.sma[0], rel=1e-12)
        self.seen.append((len(close), self.sma.get_view(1)[0], float(np.asarray(close).sum())))
        if len(self.seen) > 1:
            with pytest.raises(StaleViewError, match="moved on"):
                self.before.tolist()
            self.stale += 1
        self.before, self.kept = close, close.copy()
        self.numpy = np.asarray(close)  # held: the line must go on growing all the same


@pytest.mark.parametrize("mode", MODES)
def test_a_view_of_a_line_is_good_for_its_bar(mode: str) -> None:
    strategy, expected = run(Looking, options=MODES[mode]), run(Looking)
    assert strategy.seen == expected.seen and len(strategy.seen) == 396
    assert strategy.stale == 395
    assert strategy.before.tolist() == strategy.kept.tolist()  # the last bar has not moved on


@pytest.mark.parametrize("mode", ["batch", "event", "bounded"])
def test_a_view_is_memory_of_the_line(mode: str) -> None:
    class Sharing(bt.Strategy):
        def next(self) -> None:
            whole = np.frombuffer(self.data.close.array)
            assert np.shares_memory(np.asarray(self.data.close.get_view(3)), whole)

    assert len(run(Sharing, options=MODES[mode])) == 400


def test_what_bounded_memory_has_dropped_is_not_shown() -> None:
    class Far(bt.Strategy):
        def next(self) -> None:
            self.length = len(self.data.close.get_view())

    assert run(Far, Walk(count=2000)).length == 2000
    assert run(Far, Walk(count=2000), options={"exactbars": 1}).length < 800


def test_lengths() -> None:
    class Lengths(bt.Strategy):
        def next(self) -> None:
            line = self.data.close
            assert len(line.get_view(10_000)) == len(self) == len(line.get_view())
            assert len(line.get_view(0)) == 0
            with pytest.raises(ValueError, match="negative"):
                line.get_view(-1)
            view = line.get_view(2)
            assert "DataView" in repr(bt.DataView(array("d"))) and repr(view).startswith("MovingView([")
            self.old = view

    strategy = run(Lengths, Walk(count=5))
    strategy.data.home()
    assert "moved on" in repr(strategy.old)
