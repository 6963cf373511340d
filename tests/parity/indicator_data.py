"""The kinds of bars indicators are compared on: two feeds of each kind, with the same times."""

from __future__ import annotations

import math
import random

from .data import Row, daily, day_times, with_nans

KINDS = ("walk", "trend", "flat", "gaps", "short")
# Long enough for every default period (252 for DV2) where that is the point, short elsewhere.
LONG, MIDDLE, SHORT = 270, 110, 7


def rows(kind: str, feed: int, feeds: int = 1) -> list[Row]:
    """The bars of one feed (0 or 1); fewer if there are two, for which no default period is long."""
    made = {"walk": _walk, "trend": _trend, "flat": _flat, "gaps": _gaps, "short": _short}[kind](feed)
    return made if feeds == 1 else made[:MIDDLE]


def _walk(feed: int) -> list[Row]:
    return daily(LONG, 900 + feed, vola=0.02)


def _trend(feed: int) -> list[Row]:
    """Steps that hardly vary: up all the way, the other feed down."""
    out: list[Row] = []
    rnd = random.Random(910 + feed)
    price, step = (50.0, 0.25) if feed == 0 else (120.0, -0.5)
    for i, when in enumerate(day_times(MIDDLE)):
        opened = price
        price = round(price + step + (0.01 if rnd.random() < 0.2 else 0.0), 2)
        top, bottom = max(opened, price) + 0.1, min(opened, price) - 0.1
        out.append((when, opened, round(top, 2), round(bottom, 2), price, 1000.0 + i, 0.0))
    return out


def _flat(feed: int) -> list[Row]:
    """Prices that stand still for days, at zero too, and bars without a range."""
    out = list(daily(MIDDLE, 920 + feed, vola=0.02))
    for first, last, price in ((8, 30, None), (40, 58, 0.0), (70, 95, 77.7)):
        held = out[first][4] if price is None else price
        for i in range(first + feed, last):
            out[i] = (out[i][0], held, held, held, held, 0.0, 0.0)
    for i in range(60, 66):  # falls to nothing and comes back within a bar
        out[i] = (out[i][0], 1.0, 1.0, 0.0, 0.5 * (i % 2), 5.0, 0.0)
    return out


def _gaps(feed: int) -> list[Row]:
    """Bars without any value, single ones and stretches, and bars with some values missing."""
    out = with_nans(daily(MIDDLE, 930 + feed, vola=0.02), seed=931 + feed, part=0.04, fields=(1, 2, 3, 4))
    out = with_nans(out, seed=941 + feed, part=0.03, fields=(2, 4, 5))
    for i in (*range(50, 54), 75):
        out[i] = (out[i][0], *[math.nan] * 6)  # type: ignore[assignment]
    return out


def _short(feed: int) -> list[Row]:
    return daily(SHORT, 950 + feed)
