"""Orders to Interactive Brokers."""

from __future__ import annotations

from typing import Any

from ...broker.base import BrokerBase
from ...broker.commission import CommInfoBase
from ...broker.order import Order
from ..gone import IB, NetValue
from .store import IBStore

_ORDER = "self, owner, data, size, price=None, plimit=None, exectype=None, valid=None, tradeid=0, **kwargs"


class IBCommInfo(NetValue, CommInfoBase):
    """What an operation costs; the vendor charges the commission."""


@IB.refuses({"__init__": "self, action, **kwargs", "__str__": "self"})
class IBOrder(Order):
    """An order as the vendor wants it; refuses to be made."""


@IB.refuses({"__init__": "self, orderstate", "__str__": "self"})
class IBOrderState:
    """What the vendor says about an order; refuses to be made."""


@IB.refuses(
    {
        "__init__": "self, **kwargs",
        "buy": _ORDER,
        "sell": _ORDER,
        "notify": "self, order",
        "orderstatus": "self, order",
        "push_commissionreport": "self, cr",
        "push_execution": "self, ex",
        "push_ordererror": "self, msg",
        "push_orderstate": "self, msg",
        "push_orderstatus": "self, msg",
        "push_portupdate": "self",
        "getposition": "self, data, clone=True",
    }
)
class IBBroker(BrokerBase):
    """A broker at the vendor; refuses to be made."""

    SUBMITTED, FILLED, CANCELLED, INACTIVE = "Submitted", "Filled", "Cancelled", "Inactive"
    PENDINGSUBMIT, PENDINGCANCEL, PRESUBMITTED = "PendingSubmit", "PendingCancel", "PreSubmitted"

    params: Any = ()


IBStore.BrokerCls = IBBroker
