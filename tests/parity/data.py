"""Seeded bar makers: plain tuples ``(datetime, open, high, low, close, volume, openinterest)``, no files, no numpy."""

from __future__ import annotations

import datetime as dt
import math
import random
from collections.abc import Callable, Iterable

Row = tuple[dt.datetime, float, float, float, float, float, float]
MONDAY = dt.datetime(2021, 3, 1)


def _bar(rnd: random.Random, last: float, vola: float) -> tuple[float, float, float, float]:
    """One bar around ``last``; prices sit on a 5 cent grid so that touches and ties happen."""

    def grid(price: float) -> float:
        return round(max(0.05, round(price / 0.05) * 0.05), 2)

    opened = grid(last * (1 + rnd.gauss(0, vola / 2)))
    close = grid(opened * (1 + rnd.gauss(0, vola)))
    high = grid(max(opened, close) * (1 + abs(rnd.gauss(0, vola / 2))))
    low = grid(min(opened, close) * (1 - abs(rnd.gauss(0, vola / 2))))
    return opened, max(high, opened, close), min(low, opened, close), close


def walk(times: Iterable[dt.datetime], seed: int, start: float = 100.0, vola: float = 0.015) -> list[Row]:
    """A random walk over the given times."""
    rnd = random.Random(seed)
    rows: list[Row] = []
    last = start
    for when in times:
        o, h, lo, c = _bar(rnd, last, vola)
        rows.append((when, o, h, lo, c, float(rnd.randrange(0, 2000)), float(rnd.randrange(0, 50))))
        last = c
    return rows


def day_times(n: int, start: dt.datetime = MONDAY, weekends: bool = False) -> list[dt.datetime]:
    """``n`` day stamps at midnight; Saturdays and Sundays are left out unless asked for."""
    times: list[dt.datetime] = []
    day = start
    while len(times) < n:
        if weekends or day.weekday() < 5:
            times.append(day)
        day += dt.timedelta(days=1)
    return times


def minute_times(
    n: int, step: int = 1, start: dt.datetime = MONDAY, opening: dt.time = dt.time(9, 0), per_day: int = 40
) -> list[dt.datetime]:
    """``n`` intraday stamps (bar ends), ``per_day`` in each session which begins at ``opening``."""
    times: list[dt.datetime] = []
    for day in day_times(n // per_day + 1, start):
        first = dt.datetime.combine(day.date(), opening)
        times.extend(first + dt.timedelta(minutes=step * (i + 1)) for i in range(per_day))
    return times[:n]


def daily(n: int, seed: int = 1, **kwargs: float) -> list[Row]:
    """``n`` daily bars."""
    return walk(day_times(n), seed, **kwargs)


def minutes(n: int, seed: int = 1, step: int = 1, per_day: int = 40, **kwargs: float) -> list[Row]:
    """``n`` minute bars in short sessions."""
    return walk(minute_times(n, step, per_day=per_day), seed, **kwargs)


def line_up(
    closes: Iterable[float], start: dt.datetime = MONDAY, step: dt.timedelta | None = None
) -> list[Row]:
    """Hand-made bars from closes: open is the close before, high and low one above and below."""
    rows: list[Row] = []
    before: float | None = None
    when = start
    for close in closes:
        opened = close if before is None else before
        top, bottom = max(opened, close) + 1.0, min(opened, close) - 1.0
        rows.append((when, float(opened), float(top), float(bottom), float(close), 1000.0, 0.0))
        before = close
        when += step or dt.timedelta(days=1)
    return rows


def grouped(rows: list[Row], key: Callable[[dt.datetime], object]) -> list[Row]:
    """Bars of a larger timeframe; each carries the time of the last bar in its group."""
    out: list[Row] = []
    current: object = None
    for row in rows:
        if out and key(row[0]) == current:
            _, o, h, lo, _, v, _ = out[-1]
            out[-1] = (row[0], o, max(h, row[2]), min(lo, row[3]), row[4], v + row[5], row[6])
        else:
            out.append(row)
            current = key(row[0])
    return out


def weekly(rows: list[Row]) -> list[Row]:
    """Weekly bars stamped with their last day."""
    return grouped(rows, lambda when: when.isocalendar()[:2])


def every(rows: list[Row], minutes_: int) -> list[Row]:
    """Bars of ``minutes_`` minutes out of minute bars, right edge included."""

    def slot(when: dt.datetime) -> object:
        return when.date(), math.ceil((when.hour * 60 + when.minute) / minutes_)

    return grouped(rows, slot)


def by_day(rows: list[Row]) -> list[Row]:
    """Daily bars out of minute bars, stamped with the last minute of the day."""
    return grouped(rows, lambda when: when.date())


def with_gaps(rows: list[Row], seed: int = 5, part: float = 0.2) -> list[Row]:
    """The same bars with some of them missing."""
    rnd = random.Random(seed)
    return [row for i, row in enumerate(rows) if i == 0 or rnd.random() >= part]


def with_flats(rows: list[Row], seed: int = 6, part: float = 0.15) -> list[Row]:
    """Some bars get one price and no volume."""
    rnd = random.Random(seed)
    return [(r[0], r[4], r[4], r[4], r[4], 0.0, r[6]) if rnd.random() < part else r for r in rows]


def with_nans(rows: list[Row], seed: int = 7, part: float = 0.1, fields: Iterable[int] = (5, 6)) -> list[Row]:
    """NaN in the given fields of some bars (volume and open interest by default)."""
    rnd = random.Random(seed)
    chosen = set(fields)
    out: list[Row] = []
    for row in rows:
        hit = rnd.random() < part
        values = [math.nan if hit and i in chosen else value for i, value in enumerate(row)]
        out.append(tuple(values))  # type: ignore[arg-type]
    return out


def shifted(rows: list[Row], by: dt.timedelta) -> list[Row]:
    """All stamps moved."""
    return [(row[0] + by, *row[1:]) for row in rows]


def scaled(rows: list[Row], factor: float) -> list[Row]:
    """All prices multiplied, back on two decimals."""
    return [(r[0], *(round(p * factor, 2) for p in r[1:5]), r[5], r[6]) for r in rows]  # type: ignore[misc]
