"""Plain orders: numbers now, objects when somebody looks.

Most orders are market orders that nobody inspects.  One made by `PlainOrder.plain` keeps what was asked
in ``_asked``, its fills in ``_bits`` and, once executed, its fill in ``_fill``; ``p``, ``created``,
``executed`` and the record of its states come into being when they are read.
"""

from __future__ import annotations

import datetime
from itertools import count
from typing import Any

from . import fsm
from .execution import OrderData, OrderExecutionBit

__all__ = ["EndOfSession", "PlainOrder", "ValidUntil", "next_ref", "requested"]

_new = object.__new__
next_ref = count(1)
_ONE_DAY = datetime.timedelta(days=1)


def requested(size: Any, price: Any, limit: Any, close: Any, when: Any) -> OrderData:
    """``order.created``: the numbers of a request."""
    created = _new(OrderData)
    created.exbits = []
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
        own = order.__dict__
        own["_valid"] = when
        created = own.get("created")
        if created is not None and "_watch" in created.__dict__:
            waiting, seat = created.__dict__["_watch"]
            waiting.try_again(seat)


class PlainOrder:
    """The parts of an order that unpack themselves."""

    ordtype: Any
    params: Any
    p: Any
    ref: int
    owner: Any
    data: Any
    size: Any
    status: int
    created: OrderData
    executed: OrderData
    _asked: list[Any]
    _bits: list[Any]
    _fill: tuple[Any, ...]
    _trail: list[tuple[int, float | None, str]]

    def __getattr__(self, name: str) -> Any:
        build = _UNPACKED.get(name)
        if build is not None and "_asked" in self.__dict__:
            return build(self)
        if name in ("p", "params") or name.startswith("__"):
            raise AttributeError(name)
        return getattr(self.p, name)

    @classmethod
    def plain(cls, owner: Any, data: Any, size: Any) -> Any:
        """`make` for a bare market order: numbers now, objects when asked for."""
        order: Any = _new(cls)
        order.ref = next(next_ref)
        order.owner = owner
        order.data = data
        order.size = -size if cls.ordtype else size
        order._asked = [size, data.close[0], data.datetime[0], None]
        order._bits = []
        order.plen = len(data)
        return order

    # -- a plain order turns into the objects people look at when somebody does ----------------------
    def _unpack_params(self) -> Any:
        p: Any
        self.params = self.p = p = _new(type(self).params)
        p.owner, p.data, p.size = self.owner, self.data, self._asked[0]
        return p

    def _unpack_created(self) -> Any:
        _, close, when, created = asked = self._asked
        if created is None:  # all copies share it, and with it what is said along with the order
            created = asked[3] = requested(self.size, None, None, close, when)
        self.created = created
        return created

    def _unpack_executed(self) -> Any:
        self.executed = executed = _new(OrderData)
        bits, fill = self._bits, self.__dict__.get("_fill")
        if fill is None:
            executed.remsize = self.size
        else:
            (
                when,
                size,
                price,
                _,
                closedvalue,
                closedcomm,
                _,
                openedvalue,
                openedcomm,
                pnl,
                psize,
                pprice,
                margin,
            ) = fill
            # the sums of `OrderData.addbit` on an empty one, which fills the whole order
            executed.__dict__ = {
                "dt": when,
                "size": size,
                "remsize": self.size - size,
                "price": (0.0 + size * price) / size,
                "value": 0.0 + (closedvalue + openedvalue),
                "comm": 0.0 + (closedcomm + openedcomm),
                "pnl": 0.0 + pnl,
                "psize": psize,
                "pprice": pprice,
                "margin": margin,
                "p2": 1,  # news in this copy
            }
        # compat: all copies of an order have the fills of it, also those made before
        if bits and type(bits[0]) is tuple:
            bits[0] = OrderExecutionBit(*bits[0][:-1])
        executed.exbits = bits
        return executed

    def _unpack_trail(self) -> Any:
        self._trail = trail = []
        if self.status >= fsm.SUBMITTED:
            trail.append((fsm.SUBMITTED, self._asked[2], ""))
        if self.status >= fsm.ACCEPTED:
            trail.append((fsm.ACCEPTED, None, ""))
        if self.status >= fsm.COMPLETED:
            trail.append((fsm.COMPLETED, self._fill[0], ""))
        return trail


_UNPACKED = {
    "p": PlainOrder._unpack_params,
    "params": PlainOrder._unpack_params,
    "created": PlainOrder._unpack_created,
    "executed": PlainOrder._unpack_executed,
    "_trail": PlainOrder._unpack_trail,
}
