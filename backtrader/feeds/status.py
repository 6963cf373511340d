"""What a live feed says about itself: statuses, waiting for input."""

from __future__ import annotations

import datetime as _dt
from collections import deque
from typing import Any


class Statuses:
    """Statuses with their notifications, and how long to wait for input."""

    CONNECTED, DISCONNECTED, CONNBROKEN, DELAYED, LIVE, NOTSUBSCRIBED, NOTSUPPORTED_TF, UNKNOWN = range(8)

    _NOTIFNAMES = [
        "CONNECTED",
        "DISCONNECTED",
        "CONNBROKEN",
        "DELAYED",
        "LIVE",
        "NOTSUBSCRIBED",
        "NOTSUPPORTED_TIMEFRAME",
        "UNKNOWN",
    ]

    p: Any
    notifs: deque[Any]
    _laststatus: int = CONNECTED
    _qcheck: float = 0.0
    _tmoffset = _dt.timedelta()

    @classmethod
    def _getstatusname(cls, status: int) -> str:
        return cls._NOTIFNAMES[status]

    def put_notification(self, status: int, *args: Any, **kwargs: Any) -> None:
        """Leave a status for ``notify_data``; the status that is known already is not repeated."""
        if self._laststatus != status:
            self.notifs.append((status, args, kwargs))
            self._laststatus = status

    def get_notifications(self) -> list[Any]:
        """The statuses left until now; another thread may go on adding."""
        return [self.notifs.popleft() for _ in range(len(self.notifs))]

    def islive(self) -> bool:
        """Whether bars come in as time passes, so that neither preloading nor batch is possible."""
        return False

    def haslivedata(self) -> bool:
        """Whether the feed waits for bars right now."""
        return False

    def do_qcheck(self, onoff: Any, qlapse: float) -> None:
        """Set how long to wait for the next bar: ``p.qcheck`` less what has passed, or not at all."""
        self._qcheck = max(0.0, (self.p.qcheck if onoff else 0.0) - qlapse)

    def _timeoffset(self) -> _dt.timedelta:
        """How much the source's clock is ahead of ours."""
        return self._tmoffset
