"""Filters on a feed: taking bars out, putting bars in, in order."""

from __future__ import annotations

from typing import Any

import backtrader as bt
from tests.unit.feeds.stage import Rows, days, drain, preloaded, started


def drop_even(data: Any, keep: int = 0) -> bool:
    if data.close[0] % 2 or data.close[0] == keep:
        return False
    data.backwards()
    return True


class Doubling:
    """Every bar twice, the second with half a point more; one bar at the end."""

    def __init__(self, data: Any, last: float = 0.0) -> None:
        self.bar_at_end = last

    def __call__(self, data: Any) -> bool:
        bar = [line[0] for line in data.lines]
        data._save2stack(erase=True)
        data._add2stack([bar[0] + 0.5, *bar[1:]])
        return True

    def last(self, data: Any) -> int:
        data._add2stack([self.bar_at_end, *[1.0] * 6])
        return 1


def closes(data: Any) -> list[float]:
    return [close for _, close, _ in drain(data)]


def test_a_function_can_take_bars_out() -> None:
    data = Rows(dataname=days(6))
    data.addfilter(drop_even, keep=4)
    assert closes(started(data)) == [1, 3, 4, 5]
    assert len(data) == 4


def test_a_question_can_take_bars_out() -> None:
    data = Rows(dataname=days(4))
    data.addfilter_simple(lambda data, limit: data.close[0] > limit, 2)
    assert closes(started(data)) == [1, 2]


def test_a_filter_can_put_bars_in() -> None:
    data = Rows(dataname=days(2))
    data.addfilter(Doubling, last=9.0)
    assert closes(started(data)) == [1, 1.5, 2, 2.5]
    assert data._last() is True
    assert (len(data), data.close[0]) == (5, 9.0)


def test_bars_put_in_go_through_the_filters_that_follow() -> None:
    data = Rows(dataname=days(4))
    data.addfilter(Doubling)
    data.addfilter(drop_even)
    # compat: a filter before this one said that it took the bar away, so this one is not asked
    assert closes(started(data)) == [1, 1.5, 2, 2.5, 3, 3.5, 4, 4.5]


def test_stashed_bars_are_treated_like_input() -> None:
    class Again:
        done = False

        def __init__(self, data: Any) -> None:
            pass

        def __call__(self, data: Any) -> bool:
            if self.done or data.close[0] != 2:
                return False
            self.done = True
            data._save2stack(erase=True, stash=True)
            return True

    data = Rows(dataname=days(3), filters=[Again, drop_even])
    assert closes(started(data)) == [1, 3]


def test_preloading_asks_filters_for_their_last_bars() -> None:
    data = Rows(dataname=days(1), filters=[Doubling])
    assert list(preloaded(data).close.array) == [1, 1.5, 0]


def test_filters_can_look_at_the_clock() -> None:
    asked = []

    class Clocked:
        def __init__(self, data: Any) -> None:
            pass

        def __call__(self, data: Any) -> bool:
            return False

        def check(self, data: Any, _forcedata: Any = None) -> None:
            asked.append(_forcedata)

    data = started(Rows(dataname=days(1), filters=[Clocked, drop_even]))
    data._check()
    data._check(forcedata=data)
    assert asked == [None, data]


def test_filter_classes_see_the_first_bar_apart() -> None:
    seen = []

    class Watching(bt.Filter):
        params = (("tag", "?"),)

        def nextstart(self, data: Any) -> None:
            seen.append(("first", data.close[0]))

        def next(self, data: Any) -> bool:
            seen.append((self.p.tag, data.close[0]))
            return True  # compat: not looked at

    data = Rows(dataname=days(2))
    data.addfilter(Watching, tag="t")
    assert closes(started(data)) == [1, 2]
    assert seen == [("first", 1), ("t", 1), ("t", 2)]
