"""The end of the trading session that a larger bar belongs to."""

from __future__ import annotations

import datetime as _dt
from typing import Any

from .bar import Bar


class SessionEnd:
    """Knows one end of a session at a time; it is forgotten once it was reached.

    compat: nobody asks for the next end before this one was reached, and one that is passed while
    no bar is being built is never reached.  Then sessions do not end bars any more.
    """

    __slots__ = ("ahead", "feed", "last", "moment")

    def __init__(self, feed: Any) -> None:
        self.feed = feed
        self.ahead: float | None = None  # the end that is to come, as a number
        self.moment: Any = None  # the same as a datetime in UTC
        self.last = 0.0  # the end that was reached last

    def ask(self) -> float:
        """The end ahead; the feed is asked if it is not known."""
        if self.ahead is None:
            self.moment, self.ahead = self.feed._getnexteos()
        return self.ahead

    def met(self, now: float) -> bool:
        """Whether this is exactly the end."""
        if now != self.ask():
            return False
        self.reach()
        return True

    def passed(self, now: float, bar: Bar) -> bool:
        """Whether the session that ``bar`` was built in is over, exactly now or already."""
        end = self.ask()
        if now == end or (now > end and bar.begun and bar.time <= end):
            self.reach()
            return True
        return False

    def reach(self) -> None:
        """The end ahead has come."""
        assert self.ahead is not None
        self.last, self.ahead = self.ahead, None

    def look(self) -> None:
        """Take the end of the feed's session as reached, whatever the time is."""
        self.last, self.ahead = self.feed._getnexteos()[1], None

    def on_day(self, moment: _dt.datetime) -> _dt.datetime:
        """``moment`` moved to the end of the session.

        compat: the time of day is the one in UTC, put on the feed's own day.
        """
        end = self.moment
        return moment.replace(
            hour=end.hour, minute=end.minute, second=end.second, microsecond=end.microsecond
        )
