"""Dates as floats: what the original gives for the same number, and back."""

from __future__ import annotations

import datetime as dt
import hashlib
import random
import subprocess
import zoneinfo
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backtrader.utils import dateintern
from backtrader.utils.dateintern import (
    TIME_MAX,
    UTC,
    date2num,
    num2date,
    num2dt,
    num2time,
    time2num,
    tzparse,
)

NOON_2021 = 737791.5


def answers(seed: int, count: int) -> str:
    """A fingerprint of many conversions; also run inside the original's interpreter."""
    rng, digest = random.Random(seed), hashlib.sha256()
    for _ in range(count):
        day = rng.choice([rng.randint(1, 3652058), rng.randint(700_000, 745_000)])
        part = rng.choice([rng.random(), rng.randrange(86400) / 86400.0, rng.randrange(1440) / 1440.0])
        x = day + part + rng.choice([0, 1e-10, -1e-10, 1.2e-10, -2.4e-10])
        moment = num2date(max(x, 1.0))
        found = (moment, date2num(moment), num2time(max(x, 1.0)), num2dt(max(x, 1.0)), time2num(moment))
        digest.update(repr(found).encode())
    return digest.hexdigest()


@pytest.mark.parity
def test_conversions_are_the_originals(oracle: Path, tmp_path: Path) -> None:
    source = Path(__file__).read_text()
    function = source[source.index("def answers") : source.index("@pytest.mark.parity")]
    script = tmp_path / "answers.py"
    script.write_text(
        "import hashlib, random\nfrom backtrader.utils.dateintern import *\n"
        + function
        + "print(answers(11, 30000))\n"
    )
    theirs = subprocess.run([oracle, "-P", script], capture_output=True, text=True, check=True)
    assert theirs.stdout.strip() == answers(11, 30_000)


@given(st.datetimes(min_value=dt.datetime(1436, 1, 1), max_value=dt.datetime(2870, 1, 1)))
def test_a_moment_comes_back_within_the_resolution_of_a_double(moment: dt.datetime) -> None:
    assert abs(num2date(date2num(moment)) - moment) < dt.timedelta(microseconds=16)


def test_the_last_moment_of_a_day_loses_a_microsecond() -> None:
    stored = date2num(dt.datetime.combine(dt.date(2021, 5, 6), TIME_MAX))
    assert num2date(stored) == dt.datetime(2021, 5, 6, 23, 59, 59, 999989)


def test_microseconds_are_tidied() -> None:
    # a stored second is off by up to six of them: too many are dropped, too few are made up for
    midnight = dt.datetime(2021, 5, 6)
    seconds = [midnight + dt.timedelta(seconds=s) for s in range(0, 86_400, 7)]
    assert {num2date(date2num(second)) for second in seconds} == set(seconds)
    assert num2date(NOON_2021) == dt.datetime(2021, 1, 1, 12)


@pytest.mark.parametrize("number", [0, 0.5, -1, 3652060])
def test_a_number_outside_the_calendar_is_refused(number: float) -> None:
    with pytest.raises(ValueError, match="no date"):
        num2date(number)


def test_a_date_is_midnight() -> None:
    assert date2num(dt.date(2021, 1, 1)) == 737791.0


def test_an_aware_moment_is_stored_in_utc() -> None:
    zone = dt.timezone(dt.timedelta(hours=5, minutes=30))
    assert date2num(dt.datetime(2021, 1, 1, 17, 30, tzinfo=zone)) == NOON_2021


def test_a_zone_is_applied_on_the_way_in_and_out() -> None:
    berlin = tzparse("Europe/Berlin")
    assert date2num(dt.datetime(2021, 1, 1, 13), berlin) == NOON_2021
    assert num2date(NOON_2021, berlin) == dt.datetime(2021, 1, 1, 13)
    assert num2date(NOON_2021, berlin, naive=False).utcoffset() == dt.timedelta(hours=1)
    assert num2date(NOON_2021, UTC, naive=False).tzinfo is UTC


def test_a_plain_zone_without_localize_is_taken() -> None:
    berlin = zoneinfo.ZoneInfo("Europe/Berlin")
    assert date2num(dt.datetime(2021, 1, 1, 13), berlin) == NOON_2021


def test_without_a_zone_the_result_is_naive_whatever_is_asked() -> None:
    assert num2date(NOON_2021, None, False).tzinfo is None


@given(st.times())
def test_a_time_of_day_survives_as_a_fraction(moment: dt.time) -> None:
    assert num2time(time2num(moment)) == moment


def test_a_fraction_has_no_zone() -> None:
    with pytest.raises(ValueError, match="no date"):
        num2time(0.5, UTC)


def test_days_and_times_of_a_number() -> None:
    assert num2dt(NOON_2021) == dt.date(2021, 1, 1)
    assert num2time(NOON_2021 + 0.25) == dt.time(18)


def test_constants_of_the_original() -> None:
    assert dateintern.MUSECONDS_PER_DAY == 86400e6
    assert dateintern.SECONDS_PER_DAY == 86400.0
    assert dateintern.DSTDIFF == dateintern.DSTOFFSET - dateintern.STDOFFSET
