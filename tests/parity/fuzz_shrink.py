"""Makes a failing case small: fewer steps, fewer bars, fewer feeds, plainer settings, as long as it still fails."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator
from typing import Any

Case = dict[str, Any]


def shrink(case: Case, fails: Callable[[Case], bool], tries: int = 400) -> Case:
    """The smallest case found within ``tries`` runs that still fails."""
    best = case
    progress = True
    while progress and tries > 0:
        progress = False
        for smaller in _smaller(best):
            tries -= 1
            if fails(smaller):
                best, progress = smaller, True
                break
            if tries <= 0:
                break
    return best


def _smaller(case: Case) -> Iterator[Case]:
    """Simpler cases, the boldest first."""
    yield from _without_steps(case)
    yield from _without_tail(case)
    yield from _without_head(case)
    yield from _without_feed(case)
    yield from _without_more(case)
    yield from _plainer(case)
    yield from _plainer_steps(case)


def _changed(case: Case, **parts: Any) -> Case:
    return {**copy.deepcopy(case), **parts}


def _without_steps(case: Case) -> Iterator[Case]:
    steps = case["program"]
    size = len(steps)
    while size >= 1:
        for start in range(0, len(steps), size):
            rest = steps[:start] + steps[start + size :]
            if rest:
                yield _changed(case, program=rest)
        size //= 2


def _without_tail(case: Case) -> Iterator[Case]:
    longest = max(len(feed["rows"]) for feed in case["feeds"])
    for keep in (longest // 2, longest * 3 // 4, longest - 3, longest - 1):
        if 3 <= keep < longest:
            smaller = _changed(case)
            end = case["feeds"][0]["rows"][min(keep, len(case["feeds"][0]["rows"])) - 1][0]
            for feed in smaller["feeds"]:
                feed["rows"] = [row for row in feed["rows"] if row[0] <= end] or feed["rows"][:1]
            yield smaller


def _without_head(case: Case) -> Iterator[Case]:
    """The first bars go, and the program moves with them."""
    first = case["feeds"][0]["rows"]
    start = min(int(step["bar"]) for step in case["program"])
    for drop in (start - 1, start // 2, 1):
        if 0 < drop < min(start, len(first) - 2):
            smaller = _changed(case)
            for feed in smaller["feeds"]:
                feed["rows"] = [row for row in feed["rows"] if row[0] >= first[drop][0]] or feed["rows"][-1:]
            for step in smaller["program"]:
                step["bar"] -= drop
            yield smaller


def _without_more(case: Case) -> Iterator[Case]:
    """Without a derived feed, a timer, a signal, a filter, or an option of one."""
    for part in ("between", "derived", "timers", "signals"):
        items = case.get(part, [])
        if part == "derived" and case.get("between"):
            continue  # its lines know their feeds by number
        for i, item in enumerate(items):
            rest = items[:i] + items[i + 1 :]
            if part != "derived":
                yield _changed(case, **{part: rest})
                continue
            first = len(case["feeds"])
            steps = [step for step in case["program"] if step["data"] != first + i]
            steps = [dict(step, data=step["data"] - (step["data"] > first + i)) for step in steps]
            if steps:
                yield _changed(case, derived=rest, program=steps)
            for key in item["options"]:
                plainer = {k: v for k, v in item["options"].items() if k != key}
                yield _changed(case, derived=[*items[:i], {**item, "options": plainer}, *items[i + 1 :]])
    for i, feed in enumerate(case["feeds"]):
        if feed.get("filters"):
            plain = {key: value for key, value in feed.items() if key != "filters"}
            yield _changed(case, feeds=[*case["feeds"][:i], plain, *case["feeds"][i + 1 :]])


def _without_feed(case: Case) -> Iterator[Case]:
    if len(case["feeds"]) < 2 or case.get("derived"):
        return
    for i in range(len(case["feeds"]) - 1, -1, -1):
        steps = [
            dict(step, data=step["data"] - (step["data"] > i))
            for step in case["program"]
            if step["data"] != i
        ]
        if steps:
            yield _changed(case, feeds=case["feeds"][:i] + case["feeds"][i + 1 :], program=steps)


def _plainer(case: Case) -> Iterator[Case]:
    for name, plain in (
        ("commissions", []),
        ("sizer", []),
        ("analyzers", False),
        ("period", 0),
        ("mode", "default"),
    ):
        if case[name] != plain:
            yield _changed(case, **{name: plain})
    for part in ("cerebro", "broker"):
        for key in case[part]:
            if key != "cash":
                yield _changed(case, **{part: {k: v for k, v in case[part].items() if k != key}})
    for i, feed in enumerate(case["feeds"]):
        if feed["kind"] != "rows" or "sessionend" in feed:
            smaller = _changed(case)
            smaller["feeds"][i] = {k: v for k, v in feed.items() if k != "sessionend"} | {"kind": "rows"}
            yield smaller


def _plainer_steps(case: Case) -> Iterator[Case]:
    for i, step in enumerate(case["program"]):
        for key in ("valid", "oco", "tradeid", "transmit", "plimit", "parent"):
            if key in step:
                smaller = _changed(case)
                del smaller["program"][i][key]
                yield smaller
        if step["when"] != "next":
            smaller = _changed(case)
            smaller["program"][i]["when"] = "next"
            yield smaller
