"""Where windows begin and end; that a test always follows what it is judged by."""

from __future__ import annotations

import datetime as dt
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from backtrader.opt.windows import Span, WindowError, windows_of
from backtrader.utils.dateintern import date2num, num2date


def _days(count: int, start: str = "2020-01-01", freq: str = "D") -> Any:
    return np.array([date2num(day) for day in pd.date_range(start, periods=count, freq=freq).to_pydatetime()])


def _bars(windows: Any) -> list[tuple[int, ...]]:
    return [(w.train_start, w.train_stop, w.test_start, w.test_stop) for w in windows]


def test_rolling_windows_in_bars() -> None:
    assert _bars(windows_of(_days(100), 40, 20)) == [(0, 40, 40, 60), (20, 60, 60, 80), (40, 80, 80, 100)]


def test_anchored_windows_begin_at_the_first_bar() -> None:
    assert _bars(windows_of(_days(100), 40, 20, anchored=True)) == [
        (0, 40, 40, 60), (0, 60, 60, 80), (0, 80, 80, 100),
    ]  # fmt: skip


def test_a_longer_step_leaves_bars_out() -> None:
    assert _bars(windows_of(_days(100), 40, 20, 30)) == [(0, 40, 40, 60), (30, 70, 70, 90)]


@pytest.mark.parametrize(("count", "last"), [(89, 60), (90, 90), (99, 99)])
def test_a_last_test_of_at_least_half_the_length_counts(count: int, last: int) -> None:
    assert windows_of(_days(count), 40, 20)[-1].test_stop == (last if last != 60 else 80)


def test_months_are_those_of_the_calendar() -> None:
    times = _days(800)
    found = windows_of(times, "12M", "6M")
    begins = [num2date(times[w.test_start]).date() for w in found]
    assert begins == [dt.date(2021, 1, 1), dt.date(2021, 7, 1)]
    assert num2date(times[found[0].test_stop]).date() == dt.date(2021, 7, 1)
    assert windows_of(times, "1Y", "6ME") == found


def test_days_begin_at_midnight_and_hours_where_the_bars_do() -> None:
    times = _days(24 * 20, "2020-03-02 09:30", "h")
    days = windows_of(times, "10D", dt.timedelta(days=2))
    assert num2date(times[days[0].test_start]) == dt.datetime(2020, 3, 12, 0, 30)
    hours = windows_of(times, "240h", "36h")
    assert num2date(times[hours[0].test_start]) == dt.datetime(2020, 3, 12, 9, 30)


SPANS = st.one_of(
    st.tuples(st.integers(2, 60), st.integers(2, 40), st.none() | st.integers(2, 60)),
    st.tuples(*(st.integers(2, 80).map(lambda n: f"{n}D"),) * 2, st.none()),
)


@settings(max_examples=150, deadline=None)
@given(st.integers(5, 400), SPANS, st.booleans(), st.sampled_from(["D", "B", "7h"]))
def test_no_window_sees_what_it_is_judged_by(count: int, spans: Any, anchored: bool, freq: str) -> None:
    train, test, step = spans
    try:
        found = windows_of(_days(count, freq=freq), train, test, step, anchored)
    except WindowError:
        return
    before = 0
    for number, window in enumerate(found):
        assert window.number == number
        assert 0 <= window.train_start < window.train_stop == window.test_start
        assert window.test_start + 2 <= window.test_stop <= count
        assert window.test_start >= before  # nothing is judged by twice
        assert not anchored or window.train_start == 0
        before = window.test_stop


@pytest.mark.parametrize(
    ("spans", "said"),
    [
        ((200, 20), "100 bars, 2020-01-01 to 2020-04-09: too few for train=200"),
        ((40, 20, 10), "shorter than test"),
        (("40D", "20D", "10D"), "shorter than test"),
        ((40, "20D"), "not mixed"),
        (("40 parsecs", "20D"), "train='40 parsecs' cannot be read"),
        ((40, 0), "test must be longer than nothing"),
        ((True, 20), "train is a number of bars"),
        ((4.5, 20), "train is a number of bars"),
    ],
)
def test_windows_that_cannot_be_are_said(spans: Any, said: str) -> None:
    with pytest.raises(WindowError, match=said):
        windows_of(_days(100), *spans)


def test_months_end_where_they_can() -> None:
    month = Span.of("1M", "x")
    assert month.after(dt.datetime(2020, 1, 31)) == dt.datetime(2020, 2, 29)
    assert month.after(dt.datetime(2020, 1, 31), 13) == dt.datetime(2021, 2, 28)
