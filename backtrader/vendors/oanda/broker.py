"""Orders to Oanda."""

from __future__ import annotations

from typing import Any

from ...broker.base import BrokerBase
from ...broker.commission import CommInfoBase
from ..gone import OANDA, NetValue
from .store import OandaStore

_ORDER = (
    "self, owner, data, size, price=None, plimit=None, exectype=None, valid=None, tradeid=0, oco=None, "
    "trailamount=None, trailpercent=None, parent=None, transmit=True, **kwargs"
)


class OandaCommInfo(NetValue, CommInfoBase):
    """What an operation costs; the vendor's commission is in the spread."""


@OANDA.refuses(
    {
        "__init__": "self, **kwargs",
        "buy": _ORDER,
        "sell": _ORDER,
        "data_started": "self, data",
        "getposition": "self, data, clone=True",
        "notify": "self, order",
        "orderstatus": "self, order",
    }
)
class OandaBroker(BrokerBase):
    """A broker at the vendor; refuses to be made."""

    params: Any = (
        ("use_positions", True),
        ("commission", OandaCommInfo(mult=1.0, stocklike=False)),
    )


OandaStore.BrokerCls = OandaBroker
