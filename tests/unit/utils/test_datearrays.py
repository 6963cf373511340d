"""Whole columns of dates are, to the last bit, what one date at a time gives."""

from __future__ import annotations

import datetime as dt
import random
import zoneinfo

import numpy as np
import pytest

from backtrader.utils.datearrays import datetimes_to_nums, nums_to_datetimes
from backtrader.utils.dateintern import date2num, num2date, tzparse

EPOCH = dt.datetime(1970, 1, 1)
DAY = 86_400_000_000
STEPS = [1, 1_000, 1_000_000, 60_000_000, DAY]


def moments(count: int, first_year: int = 1) -> np.ndarray:
    """Microseconds since 1970, of every coarseness."""
    rng = random.Random(3)
    start = (dt.datetime(first_year, 1, 1) - EPOCH) // dt.timedelta(microseconds=1)
    stop = (dt.datetime(2300, 1, 1) - EPOCH) // dt.timedelta(microseconds=1)
    ends = [1_439_999_990_000, DAY - 10, DAY - 1, 0]
    return np.array(
        [
            rng.randrange(start, stop) // (step := rng.choice(STEPS)) * step
            + rng.choice(ends) * (step == DAY)
            for _ in range(count)
        ]
    )


@pytest.mark.parametrize("first_year", [1, 1437, 1990])
def test_numbers_are_those_of_single_dates(first_year: int) -> None:
    micro = moments(20_000, first_year)
    expected = [date2num(EPOCH + dt.timedelta(microseconds=int(m))) for m in micro]
    assert datetimes_to_nums(micro, "us").tolist() == expected


@pytest.mark.parametrize("first_year", [1, 1437])
def test_and_back(first_year: int) -> None:
    nums = datetimes_to_nums(moments(20_000, first_year), "us")
    expected = np.array([num2date(x) for x in nums.tolist()], dtype="datetime64[us]")
    assert (nums_to_datetimes(nums) == expected).all()


def test_a_sum_exactly_between_two_doubles_is_rounded_by_the_smaller_part() -> None:
    # whole seconds whose fraction of the day falls half way between two numbers of that size
    seconds = np.arange(86_400, dtype=np.int64)
    for day in (10_000, 18_000):
        found = datetimes_to_nums(seconds + day * 86_400, "s")
        assert found.tolist() == [date2num(EPOCH + dt.timedelta(days=day, seconds=int(s))) for s in seconds]


@pytest.mark.parametrize("unit", ["D", "s", "ms", "us", "ns"])
def test_every_unit(unit: str) -> None:
    stamps = np.array(["2021-01-05", "1969-07-20"], dtype=f"datetime64[{unit}]")
    found = datetimes_to_nums(stamps.astype(np.int64), unit)
    assert found.tolist() == [date2num(dt.date(2021, 1, 5)), date2num(dt.date(1969, 7, 20))]


def test_nanoseconds_are_cut_off() -> None:
    stamp = np.array(["2021-01-05T10:00:00.123456789"], dtype="datetime64[ns]").astype(np.int64)
    assert datetimes_to_nums(stamp, "ns")[0] == date2num(dt.datetime(2021, 1, 5, 10, 0, 0, 123456))


@pytest.mark.parametrize(
    "zone", [tzparse("Europe/Berlin"), zoneinfo.ZoneInfo("America/New_York"), tzparse("Australia/Lord_Howe")]
)
def test_wall_clocks_of_a_zone(zone: dt.tzinfo) -> None:
    rng = random.Random(5)
    walls = [dt.datetime(2021, 3, 27) + dt.timedelta(minutes=7 * k) for k in range(420)]
    walls += [dt.datetime(2021, 10, 30) + dt.timedelta(minutes=7 * k) for k in range(420)]
    walls += [dt.datetime(1990, 1, 1) + dt.timedelta(minutes=rng.randrange(20_000_000)) for _ in range(500)]
    micro = np.array(walls, dtype="datetime64[us]").astype(np.int64)
    assert datetimes_to_nums(micro, "us", tz=zone).tolist() == [date2num(wall, zone) for wall in walls]


def test_an_empty_column() -> None:
    assert datetimes_to_nums(np.array([], dtype=np.int64), "ns").size == 0
    assert nums_to_datetimes(np.array([])).size == 0


def test_an_empty_date_names_its_row() -> None:
    stamps = np.array(["2021-01-05", "NaT"], dtype="datetime64[ns]").astype(np.int64)
    with pytest.raises(ValueError, match="row 1 has no date"):
        datetimes_to_nums(stamps, "ns")


def test_a_date_outside_the_calendar_names_its_row() -> None:
    with pytest.raises(ValueError, match="row 2: not a date"):
        datetimes_to_nums(np.array([0, 1, -800_000]), "D")


def test_an_unknown_unit() -> None:
    with pytest.raises(ValueError, match="unknown unit 'h'"):
        datetimes_to_nums(np.array([1]), "h")
