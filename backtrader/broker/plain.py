"""Plain orders: numbers now, objects when somebody looks.

Most orders are market, limit and stop orders that nobody inspects.  One made by `PlainOrder.plain` keeps
what was asked, and its fills, in ``_asked`` and, once executed in one go, its fill in ``_fill``;
``p``, ``created``, ``executed`` and the record of its states come into being when they are read.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable
from itertools import count
from typing import TYPE_CHECKING, Any

from . import fsm
from .execution import OrderData, OrderExecutionBit

__all__ = [
    "Asked", "EndOfSession", "PlainOrder", "ValidUntil", "is_untouched", "next_ref", "price_of", "requested",
    "rouse",
]  # fmt: skip

_new = object.__new__
next_ref = count(1)
_ONE_DAY = datetime.timedelta(days=1)


def requested(size: Any, price: Any, limit: Any, close: Any, when: Any) -> OrderData:
    """``order.created``: the numbers of a request."""
    created = _new(OrderData)
    created.dt = when
    created.size = size
    created.pclose = close
    created.price = base = price or limit or close
    created.pricelimit = limit or base
    created._plimit = limit
    created.trailamount = created.trailpercent = None
    return created


class EndOfSession:
    """``order.dteos``: when the session of the day of creation ends; worked out when first asked."""

    def __get__(self, order: Any, owner: Any = None) -> Any:
        if order is None:
            return self
        when = 0.0
        if not order.simulated:
            data = order.data
            made = data.num2date(order.created.dt)
            end = datetime.datetime.combine(made, data.p.sessionend)
            # what is made after the session is over is for the next one
            when = data.date2num(end if made <= end else end + _ONE_DAY)
        order.dteos = when
        return when


class ValidUntil:
    """``order.valid``: the time after which the order expires; whoever changes it by hand is heard."""

    def __get__(self, order: Any, owner: Any = None) -> Any:
        return None if order is None else order.__dict__.get("_valid")

    def __set__(self, order: Any, when: Any) -> None:
        order.__dict__["_valid"] = when
        rouse(order)


class Asked:
    """What was asked of a plain order: one for all its copies, which store only what differs from this."""

    size: Any
    price: Any = None
    limit: Any = None
    close: float
    when: float
    base: Any  # the price it will be matched with
    bare: bool = False  # a market order about which nothing else was said
    created: OrderData | None = None  # once somebody looked at it
    waiting: Any = None  # who wants to hear of changes, see `OrderData.watch`
    bits: Any = None  # compat: all copies of an order have its fills, also those made before

    def fills(self) -> list[Any]:
        """The fills as people look at them; until then the numbers of the only one are all there is."""
        bits = self.bits
        if type(bits) is list:
            return bits
        self.bits = made = [] if bits is None else [bit_of(bits)]
        return made

    def add(self, fill: tuple[Any, ...]) -> None:
        """The order was filled, in one go."""
        if self.bits is None:
            self.bits = fill
        else:
            self.fills().append(bit_of(fill))


def bit_of(fill: tuple[Any, ...]) -> OrderExecutionBit:
    """A fill as people look at it."""
    return OrderExecutionBit(*fill[:-1])


def is_untouched(own: dict[str, Any]) -> bool:
    """Whether the attributes are those of a plain order that nobody looked into but for what was asked."""
    return "_asked" in own and "executed" not in own and "_trail" not in own


def price_of(own: dict[str, Any]) -> Any:
    """``order.created.price`` out of the attributes of an order."""
    asked = own.get("_asked")
    created: Any = own["created"] if asked is None else asked.created
    return asked.base if asked is not None and created is None else created.price


def rouse(order: Any) -> None:
    """An order was changed by hand: whoever watches it is told."""
    own = order.__dict__
    asked = own.get("_asked")
    if asked is not None:
        if asked.waiting is not None:
            asked.waiting.try_again(own["ref"])
    elif "created" in own:
        own["created"].changed()


class _Part:
    """A part of an order that comes into being when it is read."""

    def __init__(self, build: Callable[[Any], Any]) -> None:
        self.build = build
        self.name = build.__name__.removeprefix("_unpack")

    def __get__(self, order: Any, owner: Any = None) -> Any:
        if order is None:
            return self
        if "_asked" not in order.__dict__:
            raise AttributeError(f"{type(order).__name__!r} object has no {self.name[1:]!r} yet")
        return self.build(order)


class _Parameter:
    """A parameter that is read like an attribute of the order, which may have one of that name later."""

    def __init__(self, name: str) -> None:
        self.name = name

    def __get__(self, order: Any, owner: Any = None) -> Any:
        return self if order is None else getattr(order.p, self.name)


class PlainOrder:
    """The parts of an order that unpack themselves."""

    ordtype: Any
    params: Any
    ref: int
    owner: Any
    data: Any
    size: Any
    status: int
    _asked: Asked
    _fill: tuple[Any, ...]
    _over: tuple[int, float, str]

    if TYPE_CHECKING:

        def __getattr__(self, name: str) -> Any: ...  # not at run time: see `_Parameter`

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        declared: Any = getattr(cls, "params", None)
        for name in getattr(declared, "_pairs", ()):  # ``order.price`` is ``order.p.price``
            if not hasattr(cls, name):
                setattr(cls, name, _Parameter(name))

    @classmethod
    def plain(
        cls, owner: Any, data: Any, size: Any, price: Any = None, limit: Any = None, exectype: Any = None,
        parent: Any = None, transmit: bool = True, here: tuple[float, float, int] | None = None,
    ) -> Any:  # fmt: skip
        """`make` for an order without trail, expiry or group: numbers now, objects when asked for.

        Who makes several orders on one bar may say ``here``: its close, its time and its number.
        """
        order: Any = _new(cls)
        order.ref = next(next_ref)
        order.owner = owner
        order.data = data
        order.size = -size if cls.ordtype else size
        order._asked = asked = _new(Asked)
        asked.size = size
        if here is None:
            asked.close = close = data.close[0]
            asked.when = data.datetime[0]
            order.plen = len(data)
        else:
            asked.close, asked.when, order.plen = here
            close = asked.close
        if price is limit is exectype is parent is None and transmit:
            asked.base = close
            asked.bare = True
            return order
        asked.price = price
        asked.limit = limit
        asked.base = price or limit or close
        if exectype is not None:
            order.exectype = exectype
        if limit is not None:
            order._plimit = limit
        if parent is not None:
            order.parent = parent
            order._active = False
        if not transmit:
            order.transmit = False
        return order

    # -- a plain order turns into the objects people look at when somebody does ----------------------
    def _unpack_params(self) -> Any:
        p: Any
        own, asked = self.__dict__, self._asked
        self.params = self.p = p = _new(type(self).params)
        p.owner, p.data, p.size = self.owner, self.data, asked.size
        p.price, p.pricelimit, p.exectype = asked.price, asked.limit, own.get("exectype")
        if "parent" in own:
            p.parent = own["parent"]
        if "transmit" in own:
            p.transmit = own["transmit"]
        return p

    def _unpack_created(self) -> Any:
        asked = self._asked
        created = asked.created
        if created is None:  # all copies share it, and with it what is said along with the order
            created = requested(self.size, asked.price, asked.limit, asked.close, asked.when)
            asked.created = created
            if asked.waiting is not None:
                created.watch(asked.waiting, self.ref)
        self.created = created
        return created

    def _unpack_executed(self) -> Any:
        self.executed = executed = _new(OrderData)
        own, asked = self.__dict__, self._asked
        fill = own.get("_fill")
        if fill is None:
            executed.remsize = own["size"]
            executed._asked = asked
            if "_over" in own:
                executed.dt = self._over[1]
            return executed
        when, size, price, _, released, released_fee, _, bound, bound_fee, pnl, psize, pprice, margin = fill
        # the sums of `OrderData.addbit` on an empty one, which fills the whole order
        executed.__dict__ = {
            "dt": when,
            "size": size,
            "remsize": own["size"] - size,
            "price": (0.0 + size * price) / size,
            "value": 0.0 + (released + bound),
            "comm": 0.0 + (released_fee + bound_fee),
            "pnl": 0.0 + pnl,
            "psize": psize,
            "pprice": pprice,
            "margin": margin,
            "p2": 1,  # news in this copy
            "_asked": asked,
        }
        return executed

    def _unpack_trail(self) -> Any:
        trail: list[tuple[int, float | None, str]] = []
        self._trail = trail
        if self.status >= fsm.SUBMITTED:
            trail.append((fsm.SUBMITTED, self._asked.when, ""))
        if self.status >= fsm.ACCEPTED:
            trail.append((fsm.ACCEPTED, None, ""))
        if "_fill" in self.__dict__:
            trail.append((fsm.COMPLETED, self._fill[0], ""))
        if "_over" in self.__dict__:
            trail.append(self._over)
        return trail

    p: Any = _Part(_unpack_params)
    created: Any = _Part(_unpack_created)
    executed: Any = _Part(_unpack_executed)
    _trail: Any = _Part(_unpack_trail)
