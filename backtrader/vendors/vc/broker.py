"""Orders to Visual Chart."""

from __future__ import annotations

from typing import Any

from ...broker.base import BrokerBase
from ...broker.commission import CommInfoBase
from ..gone import VC, NetValue
from .store import VCStore

_OF_ORDERS = (
    "OnCancelledOrder OnModifiedOrder OnNewOrderLocation OnOrderInMarket OnPartialExecutedOrder "
    "OnTotalExecutedOrder"
)
_OF_ACCOUNTS = "OnChangedBalance OnChangedOpenPositions OnNewClosedOperations"
_ORDER = "self, owner, data, size, price=None, plimit=None, exectype=None, valid=None, tradeid=0, **kwargs"


class VCCommInfo(NetValue, CommInfoBase):
    """What an operation costs; the vendor charges the commission."""


@VC.refuses(
    {
        **dict.fromkeys(_OF_ORDERS.split(), "self, Order"),
        **dict.fromkeys(_OF_ACCOUNTS.split(), "self, Account"),
        "__init__": "self, **kwargs",
        "__call__": "self, trader",
        "OnExecutedOrder": "self, Order, partial",
        "OnInternalEvent": "self, p1, p2, p3",
        "OnServerShutDown": "self",
        "buy": _ORDER,
        "sell": _ORDER,
        "getposition": "self, data, clone=True",
        "notify": "self, order",
        "submit": "self, order, vcorder",
    }
)
class VCBroker(BrokerBase):
    """A broker at the vendor; refuses to be made."""

    params: Any = (
        ("commission", None),
        ("account", None),
    )


VCStore.BrokerCls = VCBroker
