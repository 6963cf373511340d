"""Strategy: life-cycle, notifications and the user's hooks."""

from __future__ import annotations

import datetime as _dt
import itertools
from array import array
from collections import defaultdict
from typing import Any

from ..analyzers.hooks import hooks_of
from ..broker.order import Order
from ..broker.trade import Trade
from ..lines import Clock, LineRoot, StrategyBase
from ..lines.iterator import LineIterator
from ..sizers.fixedsize import FixedSize
from ..utils.autodict import AutoDictList
from ..utils.owner import findowner, owning
from .display import strategy_card
from .environment import Environment
from .items import ItemCollection
from .periods import feed_of
from .trading import OrderVerbs
from .warmup import hold_back
from .writerinfo import name_of, strategy_info

_PER_BAR = ("notify_cashvalue", "notify_fund")
_FAR = float("inf")
_NO_TIME = _dt.timedelta()


class Strategy(OrderVerbs, StrategyBase):
    """What a user subclasses: ``__init__`` declares, ``next`` decides."""

    _ltype = LineRoot.StratType
    _oldsync = False
    csv = True
    lines: Any = ("datetime",)

    cerebro: Any
    env: Any
    stats: Any
    observers: Any
    analyzers: Any
    _minperiods: list[int]
    _hears_orders = _hears_trades = True
    _hears_directly = False  # the broker may leave notices of orders here itself
    _announce: Any = None  # tells of new values before the step, if somebody subscribed
    _forgets = False  # bounded memory: closed trades are not kept
    _logging = False  # in a batch run: executions and closed trades by step, for observers to be derived from
    _orderspending: list[Any]
    _tradespending: list[Any]
    _order_analyzers: list[Any]
    _results: array[float]
    _trail: Any = None  # in an event run: the account's value, followed bar by bar
    _trade_analyzers: list[Any]

    def __init_subclass__(cls, **kwargs: Any) -> None:
        own = cls.__dict__
        # compat: old names of the notification hooks
        for old, new in (("notify", "notify_order"), ("notify_operation", "notify_trade")):
            if old in own and new not in own:
                setattr(cls, new, own[old])
                delattr(cls, old)
        super().__init_subclass__(**kwargs)

    # -- construction ------------------------------------------------------------------------
    def _take_arguments(self, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        own = self.__dict__
        own["cerebro"] = own["env"] = env = findowner(self, Environment)
        own["_id"] = env._next_stid()
        args, kwargs = super()._take_arguments(args, kwargs)
        own["broker"] = env.broker
        own["_sizer"] = FixedSize()
        own["_orderspending"], own["_tradespending"] = [], []
        own["_trades"] = defaultdict(AutoDictList)
        own["stats"] = own["observers"] = ItemCollection()
        own["analyzers"] = ItemCollection()
        own["_alnames"] = defaultdict(itertools.count)
        own["writers"], own["_slave_analyzers"] = [], []
        own["_tradehistoryon"] = False
        own["_fill_log"], own["_trade_log"] = [], []
        own["_unsent"] = {}
        own["_results"] = array("d")  # of closed trades, after commission
        return args, kwargs

    def _arrange_clock(self, datas: list[Any], kwargs: dict[str, Any]) -> None:
        self._make_lines(Clock(feed=self), kwargs)
        self._clock = datas[0] if datas else None

    def _find_owner(self, skip: Any = None) -> Any:
        return None

    def _after_init(self) -> None:
        super()._after_init()
        self._sizer.set(self, self.broker)

    def _addanalyzer(self, ancls: Any, *args: Any, **kwargs: Any) -> None:
        name = kwargs.pop("_name", "") or ancls.__name__.lower()
        name += str(next(self._alnames[name]) or "")
        with owning(self):
            self.analyzers.append(ancls(*args, **kwargs), name)

    def _addanalyzer_slave(self, ancls: Any, *args: Any, **kwargs: Any) -> Any:
        """An analyzer that works for an observer; not listed among the strategy's."""
        with owning(self):
            analyzer = ancls(*args, **kwargs)
        self._slave_analyzers.append(analyzer)
        return analyzer

    def _getanalyzer_slave(self, idx: int) -> Any:
        return self._slave_analyzers[idx]

    def _addindicator(self, indcls: Any, *args: Any, **kwargs: Any) -> None:
        with owning(self):
            indcls(*args, **kwargs)

    def _addobserver(self, multi: bool, obscls: Any, *args: Any, **kwargs: Any) -> None:
        name = kwargs.pop("obsname", "") or obscls.__name__.lower()
        with owning(self):
            if not multi:
                self.stats.append(obscls(*self.datas, *args, **kwargs), name)
                return
            made: list[Any] = []
            setattr(self.stats, name, made)
            made.extend(obscls(data, *args, **kwargs) for data in self.datas)

    # -- start and end of a run ----------------------------------------------------------------
    def _all_analyzers(self) -> list[Any]:
        return [*self.analyzers, *self._slave_analyzers]

    def _start(self) -> None:
        self._stage2()
        self._dlens = [len(data) for data in self.datas]
        self._minperstatus: float = _FAR
        with owning(self):
            for analyzer in self._all_analyzers():
                analyzer._start()
            for observer in self.getobservers():
                observer._start()
            self.start()

    def _stop(self) -> None:
        with owning(self):
            self.stop()
            for analyzer in self._all_analyzers():
                analyzer._stop()
        self._stage1()

    def _periodset(self) -> None:
        """The minimum period per feed: that of everything clocked by it."""
        periods: dict[Any, int] = {}
        everything = self.getindicators()
        for inner in everything:
            feed = feed_of(self, inner)
            periods[feed] = max(periods.get(feed, 0), inner._minperiod)
        self._minperiods = [periods.get(data) or data._minperiod for data in self.datas]
        self._minperiod = max((inner._minperiod for inner in everything), default=self._minperiod)
        if self.datas and self.datas[0]._warmup:
            early = [name for name in ("prenext", "prenext_open") if overrides(self, name)]
            hold_back(self, self.datas[0]._warmup, early)

    def _settz(self, tz: Any) -> None:
        self.lines.datetime._tz = tz

    def set_tradehistory(self, onoff: bool = True) -> None:
        """Let trades keep the list of all their changes."""
        self._tradehistoryon = onoff

    def qbuffer(self, savemem: int = 0, replaying: bool = False) -> None:
        """Bounded memory is arranged by the run's plan; kept for code that calls it."""

    def _needs_python(self) -> bool:
        return False  # the loop steps a strategy, it is never evaluated in advance

    def _evaluate(self) -> Any:
        return None  # lines that are not bound to an operation are written by the strategy itself

    # -- a step in event mode ----------------------------------------------------------------------
    def _clk_update(self) -> None:
        """Move the strategy's own timeline on if any feed moved on."""
        lengths = [len(data) for data in self.datas]
        if any(new > old for new, old in zip(lengths, self._dlens, strict=True)):
            self._now.forward()
        self._dlens = lengths
        self.lines.datetime[0] = max(
            [data.lines.datetime[0] for data, length in zip(self.datas, lengths, strict=True) if length]
        )

    def _next(self) -> None:
        self._clk_update()
        for inner in self._lineiterators[LineRoot.IndType]:
            inner._next()
        if self._announce is not None:
            self._announce()
        self._notify()
        status = self._getminperstatus()
        self._call_for(status, self.next, self.nextstart, self.prenext)
        for analyzer in self._all_analyzers():
            self._call_for(status, analyzer._next, analyzer._nextstart, analyzer._prenext)
        for observer in self.getobservers():
            observer._step_analyzers(status)
            observer._next()
        self.clear()

    @staticmethod
    def _call_for(status: float, next_: Any, nextstart: Any, prenext: Any) -> None:
        if status < 0:
            next_()
        elif status == 0:
            nextstart()
        else:
            prenext()

    def _getminperstatus(self) -> float:
        self._minperstatus = max(
            period - len(data) for period, data in zip(self._minperiods, self.datas, strict=True)
        )
        return self._minperstatus

    def _next_open(self) -> None:
        self._call_for(self._minperstatus, self.next_open, self.nextstart_open, self.prenext_open)

    # -- notifications -----------------------------------------------------------------------------
    def _addnotification(self, order: Any, quicknotify: bool = False) -> None:
        """Take one order notification from the broker; its fills become trade notifications."""
        if not order.simulated:
            self._orderspending.append(order)
        own = order.__dict__
        executed = own.get("executed")
        if executed is not None:
            if executed.size:
                closed_or_opened = self._update_trades(order)
                self._log_fill(order.data, order.isbuy(), executed.price)
            elif quicknotify:
                closed_or_opened = []
            else:
                return
        elif "_fill" in own:
            closed_or_opened = self._take_plain_fill(order)
        elif quicknotify:
            closed_or_opened = []
        else:
            return
        self._tradespending.extend(closed_or_opened)
        if quicknotify:
            self._deliver([order], closed_or_opened)

    def _log_fill(self, data: Any, isbuy: bool, price: float) -> None:
        if self._logging:
            self._fill_log.append((self.broker.clock.idx, data, isbuy, price))

    def _take_plain_fill(self, order: Any) -> list[Any]:
        """The fill of a plain market order, straight from its numbers."""
        notified: list[Any] = []
        _, _, price, closed, released, released_fee, opened, bound, bound_fee, profit, _, _, _ = order._fill
        self._fill_trades(
            order, order.data, closed, released, released_fee, opened, bound, bound_fee, price, profit,
            order.comminfo, notified,
        )  # fmt: skip
        # compat: an order's price is what was paid over the size, and that rounds
        size = opened + closed
        self._log_fill(order.data, not order.ordtype, size * price / size)
        return notified

    def _update_trades(self, order: Any) -> list[Any]:
        data = order.data._compensate
        if data is None:
            data = order.data
        notified: list[Any] = []
        for bit in order.executed.iterpending():
            if bit is None:
                break
            self._fill_trades(
                order, data, bit.closed, bit.closedvalue, bit.closedcomm, bit.opened, bit.openedvalue,
                bit.openedcomm, bit.price, bit.pnl, order.comminfo, notified,
            )  # fmt: skip
        return notified

    def _fill_trades(
        self, order: Any, data: Any, closed: float, released: float, released_fee: float, opened: float,
        bound: float, bound_fee: float, price: float, pnl: float, scheme: Any,
        notified: list[Any],
    ) -> None:  # fmt: skip
        """Let a fill end the open trade, open one, or both; copies for those who hear of trades."""
        tradeid = order.tradeid
        trades = self.__dict__["_trades"][data][tradeid]  # a strategy's attributes are slow to look up
        if trades:
            trade = trades[-1]
        else:
            trade = Trade(data, tradeid, self._tradehistoryon)
            trades.append(trade)
        if closed:
            trade.update(order, closed, price, released, released_fee, pnl, scheme)
            if trade.isclosed:
                self._note_closed(trade, notified)
        if opened:
            if trade.isclosed:
                trade = Trade(data, tradeid, self._tradehistoryon)
                if self._forgets:
                    trades.clear()
                trades.append(trade)
            trade.update(order, opened, price, bound, bound_fee, pnl, scheme)
            if trade.isclosed:
                self._note_closed(trade, notified)
        # compat: a fill that closes the position opens a trade if its trade id has none
        if trade.justopened and self._hears_trades:
            notified.append(trade.clone())

    def _note_closed(self, trade: Any, notified: list[Any]) -> None:
        self._results.append(trade.pnlcomm)
        if self._logging:
            self._trade_log.append((self.broker.clock.idx, trade.data, trade.pnl, trade.pnlcomm))
        if self._hears_trades:
            notified.append(trade.clone())

    def _find_listeners(self, observed: bool) -> None:
        """Who hears what: copies for notifications are only made if somebody does.

        ``observed`` says that an observer looks at the notifications of every bar.
        """
        analyzers = self._all_analyzers()
        self._order_analyzers = [a for a in analyzers if "orders" in hooks_of(a)]
        self._trade_analyzers = [a for a in analyzers if "trades" in hooks_of(a)]
        self._hears_orders = bool(
            observed
            or self._order_analyzers
            or any(
                overrides(self, name) for name in ("notify_order", "_addnotification", "_deliver", "_notify")
            )
        )
        self._hears_directly = not overrides(self, "_addnotification")
        self._hears_trades = bool(observed or self._trade_analyzers or overrides(self, "notify_trade"))

    def _deliver(self, orders: list[Any], trades: list[Any]) -> None:
        if self._hears_orders:
            notify, listeners, historical = self.notify_order, self._order_analyzers, Order.Historical
            for order in orders:
                if order.exectype != historical or order.histnotify:
                    notify(order)
                for analyzer in listeners:
                    analyzer._notify_order(order)
        for trade in trades:
            self.notify_trade(trade)
            for analyzer in self._trade_analyzers:
                analyzer._notify_trade(trade)

    def _notify(self) -> None:
        """Everything a bar has to tell before ``next``: orders, trades, then cash and fund."""
        if not self.cerebro.p.quicknotify:
            self._deliver(self._orderspending, self._tradespending)
        broker = self.broker
        cash, value = broker.getcash(), broker.getvalue()
        fundvalue, shares = broker.fundvalue, broker.fundshares
        self.notify_cashvalue(cash, value)
        self.notify_fund(cash, value, fundvalue, shares)
        for analyzer in self._all_analyzers():
            analyzer._notify_cashvalue(cash, value)
            analyzer._notify_fund(cash, value, fundvalue, shares)

    @property
    def _orders(self) -> list[Any]:
        """Our orders, for packages that draw them.

        compat: upstream keeps every notification here; these are the orders as they are now.
        """
        return [order for order in getattr(self.broker, "orders", ()) if order.owner is self]

    def clear(self) -> None:
        """Forget the notifications of this bar; the orders themselves stay with the broker."""
        self._orderspending = []
        self._tradespending = []

    # -- timers ------------------------------------------------------------------------------------
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
        cheat: bool = False,
        *args: Any,
        **kwargs: Any,
    ) -> Any:
        """Ask for `notify_timer` at a time of day or at the start or end of a session."""
        return self.cerebro._add_timer(
            self, when, *args, offset=offset, repeat=repeat, weekdays=weekdays, weekcarry=weekcarry,
            monthdays=monthdays, monthcarry=monthcarry, allow=allow, tzdata=tzdata, strats=False, cheat=cheat,
            **kwargs,
        )  # fmt: skip

    _repr_html_ = strategy_card

    # -- writers -------------------------------------------------------------------------------------
    def getwriterheaders(self) -> list[str]:
        """Column names for a writer: our own, then those of indicators and observers with ``csv`` set."""
        self.indobscsv: list[Any] = [self]
        self.indobscsv += [x for x in self.getindicators_lines() if x.csv]
        self.indobscsv += [x for x in self.getobservers() if x.csv]
        headers: list[str] = []
        for item in self.indobscsv:
            name = item.plotinfo.plotname or name_of(item)
            headers += [name, "len", *item.lines.getlinealiases()]
        return headers

    def getwritervalues(self) -> list[Any]:
        """The values of this bar for a writer."""
        values: list[Any] = []
        for item in self.indobscsv:
            values.append(item.plotinfo.plotname or name_of(item))
            length = len(item)
            values.append(length)
            values += (
                [item.lines[i][0] for i in range(item.lines.size())] if length else [""] * item.lines.size()
            )
        return values

    def getwriterinfo(self) -> dict[str, Any]:
        """What a writer says about the strategy at the end."""
        return strategy_info(self)

    # -- the user's hooks ------------------------------------------------------------------------------
    def start(self) -> None:
        """Called once before the first bar."""

    def stop(self) -> None:
        """Called once after the last bar."""

    def prenext_open(self) -> None:
        """Cheat-on-open form of ``prenext``."""

    def nextstart_open(self) -> None:
        """Cheat-on-open form of ``nextstart``."""
        self.next_open()

    def next_open(self) -> None:
        """Cheat-on-open form of ``next``: the new bar's open is known, nothing was matched yet."""

    def notify_cashvalue(self, cash: float, value: float) -> None:
        """Cash and account value of every bar."""

    def notify_fund(self, cash: float, value: float, fundvalue: float, shares: float) -> None:
        """Cash, value, fund value and fund shares of every bar."""

    def notify_order(self, order: Any) -> None:
        """An order changed; ``order`` is a copy of that moment."""

    def notify_trade(self, trade: Any) -> None:
        """A trade opened or closed; ``trade`` is a copy of that moment."""

    def notify_store(self, msg: Any, *args: Any, **kwargs: Any) -> None:
        """A message of a store."""

    def notify_data(self, data: Any, status: int, *args: Any, **kwargs: Any) -> None:
        """A feed's status changed."""

    def notify_timer(self, timer: Any, when: Any, *args: Any, **kwargs: Any) -> None:
        """A timer asked for with `add_timer` is due."""


def wants_cash_notifications(strategy: Strategy) -> bool:
    """Whether the user's class listens to cash or fund values on every bar."""
    return any(getattr(type(strategy), name) is not getattr(Strategy, name) for name in _PER_BAR)


def overrides(strategy: Strategy, name: str) -> bool:
    """Whether the user's class has its own form of a hook."""
    base = getattr(Strategy, name, None) or getattr(LineIterator, name)
    return name in strategy.__dict__ or getattr(type(strategy), name) is not base


MetaStrategy = type(Strategy)
