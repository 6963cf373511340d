"""The event loop: bars come one by one, from live or preloaded feeds."""

from __future__ import annotations

from typing import Any

from ..utils.owner import construction
from .moving import Mover
from .notify import broker_stepper, check_timers, data_notifications, store_notifications, write_bar
from .outcome import follow
from .plan import arrange_event, start_strategies
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
        self.mover = mover = Mover(cerebro)
        self.advance = mover.advance_old if cerebro.p.oldsync else mover.advance
        self.datas = mover.datas
        self.rewound: dict[Any, int] = {}  # evaluations that stand before their last bar, and by how many
        self.trail = follow(cerebro, strats)
        self.broker_step = broker_stepper(cerebro, strats)

    def run(self) -> None:
        cerebro = self.cerebro
        flushed = False  # the input has ended and filters have delivered what they held
        while True:
            store_notifications(cerebro, self.strats)
            data_notifications(cerebro, self.strats)
            if cerebro._event_stop:
                return
            moved = self.advance()
            last = False
            if moved is None:
                for data in self.datas:
                    data._check()
            elif not moved:
                last, flushed = not flushed and self.mover.flush(), True
                if not last:
                    break
            data_notifications(cerebro, self.strats)
            if cerebro._event_stop or self._bar(bool(moved or last)):
                return
        data_notifications(cerebro, self.strats)
        if not cerebro._event_stop:
            store_notifications(cerebro, self.strats)

    # -- what happens on a bar --------------------------------------------------------------------
    def _bar(self, moved: bool) -> bool:
        """Everything of one step; True when the run was asked to stop."""
        cerebro, strats, stack = self.cerebro, self.strats, construction()
        now = self.mover.now
        if moved:
            check_timers(cerebro._timerscheat, strats, now)
            if cerebro.p.cheat_on_open and not cerebro.p.oldsync:  # compat: the old loop knows no cheating
                for strat in strats:
                    stack[-1] = strat
                    strat._next_open()
                    if cerebro._event_stop:
                        return True
        self.broker_step()
        if cerebro._event_stop:
            return True
        if moved:
            check_timers(cerebro._timers, strats, now)
            self._move_evaluations()
            for index, strat in enumerate(strats):
                stack[-1] = strat
                strat._next()
                if cerebro._event_stop:
                    return True
                if cerebro._csvwriters:
                    write_bar(cerebro, index, strat)
            self.trail.note(now)
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
