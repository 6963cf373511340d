"""Ready schemes: stocks and futures, charged by percentage or by a fixed amount a unit."""

from __future__ import annotations

from .commission import CommInfoBase

__all__ = [
    "CommInfo",
    "CommInfoBase",
    "CommInfo_Futures",
    "CommInfo_Futures_Fixed",
    "CommInfo_Futures_Perc",
    "CommInfo_Stocks",
    "CommInfo_Stocks_Fixed",
    "CommInfo_Stocks_Perc",
]


class CommInfo(CommInfoBase):
    """The base scheme under its short name."""


class CommInfo_Futures(CommInfoBase):
    """Margin and daily settlement; the margin decides how commission is charged."""

    params = (("stocklike", False),)


class CommInfo_Futures_Perc(CommInfo_Futures):
    """Futures charged by a percentage of price."""

    params = (("commtype", CommInfoBase.COMM_PERC),)


class CommInfo_Futures_Fixed(CommInfo_Futures):
    """Futures charged by a fixed amount a contract."""

    params = (("commtype", CommInfoBase.COMM_FIXED),)


class CommInfo_Stocks(CommInfoBase):
    """Paid in full; what is given decides how commission is charged."""

    params = (("stocklike", True),)


class CommInfo_Stocks_Perc(CommInfo_Stocks):
    """Stocks charged by a percentage of value."""

    params = (("commtype", CommInfoBase.COMM_PERC),)


class CommInfo_Stocks_Fixed(CommInfo_Stocks):
    """Stocks charged by a fixed amount a share."""

    params = (("commtype", CommInfoBase.COMM_FIXED),)
