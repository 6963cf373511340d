"""An order: what was asked, what became of it, and the copies that strategies are told with.

The broker makes orders by `Order.make`, which skips the metaclass; calling a class works too and
gives the same object.  A notification is a copy: ``executed`` is shared between the copies until
the next execution writes a new one.
"""

from __future__ import annotations

import datetime
from typing import Any

from ..utils.autodict import AutoOrderedDict
from ..utils.construct import ParamsBase
from . import fsm
from .display import order_card
from .execution import OrderData, OrderExecutionBit
from .plain import EndOfSession, PlainOrder, ValidUntil, next_ref, requested, rouse

__all__ = [
    "BuyOrder",
    "Order",
    "OrderBase",
    "OrderData",
    "OrderExecutionBit",
    "SellOrder",
    "StopBuyOrder",
    "StopLimitBuyOrder",
    "StopLimitSellOrder",
    "StopSellOrder",
]

_new = object.__new__
_TRAILING = (5, 6)  # StopTrail, StopTrailLimit
_END_OF_DAY = datetime.time(23, 59, 59, 9999)  # compat: 9,999 microseconds, not 999,999


#: What an order is made of, in the order of `OrderBase._open`.
_SAID = (
    "owner", "data", "size", "price", "pricelimit", "exectype", "valid", "tradeid", "oco",
    "trailamount", "trailpercent", "parent", "transmit", "simulated", "histnotify",
)  # fmt: skip


class OrderBase(PlainOrder, ParamsBase):
    """The data of an order, its status and the questions one asks of it."""

    params: Any = (
        ("owner", None),
        ("data", None),
        ("size", None),
        ("price", None),
        ("pricelimit", None),
        ("exectype", None),
        ("valid", None),
        ("tradeid", 0),
        ("oco", None),
        ("trailamount", None),
        ("trailpercent", None),
        ("parent", None),
        ("transmit", True),
        ("simulated", False),
        ("histnotify", False),
    )

    DAY = datetime.timedelta()

    T_Close, T_Day, T_Date, T_None = V_None = range(4)  # compat: a leftover name that upstream lists

    Market, Close, Limit, Stop, StopLimit, StopTrail, StopTrailLimit, Historical = range(8)
    ExecTypes = ["Market", "Close", "Limit", "Stop", "StopLimit", "StopTrail", "StopTrailLimit", "Historical"]

    Buy, Sell = range(2)
    OrdTypes = ["Buy", "Sell"]

    Created, Submitted, Accepted, Partial, Completed, Canceled, Expired, Margin, Rejected = range(9)
    Cancelled = Canceled
    Status = list(fsm.STATUS_NAMES)

    refbasis = next_ref

    # what an order has until told otherwise; instances store only what differs
    ordtype: Any = None
    owner: Any = None
    data: Any = None
    size: Any = None
    exectype: Any = 0
    status: int = 0
    valid: Any = ValidUntil()
    tradeid: Any = 0
    oco: Any = None
    parent: Any = None
    transmit: bool = True
    simulated: bool = False
    histnotify: bool = False
    broker: Any = None
    comminfo: Any = None
    position: Any = 0
    triggered: bool = False
    pannotated: Any = None
    plen: int = 0
    dteos: Any = EndOfSession()
    _active: bool = True
    _plimit: Any = None
    _limitoffset: float = 0.0
    _shared: bool = False
    ref: int

    def __init__(self) -> None:
        # classes of brokers of others set what they know beforehand, instead of giving parameters
        said = {**vars(self.p), **vars(self)}
        self._open(*(said.get(name, getattr(self.p, name)) for name in _SAID))

    @classmethod
    def make(
        cls,
        owner: Any,
        data: Any,
        size: Any,
        price: Any = None,
        pricelimit: Any = None,
        exectype: Any = None,
        valid: Any = None,
        tradeid: Any = 0,
        oco: Any = None,
        trailamount: Any = None,
        trailpercent: Any = None,
        parent: Any = None,
        transmit: bool = True,
        simulated: bool = False,
        histnotify: bool = False,
    ) -> Any:
        """The order that calling the class with these parameters makes, in a fraction of the time."""
        order = _new(cls)
        p: Any
        order.params = order.p = p = _new(cls.params)
        p.owner = owner
        p.data = data
        p.size = size
        p.price = price
        p.pricelimit = pricelimit
        p.exectype = exectype
        if valid is not None:
            p.valid = valid
        if oco is not None:
            p.oco = oco
        if trailamount is not None or trailpercent is not None:
            p.trailamount = trailamount
            p.trailpercent = trailpercent
        if parent is not None:
            p.parent = parent
        if tradeid or not transmit or simulated or histnotify:
            p.tradeid = tradeid
            p.transmit = transmit
            p.simulated = simulated
            p.histnotify = histnotify
        order._open(
            owner, data, size, price, pricelimit, exectype, valid, tradeid, oco,
            trailamount, trailpercent, parent, transmit, simulated, histnotify,
        )  # fmt: skip
        return order

    def _open(
        self, owner: Any, data: Any, size: Any, price: Any, limit: Any, exectype: Any, valid: Any,
        tradeid: Any, oco: Any, trailamount: Any, trailpercent: Any, parent: Any, transmit: bool,
        simulated: bool, histnotify: bool,
    ) -> None:  # fmt: skip
        self.ref = next(next_ref)
        self.owner = owner
        self.data = data
        self._trail = []
        if exectype is not None:
            self.exectype = exectype
        if self.ordtype:
            size = -size
        self.size = size
        if simulated:
            # an order known from elsewhere has no bar of its own
            close, when = price, 0.0
            self.simulated = True
        else:
            close, when = data.close[0], data.datetime[0]
        self.executed = executed = _new(OrderData)
        executed.remsize = size
        self.created = created = requested(size, price, limit, close, when)
        created.trailamount = trailamount
        created.trailpercent = trailpercent
        base = created.price
        self.plen = len(data)
        if limit is not None:
            self._plimit = limit
        if self.exectype in _TRAILING:
            self._open_trail(base)
        if valid is not None:
            self.valid = self._expiry(valid)
        if tradeid:
            self.tradeid = tradeid
        if oco is not None:
            self.oco = oco
        if parent is not None:
            self.parent = parent
            self._active = False
        if not transmit:
            self.transmit = False
        if histnotify:
            self.histnotify = True

    def _open_trail(self, base: Any) -> None:
        if self.exectype == self.StopTrailLimit:
            self._limitoffset = base - self.created.pricelimit
        self.created.price = float("-inf" if self.ordtype else "inf")
        self.trailadjust(base)

    def _expiry(self, valid: Any) -> Any:
        """The number that the bar's time is compared with."""
        data = self.data
        if isinstance(valid, (datetime.datetime, datetime.date)):
            return data.date2num(valid)
        if isinstance(valid, datetime.timedelta):
            if valid == self.DAY:
                return data.date2num(datetime.datetime.combine(data.datetime.date(), _END_OF_DAY))
            return data.date2num(data.datetime.datetime() + valid)
        # compat: any other number is taken as a time itself, so 0 never expires and 5 is long gone
        return valid

    def __eq__(self, other: Any) -> bool:
        return other is not None and self.ref == getattr(other, "ref", None)

    def __ne__(self, other: Any) -> bool:
        return not self == other

    def __hash__(self) -> int:
        return self.ref

    def __str__(self) -> str:
        created = self.created
        rows = (
            ("Ref", self.ref), ("OrdType", self.ordtype), ("OrdType", self.ordtypename()),
            ("Status", self.status), ("Status", self.getstatusname()), ("Size", created.size),
            ("Price", self.p.price), ("Price Limit", self.p.pricelimit), ("TrailAmount", self.p.trailamount),
            ("TrailPercent", self.p.trailpercent),
            ("ExecType", self.exectype), ("ExecType", self.getordername()),
            ("CommInfo", self.comminfo), ("End of Session", self.dteos), ("Info", self.info),
            ("Broker", self.broker), ("Alive", self.alive()),
        )  # fmt: skip
        return "\n".join(f"{name}: {value}" for name, value in rows)

    _repr_html_ = order_card

    # -- what was said along with it -----------------------------------------------------------
    @property
    def info(self) -> Any:
        """Extra keywords of the request and remarks of the broker; all copies of an order share it."""
        info = self.created._info
        if info is None:
            info = self.created._info = AutoOrderedDict()
        return info

    @info.setter
    def info(self, value: Any) -> None:
        self.created._info = value

    def addinfo(self, **kwargs: Any) -> None:
        """Add remarks, readable as ``order.info.name``."""
        info = self.info
        for key, value in kwargs.items():
            info[key] = value

    @property
    def plimit(self) -> Any:
        """The limit price as it was given."""
        return self._plimit

    @plimit.setter
    def plimit(self, value: Any) -> None:
        self._plimit = value

    # -- questions -----------------------------------------------------------------------------
    def getstatusname(self, status: int | None = None) -> str:
        """The name of the status, or of another one."""
        return self.Status[self.status if status is None else status]

    def getordername(self, exectype: int | None = None) -> str:
        """The name of the execution type, or of another one."""
        return self.ExecTypes[self.exectype if exectype is None else exectype]

    @classmethod
    def ExecType(cls, exectype: str) -> Any:
        """The number of an execution type given by its name."""
        return getattr(cls, exectype)

    def ordtypename(self, ordtype: int | None = None) -> str:
        """``Buy`` or ``Sell``."""
        return self.OrdTypes[self.ordtype if ordtype is None else ordtype]

    def isbuy(self) -> bool:
        """Whether it buys."""
        return bool(self.ordtype == self.Buy)

    def issell(self) -> bool:
        """Whether it sells."""
        return bool(self.ordtype == self.Sell)

    def active(self) -> bool:
        """Whether it may be matched; children of a bracket are not until their parent is done."""
        return self._active

    def alive(self) -> bool:
        """Whether it can still be executed."""
        return self.status <= 3

    def brokerstatus(self) -> Any:
        """The status the broker knows, or the own one if no broker is known."""
        return self.status if self.broker is None else self.broker.orderstatus(self)

    @property
    def machine(self) -> fsm.OrderStateMachine:
        """The order as a state machine, with the history of its states."""
        return fsm.OrderStateMachine(self)

    # -- changes -------------------------------------------------------------------------------
    def activate(self) -> None:
        """Let it be matched from now on."""
        self._active = True
        rouse(self)

    def setposition(self, position: Any) -> None:
        """Note the position it will act on."""
        self.position = position

    def addcomminfo(self, comminfo: Any) -> None:
        """Note the commission scheme it was charged with."""
        self.comminfo = comminfo

    def _go(self, status: int) -> bool:
        """Change the status; hearing the same again is no news."""
        if status == self.status and status != fsm.PARTIAL:
            return False
        fsm.advance(self, status, None if self.simulated or self.data is None else self.data.datetime[0])
        return True

    def _end(self, status: int) -> bool:
        if not self._go(status):
            return False
        if not self.simulated:
            self._own_executed().dt = self.data.datetime[0]
        return True

    def _own_executed(self) -> OrderData:
        """``executed``, no longer shared with the copies already handed out."""
        executed: OrderData = self.executed
        if self._shared:
            self.executed = executed = executed.detached()
            self._shared = False
        return executed

    def submit(self, broker: Any = None) -> None:
        """It went to the broker."""
        self._go(fsm.SUBMITTED)
        self.broker = broker
        self.plen = len(self.data)

    def accept(self, broker: Any = None) -> None:
        """The broker took it."""
        self._go(fsm.ACCEPTED)
        self.broker = broker

    def reject(self, broker: Any = None) -> bool:
        """The broker refused it; False if that was known."""
        done = self._end(fsm.REJECTED)
        if done:
            self.broker = broker
        return done

    def cancel(self) -> None:
        """It was withdrawn."""
        self._end(fsm.CANCELED)

    def margin(self) -> None:
        """There was not enough cash."""
        self._end(fsm.MARGIN)

    def completed(self) -> None:
        """All of it is executed."""
        self._go(fsm.COMPLETED)

    def partial(self) -> None:
        """A part of it is executed."""
        self._go(fsm.PARTIAL)

    def execute(
        self, dt: Any, size: float, price: float, closed: float, closedvalue: float, closedcomm: float,
        opened: float, openedvalue: float, openedcomm: float, margin: Any, pnl: float,
        psize: float, pprice: float,
    ) -> None:  # fmt: skip
        """Take in a fill: the numbers, and the status they lead to."""
        if not size:
            return
        executed = self._own_executed()
        executed.add(
            dt,
            size,
            price,
            closed,
            closedvalue,
            closedcomm,
            opened,
            openedvalue,
            openedcomm,
            pnl,
            psize,
            pprice,
        )
        executed.margin = margin
        fsm.advance(self, fsm.PARTIAL if executed.remsize else fsm.COMPLETED, dt)

    def expire(self) -> bool:
        """End it if its time is over; whether that happened."""
        return True

    def trailadjust(self, price: Any) -> None:
        """Let a trailing stop follow ``price``."""

    def clone(self) -> Any:
        """A copy with the state of now, as notifications carry it."""
        executed = self.__dict__.get("executed")
        if executed is None:  # a plain order that nobody looked into: its numbers are all there is to copy
            twin = _new(self.__class__)
            twin.__dict__ = self.__dict__.copy()
            return twin
        fills = len(executed.exbits)
        if executed.p1 != fills or executed.p2 != fills:
            executed = self._own_executed()
            executed.p1, executed.p2 = executed.p2, fills
        self._shared = True
        twin = _new(self.__class__)
        twin.__dict__ = self.__dict__.copy()
        return twin


class Order(OrderBase):
    """An order that expires and trails; `BuyOrder` and `SellOrder` are what brokers make."""

    def expire(self) -> bool:
        """End it if its time is over; whether that happened.  Market orders wait for ever."""
        valid = self.valid
        if not valid or self.exectype == self.Market or not self.data.datetime[0] > valid:
            return False
        self._end(fsm.EXPIRED)
        return True

    def trailadjust(self, price: Any) -> None:
        """Let a trailing stop follow ``price``, only ever in its own favour."""
        created = self.created
        distance = created.trailamount or (price * created.trailpercent if created.trailpercent else 0.0)
        if self.ordtype:
            price -= distance
            if not price > created.price:
                return
        else:
            price += distance
            if not price < created.price:
                return
        created.price = price
        if self.exectype == self.StopTrailLimit:
            created.pricelimit = price - self._limitoffset


class BuyOrder(Order):
    """An order to buy."""

    ordtype = OrderBase.Buy


class StopBuyOrder(BuyOrder):
    """A buy order, by its old name for stops."""


class StopLimitBuyOrder(BuyOrder):
    """A buy order, by its old name for stops with a limit."""


class SellOrder(Order):
    """An order to sell; its size is negative."""

    ordtype = OrderBase.Sell


class StopSellOrder(SellOrder):
    """A sell order, by its old name for stops."""


class StopLimitSellOrder(SellOrder):
    """A sell order, by its old name for stops with a limit."""
