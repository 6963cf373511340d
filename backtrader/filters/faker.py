"""A time that looks like a feed."""

from __future__ import annotations

import datetime as _dt
from typing import Any

from ..utils.dateintern import UTC, date2num


def clock_of(data: Any) -> float:
    """What the clock of the feed's source shows now, as a number in UTC."""
    return date2num(_dt.datetime.now(UTC).replace(tzinfo=None) + data._timeoffset())


class DTFaker:
    """Stands for a feed whose bar has the time of the clock, or of the bar of ``forcedata``.

    The engine itself compares numbers; this is for filters of users that want to treat "it is now
    later" and "a bar came in" alike.
    """

    def __init__(self, data: Any, forcedata: Any = None) -> None:
        self.data = data
        self.datetime: Any = self
        self.p: Any = self
        self.sessionend = data.p.sessionend
        if forcedata is None:
            self._num = clock_of(data)
            self._moment = data.num2date(self._num)
        else:
            self._num = forcedata.datetime[0]
            self._moment = forcedata.datetime.datetime()

    def __len__(self) -> int:
        return len(self.data)

    def __call__(self, idx: int = 0) -> Any:
        return self._moment

    def __getitem__(self, idx: int) -> float:
        return self._num if idx == 0 else float("-inf")

    def date(self, idx: int = 0) -> Any:
        """The day."""
        return self._moment.date()

    def time(self, idx: int = 0) -> Any:
        """The time of day."""
        return self._moment.time()

    @property
    def _calendar(self) -> Any:
        return self.data._calendar

    def _getnexteos(self) -> Any:
        return self.data._getnexteos()

    def num2date(self, *args: Any, **kwargs: Any) -> Any:
        """As the feed does it."""
        return self.data.num2date(*args, **kwargs)

    def date2num(self, *args: Any, **kwargs: Any) -> Any:
        """As the feed does it."""
        return self.data.date2num(*args, **kwargs)
