"""Zones: UTC and the machine's, names, and any tzinfo made able to localize."""

from __future__ import annotations

import copy
import datetime as dt
import os
import pickle
import subprocess
import sys
import zoneinfo

import pytest

from backtrader.errors import DataError
from backtrader.utils import zones
from backtrader.utils.zones import UTC, Localizer, TZLocal, Zone, tzparse

BERLIN = Zone(zoneinfo.ZoneInfo("Europe/Berlin"))


class Fixed(dt.tzinfo):
    """A zone of a user's own; it takes attributes."""

    def utcoffset(self, when: dt.datetime | None) -> dt.timedelta:
        return dt.timedelta(hours=2)

    def dst(self, when: dt.datetime | None) -> dt.timedelta:
        return dt.timedelta(0)


def test_none_stays_none() -> None:
    assert tzparse(None) is None
    assert Localizer(None) is None


def test_a_zone_that_takes_the_attribute_stays_itself() -> None:
    zone = Fixed()
    assert tzparse(zone) is zone
    assert zone.localize(dt.datetime(2021, 1, 1)).tzinfo is zone  # type: ignore[attr-defined]


@pytest.mark.parametrize("zone", [dt.UTC, zoneinfo.ZoneInfo("Asia/Tokyo")])
def test_a_zone_that_does_not_is_wrapped(zone: dt.tzinfo) -> None:
    wrapped = tzparse(zone)
    moment = dt.datetime(2021, 7, 1, 9)
    assert wrapped.localize(moment).utcoffset() == moment.replace(tzinfo=zone).utcoffset()
    assert moment.replace(tzinfo=UTC).astimezone(wrapped) == moment.replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("wall", "hours"),
    [
        (dt.datetime(2021, 7, 1), 2),
        (dt.datetime(2021, 12, 1), 1),
        (dt.datetime(2021, 10, 31, 2, 30), 1),  # happens twice: standard time is meant
        (dt.datetime(2021, 3, 28, 2, 30), 1),  # never happens: read with the offset before the change
    ],
)
def test_a_wall_clock_is_read_as_pytz_reads_it(wall: dt.datetime, hours: int) -> None:
    assert BERLIN.localize(wall).utcoffset() == dt.timedelta(hours=hours)


def test_the_same_with_pytz_itself() -> None:
    pytz = pytest.importorskip("pytz")
    theirs = pytz.timezone("Europe/Berlin")
    assert tzparse("Europe/Berlin") is theirs
    wall = dt.datetime(2021, 10, 31)
    for quarter in range(96):
        moment = wall + quarter * dt.timedelta(minutes=15)
        assert BERLIN.localize(moment).utcoffset() == theirs.localize(moment).utcoffset()


def test_localize_refuses_an_aware_moment() -> None:
    with pytest.raises(ValueError, match="time zone already"):
        BERLIN.localize(dt.datetime(2021, 1, 1, tzinfo=UTC))


def test_an_unknown_name_suggests_the_nearest() -> None:
    with pytest.raises(DataError, match=r"Europe/Berln.*Europe/Berlin"):
        tzparse("Europe/Berln")


def test_what_is_no_zone_is_refused() -> None:
    with pytest.raises(DataError, match="5 is no time zone"):
        tzparse(5)


@pytest.mark.parametrize("zone", [UTC, TZLocal])
def test_the_two_of_our_own_stay_single(zone: dt.tzinfo) -> None:
    assert pickle.loads(pickle.dumps(zone)) is zone
    assert copy.deepcopy(zone) is zone


def test_a_wrapped_zone_survives_a_pickle() -> None:
    again = pickle.loads(pickle.dumps(BERLIN))
    assert again == BERLIN
    assert hash(again) == hash(BERLIN)
    assert str(again) == "Europe/Berlin"


def test_utc() -> None:
    moment = UTC.localize(dt.datetime(2021, 1, 1))
    assert (moment.utcoffset(), moment.dst(), moment.tzname()) == (zones.ZERO, zones.ZERO, "UTC")


@pytest.mark.skipif(os.name == "nt", reason="the machine's zone cannot be set by TZ there")
def test_the_machines_zone_changes_with_the_seasons() -> None:
    code = (
        "import datetime as d; from backtrader.utils.zones import TZLocal as z\n"
        "for m in (1, 7): print(z.utcoffset(d.datetime(2021, m, 1)), z.dst(d.datetime(2021, m, 1)))\n"
        "print(d.datetime(2021, 7, 1, 12, tzinfo=d.UTC).astimezone(z).hour)"
    )
    environment = {**os.environ, "TZ": "Europe/Berlin"}
    done = subprocess.run(
        [sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True
    )
    assert done.stdout.split() == ["1:00:00", "0:00:00", "2:00:00", "1:00:00", "14"]
