"""The life of a feed: loading, stepping, dates, names, notifications."""

from __future__ import annotations

import datetime as dt
import math
import warnings

import pytest

import backtrader as bt
from tests.unit.feeds.stage import Environment, Hours, Rows, bars, days, drain, preloaded, started


def test_a_feed_is_called_by_its_parameter_else_by_its_source() -> None:
    assert Rows(dataname=[], name="eur")._name == "eur"
    assert Rows(dataname="ticker")._name == "ticker"
    assert Rows(dataname=[])._name == ""


def test_bars_come_one_by_one_and_then_no_more() -> None:
    data = started(Rows(dataname=days(3)))
    assert [close for _, close, _ in drain(data)] == [1, 2, 3]
    assert data.next() is False
    assert len(data) == 3


def test_nothing_yet_is_told_from_no_more() -> None:
    data = started(Rows(dataname=[days(1)[0], None]))
    assert data.next() is True
    assert data.next() is None
    assert data.next() is False
    assert len(data) == data.buflen() == 1


def test_preloading_goes_back_to_before_the_first_bar() -> None:
    data = preloaded(Rows(dataname=days(4)))
    assert (len(data), data.buflen()) == (0, 4)
    assert isinstance(data.close.array, memoryview)
    assert list(data.close.array) == [1, 2, 3, 4]
    data.advance()
    # compat: an index before the first bar wraps around to the far end
    assert (data.close[0], data.close[1], data.close[-1]) == (1, 2, 4)


def test_a_preloaded_feed_says_no_more_and_keeps_its_bars() -> None:
    data = preloaded(Rows(dataname=days(2)))
    assert [close for _, close, _ in drain(data)] == [1, 2]
    assert data.next() is False
    assert list(data.close.array) == [1, 2]


def test_a_preloaded_feed_can_start_again() -> None:
    data = preloaded(Rows(dataname=days(2)))
    data._start()
    assert data.buflen() == 0
    assert len(drain(data)) == 2


def test_preloading_the_way_subclasses_write_it_can_be_settled_afterwards() -> None:
    data = started(Rows(dataname=days(3)))
    while data.load():
        pass
    data._last()
    data.home()
    data._settle()
    assert (len(data), data.buflen(), list(data.close.array)) == (0, 3, [1, 2, 3])


def test_look_ahead_adds_missing_values_that_do_not_count() -> None:
    data = started(Rows(dataname=days(3)))
    data.extend(size=2)
    data.preload()
    assert data.buflen() == 3
    assert list(data.close.array[:3]) == [1, 2, 3]
    assert all(math.isnan(value) for value in data.close.array[3:])
    assert len(data.close.array) == 5


def test_rewinding_shows_the_bar_again() -> None:
    data = started(Rows(dataname=days(3)))
    data.next()
    data.next()
    data.rewind()
    assert (len(data), data.close[0], data.advance_peek()) == (1, 1, bt.date2num(dt.datetime(2020, 1, 2)))
    assert data.next() is True
    assert data.close[0] == 2


def test_nothing_is_loaded_to_peek_at() -> None:
    data = started(Rows(dataname=days(3)))
    data.next()
    assert data.advance_peek() == math.inf


def test_a_bar_later_than_the_master_is_held_back() -> None:
    master = preloaded(Rows(dataname=days(3)))
    other = started(Rows(dataname=days(3)))
    master.advance()
    assert other.next(datamaster=master) is True
    assert other.next(datamaster=master) is False
    assert len(other) == 1
    master.advance()
    assert other.next(datamaster=master) is True
    assert len(other) == 2


def test_stepping_past_the_end_beside_a_master_gives_an_empty_bar() -> None:
    master, other = preloaded(Rows(dataname=days(3))), preloaded(Rows(dataname=days(1)))
    for _ in range(2):
        master.advance()
        other.advance(datamaster=master)
    assert len(other) == 2
    assert math.isnan(other.close[0])


def test_ticks_are_the_bar_unless_somebody_filled_them() -> None:
    data = started(Rows(dataname=days(2)))
    data.next()
    assert (data.tick_open, data.tick_close, data.tick_last) == (1, 1, 1)
    data.next(ticks=False)
    assert data.tick_close == 1
    data._tick_fill(force=True)
    assert data.tick_close == 2
    data._tick_nullify()
    assert data.tick_close is None
    data.tick_close = 7
    data._tick_fill()
    assert data.tick_close == 7


@pytest.mark.parametrize(
    ("given", "closes"),
    [
        ({"fromdate": dt.date(2020, 1, 3)}, [3, 4]),
        ({"fromdate": dt.datetime(2020, 1, 2, 0, 1)}, [3, 4]),
        ({"todate": dt.date(2020, 1, 2)}, [1, 2]),
        ({"todate": dt.datetime(2020, 1, 2)}, [1, 2]),
        ({"fromdate": dt.date(2020, 1, 2), "todate": dt.date(2020, 1, 3)}, [2, 3]),
        ({"fromdate": dt.date(2020, 1, 2), "sessionstart": dt.time(9)}, [3, 4]),
    ],
)
def test_bars_outside_the_dates_are_left_out(given: dict, closes: list) -> None:
    data = preloaded(Rows(dataname=days(4), **given))
    assert list(data.close.array) == closes


def test_the_first_bar_beyond_todate_ends_the_feed_for_good() -> None:
    late, *rest = reversed(days(3))
    data = Rows(dataname=[*rest[::-1], late, *rest], todate=dt.date(2020, 1, 2))
    assert list(preloaded(data).close.array) == [1, 2]


def test_input_is_stored_in_utc_and_shown_in_the_feeds_zone() -> None:
    row = (dt.datetime(2020, 1, 1, 12), 1, 1, 1, 1, 1, 1)
    data = started(Rows(dataname=[row], tzinput=Hours(2), tz=Hours(-3)))
    data.next()
    assert bt.num2date(data.datetime[0]) == dt.datetime(2020, 1, 1, 10)
    assert data.datetime.datetime() == data.num2date() == dt.datetime(2020, 1, 1, 7)
    assert data.date2num(dt.datetime(2020, 1, 1, 7)) == data.datetime[0]


def test_dates_are_meant_in_the_feeds_zone() -> None:
    data = started(Rows(dataname=[], tz=Hours(2), fromdate=dt.datetime(2020, 1, 1, 2)))
    assert data.fromdate == bt.date2num(dt.datetime(2020, 1, 1))


def test_the_session_ends_at_its_end_or_where_the_calendar_says() -> None:
    row = (dt.datetime(2020, 1, 2, 12), 1, 1, 1, 1, 1, 1)
    data = started(Rows(dataname=[row], sessionend=dt.time(17, 30)))
    assert data._getnexteos() == (dt.datetime.min, 0.0)
    data.next()
    assert data._getnexteos()[0] == dt.datetime(2020, 1, 2, 17, 30)
    over = started(Rows(dataname=[row], sessionend=dt.time(9)))
    over.next()
    assert over._getnexteos()[0] == dt.datetime(2020, 1, 3, 9)


def test_a_calendar_comes_from_the_parameter_or_from_the_environment() -> None:
    calendar = bt.TradingCalendar()
    data = Rows(dataname=[])
    data.setenvironment(Environment(calendar))
    data._start()
    assert data._calendar is calendar
    assert started(Rows(dataname=[], calendar=calendar))._calendar is calendar
    assert data.getenvironment()._tradingcal is calendar


def test_a_status_is_told_once() -> None:
    data = started(Rows(dataname=[]))
    data.put_notification(data.CONNECTED)
    data.put_notification(data.LIVE, "since", where=1)
    data.put_notification(data.LIVE)
    data.put_notification(data.DISCONNECTED)
    assert data.get_notifications() == [(data.LIVE, ("since",), {"where": 1}), (data.DISCONNECTED, (), {})]
    assert data.get_notifications() == []
    assert data._getstatusname(data.NOTSUPPORTED_TF) == "NOTSUPPORTED_TIMEFRAME"


def test_waiting_is_shortened_by_what_has_passed() -> None:
    data = started(Rows(dataname=[], qcheck=2.0))
    data.do_qcheck(True, 0.5)
    assert data._qcheck == 1.5
    data.do_qcheck(True, 3)
    assert data._qcheck == 0.0
    data.do_qcheck(False, 0)
    assert data._qcheck == 0.0


@pytest.mark.parametrize(
    ("order", "words"),
    [([0, 2, 1], "bar 3 .* is earlier than"), ([0, 1, 1], "bar 3 .* has the same time as")],
)
def test_times_that_do_not_go_on_are_reported_and_kept(order: list, words: str) -> None:
    rows = [days(3)[i] for i in order]
    data = started(Rows(dataname=rows, name="odd"))
    with pytest.warns(UserWarning, match=f"feed 'odd': {words}") as caught:
        data.preload()
    assert len(caught) == 1
    assert list(data.close.array) == [i + 1 for i in order]


def test_ticks_may_have_the_same_time() -> None:
    rows = [days(1)[0]] * 3
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        data = preloaded(Rows(dataname=rows, timeframe=bt.TimeFrame.Ticks))
    assert data.buflen() == 3


def test_memory_can_be_bounded_while_bars_come_in() -> None:
    data = started(Rows(dataname=days(50)))
    data._now.window = 5
    seen = []
    while data.next():
        seen.append(data.close[0])
        assert len(data.close.array) <= 11
    assert seen == list(range(1, 51))
    assert len(data) == data.buflen() == 50
    assert data.close[-4] == 46


def test_positions_can_be_booked_on_another_feed() -> None:
    a, b = Rows(dataname=[]), Rows(dataname=[])
    a.compensate(b)
    assert a._compensate is b
    assert b._compensate is None


def test_a_feed_has_a_clock_of_its_own_and_one_for_what_is_computed_from_it() -> None:
    data = Rows(dataname=days(2))
    assert data._now is not data._eval
    assert {line._eval for line in data.lines} == {data._eval}
    assert data._now.feed is data._eval.feed is data


def test_a_store_registers_feeds_through_a_metaclass_of_its_own() -> None:
    class LiveStore(bt.Store):
        params = (("key", ""),)

    class Registering(bt.DataBase.__class__):
        def __init__(cls, name: str, bases: tuple, dct: dict) -> None:
            super().__init__(name, bases, dct)
            LiveStore.DataCls = cls

    class LiveData(bt.with_metaclass(Registering, bt.DataBase)):
        params = (("depth", 5),)
        lines = ("spread",)

    store = LiveStore(key="k")
    data = store.getdata(depth=7, name="x")
    assert type(data) is LiveData
    assert (data.p.depth, data._name, data._store) == (7, "x", store)
    assert data.lines._names[-2:] == ("datetime", "spread")


def test_a_family_of_feeds_hands_its_parameters_on() -> None:
    class Family(bt.feeds.FeedBase):
        DataCls = Rows

    family = Family(timeframe=bt.TimeFrame.Weeks)
    data = family.getdata(days(1), name="w", compression=2)
    assert (data._name, data.p.timeframe, data.p.compression) == ("w", bt.TimeFrame.Weeks, 2)
    assert data.getfeed() is family
    assert family.datas == [data]


def test_extra_lines_are_loaded_like_the_others() -> None:
    class WithRatio(Rows):
        lines = ("ratio",)

        def _load(self) -> object:
            answer = super()._load()
            if answer:
                self.lines.ratio[0] = self.lines.close[0] * 2
            return answer

    data = preloaded(WithRatio(dataname=days(2)))
    assert list(data.ratio.array) == [2, 4]
    assert set(bars(data)) == {*Rows.lines._names, "ratio"}
