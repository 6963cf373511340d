"""The event loop: bars come one by one, from live or preloaded feeds."""

from __future__ import annotations

import datetime as _dt
from typing import Any

from ..utils.owner import construction
from .notify import broker_step, check_timers, data_notifications, store_notifications, write_bar
from .outcome import follow
from .plan import NEVER, arrange_event, start_strategies
from .where import located


def run_event(cerebro: Any, strats: list[Any]) -> None:
    """One whole run in event mode, from start to stop."""
    arrange_event(cerebro, strats)
    start_strategies(cerebro, strats)
    loop = _EventLoop(cerebro, strats)
    stack = construction()
    stack.append(None)
    try:
        with located(strats):
            loop.run()
    finally:
        stack.pop()
    for strat in strats:
        strat._stop()


class _EventLoop:
    """Ask every feed for its next bar, let the earliest time move, run everything, repeat."""

    def __init__(self, cerebro: Any, strats: list[Any]) -> None:
        self.cerebro, self.strats = cerebro, strats
        by_timeframe = sorted(cerebro.datas, key=lambda data: (data._timeframe, data._compression))
        self.datas = [cerebro.datas[0], *cerebro.datas[1:]] if cerebro.p.oldsync else by_timeframe
        resampled = [data.resampling and not data.replaying for data in self.datas]
        mixed = any(resampled) and not all(resampled)
        # the time of a resampled bar counts only when nothing else moved
        self.followers = resampled if mixed else [False] * len(self.datas)
        self.now = NEVER
        self.rewound: dict[Any, int] = {}  # evaluations that stand before their last bar, and by how many
        self.trail = follow(cerebro, strats)

    def run(self) -> None:
        cerebro = self.cerebro
        flushed = False  # the input has ended and filters have delivered what they held
        while True:
            store_notifications(cerebro, self.strats)
            data_notifications(cerebro, self.strats)
            if cerebro._event_stop:
                return
            moved = self._advance_old() if cerebro.p.oldsync else self._advance()
            last = False
            if moved is None:
                for data in self.datas:
                    data._check()
            elif not moved:
                last, flushed = not flushed and self._flush(), True
                if not last:
                    break
            data_notifications(cerebro, self.strats)
            if cerebro._event_stop or self._bar(bool(moved or last)):
                return
        data_notifications(cerebro, self.strats)
        if not cerebro._event_stop:
            store_notifications(cerebro, self.strats)

    # -- which feeds move -----------------------------------------------------------------------
    def _advance(self) -> bool | None:
        """Move every feed that has a bar at the earliest time; None when nothing came (live)."""
        datas = self.datas
        waiting = _may_wait(datas)
        began = _dt.datetime.now()
        got = []
        for data in datas:
            data.do_qcheck(waiting, (_dt.datetime.now() - began).total_seconds())
            got.append(data.next(ticks=False))
        if not any(got):
            return None if any(answer is None for answer in got) else False
        times = [data.datetime[0] if answer else None for data, answer in zip(datas, got, strict=True)]
        leading = [
            t for t, follows in zip(times, self.followers, strict=True) if t is not None and not follows
        ]
        self.now = now = min(leading or [t for t in times if t is not None])
        master = datas[times.index(now)]
        for i, data in enumerate(datas):
            if not got[i]:
                data._check(forcedata=master)
                if data.next(datamaster=master, ticks=False):
                    times[i] = data.datetime[0]
        for data, time in zip(datas, times, strict=True):
            if time is None:
                continue
            if time > now:
                data.rewind()
            elif not data.replaying:
                data._tick_fill(force=True)
        return True

    def _advance_old(self) -> bool | None:
        """Old synchronisation: the first feed moves, the others follow it."""
        first, *others = self.datas
        answer: bool | None = first.next()
        if answer:
            self.now = first.datetime[0]
            for data in others:
                data.next(datamaster=first)
        return answer

    def _flush(self) -> bool:
        """The input has ended: let feeds deliver what they still hold."""
        first, *others = self.datas
        held = bool(first._last())
        for data in others:
            held = bool(data._last(datamaster=first)) or held
        return held

    # -- what happens on a bar --------------------------------------------------------------------
    def _bar(self, moved: bool) -> bool:
        """Everything of one step; True when the run was asked to stop."""
        cerebro, strats, stack = self.cerebro, self.strats, construction()
        if moved:
            check_timers(cerebro._timerscheat, strats, self.now)
            if cerebro.p.cheat_on_open and not cerebro.p.oldsync:  # compat: the old loop knows no cheating
                for strat in strats:
                    stack[-1] = strat
                    strat._next_open()
                    if cerebro._event_stop:
                        return True
        broker_step(cerebro, strats)
        if cerebro._event_stop:
            return True
        if moved:
            check_timers(cerebro._timers, strats, self.now)
            self._move_evaluations()
            for index, strat in enumerate(strats):
                stack[-1] = strat
                strat._next()
                if cerebro._event_stop:
                    return True
                if cerebro._csvwriters:
                    write_bar(cerebro, index, strat)
            self.trail.note(self.now)
        return False

    def _move_evaluations(self) -> None:
        """Let what is computed from a feed follow it.

        A replayed feed can go back: late input may give a bar that was shown before a time to come.
        """
        for data in self.datas:
            evaluation = data._eval
            behind = len(data) - len(evaluation)
            if behind > 1:
                self._show_skipped(data, behind - 1)
            if behind > 0:
                self._one_more(evaluation)
            elif behind < 0:
                evaluation.idx += behind
                self.rewound[evaluation] = self.rewound.get(evaluation, 0) - behind

    def _one_more(self, evaluation: Any) -> None:
        known = self.rewound.get(evaluation, 0)
        if known:
            evaluation.idx += 1
            self.rewound[evaluation] = known - 1
        else:
            evaluation.forward()

    def _show_skipped(self, data: Any, count: int) -> None:
        """Filters may deliver several bars at once: indicators see each of them, strategies the last."""
        clock = data._now
        clock.idx -= count
        for _ in range(count):
            self._one_more(data._eval)
            for strat in self.strats:
                for indicator in strat.getindicators():
                    indicator._next()
            clock.idx += 1


def _may_wait(datas: list[Any]) -> bool:
    """Whether feeds wait for their next bar: not if one has it while only some of them are live."""
    if not any(data.haslivedata() for data in datas):
        return True
    return len({data._laststatus == data.LIVE for data in datas}) == 1
