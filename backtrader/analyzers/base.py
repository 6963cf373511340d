"""Analyzer: watches a strategy run and has results at the end."""

from __future__ import annotations

import pprint
from collections import OrderedDict
from typing import TYPE_CHECKING, Any, ClassVar

from ..errors import BacktraderError, UnknownParameterError
from ..lines.iterator import ObserverBase, StrategyBase
from ..lines.names import data_by_name, has_datas
from ..lines.timeframe import TimeFrame
from ..utils.construct import MetaParams
from ..utils.owner import findowner
from ..utils.params import nearest
from .hooks import hooks_of
from .periods import Periods

__all__ = [
    "Analyzer",
    "MetaAnalyzer",
    "MetaTimeFrameAnalyzerBase",
    "TimeFrame",
    "TimeFrameAnalyzerBase",
    "hooks_of",
]


class MetaAnalyzer(MetaParams):
    """Upstream's name of the metaclass, for those who derive their own from it."""


@has_datas
class Analyzer(metaclass=MetaAnalyzer):
    """Base of analyzers: override the hooks you need, put results into ``self.rets``.

    Analyzers made in ``__init__`` become children: they are called before their parent.
    """

    csv = True
    _hooks_do_nothing: ClassVar[bool] = True
    #: Writes what `print` prints; set by whoever knows the writers.
    _writer: ClassVar[Any] = None

    p: Any
    params: Any
    rets: Any
    strategy: Any
    datas: list[Any]
    data: Any
    _parent: Any
    _children: list[Analyzer]
    _past: Any = None
    _place = 0

    # -- construction ------------------------------------------------------------------------
    def _take_arguments(self, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        self._children = []
        self.strategy = strategy = findowner(self, StrategyBase)
        self._parent = findowner(self, Analyzer)
        observer = findowner(self, ObserverBase)
        if observer is not None:
            observer._register_analyzer(self)
        self.datas = strategy.datas
        if self.datas:
            self.data = self.datas[0]
        if type(self).__init__ is Analyzer.__init__:
            self._refuse(args, kwargs)
        return args, kwargs

    def _refuse(self, args: tuple[Any, ...], kwargs: dict[str, Any]) -> None:
        """Arguments that no parameter and no ``__init__`` takes are mistakes."""
        if args:
            raise TypeError(f"{type(self).__name__} takes its parameters by name, not {args[0]!r}")
        for name in kwargs:
            known = nearest(name, type(self).params._getkeys())
            raise UnknownParameterError(f"{type(self).__name__} has no parameter {name!r}; {known}")

    def _before_init(self) -> None:
        self.create_analysis()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__()

    def _after_init(self) -> None:
        if self._parent is not None:
            self._parent._register(self)

    def _register(self, child: Analyzer) -> None:
        self._children.append(child)

    if TYPE_CHECKING:

        def __getattr__(self, name: str) -> Any: ...  # not at run time: see lines/names.py

    def _late(self, name: str) -> Any:
        return data_by_name(self, name)

    def __len__(self) -> int:
        """Bars the strategy has seen."""
        return len(self.strategy)

    # -- what the run calls --------------------------------------------------------------------
    def _start(self) -> None:
        for child in self._children:
            child._start()
        self.start()

    def _stop(self) -> None:
        for child in self._children:
            child._stop()
        self._past = None
        self.stop()

    def _prenext(self) -> None:
        for child in self._children:
            child._prenext()
        self.prenext()

    def _nextstart(self) -> None:
        for child in self._children:
            child._nextstart()
        self.nextstart()

    def _next(self) -> None:
        for child in self._children:
            child._next()
        self.next()

    def _notify_cashvalue(self, cash: float, value: float) -> None:
        for child in self._children:
            child._notify_cashvalue(cash, value)
        self.notify_cashvalue(cash, value)

    def _notify_fund(self, cash: float, value: float, fundvalue: float, shares: float) -> None:
        for child in self._children:
            child._notify_fund(cash, value, fundvalue, shares)
        self.notify_fund(cash, value, fundvalue, shares)

    def _notify_order(self, order: Any) -> None:
        for child in self._children:
            child._notify_order(order)
        self.notify_order(order)

    def _notify_trade(self, trade: Any) -> None:
        for child in self._children:
            child._notify_trade(trade)
        self.notify_trade(trade)

    # -- being derived from the account's history ------------------------------------------------
    @property
    def _history(self) -> Any:
        """The past of the account in a batch run; with it, who can is derived instead of stepped."""
        return self._past

    @_history.setter
    def _history(self, history: Any) -> None:
        if history is None or "next" in hooks_of(self, derived=True):
            return  # what is stepped stays stepped, what is derived stays derived
        analyzers = self.strategy._all_analyzers()
        place = next((i for i, analyzer in enumerate(analyzers) if analyzer is self), 0)
        self._derive_from(history, place)

    def _can_catch_up(self) -> bool:
        """Whether this one can be worked out from the account's history."""
        return False

    def _derive_from(self, history: Any, place: int) -> None:
        self._past, self._place = history, place
        for child in self._children:
            child._derive_from(history, place)

    # -- hooks -----------------------------------------------------------------------------------
    def create_analysis(self) -> None:
        """Make the place for results; called before ``__init__``."""
        self.rets = OrderedDict()

    def get_analysis(self) -> Any:
        """The results, like a dictionary."""
        return self.rets

    def start(self) -> None:
        """Called before the first bar."""

    def stop(self) -> None:
        """Called after the last bar: the usual place to work results out."""

    def prenext(self) -> None:
        """Called on bars before the strategy's minimum period; an ordinary bar by default."""
        self.next()

    def nextstart(self) -> None:
        """Called on the bar that reaches the minimum period; an ordinary bar by default."""
        self.next()

    def next(self) -> None:
        """Called on every bar, after the strategy's ``next``."""

    def notify_cashvalue(self, cash: float, value: float) -> None:
        """Cash and account value of this bar, before the strategy's ``next``."""

    def notify_fund(self, cash: float, value: float, fundvalue: float, shares: float) -> None:
        """Cash, value, fund value and fund shares of this bar, before the strategy's ``next``."""

    def notify_order(self, order: Any) -> None:
        """An order changed."""

    def notify_trade(self, trade: Any) -> None:
        """A trade opened or closed."""

    # -- showing ---------------------------------------------------------------------------------
    def print(self, *args: Any, **kwargs: Any) -> None:
        """Print the results as a writer does; arguments go to the writer."""
        if Analyzer._writer is None:
            raise BacktraderError("no writer to print with: import backtrader, or use pprint()")
        writer = Analyzer._writer(*args, **kwargs)
        writer.start()
        writer.writedict({type(self).__name__: self.get_analysis()})
        writer.stop()

    def pprint(self, *args: Any, **kwargs: Any) -> None:
        """Print the results with the standard pretty printer; arguments go to it."""
        pprint.pprint(self.get_analysis(), *args, **kwargs)


class MetaTimeFrameAnalyzerBase(MetaAnalyzer):
    """Takes ``_on_dt_over``, the hook's old name, for ``on_dt_over``."""

    def __new__(mcls, name: str, bases: tuple[type, ...], namespace: dict[str, Any], **kwargs: Any) -> Any:
        if "_on_dt_over" in namespace:
            namespace = dict(namespace)
            namespace["on_dt_over"] = namespace.pop("_on_dt_over")
        return super().__new__(mcls, name, bases, namespace, **kwargs)


class TimeFrameAnalyzerBase(Analyzer, metaclass=MetaTimeFrameAnalyzerBase):
    """An analyzer by periods: `on_dt_over` is called when a new one begins, before that bar's ``next``.

    ``dtkey`` is the current period's key in results, ``dtcmp`` grows from period to period, ``dtkey1``
    and ``dtcmp1`` are those of the period before.  Without ``timeframe`` and ``compression`` those of
    the first data are taken; without ``_doprenext`` nothing is called before the strategy's minimum
    period, but changes of period.
    """

    params: Any = (("timeframe", None), ("compression", None), ("_doprenext", True))

    timeframe: int
    compression: int
    dtcmp: Any
    dtkey: Any
    dtcmp1: Any
    dtkey1: Any
    _periods: Periods

    def _start(self) -> None:
        self.timeframe = self.p.timeframe or self.data._timeframe
        self.compression = self.p.compression or self.data._compression
        tz = getattr(self.strategy.datetime, "_tz", None)
        self._periods = Periods(self.timeframe, self.compression, tz)
        if self.timeframe == TimeFrame.NoTimeFrame:
            self.dtcmp = self.dtkey = None
        else:
            self.dtcmp, self.dtkey = self._periods.first()
        super()._start()

    def _prenext(self) -> None:
        self._in_period("prenext", heard=self.p._doprenext)

    def _nextstart(self) -> None:
        # who was not called before begins its first period here
        self._in_period("nextstart", begins=not self.p._doprenext)

    def _next(self) -> None:
        self._in_period("next")

    def _in_period(self, hook: str, begins: bool = False, heard: bool = True) -> None:
        """A bar: children first, then the change of period if there is one, then our own hook."""
        for child in self._children:
            getattr(child, f"_{hook}")()
        if self._dt_over() or begins:
            self.on_dt_over()
        if heard:
            getattr(self, hook)()

    def _dt_over(self) -> bool:
        """Whether this bar begins a period; if so, turn to it."""
        comparable, key = self._periods.of(self.strategy.datetime.datetime())
        if self.dtcmp is not None and not comparable > self.dtcmp:
            return False
        self._turn_to(comparable, key)
        return True

    def _turn_to(self, comparable: Any, key: Any) -> None:
        self.dtkey, self.dtkey1 = key, self.dtkey
        self.dtcmp, self.dtcmp1 = comparable, self.dtcmp

    def on_dt_over(self) -> None:
        """Called on the first bar of a new period."""
