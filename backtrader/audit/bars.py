"""Checks of the values of one file: impossible bars, jumps that are splits, odd volumes."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from .model import PRICES, Finding, Table
from .times import Rhythm

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

#: New shares for old that are usual.
_SPLITS = (1.5, 2, 2.5, 3, 4, 5, 6, 7, 8, 10, 12, 15, 20, 25, 30, 40, 50, 100)
_SPLIT_FIT = 0.06  # the market moves on the day too
_JUMP = 0.30
_FAR_OUT = 2.5  # a price this many times another one of its bar is no price
_VOLUME_JUMP = 30.0
_VOLUME_SPIKE = 200.0
_FROZEN_BARS = {True: 60, False: 5}  # equal bars in a row, intraday and otherwise


def missing(table: Table, rhythm: Rhythm) -> Iterator[Finding]:
    """Prices that are not there."""
    import numpy as np

    for name in PRICES:
        column = table.values.get(name)
        if column is None:
            continue
        empty = np.flatnonzero(~np.isfinite(column))
        if len(empty):
            yield table.finding(
                "missing", "error", empty, f"{name} is missing",
                "fill it from another source or remove the row: every indicator over it becomes NaN",
            )  # fmt: skip


def impossible(table: Table, rhythm: Rhythm) -> Iterator[Finding]:
    """Bars whose high or low does not enclose open and close; prices of nothing and less."""
    import numpy as np

    values = table.values
    for name in PRICES:
        if name in values:
            wrong = np.flatnonzero(values[name] <= 0)
            if len(wrong):
                price = values[name][wrong[0]]
                yield table.finding(
                    "nonpositive", "error", wrong, f"{name} is {price:g}",
                    "a placeholder for a missing price: fill or remove the row "
                    "(spreads and rates may be negative)",
                )  # fmt: skip
    yield from _not_enclosing(table)


def _not_enclosing(table: Table) -> Iterator[Finding]:
    import numpy as np

    values = table.values
    for outer, beyond, others in (
        ("high", np.less, ("low", "open", "close")),
        ("low", np.greater, ("open", "close")),
    ):
        said = np.zeros(len(table), dtype=bool)
        for other in others:
            if outer not in values or other not in values:
                continue
            bad = beyond(values[outer], values[other]) & ~said
            said |= bad
            wrong = np.flatnonzero(bad)
            if len(wrong):
                a, b = values[outer][wrong[0]], values[other][wrong[0]]
                yield table.finding(
                    "impossible", "error", wrong,
                    f"{outer} {a:g} is {'below' if outer == 'high' else 'above'} {other} {b:g}",
                    "stop and limit orders are filled by high and low: correct the row from another source",
                )  # fmt: skip


def jumps(table: Table, rhythm: Rhythm) -> Iterator[Finding]:
    """Changes of level that look like splits, and single bars far off."""
    import numpy as np

    close = table.values.get("close")
    if close is None or len(close) < 12:
        return
    good = np.flatnonzero((close > 0) & np.isfinite(close))
    prices = close[good]
    if len(prices) < 12:
        return
    steps = np.diff(np.log(prices))
    usual = 1.4826 * float(np.median(np.abs(steps - np.median(steps))))
    large = np.flatnonzero(np.abs(steps) > max(math.log1p(_JUMP), 8 * usual))
    single = [int(i) + 1 for i in large if _comes_back(prices, int(i) + 1)]
    if single:
        before, off, after = prices[single[0] - 1 : single[0] + 2]
        yield table.finding(
            "spike", "warning", good[single], f"close is {off:g} between {before:g} and {after:g}",
            "a wrong print: take the bar from another source",
        )  # fmt: skip
    for i in large:
        place = int(i) + 1
        if place in single or place - 1 in single:
            continue
        ratio = math.exp(-steps[i])
        split = _split(ratio)
        if split is not None:
            yield table.finding(
                "split", "error", [good[place]],
                f"the price goes from {prices[place - 1]:g} to {prices[place]:g}, as in a split {split}",
                "divide the prices before it (and multiply the volumes), or download adjusted data",
            )  # fmt: skip
        else:
            yield table.finding(
                "jump", "warning", [good[place]],
                f"the price goes from {prices[place - 1]:g} to {prices[place]:g} "
                f"({math.expm1(steps[i]):+.0%})",
                "an unadjusted dividend, a roll-over, two instruments in one file, or news: look it up",
            )  # fmt: skip
    yield from _far_out(table)


def _comes_back(prices: NDArray[np.float64], place: int) -> bool:
    """Whether the bar at ``place`` stands alone: the next one is back near the one before it."""
    if place + 1 >= len(prices):
        return False
    away = abs(math.log(prices[place] / prices[place - 1]))
    return abs(math.log(prices[place + 1] / prices[place - 1])) < away / 3


def _split(ratio: float) -> str | None:
    """A ratio of prices as new for old shares if it is a usual one."""
    forward = ratio > 1
    ratio = ratio if forward else 1 / ratio
    best = min(_SPLITS, key=lambda known: abs(math.log(ratio / known)))
    if abs(math.log(ratio / best)) > _SPLIT_FIT:
        return None
    new, old = (3, 2) if best == 1.5 else (5, 2) if best == 2.5 else (int(best), 1)
    return f"{new}:{old}" if forward else f"{old}:{new}"


def _far_out(table: Table) -> Iterator[Finding]:
    """A high or low that no other price of the bar is near to."""
    import numpy as np

    values = table.values
    if not {"high", "low", "close", "open"} <= values.keys():
        return
    with np.errstate(invalid="ignore", divide="ignore"):
        body_top = np.fmax(values["open"], values["close"])
        body_low = np.fmin(values["open"], values["close"])
        wide: Any = (values["high"] > _FAR_OUT * body_top) | (
            (values["low"] * _FAR_OUT < body_low) & (values["low"] > 0)
        )
    far = np.flatnonzero(wide & (body_low > 0))
    if len(far):
        place = int(far[0])
        yield table.finding(
            "spike", "warning", far,
            f"the bar reaches from {values['low'][place]:g} to {values['high'][place]:g} around a close of "
            f"{values['close'][place]:g}",
            "a wrong print: stops would have been filled there; take the bar from another source",
        )  # fmt: skip


def volumes(table: Table, rhythm: Rhythm) -> Iterator[Finding]:
    """Volumes below nothing, absent where prices moved, or suddenly in another unit."""
    import numpy as np

    volume = table.values.get("volume")
    if volume is None:
        return
    negative = np.flatnonzero(volume < 0)
    if len(negative):
        yield table.finding(
            "volume", "error", negative, f"volume is {volume[negative[0]]:g}", "correct or empty the field"
        )
    traded = volume > 0
    if traded.mean() < 0.5:
        return  # an index, or a source without volumes
    if {"high", "low"} <= table.values.keys():
        silent = np.flatnonzero((volume == 0) & (table.values["high"] > table.values["low"]))
        if len(silent):
            yield table.finding(
                "volume", "warning", silent, "prices moved, volume is 0",
                "volume is missing here: fillers and volume indicators will be wrong",
            )  # fmt: skip
    known = np.flatnonzero(traded)
    logs = np.log(volume[known])
    middle = float(np.median(logs))
    single = known[logs - middle > math.log(_VOLUME_SPIKE)]
    if len(single) and len(single) * 100 < len(known):
        yield table.finding(
            "volume", "warning", single,
            f"volume is {volume[single[0]]:g}, usually about {math.exp(middle):.0f}",
            "check it: shares, lots or money may have been mixed up",
        )  # fmt: skip
    yield from _unit_change(table, known, logs)


def _unit_change(table: Table, known: NDArray[np.int64], logs: NDArray[np.float64]) -> Iterator[Finding]:
    """A volume that stays many times higher or lower from one bar on."""
    import numpy as np

    width = 20
    blocks = len(logs) // width
    if blocks < 4:
        return
    medians = np.median(logs[: blocks * width].reshape(blocks, width), axis=1)
    change = medians[2:] - medians[:-2]  # the block between may hold both levels
    place = int(np.argmax(np.abs(change)))
    if abs(change[place]) < math.log(_VOLUME_JUMP):
        return
    before = float(np.median(medians[: place + 1]))
    after = float(np.median(medians[place + 2 :]))
    if abs(after - before) < math.log(_VOLUME_JUMP):
        return
    near = logs[(place + 1) * width : (place + 2) * width]
    offset = int(np.argmax(np.abs(near - before) > np.abs(near - after)))
    inside = abs(near[offset] - after) < abs(near[offset] - before)
    first = (place + 1) * width + (offset if inside else width)
    times = math.exp(abs(after - before))
    yield table.finding(
        "volume", "warning", [known[first]],
        f"from here on volumes are about {times:,.0f} times {'higher' if after > before else 'lower'}",
        "the source changed its unit (lots, shares, money): bring both parts to one",
    )  # fmt: skip


def frozen(table: Table, rhythm: Rhythm) -> Iterator[Finding]:
    """The same bar over and over: the source had stopped."""
    import numpy as np

    columns = [table.values[name] for name in (*PRICES, "volume") if name in table.values]
    if len(columns) < 4 or len(table) < 3:
        return
    same = np.ones(len(table) - 1, dtype=bool)
    for column in columns:
        same &= column[1:] == column[:-1]
    edges = np.flatnonzero(np.diff(np.concatenate(([0], same.astype(np.int8), [0]))))
    starts, ends = edges[::2], edges[1::2]
    runs = ends - starts + 1
    enough = np.flatnonzero(runs >= _FROZEN_BARS[rhythm.intraday])
    if len(enough):
        yield table.finding(
            "frozen", "warning", starts[enough],
            f"{int(runs[enough[0]])} bars in a row are the same", "the source had stopped: remove the copies",
            count=int(runs[enough].sum()),
        )  # fmt: skip


CHECKS = (missing, impossible, jumps, volumes, frozen)
