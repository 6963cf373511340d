"""What trading one instrument costs: commission, margin, leverage, interest.

A scheme answers questions about sizes and prices and keeps no state of the account, so one object
can serve any number of instruments.  Subclasses usually override ``_getcommission``.
"""

from __future__ import annotations

from typing import Any

from ..utils.construct import ParamsBase

__all__ = ["CommInfoBase", "CommissionInfo"]


class CommInfoBase(ParamsBase):
    """A commission scheme; the defaults are stock-like, free of charge, commission given in percent.

    Without ``commtype`` the margin decides: a scheme with a margin is futures-like with a fixed
    commission a unit, one without is stock-like with a percentage.
    """

    COMM_PERC, COMM_FIXED = 0, 1

    params: Any = (
        ("commission", 0.0),
        ("mult", 1.0),
        ("margin", None),
        ("commtype", None),
        ("stocklike", False),
        ("percabs", False),
        ("interest", 0.0),
        ("interest_long", False),
        ("leverage", 1.0),
        ("automargin", False),
    )
    p: Any

    def __init__(self) -> None:
        super().__init__()
        p = self.p
        if p.commtype is None:
            self._stocklike = not p.margin
            self._commtype = self.COMM_FIXED if p.margin else self.COMM_PERC
        else:
            self._stocklike = p.stocklike
            self._commtype = p.commtype
        if not self._stocklike and not p.margin:
            p.margin = 1.0
        if self._commtype == self.COMM_PERC and not p.percabs:
            p.commission /= 100.0
        self._creditrate = p.interest / 365.0

    @property
    def margin(self) -> Any:
        """The margin of one unit, as given."""
        return self.p.margin

    @property
    def stocklike(self) -> bool:
        """Whether units are paid in full (stocks), or a margin is kept and gains settled daily (futures)."""
        return bool(self._stocklike)

    @property
    def needs_bars(self) -> bool:
        """Whether an open position changes cash by itself, so that a broker must look at it on every bar."""
        if not self._stocklike or self._creditrate:
            return True
        cls = type(self)
        own = _own_ways.get(cls)
        if own is None:
            own = _own_ways[cls] = any(
                getattr(cls, name) is not getattr(CommInfoBase, name) for name in _BAR_METHODS
            )
        return own

    @property
    def plain_value(self) -> bool:
        """Whether value and profit are computed by the methods of this class and not by overrides."""
        cls = type(self)
        return all(getattr(cls, name) is getattr(CommInfoBase, name) for name in _VALUE_METHODS)

    def get_margin(self, price: float) -> Any:
        """The money that one unit keeps bound at ``price``."""
        auto = self.p.automargin
        if not auto:
            return self.p.margin
        return price * (self.p.mult if auto < 0 else auto)

    def get_leverage(self) -> float:
        """By how much the cash needed to open is divided."""
        return self.p.leverage  # type: ignore[no-any-return]

    def getsize(self, price: float, cash: float) -> int:
        """How many units ``cash`` can open at ``price``."""
        unit = price if self._stocklike else self.get_margin(price)
        return int(self.p.leverage * (cash // unit))

    def getoperationcost(self, size: float, price: float) -> float:
        """The cash that opening ``size`` binds."""
        return abs(size) * (price if self._stocklike else self.get_margin(price))

    def getvaluesize(self, size: float, price: float) -> float:
        """What ``size`` is worth at ``price``; a stock-like short is worth a negative amount."""
        if self._stocklike:
            return size * price
        return abs(size) * self.get_margin(price)  # type: ignore[no-any-return]

    def getvalue(self, position: Any, price: float) -> float:
        """What a position is worth when the cash of a short sale was not paid out."""
        if not self._stocklike:
            return abs(position.size) * self.get_margin(price)  # type: ignore[no-any-return]
        size, entry = position.size, position.price
        if size < 0:  # a short is worth its entry and what it gained since
            return entry * size + (entry - price) * size  # type: ignore[no-any-return]
        return size * price  # type: ignore[no-any-return]

    def _getcommission(self, size: float, price: float, pseudoexec: bool) -> float:
        """The commission; ``pseudoexec`` is False only when an execution is final.  Made to be overridden."""
        if self._commtype == self.COMM_PERC:
            return abs(size) * self.p.commission * price  # type: ignore[no-any-return]
        return abs(size) * self.p.commission  # type: ignore[no-any-return]

    def getcommission(self, size: float, price: float) -> float:
        """What executing ``size`` at ``price`` would cost."""
        return self._getcommission(size, price, pseudoexec=True)

    def confirmexec(self, size: float, price: float) -> float:
        """The same once more when it happened, for schemes that count volume."""
        return self._getcommission(size, price, pseudoexec=False)

    def profitandloss(self, size: float, price: float, newprice: float) -> float:
        """What ``size`` gains from ``price`` to ``newprice``."""
        return size * (newprice - price) * self.p.mult  # type: ignore[no-any-return]

    def cashadjust(self, size: float, price: float, newprice: float) -> float:
        """The gain that is settled in cash now: all of it for futures, nothing for stocks."""
        if self._stocklike:
            return 0.0
        return size * (newprice - price) * self.p.mult  # type: ignore[no-any-return]

    def get_credit_interest(self, data: Any, pos: Any, dt: Any) -> float:
        """Interest due for a position since its last charge; daily, on shorts unless ``interest_long``."""
        size, price = pos.size, pos.price
        if size > 0 and not self.p.interest_long:
            return 0.0
        today, last = dt.date(), pos.datetime.date()
        if today <= last:
            return 0.0
        return self._get_credit_interest(data, size, price, (today - last).days, today, last)

    def _get_credit_interest(
        self, data: Any, size: float, price: float, days: int, dt0: Any, dt1: Any
    ) -> float:
        """The interest for ``days`` calendar days.  Made to be overridden."""
        return days * self._creditrate * abs(size) * price  # type: ignore[no-any-return]


_BAR_METHODS = ("cashadjust", "get_credit_interest", "_get_credit_interest")
_own_ways: dict[type, bool] = {}  # by class: whether one of these is not the base's
_VALUE_METHODS = ("getvalue", "getvaluesize", "profitandloss", "get_leverage", "get_margin")


class CommissionInfo(CommInfoBase):
    """The same with the commission as a fraction: 0.001 is 0.1 %."""

    params = (("percabs", True),)
