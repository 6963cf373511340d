"""Lists of handlers."""

from __future__ import annotations

from typing import Any

import pytest

import backtrader as bt
from backtrader.lines.events import time_line
from tests.unit.feeds.stage import Rows, days, preloaded


class Notes(list[Any]):
    """A handler that writes down what it was called with."""

    def __call__(self, *args: Any, **kwargs: Any) -> None:
        self.append((args, kwargs))


def test_handlers_are_called_in_order_with_everything() -> None:
    event, order = bt.Event(), []
    event.subscribe(lambda *a, **k: order.append(("first", a, k)))
    event.subscribe(lambda *a, **k: order.append(("second", a, k)))
    event.emit(1, 2, x=3)
    assert order == [("first", (1, 2), {"x": 3}), ("second", (1, 2), {"x": 3})]


def test_twice_is_once() -> None:
    class Listener:
        calls = 0

        def hear(self) -> None:
            self.calls += 1

    event, listener = bt.Event(), Listener()
    event.subscribe(listener.hear)
    event.subscribe(listener.hear)
    event.emit()
    assert listener.calls == len(event) == 1
    event.unsubscribe(listener.hear)
    event.unsubscribe(listener.hear)
    event.emit()
    assert listener.calls == 1 and len(event) == 0


def test_who_comes_while_handlers_are_called_comes_next_time() -> None:
    event, late = bt.Event(), Notes()
    event.subscribe(lambda: event.subscribe(late))
    event.emit()
    assert late == []
    event.emit()
    assert len(late) == 1


def test_who_goes_while_handlers_are_called_is_called_once_more() -> None:
    event, gone = bt.Event(), Notes()
    event.subscribe(lambda: event.unsubscribe(gone))
    event.subscribe(gone)
    event.emit()
    event.emit()
    assert len(gone) == 1


def test_an_error_of_a_handler_is_not_swallowed() -> None:
    def fails() -> None:
        raise RuntimeError("no")

    event, notes = bt.Event(), Notes()
    event.subscribe(fails)
    event.subscribe(notes)
    with pytest.raises(RuntimeError):
        event.emit()
    event.unsubscribe(fails)
    event.emit()
    assert len(notes) == 1


def test_a_handler_must_be_callable() -> None:
    with pytest.raises(TypeError, match="callable"):
        bt.Event().subscribe("handler")  # type: ignore[arg-type]


def test_an_event_is_there_even_if_nobody_listens() -> None:
    assert bt.Event()


def test_one_event_a_line_whoever_asks() -> None:
    feed = preloaded(Rows(dataname=days(3)))
    assert feed.get_new_value_event() is feed.get_new_value_event()
    assert feed.close.get_new_value_event() is feed.lines.close.get_new_value_event()
    assert feed.close.get_new_value_event() is not feed.get_new_value_event()


def test_the_time_of_a_line_is_that_of_its_feed() -> None:
    feed = preloaded(Rows(dataname=days(3)))
    average = bt.ind.SMA(feed.close, period=2)
    for series in (feed, feed.close, average, average.sma, average - 1.0, bt.ind.EMA(average, period=2)):
        assert time_line(series) is feed.lines.datetime
    assert time_line(bt.LineBuffer()) is None
