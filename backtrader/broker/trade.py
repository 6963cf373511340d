"""A trade: from the fill that opens a position to the one that closes it, under one trade id."""

from __future__ import annotations

from itertools import count
from typing import Any

from ..utils.autodict import AutoOrderedDict
from ..utils.dateintern import num2date
from .display import trade_card

__all__ = ["Trade", "TradeHistory"]


class TradeHistory(AutoOrderedDict):
    """One step of a trade: ``status`` is the trade after it, ``event`` the fill that caused it."""

    def __init__(
        self,
        status: Any,
        dt: Any,
        barlen: int,
        size: float,
        price: float,
        value: float,
        pnl: float,
        pnlcomm: float,
        tz: Any,
        event: Any = None,
    ) -> None:
        super().__init__()
        self.status = now = AutoOrderedDict()
        now.status = status
        now.dt = dt
        now.barlen = barlen
        now.size = size
        now.price = price
        now.value = value
        now.pnl = pnl
        now.pnlcomm = pnlcomm
        now.tz = tz
        if event is not None:
            self.event = event

    def __reduce__(self) -> Any:
        s = self.status
        return type(self), (
            s.status, s.dt, s.barlen, s.size, s.price, s.value, s.pnl, s.pnlcomm, s.tz, self.get("event")
        )  # fmt: skip

    def doupdate(self, order: Any, size: float, price: float, commission: float) -> None:
        """Note the fill and close the entry."""
        self.event = event = AutoOrderedDict()
        event.order = order
        event.size = size
        event.price = price
        event.commission = commission
        self._close()

    def datetime(self, tz: Any = None, naive: bool = True) -> Any:
        """When it happened, in the time zone of the feed unless told otherwise."""
        return num2date(self.status.dt, tz or self.status.tz, naive)


class Trade:
    """Size, average price, gross and net profit of one round trip.

    The price stays the average entry price after closing; ``pnlcomm`` counts commission from the
    opening on.  True while something is open.
    """

    refbasis = count(1)

    status_names = ["Created", "Open", "Closed"]
    Created, Open, Closed = range(3)

    def __init__(
        self,
        data: Any = None,
        tradeid: Any = 0,
        historyon: bool = False,
        size: float = 0,
        price: float = 0.0,
        value: float = 0.0,
        commission: float = 0.0,
    ) -> None:
        self.ref = next(Trade.refbasis)
        self.data = data
        self.tradeid = tradeid
        self.size = size
        self.price = price
        self.value = value
        self.commission = commission
        self.pnl = self.pnlcomm = 0.0
        self.justopened = self.isopen = self.isclosed = False
        self.baropen = self.barclose = self.barlen = 0
        self.dtopen: Any = 0.0
        self.dtclose: Any = 0.0
        self.long: bool | None = None
        self.historyon = historyon
        self.history: list[TradeHistory] = []
        self.status = self.Created

    def __len__(self) -> int:
        return abs(self.size)  # type: ignore[return-value]

    def __bool__(self) -> bool:
        return self.size != 0

    def __str__(self) -> str:
        names = (
            "ref", "data", "tradeid", "size", "price", "value", "commission", "pnl", "pnlcomm",
            "justopened", "isopen", "isclosed", "baropen", "dtopen", "barclose", "dtclose", "barlen",
            "historyon", "history", "status",
        )  # fmt: skip
        return "\n".join(f"{name}:{getattr(self, name)}" for name in names)

    _repr_html_ = trade_card

    def clone(self) -> Trade:
        """A copy, as notifications carry it; the list of history entries stays shared."""
        twin = object.__new__(self.__class__)
        twin.__dict__ = self.__dict__.copy()
        return twin

    __copy__ = clone

    def getdataname(self) -> Any:
        """The name of the feed."""
        return self.data._name

    def open_datetime(self, tz: Any = None, naive: bool = True) -> Any:
        """When it was opened, in the feed's time zone."""
        return self.data.num2date(self.dtopen, tz=tz, naive=naive)

    def close_datetime(self, tz: Any = None, naive: bool = True) -> Any:
        """When it was closed, in the feed's time zone."""
        return self.data.num2date(self.dtclose, tz=tz, naive=naive)

    def update(
        self,
        order: Any,
        size: float,
        price: float,
        value: float,
        commission: float,
        pnl: float,
        comminfo: Any,
    ) -> None:
        """Take in a fill; profit and value are worked out anew from the trade's own average price."""
        if not size:
            return
        held, data = self.size, self.data
        self.size = total = held + size
        self.commission += commission
        bars = len(data)
        self.justopened = not held
        if not held:
            self.baropen = bars
            self.dtopen = 0.0 if order.simulated else data.datetime[0]
            self.long = total > 0
        self.barlen = bars - self.baropen
        if total:
            self.isopen = True
            self.isclosed = False
            self.status = self.Open
        else:
            self.isopen = False
            self.isclosed = bool(held)
            if held:
                self.status = self.Closed
                self.barclose = bars
                self.dtclose = 0.0 if order.simulated else data.datetime[0]
        if abs(total) > abs(held):
            self.price = (held * self.price + size * price) / total
        else:
            self.pnl += comminfo.profitandloss(-size, self.price, price)
        self.pnlcomm = self.pnl - self.commission
        self.value = comminfo.getvaluesize(total, self.price)
        if self.historyon:
            self._remember(order, size, price, commission)

    def _remember(self, order: Any, size: float, price: float, commission: float) -> None:
        when = 0.0 if order.simulated else self.data.datetime[0]
        entry = TradeHistory(
            self.status,
            when,
            self.barlen,
            self.size,
            self.price,
            self.value,
            self.pnl,
            self.pnlcomm,
            self.data._tz,
        )
        entry.doupdate(order, size, price, commission)
        self.history.append(entry)
