"""Trading calendars: which day comes next, is this the last day of a period, when does a session end."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from datetime import date, datetime, time, timedelta
from typing import Any

from .construct import ParamsBase
from .dateintern import TIME_MAX
from .marketcal import is_market, market
from .zones import UTC

__all__ = ["PandasMarketCalendar", "TradingCalendar", "TradingCalendarBase"]

MONDAY, TUESDAY, WEDNESDAY, THURSDAY, FRIDAY, SATURDAY, SUNDAY = range(7)
WEEKEND = [SATURDAY, SUNDAY]

ISONODAY = 0
ISOMONDAY, ISOTUESDAY, ISOWEDNESDAY, ISOTHURSDAY, ISOFRIDAY, ISOSATURDAY, ISOSUNDAY = range(1, 8)
ISOWEEKEND = [ISOSATURDAY, ISOSUNDAY]

ONEDAY = timedelta(days=1)

Session = tuple[datetime, datetime]


class TradingCalendarBase(ParamsBase):
    """What resampling and timers ask of a calendar; a subclass gives ``_nextday`` and ``schedule``."""

    def _nextday(self, day: Any) -> tuple[Any, Any]:
        """The trading day after ``day``, with its ISO calendar (year, week, weekday)."""
        raise NotImplementedError(
            f"{type(self).__name__} does not say which trading day comes next (_nextday)"
        )

    def schedule(self, day: Any) -> Session:
        """Opening and closing, as naive UTC, of the session that ``day`` falls into."""
        raise NotImplementedError(
            f"{type(self).__name__} does not say when a session opens and closes (schedule)"
        )

    def nextday(self, day: Any) -> Any:
        """The trading day after ``day``."""
        return self._nextday(day)[0]

    def nextday_week(self, day: Any) -> int:
        """The ISO week of the trading day after ``day``."""
        return int(self._nextday(day)[1][1])

    def last_weekday(self, day: Any) -> bool:
        """Whether no other trading day follows in the week of ``day``."""
        return bool(day.isocalendar()[1] != self._nextday(day)[1][1])

    def last_monthday(self, day: Any) -> bool:
        """Whether no other trading day follows in the month of ``day``."""
        return bool(day.month != self._nextday(day)[0].month)

    def last_yearday(self, day: Any) -> bool:
        """Whether no other trading day follows in the year of ``day``."""
        return bool(day.year != self._nextday(day)[0].year)


class TradingCalendar(TradingCalendarBase):
    """Fixed hours, with days off in the week, holidays, and days of other hours.

    ``earlydays`` lists ``(date, opening time, closing time)``.
    """

    params: Any = (
        ("open", time.min),
        ("close", TIME_MAX),
        ("holidays", []),
        ("earlydays", []),
        ("offdays", ISOWEEKEND),
    )

    p: Any

    def __init__(self) -> None:
        self._earlydays = [day[0] for day in self.p.earlydays]
        self._hours = {_date(day[0]): tuple(day[1:3]) for day in self.p.earlydays}
        self._holidays = {_date(day) for day in self.p.holidays}

    def _nextday(self, day: Any) -> tuple[Any, Any]:
        while True:
            day += ONEDAY
            iso = day.isocalendar()
            if iso[2] not in self.p.offdays and _date(day) not in self._holidays:
                return day, iso

    def schedule(self, day: Any, tz: Any = None) -> Session:
        """Opening and closing of the session in which ``day`` (UTC) falls or, after the close, of the next.

        The hours are wall clock times of ``tz``.
        """
        # compat: days off and holidays have sessions too; a feed has no bars in them
        moment = day if isinstance(day, datetime) else datetime.combine(day, time.min)
        session_day = moment.date()
        while True:
            opening, closing = self._hours.get(session_day, (self.p.open, self.p.close))
            closes = _utc(session_day, closing, tz)
            if moment <= closes:
                return _utc(session_day, opening, tz), closes
            session_day += ONEDAY


class PandasMarketCalendar(TradingCalendarBase):
    """A calendar of ``pandas_market_calendars`` or ``exchange_calendars``, by name or as an object.

    Any object with ``valid_days(start, end)`` and ``schedule(start, end)`` will do; they are asked
    for ``cachesize`` days at a time.
    """

    params: Any = (
        ("calendar", None),
        ("cachesize", 365),
    )

    p: Any

    def __init__(self) -> None:
        self._calendar = market(self.p.calendar)
        self.csize = timedelta(days=self.p.cachesize)
        self.dcache: list[date] = []
        self.idcache: list[tuple[date, datetime, datetime]] = []
        self._days_from = self._sessions_from = date.max

    def _nextday(self, day: Any) -> tuple[datetime, Any]:
        after = _date(day)
        if after < self._days_from or after >= self.dcache[-1]:
            self.dcache = sorted(_date(each) for each in self._calendar.valid_days(after, after + self.csize))
            self._days_from = after
        place = bisect_right(self.dcache, after)
        if place == len(self.dcache):
            self._days_from = date.max
            raise ValueError(f"the calendar has no trading day in the {self.p.cachesize} days after {after}")
        found = self.dcache[place]
        return datetime.combine(found, time.min), found.isocalendar()

    def schedule(self, day: Any, tz: Any = None) -> Session:
        """Opening and closing (naive UTC) of the session of ``day`` or, after its close, of the next."""
        moment = day if isinstance(day, datetime) else datetime.combine(day, time.min)
        start = moment.date()
        if start < self._sessions_from or moment > self.idcache[-1][2]:
            rows = self._calendar.schedule(start, start + self.csize).iloc[:, :2].itertuples()
            self.idcache = sorted((_date(row[0]), _naive(row[1]), _naive(row[2])) for row in rows)
            self._sessions_from = start
        for _, opens, closes in self.idcache[bisect_left(self.idcache, (start,)) :]:
            if moment <= closes:
                return opens, closes
        self._sessions_from = date.max
        raise ValueError(f"the calendar has no session in the {self.p.cachesize} days after {moment}")


def as_calendar(given: Any) -> Any:
    """What may be given as a calendar, ready to be asked: a name, an object, a class."""
    if is_market(given):
        made: Any = PandasMarketCalendar
        return made(calendar=given)
    if isinstance(given, type) and issubclass(given, TradingCalendarBase):
        return given()
    return given


def _date(day: Any) -> date:
    return day.date() if isinstance(day, datetime) else day


def _utc(day: date, clock: time, tz: Any) -> datetime:
    """A wall clock time of ``tz`` (UTC if None) as a naive UTC datetime."""
    moment = datetime.combine(day, clock)
    if tz is None:
        return moment
    localize = getattr(tz, "localize", None)
    aware = moment.replace(tzinfo=tz) if localize is None else localize(moment)
    return aware.astimezone(UTC).replace(tzinfo=None)


def _naive(stamp: Any) -> datetime:
    """A pandas timestamp or a datetime as naive UTC."""
    moment: datetime = stamp.to_pydatetime() if hasattr(stamp, "to_pydatetime") else stamp
    return moment if moment.tzinfo is None else moment.astimezone(UTC).replace(tzinfo=None)
