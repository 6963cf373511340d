"""Time zones: UTC, the machine's own, and any other made able to ``localize`` a naive datetime."""

from __future__ import annotations

import datetime as _dt
import difflib
import time as _time
from types import MethodType
from typing import Any

from ..errors import DataError

ZERO = _dt.timedelta(0)
STDOFFSET = _dt.timedelta(seconds=-_time.timezone)
DSTOFFSET = _dt.timedelta(seconds=-_time.altzone) if _time.daylight else STDOFFSET
DSTDIFF = DSTOFFSET - STDOFFSET


def _localize(zone: _dt.tzinfo, dt: _dt.datetime) -> _dt.datetime:
    """Read a naive datetime as a wall clock of ``zone``."""
    return dt.replace(tzinfo=zone)


class _UTC(_dt.tzinfo):
    """Coordinated universal time."""

    localize = _localize

    def utcoffset(self, dt: _dt.datetime | None) -> _dt.timedelta:
        return ZERO

    def tzname(self, dt: _dt.datetime | None) -> str:
        return "UTC"

    def dst(self, dt: _dt.datetime | None) -> _dt.timedelta:
        return ZERO

    def __reduce__(self) -> str:
        return "UTC"


class _LocalTimezone(_dt.tzinfo):
    """The zone the machine is set to, by its current two offsets."""

    localize = _localize

    def utcoffset(self, dt: _dt.datetime | None) -> _dt.timedelta:
        return DSTOFFSET if self._isdst(dt) else STDOFFSET

    def dst(self, dt: _dt.datetime | None) -> _dt.timedelta:
        return DSTDIFF if self._isdst(dt) else ZERO

    def tzname(self, dt: _dt.datetime | None) -> str:
        return _time.tzname[self._isdst(dt)]

    def _isdst(self, dt: _dt.datetime | None) -> bool:
        if dt is None or not _time.daylight:
            return False
        wall = (dt.year, dt.month, dt.day, dt.hour, dt.minute, dt.second, dt.weekday(), 0, 0)
        try:
            return _time.localtime(_time.mktime(wall)).tm_isdst > 0
        except (ValueError, OverflowError):
            return False  # outside the years the C library knows there is no daylight saving

    def __reduce__(self) -> str:
        return "TZLocal"


class Zone(_dt.tzinfo):
    """A zone that cannot be given a ``localize`` of its own, with one.

    Of two possible readings of a wall clock (an hour that happens twice) it takes standard time,
    as pytz does, so that a zone's name means the same whether pytz is installed or not.
    """

    def __init__(self, zone: _dt.tzinfo) -> None:
        self.zone = zone

    def localize(self, dt: _dt.datetime) -> _dt.datetime:
        """Read a naive datetime as a wall clock of this zone."""
        if dt.tzinfo is not None:
            raise ValueError(f"{dt!r} has a time zone already")
        first, second = dt.replace(tzinfo=self, fold=0), dt.replace(tzinfo=self, fold=1)
        # a later offset that is smaller marks the hour that happens twice; the gap in spring keeps fold 0
        twice = (first.utcoffset() or ZERO) > (second.utcoffset() or ZERO)
        return second if twice and first.dst() else first

    def utcoffset(self, dt: _dt.datetime | None) -> _dt.timedelta | None:
        return self.zone.utcoffset(None if dt is None else dt.replace(tzinfo=self.zone))

    def dst(self, dt: _dt.datetime | None) -> _dt.timedelta | None:
        return self.zone.dst(None if dt is None else dt.replace(tzinfo=self.zone))

    def tzname(self, dt: _dt.datetime | None) -> str | None:
        return self.zone.tzname(None if dt is None else dt.replace(tzinfo=self.zone))

    def fromutc(self, dt: _dt.datetime) -> _dt.datetime:
        return self.zone.fromutc(dt.replace(tzinfo=self.zone)).replace(tzinfo=self)

    def __reduce__(self) -> Any:
        return Zone, (self.zone,)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Zone) and self.zone == other.zone

    def __hash__(self) -> int:
        return hash(self.zone)

    def __str__(self) -> str:
        return str(self.zone)

    def __repr__(self) -> str:
        return f"Zone({self.zone!r})"


UTC = _UTC()
TZLocal = _LocalTimezone()


def tzparse(tz: Any) -> Any:
    """A zone that can ``localize``, from a name (``'Europe/Berlin'``) or any ``tzinfo``; None stays None."""
    return Localizer(_named(tz) if isinstance(tz, str) else tz)


def Localizer(tz: Any) -> Any:
    """Give a zone the ``localize`` it may lack; None stays None."""
    if tz is None or hasattr(tz, "localize"):
        return tz
    if not isinstance(tz, _dt.tzinfo):
        raise DataError(f"{tz!r} is no time zone: give a name such as 'Europe/Berlin', or a tzinfo")
    try:
        # compat: the very object is kept if it takes the attribute
        tz.localize = MethodType(_localize, tz)  # type: ignore[attr-defined]
    except AttributeError:
        return Zone(tz)
    return tz


def _named(name: str) -> Any:
    try:
        import pytz  # type: ignore[import-not-found,import-untyped,unused-ignore]
    except ImportError:
        return _from_zoneinfo(name)
    try:
        return pytz.timezone(name)
    except pytz.UnknownTimeZoneError:
        raise _unknown(name) from None


def _from_zoneinfo(name: str) -> Zone:
    import zoneinfo

    try:
        return Zone(zoneinfo.ZoneInfo(name))
    except (zoneinfo.ZoneInfoNotFoundError, ValueError, OSError):
        raise _unknown(name) from None


def _unknown(name: str) -> DataError:
    import zoneinfo

    close = difflib.get_close_matches(name, sorted(zoneinfo.available_timezones()), n=3)
    hint = f"; did you mean {' or '.join(map(repr, close))}?" if close else ", for example 'Europe/Berlin'"
    return DataError(f"there is no time zone {name!r}{hint}")
