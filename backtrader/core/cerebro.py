"""Cerebro: collects feeds, strategies and everything else, runs them, hands back the results."""

from __future__ import annotations

import datetime as _dt
import importlib
import itertools
from collections.abc import Iterable, Mapping
from typing import Any

from ..broker.back import BackBroker
from ..utils.construct import ParamsBase
from ..utils.owner import owning
from ..writers import WriterFile
from .environment import Environment
from .profile import profile_modes
from .reading import Reading
from .strategy import Strategy

_NO_TIME = _dt.timedelta()


# Switches upstream does not have: given and read like its parameters, but not listed among them.
_BEYOND_UPSTREAM: dict[str, Any] = {
    "audit": True,  # a line in the log if preloaded bars are impossible; "strict" refuses them
    "memory_profile": None,
}


class Cerebro(ParamsBase, Environment, Reading):
    """The machine: add what belongs to a run, then `run`."""

    params: Any = (
        ("preload", True),
        ("runonce", True),
        ("maxcpus", None),
        ("stdstats", True),
        ("oldbuysell", False),
        ("oldtrades", False),
        ("lookahead", 0),
        ("exactbars", False),
        ("optdatas", True),
        ("optreturn", True),
        ("objcache", False),
        ("live", False),
        ("writer", False),
        ("tradehistory", False),
        ("oldsync", False),
        ("tz", None),
        ("cheat_on_open", False),
        ("broker_coo", True),
        ("quicknotify", False),
    )
    p: Any
    _checkpoints: Any = None  # what looks at a run of a search while it goes on

    def _take_arguments(self, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        for name, default in _BEYOND_UPSTREAM.items():
            if name not in self.params._pairs:
                setattr(self.p, name, kwargs.pop(name, default))
        return args, kwargs

    def __init__(self) -> None:
        self._dolive = False
        self._doreplay = False
        self._dooptimize = False
        self.stores: list[Any] = []
        self.feeds: list[Any] = []
        self.datas: list[Any] = []
        self.datasbyname: dict[str, Any] = {}
        self.strats: list[Any] = []
        self.optcbs: list[Any] = []
        self.observers: list[Any] = []
        self.analyzers: list[Any] = []
        self.indicators: list[Any] = []
        self.sizers: dict[Any, Any] = {}
        self.writers: list[Any] = []
        self.storecbs: list[Any] = []
        self.datacbs: list[Any] = []
        self.signals: list[Any] = []
        self._signal_strat: Any = (None, None, None)
        self._signal_concurrent = False
        self._signal_accumulate = False
        self.runstrats: list[Any] = []
        self.runningstrats: list[Any] = []
        self.runwriters: list[Any] = []
        self._csvwriters: list[Any] = []
        self._written: list[list[Any]] = []  # by strategy, what its columns showed last
        self._dataid = itertools.count(1)
        self._stcount: Any = itertools.count()
        self._pretimers: list[Any] = []
        self._ohistory: list[Any] = []
        self._fhistory: Any = None
        self._tradingcal: Any = None
        self._event_stop = self._interrupted = False
        self.optresult: Any = None  # of a search that `optstrategy` began
        self._exactbars = 0
        self._dorunonce = self._dopreload = True
        self._broker = BackBroker()
        self._broker.cerebro = self

    @staticmethod
    def iterize(iterable: Any) -> list[Any]:
        """Each element made iterable: strings and scalars become one-element tuples."""
        made = []
        for element in iterable:
            if isinstance(element, str) or not isinstance(element, Iterable):
                element = (element,)
            made.append(element)
        return made

    # -- what belongs to a run -------------------------------------------------------------------
    def add_timer(
        self,
        when: Any,
        offset: Any = _NO_TIME,
        repeat: Any = _NO_TIME,
        weekdays: Any = [],  # noqa: B006  upstream's signature
        weekcarry: bool = False,
        monthdays: Any = [],  # noqa: B006
        monthcarry: bool = True,
        allow: Any = None,
        tzdata: Any = None,
        strats: bool = False,
        cheat: bool = False,
        *args: Any,
        **kwargs: Any,
    ) -> Any:
        """Ask for `notify_timer` at a time of day or at the start or end of a session."""
        return self._add_timer(
            self, when, *args, offset=offset, repeat=repeat, weekdays=weekdays, weekcarry=weekcarry,
            monthdays=monthdays, monthcarry=monthcarry, allow=allow, tzdata=tzdata, strats=strats,
            cheat=cheat, **kwargs,
        )  # fmt: skip

    def _add_timer(self, owner: Any, when: Any, *args: Any, **kwargs: Any) -> Any:
        from .timer import Timer

        timer = Timer(*args, tid=len(self._pretimers), owner=owner, when=when, **kwargs)
        self._pretimers.append(timer)
        return timer

    def addtz(self, tz: Any) -> None:
        """The zone of the strategies' datetime line: a zone, a name, or the index of a feed."""
        self.p.tz = tz

    def addcalendar(self, cal: Any) -> None:
        """The trading calendar of all feeds that have none of their own."""
        from ..utils.tradingcal import as_calendar

        self._tradingcal = as_calendar(cal)

    def add_signal(self, sigtype: int, sigcls: Any, *sigargs: Any, **sigkwargs: Any) -> None:
        """Trade on an indicator's sign instead of writing a strategy."""
        self.signals.append((sigtype, sigcls, sigargs, sigkwargs))

    def signal_strategy(self, stratcls: Any, *args: Any, **kwargs: Any) -> None:
        """The class that trades the signals, instead of `SignalStrategy`."""
        self._signal_strat = (stratcls, args, kwargs)

    def signal_concurrent(self, onoff: bool) -> None:
        """Whether signals may send orders while others are pending."""
        self._signal_concurrent = onoff

    def signal_accumulate(self, onoff: bool) -> None:
        """Whether signals may add to a position that is open."""
        self._signal_accumulate = onoff

    def addstore(self, store: Any) -> None:
        """Take a store; twice is once."""
        if store not in self.stores:
            self.stores.append(store)

    def addwriter(self, wrtcls: Any, *args: Any, **kwargs: Any) -> None:
        """Take a writer class."""
        self.writers.append((wrtcls, args, kwargs))

    def addsizer(self, sizercls: Any, *args: Any, **kwargs: Any) -> None:
        """The sizer of all strategies that have none of their own."""
        self.sizers[None] = (sizercls, args, kwargs)

    def addsizer_byidx(self, idx: int, sizercls: Any, *args: Any, **kwargs: Any) -> None:
        """The sizer of the strategy added as number ``idx``."""
        self.sizers[idx] = (sizercls, args, kwargs)

    def addindicator(self, indcls: Any, *args: Any, **kwargs: Any) -> None:
        """An indicator for every strategy."""
        self.indicators.append((indcls, args, kwargs))

    def addanalyzer(self, ancls: Any, *args: Any, **kwargs: Any) -> None:
        """An analyzer for every strategy."""
        self.analyzers.append((ancls, args, kwargs))

    def addobserver(self, obscls: Any, *args: Any, **kwargs: Any) -> None:
        """An observer for every strategy, over all feeds."""
        self.observers.append((False, obscls, args, kwargs))

    def addobservermulti(self, obscls: Any, *args: Any, **kwargs: Any) -> None:
        """An observer for every strategy and each feed."""
        self.observers.append((True, obscls, args, kwargs))

    def addstorecb(self, callback: Any) -> None:
        """``callback(msg, *args, **kwargs)`` for every message of a store."""
        self.storecbs.append(callback)

    def adddatacb(self, callback: Any) -> None:
        """``callback(data, status, *args, **kwargs)`` for every change of a feed's status."""
        self.datacbs.append(callback)

    def adddata(self, data: Any, name: str | None = None) -> Any:
        """Take a feed; it is returned."""
        data._id = next(self._dataid)
        data._name = data._name if name is None else name
        data.setenvironment(self)
        self.datasbyname[data._name] = data
        self.datas.append(data)
        maker = data.getfeed()
        if maker and maker not in self.feeds:
            self.feeds.append(maker)
        self._dolive = self._dolive or data.islive()
        return data

    def chaindata(self, *args: Any, **kwargs: Any) -> Any:
        """One feed out of several, each starting where the one before ended."""
        from ..feeds.chainer import Chainer

        name = kwargs.get("name")  # compat: other keywords are not looked at
        name = args[0]._dataname if name is None else name
        data = Chainer(*args, dataname=name)
        return self.adddata(data, name=name)

    def rolloverdata(self, *args: Any, **kwargs: Any) -> Any:
        """One feed out of several, changing over when the conditions say so."""
        from ..feeds.rollover import RollOver

        name = kwargs.pop("name", None)
        name = args[0]._dataname if name is None else name
        data = RollOver(*args, dataname=name, **kwargs)
        return self.adddata(data, name=name)

    def replaydata(self, dataname: Any, name: str | None = None, **kwargs: Any) -> Any:
        """Take a feed whose larger bars are delivered while they build."""
        return self._derived(dataname, name, "replay", kwargs)

    def resampledata(self, dataname: Any, name: str | None = None, **kwargs: Any) -> Any:
        """Take a feed resampled to a larger timeframe."""
        return self._derived(dataname, name, "resample", kwargs)

    def _derived(self, data: Any, name: str | None, how: str, kwargs: dict[str, Any]) -> Any:
        if any(data is known for known in self.datas):
            data = data.clone()
        getattr(data, how)(**kwargs)
        self.adddata(data, name=name)
        self._doreplay = True
        return data

    def optcallback(self, cb: Any) -> None:
        """``cb(result)`` for every finished combination."""
        self.optcbs.append(cb)

    def addstrategy(self, strategy: Any, *args: Any, **kwargs: Any) -> int:
        """Take a strategy class with its parameters; returns its index."""
        self.strats.append([(strategy, args, kwargs)])
        return len(self.strats) - 1

    def optstrategy(self, strategy: Any, *args: Any, **kwargs: Any) -> None:
        """Take a strategy class with ranges of parameters: every combination is run.

        With ``sampler=`` or ``objective=`` (if the strategy has no parameter of that name) a search
        chooses what is run; ``n_trials=`` and ``seed=`` go with them.
        """
        from .sweep import as_search, combinations

        self._dooptimize = True
        options = as_search(strategy, kwargs)
        self.strats.append(combinations(strategy, self.iterize(args), kwargs, self.iterize, options))

    def optimize(self, strategy: Any = None, **kwargs: Any) -> Any:
        """Search the parameters of the strategy that was added, or of the class given.

        ``optimize(sampler="tpe", objective="sharpe_ratio", n_trials=100, fast=(5, 30), slow=(20, 100))``:
        keywords are the space, except ``sampler``, ``objective`` and the other options of a study.
        Returns an ``OptimizationResult``; see `backtrader.opt`.
        """
        search = importlib.import_module("backtrader.opt.cerebrosearch")
        return search.optimize_cerebro(self, strategy, **kwargs)

    def setbroker(self, broker: Any) -> Any:
        """Use another broker."""
        self._broker = broker
        broker.cerebro = self
        return broker

    def getbroker(self) -> Any:
        """The broker in use."""
        return self._broker

    broker = property(getbroker, setbroker)

    def add_order_history(self, orders: Any, notify: bool = True) -> None:
        """Executions that happened already, to be taken as they were."""
        self._ohistory.append((orders, notify))

    def set_fund_history(self, fund: Any) -> None:
        """Fund value and shares by date, to be taken instead of computed ones."""
        self._fhistory = fund

    # -- running -----------------------------------------------------------------------------------
    def __call__(self, iterstrat: Any) -> Any:
        """One combination in a worker process."""
        return self.runstrategies(iterstrat, predata=self.p.optdatas and self._dopreload and self._dorunonce)

    def __getstate__(self) -> dict[str, Any]:
        state = dict(vars(self))
        state.pop("runstrats", None)
        return state

    def __setstate__(self, state: Mapping[str, Any]) -> None:
        vars(self).update(state)
        self.runstrats = []

    def runstop(self) -> None:
        """Ask for the end of the run after this bar."""
        self._event_stop = self._interrupted = True

    def run(self, **kwargs: Any) -> Any:
        """Run everything; the strategies come back (a list of lists when optimising)."""
        from .sweep import Search, run_all

        self._event_stop = self._interrupted = False
        if not self.datas:
            return []
        for key, value in kwargs.items():
            if key in self.params._pairs or key in _BEYOND_UPSTREAM:
                setattr(self.p, key, value)
        self._choose_modes()
        self._make_writers()
        self.runstrats = []
        if not self.strats and not self.signals:
            self.addstrategy(Strategy)
        search = next((item for item in self.strats if isinstance(item, Search)), None)
        if search is not None:
            importlib.import_module("backtrader.opt.cerebrosearch").run_search(self, search)
        else:
            run_all(self, itertools.product(*self._with_signals()))
        return self.runstrats if self._dooptimize else self.runstrats[0]

    def _choose_modes(self) -> None:
        """Batch or event, whole or bounded memory, from the parameters and the kinds of feeds."""
        from ..lines import LineRoot

        p = self.p
        meta: Any = type(LineRoot)
        meta._cache.clear()
        meta._cache_on = bool(p.objcache)
        self._dorunonce, self._dopreload, self._exactbars = p.runonce, p.preload, int(p.exactbars)
        if self._exactbars:
            self._dorunonce = False
            self._dopreload = self._dopreload and self._exactbars < 1
        if p.memory_profile is not None:
            self._dopreload, self._dorunonce, self._exactbars = profile_modes(p.memory_profile)
        self._doreplay = self._doreplay or any(data.replaying for data in self.datas)
        if self._doreplay:
            self._dopreload = False
        if self._dolive or p.live:
            self._dorunonce = self._dopreload = False

    def _disable_runonce(self) -> None:
        """An indicator insists on being stepped."""
        self._dorunonce = False

    def _make_writers(self) -> None:
        self.runwriters = []
        if self.p.writer is True:
            self.runwriters.append(WriterFile())
        self.runwriters.extend(cls(*args, **kwargs) for cls, args, kwargs in self.writers)
        self._csvwriters = [writer for writer in self.runwriters if getattr(writer.p, "csv", False)]

    def _with_signals(self) -> list[Any]:
        """The strategies to run; signals without a strategy of their own get one."""
        if not self.signals:
            return self.strats
        from .signals import SignalStrategy

        strats = list(self.strats)
        cls, args, kwargs = self._signal_strat
        if cls is None and strats:
            # compat: upstream stumbles here; the first strategy added trades the signals if it can
            cls, args, kwargs = next(iter(strats[0]))
            if not (isinstance(cls, type) and issubclass(cls, SignalStrategy)):
                raise ValueError(
                    "add_signal needs a SignalStrategy: give one to signal_strategy(), or do not mix "
                    f"addstrategy({cls.__name__}) with add_signal()"
                )
            strats = strats[1:]
        elif cls is None:
            cls, args, kwargs = SignalStrategy, (), {}
        options = {
            "_accumulate": self._signal_accumulate,
            "_concurrent": self._signal_concurrent,
            "signals": self.signals,
        }
        return [*strats, [(cls, args, {**kwargs, **options})]]

    def _init_stcount(self) -> None:
        self._stcount = itertools.count()

    def _next_stid(self) -> int:
        return next(self._stcount)  # type: ignore[no-any-return]

    def runstrategies(self, iterstrat: Any, predata: bool = False) -> Any:
        """One run of one combination of strategies."""
        from .assemble import run_once

        try:
            with owning(self):
                return run_once(self, iterstrat, predata)
        finally:
            self._end_subscriptions()

    def stop_writers(self, runstrats: Any) -> None:
        """Let the writers tell about feeds and strategies, then stop them."""
        from .notify import stop_writers

        stop_writers(self, runstrats)

    # -- what may be overridden ------------------------------------------------------------------------
    def notify_data(self, data: Any, status: int, *args: Any, **kwargs: Any) -> None:
        """A feed's status changed."""

    def notify_store(self, msg: Any, *args: Any, **kwargs: Any) -> None:
        """A message of a store."""

    def notify_timer(self, timer: Any, when: Any, *args: Any, **kwargs: Any) -> None:
        """A timer added to Cerebro is due."""
