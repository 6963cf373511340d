"""Reading, writing, bindings, operators, evaluation on hand-made memory."""

from __future__ import annotations

import datetime
import math
from array import array

import pytest

import backtrader.lines as L
from backtrader.lines.clock import WHOLE


def feed(values: list[float]) -> L.OHLCDateTime:
    """A bundle with whole memory, every line holding the same values."""
    made = L.OHLCDateTime()
    for line in made.lines:
        line.array = memoryview(array("d", values))
    made._now.settle(len(values))
    return made


@pytest.fixture
def ramp() -> L.OHLCDateTime:
    return feed([float(i) for i in range(10)])


def test_zero_is_now_and_negative_is_past(ramp: L.OHLCDateTime) -> None:
    ramp._now.idx = 4
    assert (ramp[0], ramp.close[0], ramp.close[-1], ramp.close[1]) == (4.0, 4.0, 3.0, 5.0)
    assert len(ramp) == len(ramp.close) == 5 and ramp.close.buflen() == 10


def test_before_the_first_bar_an_index_wraps_to_the_far_end(ramp: L.OHLCDateTime) -> None:
    ramp._now.idx = 0
    assert ramp.close[-1] == 9.0


def test_slices_are_refused(ramp: L.OHLCDateTime) -> None:
    with pytest.raises(TypeError):
        ramp.close[0:2]  # type: ignore[index]


def test_get_gives_the_last_values_oldest_first_or_nothing(ramp: L.OHLCDateTime) -> None:
    ramp._now.idx = 4
    assert ramp.close.get(size=3) == array("d", [2.0, 3.0, 4.0])
    assert ramp.close.get(ago=-1, size=2) == array("d", [2.0, 3.0])
    assert len(ramp.close.get(size=7)) == 0


def test_while_building_operators_make_lines(ramp: L.OHLCDateTime) -> None:
    for built in (
        ramp.close + 1,
        2 - ramp.close,
        ramp.close == 3,
        -ramp.close,
        abs(ramp.close),
        ramp > ramp.low,
    ):
        assert isinstance(built, L.LineActions)


def test_while_running_operators_give_values(ramp: L.OHLCDateTime) -> None:
    ramp._now.idx = 3
    ramp._stage2()
    assert ramp.close + 1 == 4.0 and 10 - ramp.close == 7.0 and 2**ramp.close == 8.0
    assert (ramp > 2) is True and (ramp.close < ramp.low) is False and bool(ramp) is True
    assert abs(ramp.close) == 3.0 and -ramp.close == -3.0 and ramp.close // 2 == 1.0


def test_a_line_has_no_truth_while_building(ramp: L.OHLCDateTime) -> None:
    with pytest.raises(TypeError, match=r"bt\.And"):
        bool(ramp.close)


def test_operations_are_computed_when_first_read_and_only_then(ramp: L.OHLCDateTime) -> None:
    built = (ramp.close * 2.0 - ramp.close(-3)) / 2
    assert built._minperiod == 4
    assert "array" not in built.__dict__ and ramp._now.calls == 0
    assert list(built.array)[3:] == [(2 * i - (i - 3)) / 2 for i in range(3, 10)]
    assert all(math.isnan(x) for x in list(built.array)[:3])
    calls = ramp._now.calls
    assert calls == 4  # product, delay, difference, quotient
    built.array
    assert ramp._now.calls == calls


def test_a_delay_into_the_future_appears_earlier(ramp: L.OHLCDateTime) -> None:
    early = ramp.close(2)
    assert early._minperiod == 2
    assert list(early.array)[:8] == [float(i) for i in range(2, 10)]


def test_functions(ramp: L.OHLCDateTime) -> None:
    a = ramp.close
    cases = {
        L.Max(a, 5.0, a - 3): [5.0] * 6 + [6.0, 7.0, 8.0, 9.0],
        L.Min(a, 2.0): [0.0, 1.0] + [2.0] * 8,
        L.If(a > 4, a, 0.0): [0.0] * 5 + [5.0, 6.0, 7.0, 8.0, 9.0],
        L.And(a > 1, a < 4): [0.0, 0.0, 1.0, 1.0] + [0.0] * 6,
        L.Or(a, 0.0): [0.0] + [1.0] * 9,
        L.Sum(a, 1.0, a): [2.0 * i + 1 for i in range(10)],
        L.Cmp(a, 3.0): [-1.0] * 3 + [0.0] + [1.0] * 6,
        L.CmpEx(a, 3.0, 10.0, 20.0, a): [10.0] * 3 + [20.0] + [float(i) for i in range(4, 10)],
        L.DivByZero(1.0, a - a, zero=4.0): [4.0] * 10,
        L.DivZeroByZero(a, a - a, single=9.0, dual=3.0): [3.0] + [9.0] * 9,
        L.Any(a, 0.0): [0.0] + [1.0] * 9,
        L.All(a, a > 8): [0.0] * 9 + [1.0],
        L.Reduce(lambda x, y: x * y, a, a): [float(i * i) for i in range(10)],
    }
    for line, expected in cases.items():
        assert list(line.array) == expected, type(line).__name__


def test_division_by_zero_does_not_end_the_run(ramp: L.OHLCDateTime) -> None:
    values = list((1.0 / ramp.close).array)
    assert values[0] == math.inf and values[2] == 0.5


def test_a_datetime_line_compares_with_a_time_of_day() -> None:
    from backtrader.utils.dateintern import date2num

    times = [datetime.datetime(2024, 1, 2, hour) for hour in (9, 10, 11)]
    bars = feed([date2num(t) for t in times])
    late = bars.datetime >= datetime.time(10)
    assert list(late.array) == [0.0, 1.0, 1.0]


class Doubling(L.LineIterator):
    """Two lines: one bound to an operation, one written bar by bar."""

    lines = ("twice", "count")

    def __init__(self) -> None:
        self.lines.twice = self.data * 2.0

    def next(self) -> None:
        self.lines.count[0] = len(self) + self.lines.twice[0] - self.data.close[-1]


def test_an_indicator_of_the_users_own_is_stepped_once_over_whole_memory(ramp: L.OHLCDateTime) -> None:
    indicator = Doubling(ramp)
    assert list(indicator.lines.count.array)[1:] == [i + 1 + 2 * i - (i - 1) for i in range(1, 10)]
    assert list(indicator.lines.twice.array) == [2.0 * i for i in range(10)]
    assert ramp._now.idx == -1  # stepping left the clock where it was


def test_growing_memory_gives_the_same_values_bar_by_bar(ramp: L.OHLCDateTime) -> None:
    whole = Doubling(ramp)
    expected = list(whole.lines.count.array)
    other = feed([float(i) for i in range(10)])
    grown = Doubling(other)
    other._now.mode = WHOLE
    other._eval.mode = WHOLE
    values = []
    clock = L.Clock(feed=other)
    for line in [*grown.lines, *grown.getindicators()]:
        line._now = clock
        clock.lines.append(line)
    grown._now = clock
    clock.grow()
    grown._begin()
    for i in range(10):
        other._now.idx = i
        clock.forward()
        grown._next()
        values.append(grown.lines.count[0])
    assert values[1:] == expected[1:]


def test_a_line_can_only_be_bound_to_a_line(ramp: L.OHLCDateTime) -> None:
    class Wrong(L.LineIterator):
        lines = ("x",)

        def __init__(self) -> None:
            self.lines.x = 5

    with pytest.raises(TypeError, match="can only be bound to a line"):
        Wrong(ramp)


def test_numbers_count_as_data_while_data_is_missing(ramp: L.OHLCDateTime) -> None:
    class Two(L.LineIterator):
        lines = ("x",)
        _mindatas = 2

        def __init__(self) -> None:
            self.lines.x = self.data0 + self.data1

    assert list(Two(ramp, 5).lines.x.array) == [i + 5.0 for i in range(10)]


def test_data_names(ramp: L.OHLCDateTime) -> None:
    indicator = Doubling(ramp)
    assert indicator.data is indicator.data0 is indicator.datas[0]
    assert indicator.data_close is indicator.data0_close is indicator.data_0 is ramp.close
    with pytest.raises(AttributeError):
        indicator.data1


def test_window_memory_drops_old_bars_and_keeps_counting() -> None:
    clock = L.Clock()
    line = L.LineBuffer(clock)
    clock.window = 8
    clock.grow()
    for i in range(100):
        clock.forward()
        line[0] = float(i)
    assert len(line) == 100 and line[0] == 99.0 and line[-8] == 91.0
    assert len(line.array) <= 17
