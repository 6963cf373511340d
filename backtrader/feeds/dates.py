"""A feed's dates: the zones it reads and shows, its first and last bar, the end of a session."""

from __future__ import annotations

import datetime as _dt
from typing import Any

from ..utils.dateintern import Localizer, date2num, num2date, time2num, tzparse
from ..utils.tradingcal import as_calendar

_INF = float("inf")
_ONE_DAY = _dt.timedelta(days=1)


class Dates:
    """Zones, ``fromdate`` and ``todate``, sessions."""

    lines: Any
    p: Any
    data: Any

    _clone = False
    _started = False
    _env: Any = None
    _tz: Any = None
    _tzinput: Any = None
    _calendar: Any = None

    fromdate, todate = -_INF, _INF
    sessionstart: float
    sessionend: float

    def _start_finish(self) -> None:
        """Settle zones and dates; late, because a live feed may learn its zone while starting."""
        self._set_zone(self._gettz())
        self._tzinput = Localizer(self._gettzinput())
        p = self.p
        self.fromdate = -_INF if p.fromdate is None else self.date2num(p.fromdate)
        self.todate = _INF if p.todate is None else self.date2num(p.todate)
        self.sessionstart, self.sessionend = time2num(p.sessionstart), time2num(p.sessionend)
        own = p.calendar
        self._calendar = getattr(self._env, "_tradingcal", None) if own is None else as_calendar(own)
        self._started = True

    def _set_zone(self, tz: Any) -> None:
        self._tz = self.lines.datetime._tz = tz

    def _gettz(self) -> Any:
        """The zone that times are shown in; a subclass may know better than the parameter."""
        return tzparse(self.p.tz)

    def _gettzinput(self) -> Any:
        """The zone that the source's times are in; a subclass may know better than the parameter."""
        return tzparse(self.p.tzinput)

    def date2num(self, dt: Any) -> float:
        """The number of a moment, read in the feed's zone."""
        return date2num(dt if self._tz is None else self._tz.localize(dt))

    def num2date(self, dt: float | None = None, tz: Any = None, naive: bool = True) -> Any:
        """A number, by default the time of this bar, as a moment in the feed's zone."""
        return num2date(self.lines.datetime[0] if dt is None else dt, tz or self._tz, naive)

    def _getnexteos(self) -> tuple[Any, float]:
        """The end of the session of this bar: as a moment in UTC and as a number."""
        if self._clone:
            return self.data._getnexteos()  # type: ignore[no-any-return]
        if not len(self):  # type: ignore[arg-type]
            return _dt.datetime.min, 0.0
        now = num2date(self.lines.datetime[0])
        if self._calendar is not None:
            _, end = self._calendar.schedule(now, self._tz)
        else:
            # through the number and back: what is compared later went that way too
            end = num2date(self.date2num(_dt.datetime.combine(now, self.p.sessionend)))
            while now > end:
                end += _ONE_DAY
        return end, date2num(end)


def time_of_day(given: Any, default: _dt.time) -> Any:
    if isinstance(given, _dt.datetime):
        return given.time()
    return default if given is None else given


def moment(given: Any, time: _dt.time) -> Any:
    """A plain date becomes a moment of that day."""
    if isinstance(given, _dt.date) and not isinstance(given, _dt.datetime):
        return _dt.datetime.combine(given, time)
    return given
