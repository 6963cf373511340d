"""The batch loop: everything is computed in advance, per bar runs only what the user wrote."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ..analyzers.progress import EVERYBODY, Progress
from ..utils.owner import construction
from .align import Layout
from .larger import before_last_step
from .live import LiveLines
from .notify import broker_stepper, check_timers, write_bar
from .plan import BatchPlan, attach_history, start_strategies
from .strategy import wants_cash_notifications
from .where import located


def run_batch(cerebro: Any, strats: list[Any], layout: Layout | None = None) -> None:
    """One whole batch run of the strategies, from start to stop; ``layout`` if feeds are resampled."""
    plan = BatchPlan(cerebro, strats, layout)
    attach_history(cerebro, strats, plan)
    live = [LiveLines(strat, plan.table) if plan.larger else None for strat in strats]
    start_strategies(cerebro, strats)
    steps = [_Steps(cerebro, strat, plan, lines) for strat, lines in zip(strats, live, strict=True)]
    for strat in strats:
        if not plan.larger:
            strat._once()
        strat._now.idx = -1
    with located(strats), plan.saving_memory():
        done = 0
        if plan.together and len(strats) == 1 and steps[0].quiet and not cerebro._csvwriters:
            run = _run_quiet if plan.single and not steps[0].live else _run_quiet_beside
            done = run(cerebro, steps[0], plan)
            steps[0].catch_up()
        if done < plan.table.length and not cerebro._event_stop:
            _run_every_step(cerebro, steps, plan, done)
    for strat in strats:
        if hasattr(strat, "_history"):
            strat._history.progress.turn = EVERYBODY
        strat._stop()


class _Steps:
    """What one strategy needs called, and from which step on."""

    def __init__(self, cerebro: Any, strat: Any, plan: BatchPlan, lines: LiveLines | None) -> None:
        self.strat = strat
        self.live: list[Callable[[], None]] = lines.steps if lines is not None else []
        self.lines = lines
        self.start, self.first = plan.phases(strat)
        self.end = plan.table.length - (plan.table.held >= 0)
        analyzers = strat._all_analyzers()
        derived = hasattr(strat, "_history")
        self.cash = wants_cash_notifications(strat) or any(
            {"cashvalue", "fund"} & hooks_needed(a, derived) for a in analyzers
        )
        self.analyzers = [(i, a) for i, a in enumerate(analyzers) if "next" in hooks_needed(a, derived)]
        self.progress = strat._history.progress if derived else Progress(strat._now)
        stepped = [one for one in strat.getobservers() if one._history is None]
        self.observers = [(one, plan.bars_of(one)) for one in stepped]
        self.fresh: list[Any] = []
        if derived:
            strat._history.on_wake = self.wake
            for analyzer in strat._history.woken_early:
                self.wake(analyzer)
        cerebro._announcer.wakers.append(self.arrange)
        self.arrange()

    def begin_last(self) -> None:
        """The bars held back are about to come."""
        if self.lines is not None:
            self.live = [self.lines.hold_no_more, *self.live]

    def arrange(self) -> None:
        """Choose what comes before the user's method; again when somebody begins to listen to new values."""
        self.before: Callable[[], None] | None = self.strat._notify if self.cash else None
        if self.strat._announce is not None:
            self.before = self._announce_and_notify
        self.quiet = not (self.before or self.analyzers or self.observers)

    def _announce_and_notify(self) -> None:
        strat = self.strat
        strat._announce()
        if self.cash:
            strat._notify()
        elif not strat.cerebro.p.quicknotify:
            strat._deliver(strat._orderspending, strat._tradespending)

    def wake(self, analyzer: Any) -> None:
        """Step an analyzer on every bar from now on: its results were read in the middle of the run."""
        analyzers = self.strat._all_analyzers()
        top = analyzer
        while top._parent is not None:
            top = top._parent
        place = next((i for i, known in enumerate(analyzers) if known is top), None)
        if place is not None and all(known is not top for _, known in self.analyzers):
            # a new list: this may happen while the old one is being gone through
            self.analyzers = sorted([*self.analyzers, (place, top)], key=lambda entry: entry[0])
            self.fresh.append(top)
            self.strat.cerebro._interrupted = True

    def catch_up(self) -> None:
        """The analyzers that began to be stepped on this bar: bring them up to it."""
        for analyzer in self.fresh:
            analyzer._next()
        self.fresh.clear()

    def hook(self, step: int) -> Callable[[], None]:
        """The user's method for this step."""
        strat = self.strat
        return strat.next if step >= self.first else strat.nextstart if step >= self.start else strat.prenext  # type: ignore[no-any-return]

    def ranges(self) -> list[tuple[Callable[[], None], int, int]]:
        """The user's methods with the steps they are called on."""
        start, first, end = min(self.start, self.end), min(self.first, self.end), self.end
        strat = self.strat
        return [(strat.prenext, 0, start), (strat.nextstart, start, first), (strat.next, first, end)]


def hooks_needed(analyzer: Any, derived: bool) -> frozenset[str]:
    """The per-bar calls an analyzer needs; derived ones need none."""
    from ..analyzers.base import hooks_of

    needed: frozenset[str] = hooks_of(analyzer, derived)
    return needed


def _run_quiet(cerebro: Any, steps: _Steps, plan: BatchPlan) -> int:
    """One strategy, one timeline, nothing that wants to know about every bar: the fast path.

    Returns the number of steps made: fewer than there are if the run was stopped, or if somebody
    began to look at a result on every bar.
    """
    clock, strat, broker = plan.steps, steps.strat, cerebro._broker
    broker_step, eager = broker_stepper(cerebro, [strat]), broker.eager
    stack = construction()
    stack.append(strat)
    try:
        for hook, start, stop in plan.pieces(steps.ranges()):
            if hook.__func__ is _PLAIN_PRENEXT and not (eager or broker.awake):
                clock.idx = stop - 1
                continue
            for clock.idx in range(start, stop):
                if broker.awake or eager:
                    broker_step()
                    if strat._orderspending or strat._tradespending:
                        strat._deliver(strat._orderspending, strat._tradespending)
                        hook()
                        strat.clear()
                        if cerebro._interrupted:
                            return clock.idx + 1
                        continue
                hook()
                if cerebro._interrupted:
                    return clock.idx + 1
    finally:
        stack.pop()
    return steps.end


def _run_quiet_beside(cerebro: Any, steps: _Steps, plan: BatchPlan) -> int:
    """The same over several timelines, and with lines that are stepped."""
    counter, strat, broker, moves = plan.steps, steps.strat, cerebro._broker, plan.moves
    broker_step, eager = broker_stepper(cerebro, [strat]), broker.eager
    live, arrivals = steps.live, plan.arrivals
    stack = construction()
    stack.append(strat)
    try:
        for hook, start, stop in plan.pieces(steps.ranges()):
            for step in range(start, stop):
                for clock, positions in moves:
                    clock.idx = positions[step]
                if step in arrivals:
                    _begin_bars(arrivals[step])
                counter.idx = step
                told = False
                if broker.awake or eager:
                    broker_step()
                    told = bool(strat._orderspending or strat._tradespending)
                for step_line in live:
                    step_line()
                if told:
                    strat._deliver(strat._orderspending, strat._tradespending)
                hook()
                if told:
                    strat.clear()
                if cerebro._interrupted:
                    return step + 1
    finally:
        stack.pop()
    return steps.end


def _begin_bars(clocks: list[Any]) -> None:
    """These have their first bar now."""
    for clock in clocks:
        clock.base = 0


def _run_every_step(cerebro: Any, all_steps: list[_Steps], plan: BatchPlan, first: int) -> None:
    """The general path: several strategies or timelines, cheating, timers, per-bar listeners."""
    table, counter, broker = plan.table, plan.steps, cerebro._broker
    feeds, evaluations, arrivals = plan.moves, plan.late_moves, plan.arrivals
    strats = [steps.strat for steps in all_steps]
    cheating = cerebro.p.cheat_on_open and not cerebro.p.oldsync  # compat: the old loop knows no cheating
    cheat_timers, timers, eager = cerebro._timerscheat, cerebro._timers, broker.eager
    broker_step = broker_stepper(cerebro, strats)
    stack = construction()
    stack.append(None)
    try:
        for step in plan.walk(first):
            if step == table.held:
                before_last_step(cerebro)
                for steps in all_steps:
                    steps.begin_last()
            if plan.together:  # the strategy's clock moves with the feed's, before anybody has seen the bar
                for steps in all_steps:
                    steps.progress.turn = 0
            for clock, positions in feeds:
                clock.idx = positions[step]
            if step in arrivals:
                _begin_bars(arrivals[step])
            counter.idx = step
            if cheat_timers:
                check_timers(cheat_timers, strats, table.now[step])
            if cheating:
                for steps in all_steps:
                    stack[-1] = steps.strat
                    steps.strat._next_open()
                    if cerebro._event_stop:
                        return
            if broker.awake or eager:
                broker_step()
                if cerebro._event_stop:
                    return
            if timers:
                check_timers(timers, strats, table.now[step])
            for clock, positions in evaluations:
                clock.idx = positions[step]
            if step in plan.late_arrivals:
                _begin_bars(plan.late_arrivals[step])
            for index, steps in enumerate(all_steps):
                stack[-1] = steps.strat
                _step(steps, step)
                if cerebro._event_stop:
                    return
                if cerebro._csvwriters:
                    write_bar(cerebro, index, steps.strat)
    finally:
        stack.pop()


def _step(steps: _Steps, step: int) -> None:
    strat, progress = steps.strat, steps.progress
    progress.turn = 0
    strat._now.idx = step
    for step_line in steps.live:
        step_line()
    if steps.before is not None:
        steps.before()
    elif (strat._orderspending or strat._tradespending) and not strat.cerebro.p.quicknotify:
        strat._deliver(strat._orderspending, strat._tradespending)
    status = strat._minperstatus = -1 if step >= steps.first else 0 if step >= steps.start else 1
    steps.hook(step)()
    for place, analyzer in steps.analyzers:
        progress.turn = place
        strat._call_for(status, analyzer._next, analyzer._nextstart, analyzer._prenext)
    if steps.fresh:
        steps.catch_up()
    progress.turn = EVERYBODY
    for observer, positions in steps.observers:
        observer._step_analyzers(status)
        if positions is None:
            observer._now.idx = step
            strat._call_for(status, observer.next, observer.nextstart, observer.prenext)
        else:
            observer._now.idx = positions[step]
            observer._step()
    if strat._orderspending or strat._tradespending:
        strat.clear()


def _plain_prenext() -> Any:
    from ..lines.iterator import LineIterator

    return LineIterator.prenext


_PLAIN_PRENEXT = _plain_prenext()

__all__ = ["run_batch"]
