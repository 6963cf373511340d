"""Which feeds move in a step of a run bar by bar: those that have a bar at the earliest time."""

from __future__ import annotations

import datetime as _dt
from datetime import datetime
from typing import Any

from ..feeds.status import Statuses
from ..utils.dateintern import date2num

#: The time of a step when no feed has shown a bar yet: filters may deliver the first one at the very end.
NEVER = date2num(datetime.max) - 2


class Mover:
    """Moves the feeds of a run; ``now`` is the time of the step."""

    def __init__(self, cerebro: Any) -> None:
        self.datas = in_order(cerebro)
        resampled = [data.resampling and not data.replaying for data in self.datas]
        mixed = any(resampled) and not all(resampled)
        # the time of a resampled bar counts only when nothing else moved
        self.followers = resampled if mixed else [False] * len(self.datas)
        self.now = NEVER
        self._timed = any(map(_waits, self.datas))

    def advance(self) -> bool | None:
        """Move every feed that has a bar at the earliest time; None when nothing came (live)."""
        datas = self.datas
        got = self._ask_timed() if self._timed else [data.next(ticks=False) for data in datas]
        if not any(got):
            return None if any(answer is None for answer in got) else False
        times = [data.lines.datetime[0] if answer else None for data, answer in zip(datas, got, strict=True)]
        leading = [
            t for t, follows in zip(times, self.followers, strict=True) if t is not None and not follows
        ]
        self.now = now = min(leading or [t for t in times if t is not None])
        if not all(got):
            master = datas[times.index(now)]
            for i, data in enumerate(datas):
                if not got[i]:
                    data._check(forcedata=master)
                    if data.next(datamaster=master, ticks=False):
                        times[i] = data.lines.datetime[0]
        for data, time in zip(datas, times, strict=True):
            if time is None:
                continue
            if time > now:
                data.rewind()
            elif not data.replaying:
                data._tick_fill(force=True)
        return True

    def _ask_timed(self) -> list[Any]:
        """Ask all feeds for a bar; each may wait for it as long as those before it have left over."""
        waiting = _may_wait(self.datas)
        began = _dt.datetime.now()
        got = []
        for data in self.datas:
            data.do_qcheck(waiting, (_dt.datetime.now() - began).total_seconds())
            got.append(data.next(ticks=False))
        return got

    def advance_old(self) -> bool | None:
        """Old synchronisation: the first feed moves, the others follow it."""
        first, *others = self.datas
        answer: bool | None = first.next()
        if answer:
            self.now = first.datetime[0]
            for data in others:
                data.next(datamaster=first)
        return answer

    def flush(self) -> bool:
        """The input has ended: let feeds deliver what they still hold."""
        first, *others = self.datas
        held = bool(first._last())
        for data in others:
            held = bool(data._last(datamaster=first)) or held
        return held


def in_order(cerebro: Any) -> list[Any]:
    """The feeds in the order in which they are asked: by timeframe, or as they were added."""
    if cerebro.p.oldsync:
        return list(cerebro.datas)
    return sorted(cerebro.datas, key=lambda data: (data._timeframe, data._compression))


def _waits(data: Any) -> bool:
    """Whether a feed ever waits for its next bar."""
    kind = type(data)
    usual = kind.do_qcheck is Statuses.do_qcheck and kind.haslivedata is Statuses.haslivedata
    return bool(data.p.qcheck) or not usual


def _may_wait(datas: list[Any]) -> bool:
    """Whether feeds wait for their next bar: not if one has it while only some of them are live."""
    if not any(data.haslivedata() for data in datas):
        return True
    return len({data._laststatus == data.LIVE for data in datas}) == 1
