"""Calendars of exchanges, from the packages that know them, all with the same two methods.

``valid_days(start, end)`` gives the trading days, ``schedule(start, end)`` a table with opening and
closing of each: that is what `pandas_market_calendars` has.  A calendar of `exchange_calendars` is
given them here.
"""

from __future__ import annotations

from datetime import date
from importlib import util
from typing import Any

from .optional import require
from .params import nearest

# Such a calendar holds the sessions from a start on; its own default is twenty years ago.
_FIRST_YEAR = "1970-01-01"


def market(given: Any) -> Any:
    """A calendar with both methods: by name, or out of an object of either package."""
    if isinstance(given, str):
        return _named(given)
    if not hasattr(given, "valid_days") and hasattr(given, "sessions_in_range"):
        return ExchangeDays(given)
    return given


def is_market(given: Any) -> bool:
    """Whether this is a name, or an object, that `market` understands."""
    return isinstance(given, str) or hasattr(given, "valid_days") or hasattr(given, "sessions_in_range")


class ExchangeDays:
    """A calendar of `exchange_calendars`."""

    def __init__(self, calendar: Any) -> None:
        self.calendar = calendar

    def valid_days(self, start: date, end: date) -> Any:
        """The trading days."""
        return self.schedule(start, end).index

    def schedule(self, start: date, end: date) -> Any:
        """Opening and closing of each."""
        return self.calendar.schedule.loc[str(start) : str(end), ["open", "close"]]


def _named(name: str) -> Any:
    """The first package that is there and knows the name."""
    known: list[str] = []
    for package, make in (("pandas_market_calendars", _plain), ("exchange_calendars", _from_start)):
        if util.find_spec(package) is None:
            continue
        module = require(package)
        try:
            return make(module, name)
        except (RuntimeError, _unknown_name(module)):
            known += module.get_calendar_names()
    if known:
        raise ValueError(f"there is no calendar called {name!r}; {nearest(name, sorted(set(known)))}")
    return require("pandas_market_calendars", extra="calendars", why=f"the calendar {name!r}")


def _unknown_name(module: Any) -> Any:
    errors = getattr(module, "errors", None)
    return getattr(errors, "InvalidCalendarName", RuntimeError)


def _plain(module: Any, name: str) -> Any:
    return module.get_calendar(name)


def _from_start(module: Any, name: str) -> Any:
    try:
        return ExchangeDays(module.get_calendar(name, start=_FIRST_YEAR))
    except ValueError:  # nothing is known of that exchange in those years
        return ExchangeDays(module.get_calendar(name))
