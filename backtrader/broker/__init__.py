"""Orders in, executions out: order states, matching, accounting, commission, positions, trades.

The names that upstream has in its modules ``broker``, ``order``, ``position``, ``trade``,
``comminfo``, ``commissions``, ``fillers`` and ``brokers`` are all here.
"""

from __future__ import annotations

import typing as _typing

from ..compat import names as _names
from . import fillers
from .back import BackBroker, BrokerBack
from .base import BrokerBase
from .commission import CommInfoBase, CommissionInfo
from .commissions import (
    CommInfo,
    CommInfo_Futures,
    CommInfo_Futures_Fixed,
    CommInfo_Futures_Perc,
    CommInfo_Stocks,
    CommInfo_Stocks_Fixed,
    CommInfo_Stocks_Perc,
)
from .fsm import OrderState, OrderStateMachine
from .order import (
    BuyOrder,
    Order,
    OrderBase,
    OrderData,
    OrderExecutionBit,
    SellOrder,
    StopBuyOrder,
    StopLimitBuyOrder,
    StopLimitSellOrder,
    StopSellOrder,
)
from .position import Position
from .trade import Trade, TradeHistory

filler = fillers

__all__ = [
    "BackBroker",
    "BrokerBack",
    "BrokerBase",
    "BuyOrder",
    "CommInfo",
    "CommInfoBase",
    "CommInfo_Futures",
    "CommInfo_Futures_Fixed",
    "CommInfo_Futures_Perc",
    "CommInfo_Stocks",
    "CommInfo_Stocks_Fixed",
    "CommInfo_Stocks_Perc",
    "CommissionInfo",
    "Order",
    "OrderBase",
    "OrderData",
    "OrderExecutionBit",
    "OrderState",
    "OrderStateMachine",
    "Position",
    "SellOrder",
    "StopBuyOrder",
    "StopLimitBuyOrder",
    "StopLimitSellOrder",
    "StopSellOrder",
    "Trade",
    "TradeHistory",
    "filler",
    "fillers",
]


def __getattr__(name: str) -> _typing.Any:
    found = globals()[name] = _names.vendor("brokers", name)
    return found
