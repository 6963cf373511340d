"""Events of several subjects in one order: by time, then by priority."""

from __future__ import annotations

import datetime as dt
import threading
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import backtrader as bt

LONG_S = 30.0  # what a test that hangs is given before it fails


class Listed(bt.Subject):
    """Events at the times given, written down with the time the dispatcher shows."""

    def __init__(self, name: str, times: Any, log: list[Any]) -> None:
        self.name, self.left, self.log = name, list(times), log

    def peek_datetime(self) -> Any:
        return self.left[0] if self.left else None

    def dispatch(self) -> bool:
        when = self.left.pop(0)
        assert self._dispatcher.get_current_datetime() == when
        self.log.append((when, self.name))
        return True


def run(*subjects: Any) -> None:
    dispatcher = bt.Dispatcher()
    for subject, priority in subjects:
        dispatcher.add_subject(subject, priority)
    dispatcher.run()


def test_by_time_then_by_priority_then_in_the_order_added() -> None:
    log: list[Any] = []
    run(
        (Listed("none", [1, 2, 2], log), None),
        (Listed("second", [2, 3], log), 20),
        (Listed("first", [2, 2, 4], log), 10),
        (Listed("none too", [1, 2], log), None),
        (Listed("negative", [4], log), -1),
    )
    assert log == [
        (1, "none"), (1, "none too"),
        (2, "first"), (2, "first"), (2, "second"), (2, "none"), (2, "none"), (2, "none too"),
        (3, "second"),
        (4, "negative"), (4, "first"),
    ]  # fmt: skip


@given(
    st.lists(
        st.tuples(st.lists(st.integers(0, 9), max_size=9), st.one_of(st.none(), st.integers(-3, 3))),
        max_size=5,
    )
)
def test_nothing_is_lost_or_out_of_order(streams: list[tuple[list[int], int | None]]) -> None:
    log: list[Any] = []
    run(*((Listed(str(i), sorted(times), log), priority) for i, (times, priority) in enumerate(streams)))
    expected = sorted(
        (when, priority is None, priority or 0, i)
        for i, (times, priority) in enumerate(streams)
        for when in times
    )
    assert log == [(when, str(i)) for when, _, _, i in expected]


def test_the_time_of_now() -> None:
    dispatcher = bt.Dispatcher()
    assert dispatcher.get_current_datetime() is None
    dispatcher.add_subject(Listed("a", [dt.datetime(2020, 1, 1), dt.datetime(2020, 1, 2)], []))
    dispatcher.run()
    assert dispatcher.get_current_datetime() == dt.datetime(2020, 1, 2)


def test_a_subject_knows_its_priority_and_its_dispatcher() -> None:
    subject, dispatcher = Listed("a", [], []), bt.Dispatcher()
    assert subject.get_dispatch_priority() is None
    subject.set_dispatch_priority(3)
    dispatcher.add_subject(subject)
    assert subject.get_dispatch_priority() == 3
    dispatcher.add_subject(subject, priority=7)
    assert subject.get_dispatch_priority() == 7 and subject._dispatcher is dispatcher


def test_a_subject_added_twice_is_there_once() -> None:
    log: list[Any] = []
    subject = Listed("a", [1, 2], log)
    run((subject, None), (subject, 1))
    assert log == [(1, "a"), (2, "a")]


def test_stop_ends_after_the_event() -> None:
    log: list[Any] = []

    class Stopping(Listed):
        def dispatch(self) -> bool:
            super().dispatch()
            if len(self.left) == 1:
                self._dispatcher.stop()
            return True

    subject = Stopping("a", [1, 2, 3], log)
    run((subject, None))
    assert log == [(1, "a"), (2, "a")] and subject.left == [3]


def test_subjects_may_be_added_and_events_put_in_while_running() -> None:
    log: list[Any] = []

    class Adding(Listed):
        def dispatch(self) -> bool:
            super().dispatch()
            if not added:
                added.append(Listed("late", [0, 2, 9], log))
                self._dispatcher.add_subject(added[0], 0)
                self.left.insert(0, 2)
            return True

    added: list[Any] = []
    run((Adding("a", [2, 3], log), None))
    assert log == [(2, "a"), (0, "late"), (2, "late"), (2, "a"), (3, "a"), (9, "late")]


def test_every_subject_is_started_and_stopped_also_after_an_error() -> None:
    calls: list[str] = []

    class Told(Listed):
        def start(self) -> None:
            calls.append(f"start {self.name}")

        def stop(self) -> None:
            calls.append(f"stop {self.name}")

        def dispatch(self) -> bool:
            raise RuntimeError("no")

    with pytest.raises(RuntimeError):
        run((Told("a", [1], []), None), (Told("b", [1], []), None))
    assert calls == ["start a", "start b", "stop a", "stop b"]


def test_times_that_cannot_be_compared_are_named() -> None:
    naive, aware = dt.datetime(2020, 1, 1), dt.datetime(2020, 1, 1, tzinfo=dt.UTC)
    with pytest.raises(bt.BacktraderError, match=r"times of Listed .* cannot be compared"):
        run((Listed("a", [naive], []), None), (Listed("b", [aware], []), None))


def test_history_and_live_together() -> None:
    log: list[Any] = []
    live = bt.LiveSubject(lambda event: log.append(("live", event.value)))
    history = bt.HistorySubject(
        [bt.TimedEvent(1, "a"), bt.TimedEvent(2, "b"), bt.TimedEvent(3, "c")],
        lambda event: (
            log.append(("history", event.value)),
            event.value == "b" and live.put(bt.TimedEvent(2, "x")),
        ),
    )
    dispatcher = bt.Dispatcher()
    dispatcher.add_subject(history)
    dispatcher.add_subject(live)
    asked = []

    def idle() -> None:
        asked.append(1)
        if len(asked) == 1:
            threading.Thread(target=lambda: (live.put(bt.TimedEvent(9, "y")), live.close())).start()

    dispatcher.idle_event.subscribe(idle)
    watch = threading.Timer(LONG_S, dispatcher.stop)
    watch.start()
    try:
        dispatcher.run()
    finally:
        watch.cancel()
    assert log == [("history", "a"), ("history", "b"), ("live", "x"), ("history", "c"), ("live", "y")]
    assert asked and dispatcher.get_current_datetime() == 3
    with pytest.raises(bt.BacktraderError, match="closed"):
        live.put(bt.TimedEvent(1))


def test_a_live_subject_runs_until_it_is_stopped_from_elsewhere() -> None:
    dispatcher, got = bt.Dispatcher(), []
    live = bt.LiveSubject(lambda event: (got.append(event.value), event.value == 99 and dispatcher.stop()))
    dispatcher.add_subject(live)

    def feed() -> None:
        for i in range(100):
            live.put(bt.TimedEvent(None, i))

    threading.Thread(target=feed).start()
    dispatcher.run()
    assert got == list(range(100))


def test_events_are_compared_by_time() -> None:
    early, late = bt.TimedEvent(1, "b"), bt.TimedEvent(2, "a")
    assert early < late and late >= early and sorted([late, early]) == [early, late]
    assert early == bt.TimedEvent(1, "b") != bt.TimedEvent(1, "c") and early != (1, "b")
    assert repr(early) == "TimedEvent(1, 'b')"


def test_a_subject_that_says_nothing() -> None:
    assert bt.Subject().eof() and bt.Subject().peek_datetime() is None
    with pytest.raises(NotImplementedError, match="Subject has no dispatch"):
        bt.Subject().dispatch()
