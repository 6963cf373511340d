"""A third-party package in small: singleton store, feed class which registers itself, own broker, own metaclasses."""

from __future__ import annotations

import collections
import datetime as dt
import queue
from typing import Any

import backtrader as bt

from ..data import Row, daily, minutes
from ..feeds import intraday
from ..registry import scenario
from ..stage import Stage


class MetaXStore(bt.MetaParams):
    """Singleton by metaclass, as vendors' stores do it."""

    def __init__(cls, name: str, bases: Any, dct: Any) -> None:
        super().__init__(name, bases, dct)
        cls._only = None

    def __call__(cls, *args: Any, **kwargs: Any) -> Any:
        if cls._only is None:
            cls._only = super().__call__(*args, **kwargs)
        return cls._only


class XStore(bt.with_metaclass(MetaXStore, object)):
    """One connection, shared by feed and broker."""

    BrokerCls: Any = None
    DataCls: Any = None
    params = (("token", ""), ("practice", False), ("reconnect", 3))

    @classmethod
    def getdata(cls, *args: Any, **kwargs: Any) -> Any:
        """A feed of this store."""
        return cls.DataCls(*args, **kwargs)

    @classmethod
    def getbroker(cls, *args: Any, **kwargs: Any) -> Any:
        """The broker of this store."""
        return cls.BrokerCls(*args, **kwargs)

    def __init__(self) -> None:
        super().__init__()
        self.notifs: Any = collections.deque()
        self.calls: list[Any] = []
        self.datas: list[Any] = []
        self.broker: Any = None

    def start(self, data: Any = None, broker: Any = None) -> None:
        """Called by feeds, by the broker and by the engine."""
        self.calls.append(["start", data is not None, broker is not None])
        if data is not None:
            self.datas.append(data)
        if broker is not None:
            self.broker = broker

    def stop(self) -> None:
        """The end of the run."""
        self.calls.append(["stop"])

    def put_notification(self, msg: Any, *args: Any, **kwargs: Any) -> None:
        """For strategies and Cerebro."""
        self.notifs.append((msg, args, kwargs))

    def get_notifications(self) -> list[Any]:
        """What has piled up since the last call."""
        self.notifs.append(None)
        return list(iter(self.notifs.popleft, None))

    def subscribe(self, rows: list[Row]) -> Any:
        """A queue filled as a stream would fill it."""
        stream: Any = queue.Queue()
        for i, row in enumerate(rows):
            stream.put(row)
            if i % 4 == 3:
                stream.put("nothing")
            if i == 8:
                stream.put("lost")
        stream.put(None)
        return stream


class MetaXData(bt.DataBase.__class__):
    """Registers the feed class with the store."""

    def __init__(cls, name: str, bases: Any, dct: Any) -> None:
        super().__init__(name, bases, dct)
        XStore.DataCls = cls


class XData(bt.with_metaclass(MetaXData, bt.DataBase)):
    """A feed on a queue with a small state machine."""

    params = (("qcheck", 0.01), ("historical", False), ("rows", ()), ("backfill", None))
    _store = XStore
    _ST_FROM, _ST_START, _ST_LIVE, _ST_OVER = range(4)

    def islive(self) -> bool:
        return True

    def __init__(self, **kwargs: Any) -> None:
        self.o = self._store(**kwargs)
        self.moments = [0]

    def setenvironment(self, env: Any) -> None:
        super().setenvironment(env)
        env.addstore(self.o)

    def start(self) -> None:
        super().start()
        self.o.start(data=self)
        self._state = self._ST_START
        self.put_notification(self.CONNECTED)
        if self.p.backfill is not None:
            self._state = self._ST_FROM
            self.p.backfill.setenvironment(self._env)
            self.p.backfill._start()
        self.stream = self.o.subscribe(list(self.p.rows))
        self.put_notification(self.DELAYED, "history first")

    def stop(self) -> None:
        super().stop()
        self.o.stop()

    def haslivedata(self) -> bool:
        return bool(self.stream.qsize())

    def _load(self) -> bool | None:
        if self._state == self._ST_OVER:
            return False
        if self._state == self._ST_FROM:
            if self.p.backfill.next():
                for mine, other in zip(self.lines, self.p.backfill.lines, strict=True):
                    mine[0] = other[0]
                return True
            self._state = self._ST_START
        if self._state == self._ST_START:
            self._state = self._ST_LIVE
            self.put_notification(self.LIVE)
        return self._from_stream()

    def _from_stream(self) -> bool | None:
        item = self.stream.get(timeout=self._qcheck or 0.01)
        if item is None:
            self._state = self._ST_OVER
            self.put_notification(self.DISCONNECTED)
            return False
        if item == "nothing":
            return None
        if item == "lost":
            self.put_notification(self.CONNBROKEN)
            self.put_notification(self.LIVE)
            self.o.put_notification("link lost", 7, why="test")
            return None
        self.l.datetime[0] = self.date2num(item[0])
        self.l.open[0], self.l.high[0], self.l.low[0], self.l.close[0] = item[1:5]
        self.l.volume[0], self.l.openinterest[0] = item[5:7]
        return True


class MetaXBroker(bt.BrokerBase.__class__):
    """Registers the broker class with the store."""

    def __init__(cls, name: str, bases: Any, dct: Any) -> None:
        super().__init__(name, bases, dct)
        XStore.BrokerCls = cls


class XCommInfo(bt.CommInfoBase):
    """The venue's own numbers."""

    def getvaluesize(self, size: float, price: float) -> float:
        return abs(size) * price

    def getoperationcost(self, size: float, price: float) -> float:
        return abs(size) * price


class XBroker(bt.with_metaclass(MetaXBroker, bt.BrokerBase)):
    """A broker which fills at the close it is shown, with its own queues."""

    params = (("use_positions", True), ("commission", XCommInfo(mult=1.0, stocklike=False)))

    def __init__(self, **kwargs: Any) -> None:
        super().__init__()
        self.o = XStore(**kwargs)
        self.orders: Any = collections.OrderedDict()
        self.notifs: Any = collections.deque()
        self.waiting: list[Any] = []
        self.startingcash = self.cash = 20000.0
        self.startingvalue = self.value = 20000.0
        self.positions: Any = collections.defaultdict(bt.Position)

    def start(self) -> None:
        super().start()
        self.o.start(broker=self)

    def stop(self) -> None:
        super().stop()
        self.o.stop()

    def getcash(self) -> float:
        return self.cash

    def getvalue(self, datas: Any = None) -> float:
        return self.cash + sum(p.size * d.close[0] for d, p in self.positions.items())

    def get_value(self, datas: Any = None, mkt: bool = False, lever: bool = False) -> float:
        return self.getvalue()

    def get_fundvalue(self) -> float:
        return 1.0

    def get_fundshares(self) -> float:
        return 2.0

    def getposition(self, data: Any, clone: bool = True) -> Any:
        position = self.positions[data]
        return position.clone() if clone else position

    def _make(self, cls: Any, owner: Any, data: Any, size: float, price: Any, plimit: Any, exectype: Any, valid: Any,
              tradeid: int, oco: Any, trailamount: Any, trailpercent: Any, parent: Any, transmit: bool, kwargs: Any) -> Any:  # fmt: skip
        order = cls(owner=owner, data=data, size=size, price=price, pricelimit=plimit, exectype=exectype, valid=valid,
                    tradeid=tradeid, trailamount=trailamount, trailpercent=trailpercent, parent=parent, transmit=transmit)  # fmt: skip
        order.addinfo(**kwargs)
        order.addcomminfo(self.getcommissioninfo(data))
        order.submit(self)
        self.orders[order.ref] = order
        self.notify(order)
        self.waiting.append(order)
        return order

    def buy(self, owner: Any, data: Any, size: float, price: Any = None, plimit: Any = None, exectype: Any = None,
            valid: Any = None, tradeid: int = 0, oco: Any = None, trailamount: Any = None, trailpercent: Any = None,
            parent: Any = None, transmit: bool = True, **kwargs: Any) -> Any:  # fmt: skip
        return self._make(bt.BuyOrder, owner, data, size, price, plimit, exectype, valid, tradeid, oco, trailamount,
                          trailpercent, parent, transmit, kwargs)  # fmt: skip

    def sell(self, owner: Any, data: Any, size: float, price: Any = None, plimit: Any = None, exectype: Any = None,
             valid: Any = None, tradeid: int = 0, oco: Any = None, trailamount: Any = None, trailpercent: Any = None,
             parent: Any = None, transmit: bool = True, **kwargs: Any) -> Any:  # fmt: skip
        return self._make(bt.SellOrder, owner, data, size, price, plimit, exectype, valid, tradeid, oco, trailamount,
                          trailpercent, parent, transmit, kwargs)  # fmt: skip

    def cancel(self, order: Any) -> Any:
        if order in self.waiting:
            self.waiting.remove(order)
            order.cancel()
            self.notify(order)
        return order

    def notify(self, order: Any) -> None:
        self.notifs.append(order.clone())

    def get_notification(self) -> Any:
        return self.notifs.popleft() if self.notifs else None

    def next(self) -> None:
        self.notifs.append(None)
        for order in list(self.waiting):
            if order.exectype in (order.Limit, order.Stop):
                continue
            self.waiting.remove(order)
            order.accept(self)
            self.notify(order)
            self._fill(order)

    def _fill(self, order: Any) -> None:
        size, price = order.executed.remsize, order.data.close[0]
        position = self.positions[order.data]
        before = position.price
        psize, pprice, opened, closed = position.update(size, price)
        info = self.getcommissioninfo(order.data)
        self.cash -= size * price
        order.execute(order.data.datetime[0], size, price, closed, info.getoperationcost(closed, before), 0.0,
                      opened, info.getoperationcost(opened, price), 0.0, info.margin, info.profitandloss(-closed, before, price),
                      psize, pprice)  # fmt: skip
        order.completed()
        self.notify(order)


class Trades(bt.Strategy):
    """Uses everything the vendor offers."""

    def __init__(self) -> None:
        self.sma = bt.ind.SMA(period=3)
        self.log: list[Any] = []
        self.order: Any = None

    def notify_data(self, data: Any, status: int, *args: Any, **kwargs: Any) -> None:
        self.log.append(["data", data._getstatusname(status), args])

    def notify_store(self, msg: Any, *args: Any, **kwargs: Any) -> None:
        self.log.append(["store", msg, args, kwargs])

    def notify_order(self, order: Any) -> None:
        self.log.append(["order", order.getstatusname(), order.executed.price, len(self)])

    def next(self) -> None:
        n = len(self)
        if n % 6 == 4:
            self.buy(size=3, label=n)
        elif n % 6 == 1 and self.position:
            self.close()
        elif n == 9:
            self.order = self.buy(exectype=bt.Order.Limit, price=1.0)
        elif n == 11 and self.order is not None:
            self.cancel(self.order)


def _fresh() -> None:
    """Each run has its own store: singletons outlive a run."""
    XStore._only = None


@scenario()
def vendor_store_feed_broker(s: Stage) -> None:
    """Store, queue-fed feed and broker with metaclasses of their own, notifications of all kinds."""
    _fresh()
    heard: list[Any] = []
    store = XStore(token="t", practice=True)
    s.note("singleton", [XStore() is store, store.p.token, store.params.reconnect])
    cerebro = s.cerebro()
    cerebro.adddata(store.getdata(rows=minutes(20), name="x", **intraday()))
    cerebro.setbroker(store.getbroker())
    cerebro.addstorecb(lambda msg, *args, **kwargs: heard.append([msg, args, kwargs]))
    cerebro.addstrategy(Trades)
    s.run(cerebro)
    s.note("calls", store.calls)
    s.note("heard", heard)


@scenario()
def vendor_feed_own_account(s: Stage) -> None:
    """The vendor's feed with the simulated broker."""
    _fresh()
    cerebro = s.cerebro()
    cerebro.adddata(XData(rows=minutes(24, 3), name="x", **intraday()))
    cerebro.addstrategy(Trades)
    cerebro.addanalyzer(bt.analyzers.TradeAnalyzer)
    s.run(cerebro)


@scenario()
def vendor_backfill(s: Stage) -> None:
    """History from another feed first, then the stream."""
    _fresh()
    rows = daily(20, 230)
    history = s.feed(rows[:8], "history", kind="rows")
    cerebro = s.cerebro()
    cerebro.adddata(XData(rows=rows[8:], backfill=history, name="x"))
    cerebro.addstrategy(Trades)
    s.run(cerebro)


class StoreOnBase(bt.Store):
    """A store on the engine's own base class."""

    params = (("host", "here"),)

    def __init__(self) -> None:
        self.began = 0

    def start(self, data: Any = None, broker: Any = None) -> None:
        self.began += 1
        super().start(data, broker)
        if data is None and broker is None:
            self.put_notification("ready", 1, two=2)


@scenario(skip={"quiet": "watched callbacks only"})
def store_on_base(s: Stage) -> None:
    """bt.Store as base: singleton, notifications, addstore twice."""
    StoreOnBase._singleton = None
    store = StoreOnBase(host="there")
    heard: list[Any] = []
    cerebro = s.cerebro()
    cerebro.addstore(store)
    cerebro.addstore(store)
    cerebro.addstorecb(lambda msg, *args, **kwargs: heard.append([msg, args, kwargs]))
    cerebro.adddata(s.feed(daily(5, 231), "d0", kind="rows"))
    cerebro.addstrategy(bt.Strategy)
    s.run(cerebro)
    s.note("store", [StoreOnBase() is store, store.p.host, store.began, heard, len(cerebro.stores)])


class ParamsOnly(bt.with_metaclass(bt.MetaParams, object)):
    """A plain class with params, as utilities of vendors have them."""

    params = (("a", 1), ("b", dt.timedelta(minutes=1)))

    def __init__(self, first: Any, *rest: Any, **kwargs: Any) -> None:
        self.given = [first, list(rest), kwargs]


class ParamsMore(ParamsOnly):
    """Inherits params."""

    params = (("c", 3), ("a", 10))


@scenario(skip={"stepped": "nothing runs", "quiet": "nothing runs"})
def params_on_plain_class(s: Stage) -> None:
    """with_metaclass(bt.MetaParams, object)."""
    one = ParamsMore(1, 2, b=5)
    s.note("one", [one.p.a, one.p.b, one.params.c, one.given, one.p._getkwargs()])
    s.attempt("unknown", lambda: ParamsMore(1, d=4).given)
    s.note("base", ParamsOnly(0).p._getkwargs())
