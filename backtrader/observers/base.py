"""Observer: lines that record what happens to a strategy, bar by bar."""

from __future__ import annotations

from typing import Any

from ..lines.clock import WHOLE
from ..lines.iterator import ObserverBase, StrategyBase
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

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        steps = ("next", "prenext", "nextstart", "start")
        if "_quiet" not in cls.__dict__ and any(name in cls.__dict__ for name in steps):
            cls._quiet = ""  # the user's own recording needs every bar

    def _take_arguments(self, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        self.__dict__["_analyzers"] = []
        return super()._take_arguments(args, kwargs)

    def _clock_of(self, datas: list[Any]) -> Any:
        return self._owner if self._stclock else super()._clock_of(datas)

    def _register_analyzer(self, analyzer: Any) -> None:
        self._analyzers.append(analyzer)

    def _start(self) -> None:
        self.start()

    def start(self) -> None:
        """Called once before the first bar."""

    def prenext(self) -> None:
        """An observer records from the first bar on."""
        self.next()

    # -- derived observers -------------------------------------------------------------------------
    def _needs_python(self) -> bool:
        return False  # the loop steps an observer, it is never evaluated in advance

    def _evaluate(self) -> None:
        """Called when a line is read first in a batch run."""
        if self._quiet == "derived" and self._history is not None and not self._evaluated:
            if self._now.mode == WHOLE:
                self._evaluated = True
                self._derive(self._history)

    def _derive(self, history: Any) -> None:
        """Fill the lines from the account's history."""

    def _reads(self, line: Any, values: Any) -> None:
        line.array = memoryview(values)

