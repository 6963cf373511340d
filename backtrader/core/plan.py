"""How a run is arranged: who shares a clock, which memory, how much history, what is called each bar."""

from __future__ import annotations

from array import array
from bisect import bisect_left
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from itertools import chain
from typing import Any

from ..lines.blocks import PartialLines
from ..lines.clock import GROWING, WHOLE, Clock
from .align import Layout, RunTable, lay_out, lay_out_by_first, timelines
from .history import History
from .notify import write_data_headers, write_strategy_headers
from .stops import Stops

# bounded memory always keeps this many bars, so that a look back of a few bars needs no declaration
_SHORTEST_WINDOW = 256


def fresh_clocks(data: Any, keep: bool = False) -> None:
    """Give a feed clocks of its own again; a run may have merged them and hung its objects on them."""
    old = data._now
    clock, evaluation = Clock(feed=data), Clock(feed=data)
    clock.attach(data)
    data._eval = evaluation
    for line in data.lines:
        clock.attach(line)
        clock.lines.append(line)
        line._eval = evaluation
    if keep:
        clock.settle(old.size)


def _must_record(observer: Any) -> bool:
    """Whether an observer is stepped and may look at every notification."""
    return not (observer._quiet == "derived" and observer._history is not None)


def start_strategies(cerebro: Any, strats: list[Any]) -> None:
    """Start the strategies and all that hangs on them; called once memory is arranged."""
    write_data_headers(cerebro)
    for strat in strats:
        strat._find_listeners(any(_must_record(o) for o in strat.getobservers()))
        strat._start()
    write_strategy_headers(cerebro, strats)
    for writer in cerebro.runwriters:
        writer.start()
    cerebro._timers, cerebro._timerscheat = [], []
    for timer in cerebro._pretimers:
        timer.start(cerebro.datas[0])
        if not cerebro.p.oldsync:  # compat: the old loop knows no timers
            (cerebro._timerscheat if timer.params.cheat else cerebro._timers).append(timer)


# -- batch -----------------------------------------------------------------------------------------
class BatchPlan:
    """A batch run laid out: the table of steps, the clocks to move and whether they can be one."""

    def __init__(self, cerebro: Any, strats: list[Any], layout: Layout | None = None) -> None:
        groups = timelines(cerebro.datas) if layout is None else layout.groups
        self.feeds = [_share_clock(group) for group in groups]
        clocks = [feed._now for feed in self.feeds]
        self.table = _table(cerebro, self.feeds) if layout is None else layout.table(clocks)
        self.evaluations = [feed._eval for feed in self.feeds]
        for clock, evaluation in zip(clocks, self.evaluations, strict=True):
            evaluation.settle(clock.size)
        for strat in strats:
            strat._now.settle(self.table.length)
            strat.lines.datetime.array = memoryview(self.table.times)
        self.larger = layout is not None
        self.steps = self._merge_clocks(cerebro, strats, groups)
        self.moves = list(zip(clocks, self.table.positions, strict=True))
        self.late_moves: list[Any] = []  # of what is computed, where it moves after its feed
        if not self.together:
            self.late_moves = list(zip(self.evaluations, self.table.positions, strict=True))
        self.arrivals: dict[int, list[Clock]] = {}
        self.late_arrivals: dict[int, list[Clock]] = {}
        if self.larger:
            self.moves = [_waiting(clock, at, self.arrivals) for clock, at in self.moves]
            self.late_moves = [_waiting(clock, at, self.late_arrivals) for clock, at in self.late_moves]
        for clock in [*clocks, *self.evaluations, *(strat._now for strat in strats), self.steps]:
            clock.run_table = self.table
        self._stops: Stops | None = None
        if cerebro._checkpoints is not None:
            self._stops = Stops(cerebro, strats, self.table.length)
        self._partial: PartialLines | None = None
        if cerebro._exactbars < 0:
            computed = [feed._eval for feed in self.feeds]
            others = [strat._now for strat in strats]
            self._partial = PartialLines(computed, self.table.positions, others)
        broker = cerebro._broker
        broker.clock = self.steps
        broker.eager = self._needs_every_step(cerebro, broker)

    def _merge_clocks(self, cerebro: Any, strats: list[Any], groups: list[list[Any]]) -> Clock:
        """The clock of steps; the others follow it, or each other, where they always show the same bar.

        Feed, evaluation and strategy differ only between a new bar's arrival and the strategy's step,
        which somebody must be able to observe: cheat-on-open, timers, quick notifications.
        """
        p = cerebro.p
        self.together = not (p.cheat_on_open or p.quicknotify or cerebro._pretimers)
        self.single = self.together and len(groups) == 1
        steps = groups[0][0]._now if self.single else Clock()
        if not self.together:
            return steps
        for group in groups:
            own = group[0]._now
            group[0]._eval.merge_into(own)
            for data in group:
                _set_evaluation(data, own)
        if not self.single:
            steps.settle(self.table.length)
        for strat in strats:
            strat._now.merge_into(steps)
        return steps

    @staticmethod
    def _needs_every_step(cerebro: Any, broker: Any) -> bool:
        """Whether the account's value as of the last step may be asked for before this step's matching."""
        from ..broker.back import BackBroker

        overridden = getattr(type(broker), "next", None) is not BackBroker.next
        return bool(overridden or cerebro.p.cheat_on_open or cerebro.p.quicknotify or cerebro._pretimers)

    @contextmanager
    def saving_memory(self) -> Iterator[None]:
        """While the block runs, computed lines are kept in part, if the run is to save memory and can."""
        if self._partial is None or not self._partial.begin():
            self._partial = None
            yield
            return
        try:
            yield
        finally:
            self._partial.end()

    def pieces(self, ranges: Iterable[Any]) -> Iterable[Any]:
        """Ranges of steps as they are to be gone through: ``(anything, start, stop)``."""
        if self._stops is not None:
            ranges = self._stops.between(ranges)
        return ranges if self._partial is None else self._partial.in_pieces(ranges)

    def walk(self, first: int) -> Iterable[int]:
        """The steps from ``first`` on."""
        if self._partial is None and self._stops is None:
            return range(first, self.table.length)
        pieces = self.pieces([(None, first, self.table.length)])
        return chain.from_iterable(range(start, stop) for _, start, stop in pieces)

    def bars_of(self, observer: Any) -> Any:
        """Where an observer that is stepped stands at each step; None if it has a bar in every one.

        In a run over plain feeds it has, in one bar by bar it follows its feed.
        """
        return self.table.position_of(observer._clock._now) if self.larger else None

    def phases(self, strat: Any) -> tuple[int, int]:
        """The first steps of ``nextstart`` and of ``next``."""
        start = first = 0
        for data, period in zip(strat.datas, strat._minperiods, strict=True):
            positions = self.table.position_of(data._now)
            start = max(start, bisect_left(positions, period - 1))
            first = max(first, bisect_left(positions, period))
        return start, first


def _table(cerebro: Any, feeds: list[Any]) -> RunTable:
    columns = [feed.lines.datetime.array for feed in feeds]
    arrange = lay_out_by_first if cerebro.p.oldsync else lay_out
    return arrange([feed._now for feed in feeds], columns)


def _share_clock(group: list[Any]) -> Any:
    master = group[0]
    for data in group[1:]:
        data._now.merge_into(master._now)
        data._eval.merge_into(master._eval)
        _set_evaluation(data, master._eval)
    return master


def _waiting(clock: Clock, positions: Any, arrivals: dict[int, list[Clock]]) -> Any:
    """A clock and where it stands; reading a feed that has no bar yet is an error.

    Without this it would be its last bar, as in a run over plain feeds that are loaded whole.
    """
    first = bisect_left(positions, 0)
    if not first:
        return clock, positions
    clock.idx, clock.base = -clock.size - 1, clock.size
    arrivals.setdefault(first, []).append(clock)
    return clock, array("q", [clock.idx]) * first + positions[first:]


def _set_evaluation(data: Any, clock: Clock) -> None:
    data._eval = clock
    for line in data.lines:
        line._eval = clock


_TELLS = (
    "get_cash", "getcash", "get_value", "getvalue",
    "get_fundvalue", "get_fundshares", "fundvalue", "fundshares",
)  # fmt: skip


def _tells_by_ledger(broker: Any) -> bool:
    """Whether what the broker reports is what its ledger has: nobody's own broker says otherwise."""
    from ..broker.back import BackBroker

    return isinstance(broker, BackBroker) and all(
        getattr(type(broker), name) is getattr(BackBroker, name) and name not in vars(broker)
        for name in _TELLS
    )


def attach_history(cerebro: Any, strats: list[Any], plan: BatchPlan) -> None:
    """Hand the account's history to the analyzers and observers that are derived from it."""
    if not _tells_by_ledger(cerebro._broker):
        for strat in strats:
            for observer in strat.getobservers():
                observer._now.settle(plan.table.length)
        return
    for strat in strats:
        history = History(strat, cerebro._broker, plan.table, plan.phases(strat)[1])
        strat._history = history
        strat._logging = bool(strat.getobservers())
        for analyzer in strat._all_analyzers():
            analyzer._history = history
        for observer in strat.getobservers():
            positions = plan.table.position_of(observer._clock._now) if plan.larger else range(history.length)
            if observer._quiet == "derived" and isinstance(positions, range):
                observer._follow_history(history)
            else:
                observer._now.settle(positions[-1] + 1 if positions else 0)


# -- event -----------------------------------------------------------------------------------------
def arrange_event(cerebro: Any, strats: list[Any]) -> None:
    """Growing memory for everything computed; bounded when asked for."""
    window = _window(cerebro, strats) if cerebro._exactbars > 0 else 0
    for data in cerebro.datas:
        if data._now.mode != WHOLE:
            data._now.mode = GROWING
            data._now.window = window
        data._eval.window = window
        data._eval.grow()
    for strat in strats:
        strat._now.window = window
        strat._now.grow()
        for inner in [*strat.getindicators(), *strat.getobservers()]:
            inner._begin(cerebro._doreplay)
        for observer in strat.getobservers():
            observer._now.window = window
            observer._now.grow()
        strat._forgets = bool(window)
    broker = cerebro._broker
    broker.clock = strats[0]._now
    broker.eager = True
    if window and hasattr(broker, "forget_what_is_over"):
        broker.forget_what_is_over()


def _window(cerebro: Any, strats: list[Any]) -> int:
    """The longest history anything declared to need."""
    need = _SHORTEST_WINDOW
    for strat in strats:
        need = max(need, strat._minperiod, *(_deepest(inner) for inner in strat.getindicators()), 1)
    return need + 2


def _deepest(inner: Any) -> int:
    """The longest period in an indicator and in what it is made of."""
    deepest: int = inner._minperiod
    for part in inner.getindicators():
        deepest = max(deepest, _deepest(part))
    return deepest
