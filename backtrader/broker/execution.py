"""What an order asked for and what it got: numbers only, no behaviour of an order."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from typing import Any

__all__ = ["OrderData", "OrderExecutionBit", "WatchedData"]

_new = object.__new__


class OrderExecutionBit:
    """One fill: its size, price, what it closed and opened, and the position after it."""

    def __init__(
        self,
        dt: Any = None,
        size: float = 0,
        price: float = 0.0,
        closed: float = 0,
        closedvalue: float = 0.0,
        closedcomm: float = 0.0,
        opened: float = 0,
        openedvalue: float = 0.0,
        openedcomm: float = 0.0,
        pnl: float = 0.0,
        psize: float = 0,
        pprice: float = 0.0,
    ) -> None:
        self.dt = dt
        self.size = size
        self.price = price
        self.closed = closed
        self.opened = opened
        self.closedvalue = closedvalue
        self.openedvalue = openedvalue
        self.closedcomm = closedcomm
        self.openedcomm = openedcomm
        self.value = closedvalue + openedvalue
        self.comm = closedcomm + openedcomm
        self.pnl = pnl
        self.psize = psize
        self.pprice = pprice


class _Fills:
    """``exbits``: the list of fills, one for all copies of an order; it comes into being when it is read."""

    def __get__(self, data: Any, owner: Any = None) -> Any:
        if data is None:
            return self
        own = data.__dict__
        asked = own.get("_asked")
        bits: list[Any] = [] if asked is None else asked.fills()
        own["exbits"] = bits
        return bits


class OrderData:
    """The numbers of a request (``order.created``) or of what was executed of it (``order.executed``).

    Fills are kept in ``exbits``; ``p1`` and ``p2`` mark those that are news in this copy.  Values
    that an object never sets are read from the class, which keeps the two of them cheap to make.
    """

    dt: Any = None
    size: float = 0
    remsize: float = 0
    price: Any = 0.0
    pricelimit: Any = 0.0
    pclose: Any = 0.0
    trailamount: Any = 0.0
    trailpercent: Any = 0.0
    value: float = 0.0
    comm: float = 0.0
    pnl: float = 0.0
    margin: Any = None
    psize: float = 0
    pprice: float = 0
    p1: int = 0
    p2: int = 0
    _plimit: Any = 0.0
    _info: Any = None
    _asked: Any
    exbits: Any = _Fills()

    def __init__(
        self,
        dt: Any = None,
        size: float = 0,
        price: Any = 0.0,
        pricelimit: Any = 0.0,
        remsize: float = 0,
        pclose: Any = 0.0,
        trailamount: Any = 0.0,
        trailpercent: Any = 0.0,
    ) -> None:
        self.exbits = []
        self.dt = dt
        self.size = size
        self.remsize = remsize
        self.price = price
        self.pricelimit = pricelimit or price
        self.pclose = pclose
        self.trailamount = trailamount
        self.trailpercent = trailpercent
        self._plimit = pricelimit

    @property
    def plimit(self) -> Any:
        """The limit as it was given."""
        return self._plimit

    @plimit.setter
    def plimit(self, value: Any) -> None:
        self._plimit = value

    def __len__(self) -> int:
        return len(self.exbits)

    def __getitem__(self, key: Any) -> Any:
        return self.exbits[key]

    def add(
        self,
        dt: Any,
        size: float,
        price: float,
        closed: float = 0,
        closedvalue: float = 0.0,
        closedcomm: float = 0.0,
        opened: float = 0,
        openedvalue: float = 0.0,
        openedcomm: float = 0.0,
        pnl: float = 0.0,
        psize: float = 0,
        pprice: float = 0.0,
    ) -> None:
        """Take in a fill given as numbers."""
        self.addbit(
            OrderExecutionBit(
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
        )

    def addbit(self, exbit: OrderExecutionBit) -> None:
        """Take in a fill: sizes and money add up, the price is the average."""
        self.exbits.append(exbit)
        size = exbit.size
        held = self.size
        self.remsize -= size
        self.dt = exbit.dt
        self.size = total = held + size
        self.price = (held * self.price + size * exbit.price) / total
        self.value += exbit.value
        self.comm += exbit.comm
        self.pnl += exbit.pnl
        self.psize = exbit.psize
        self.pprice = exbit.pprice

    def getpending(self) -> list[OrderExecutionBit]:
        """The fills that are news in this copy."""
        return self.exbits[self.p1 : self.p2]  # type: ignore[no-any-return]

    def iterpending(self) -> Iterator[OrderExecutionBit]:
        """The same, one by one."""
        return islice(self.exbits, self.p1, self.p2)

    def markpending(self) -> None:
        """Count what came since the last mark as news, and what was news as known."""
        self.p1, self.p2 = self.p2, len(self.exbits)

    def clone(self) -> OrderData:
        """A copy with the news marked; the list of fills stays shared."""
        self.markpending()
        return self.detached()

    def watch(self, waiting: Any, ref: int) -> None:
        """From now on call ``waiting.try_again(ref)`` when somebody changes the order by hand."""
        self.__dict__["_watch"] = waiting, ref
        self.__class__ = WatchedData

    def changed(self) -> None:
        """Somebody changed the order by hand."""

    def detached(self) -> OrderData:
        """A plain copy; the list of fills stays shared."""
        twin = _new(self.__class__)
        twin.__dict__ = self.__dict__.copy()
        return twin


class WatchedData(OrderData):
    """``order.created`` of an order that waits: who changes its price by hand is heard."""

    @property
    def price(self) -> Any:
        """The price it is matched with."""
        return self.__dict__["price"]

    @price.setter
    def price(self, value: Any) -> None:
        self.__dict__["price"] = value
        self.changed()

    def changed(self) -> None:
        """Somebody changed the order by hand: it may not wait any longer."""
        waiting, ref = self.__dict__["_watch"]
        waiting.try_again(ref)
