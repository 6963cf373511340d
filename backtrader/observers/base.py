"""Observer: lines that record what happens to a strategy, bar by bar."""

from __future__ import annotations

from array import array
from typing import Any

from ..analyzers.progress import EVERYBODY, OBSERVERS
from ..lines.clock import NAN, WHOLE, Clock
from ..lines.iterator import ObserverBase, StrategyBase
from ..lines.names import know_datas
from ..lines.root import LineRoot, MetaLine

__all__ = ["MetaObserver", "Observer"]

MetaObserver = MetaLine


class Observer(ObserverBase):
    """Base of observers: ``next`` writes this bar's values into the lines.

    ``_stclock`` puts the lines on the strategy's timeline instead of the first feed's.  The stock
    observers are *derived*: in a batch run nothing is recorded, their lines are worked out from the
    account's history when somebody reads them.
    """

    _stclock = False
    _OwnerCls = StrategyBase
    _ltype = LineRoot.ObsType
    csv = True
    plotinfo: Any = dict(plot=False, subplot=True)

    _quiet = ""
    _history: Any = None
    _analyzers: list[Any]
    _stepped: list[Any]
    _memory: dict[Any, Any]

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        steps = ("next", "prenext", "nextstart", "start")
        if "_quiet" not in cls.__dict__ and any(name in cls.__dict__ for name in steps):
            cls._quiet = ""  # the user's own recording needs every bar

    def _take_arguments(self, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        self.__dict__["_analyzers"] = []
        return super()._take_arguments(args, kwargs)

    def _arrange_clock(self, datas: list[Any], kwargs: dict[str, Any]) -> None:
        # a timeline of its own: observers come last, and show the bar before until it is their turn
        self._make_lines(Clock(feed=self), kwargs)
        self._clock = self._owner if self._stclock or not datas else datas[0]
        if not datas:
            self.datas = [self._owner]
            know_datas(self.datas)

    def _line_options(self, line: str) -> Any:
        """The plot options of a line, ours alone: changes do not reach other objects of the class."""
        shared = getattr(self.plotlines, line)
        options = type(shared)(**vars(shared))
        setattr(self.plotlines, line, options)
        return options

    def _register_analyzer(self, analyzer: Any) -> None:
        self._analyzers.append(analyzer)

    def _after_init(self) -> None:
        super()._after_init()
        slaves = getattr(self._owner, "_slave_analyzers", ())
        self._stepped = [one for one in self._analyzers if all(one is not slave for slave in slaves)]
        if self._stepped:
            self._quiet = ""  # they need every bar

    def _step_analyzers(self, status: float) -> None:
        """A bar for the analyzers made in our ``__init__``, before our own step.

        compat: they are stepped, but neither started nor stopped nor told of orders and trades; one
        inside another is stepped by it and once more.
        """
        for analyzer in self._stepped:
            step = analyzer._next if status < 0 else analyzer._nextstart if status == 0 else analyzer._prenext
            try:
                step()
            except AttributeError as error:
                error.add_note(
                    "Analyzers made inside an observer are not started. One that has to be is made with "
                    f"self._owner._addanalyzer_slave({type(analyzer).__name__}, ...)"
                )
                raise

    def _start(self) -> None:
        self.start()

    def start(self) -> None:
        """Called once before the first bar."""

    def prenext(self) -> None:
        """An observer records from the first bar on."""
        self.next()

    # -- event -----------------------------------------------------------------------------------
    def _next(self) -> None:
        if len(self._clock) > len(self):
            self._now.forward()
        self._step()

    # -- derived observers -------------------------------------------------------------------------
    def _needs_python(self) -> bool:
        return False  # the loop steps an observer, it is never evaluated in advance

    def _follow_history(self, history: Any) -> None:
        """From now on the lines are worked out from ``history`` when they are read."""
        self._history = history
        self._now.merge_into(ObserverClock(history.progress))
        self._now.settle(history.length)
        self._filled = 0
        self._memory = {}

    def _evaluate(self) -> Any:
        """Called when a line is read in a batch run: bring all lines up to where the run is."""
        if self._history is None or self._now.mode != WHOLE:
            return None
        if not self._memory:  # read for the first time
            size = self._history.length
            self._memory = {line: memoryview(array("d", [NAN]) * size) for line in self.lines}
        progress = self._history.progress
        done = progress.done(OBSERVERS)
        if done > self._filled:
            self._derive(self._history, self._filled, done)
            self._filled = done
        if progress.turn == EVERYBODY and done == self._history.length:
            for line, memory in self._memory.items():
                line.array = memory
            return None
        return self._memory

    def _derive(self, history: Any, start: int, stop: int) -> None:
        """Fill the lines for steps ``[start, stop)``."""


class ObserverClock(Clock):
    """The strategy's steps as observers have seen them."""

    __slots__ = ("progress",)

    def __init__(self, progress: Any) -> None:
        self.progress = progress
        super().__init__()

    @property
    def idx(self) -> int:
        """The bar observers are at."""
        return int(self.progress.done(OBSERVERS)) - 1

    @idx.setter
    def idx(self, value: int) -> None:
        """Follows the strategy, whatever it is told."""
