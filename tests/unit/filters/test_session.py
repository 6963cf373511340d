"""Filling sessions up and dropping what is outside of them."""

from __future__ import annotations

import datetime as dt
import math
from typing import Any

import pytest

import backtrader as bt
from tests.unit.feeds.stage import Rows, days, preloaded

HOURS = {"sessionstart": dt.time(9), "sessionend": dt.time(9, 10)}


def feed(*stamps: str, **kwargs: Any) -> Any:
    """Minute bars at ``day hour:minute`` of January 2020; the first closes at 1, the next at 2 and so on."""
    rows = [
        (dt.datetime.strptime("2020-01-" + stamp, "%Y-%m-%d %H:%M"), i + 1, i + 2, i, i + 1, 10, 0)
        for i, stamp in enumerate(stamps)
    ]
    return Rows(dataname=rows, timeframe=bt.TimeFrame.Minutes, **{**HOURS, **kwargs})


def shown(data: Any) -> list[str]:
    pairs = zip(data.datetime.array, data.close.array, strict=True)
    return [f"{bt.num2date(time):%d %H:%M} {close:g}" for time, close in pairs]


def filled(data: Any, **kwargs: Any) -> list[str]:
    data.addfilter(bt.filters.SessionFiller, **kwargs)
    return shown(preloaded(data))


def test_holes_carry_the_last_close() -> None:
    assert filled(feed("02 09:02", "02 09:05")) == ["02 09:02 1", "02 09:03 1", "02 09:04 1", "02 09:05 2"]


def test_a_session_is_filled_to_its_end_and_the_next_from_its_start() -> None:
    found = filled(feed("02 09:08", "03 09:02"))
    assert found == ["02 09:08 1", "02 09:09 1", "02 09:10 1", "03 09:00 1", "03 09:01 1", "03 09:02 2"]


def test_steps_are_as_long_as_bars() -> None:
    assert filled(feed("02 09:02", "02 09:07", compression=2)) == [
        "02 09:02 1", "02 09:04 1", "02 09:06 1", "02 09:07 2",
    ]  # fmt: skip


def test_the_first_session_is_filled_from_its_start_if_asked_for() -> None:
    assert filled(feed("02 09:02"), skip_first_fill=False, fill_price=7.0) == [
        "02 09:00 7", "02 09:01 7", "02 09:02 1",
    ]  # fmt: skip


def test_what_bars_are_filled_with() -> None:
    data = feed("02 09:02", "02 09:04")
    data.addfilter(bt.filters.SessionFiller, fill_vol=3.0)
    preloaded(data)
    assert data.volume.array[1] == 3.0
    assert math.isnan(data.openinterest.array[1])


def test_days_cannot_be_filled() -> None:
    data = Rows(dataname=days(3), name="acme")
    with pytest.raises(ValueError, match=r"SessionFiller knows how far apart minutes.*'acme' has Days"):
        data.addfilter(bt.filters.SessionFiller)


def test_bars_outside_are_dropped() -> None:
    stamps = ["02 08:59", "02 09:00", "02 09:05", "02 09:10", "02 09:11"]
    as_filter, as_question = feed(*stamps), feed(*stamps)
    as_filter.addfilter(bt.filters.SessionFilter)
    as_question.addfilter_simple(bt.filters.SessionFilterSimple)
    assert shown(preloaded(as_filter)) == ["02 09:00 2", "02 09:05 3", "02 09:10 4"]
    assert shown(preloaded(as_question)) == shown(as_filter)
