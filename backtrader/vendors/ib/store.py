"""The connection to Interactive Brokers."""

from __future__ import annotations

from typing import Any

from ...stores.base import MetaSingleton
from ..gone import IB

_OF_MESSAGES = (
    "accountDownloadEnd commissionReport connectionClosed contractDetails contractDetailsEnd currentTime "
    "error execDetails historicalData managedAccounts nextValidId openOrder orderStatus position "
    "realtimeBar tickPrice tickString updateAccountValue updatePortfolio watcher"
)
_ARGUMENTLESS = (
    "connected get_notifications nextOrderId nextTickerId reqCurrentTime reqPositions startdatas stop "
    "stopdatas timeoffset"
)
_CONTRACT = "symbol, sectype, exch, curr, expiry='', strike=0.0, right='', mult=1"
_HISTORY = "what=None, useRTH=False, tz='', sessionend=None"


@IB.refuses(
    {
        **dict.fromkeys(_OF_MESSAGES.split(), "self, msg"),
        **dict.fromkeys(_ARGUMENTLESS.split(), "self"),
        "calcduration": "self, dtbegin, dtend",
        "calcdurations": "self, dtbegin, dtend",
        "cancelHistoricalData": "self, q",
        "cancelMktData": "self, q",
        "cancelOrder": "self, orderid",
        "cancelQueue": "self, q, sendnone=False",
        "cancelRealTimeBars": "self, q",
        "dt_plus_duration": "self, dt, duration",
        "getContractDetails": "self, contract, maxcount=None",
        "getTickerQueue": "self, start=False",
        "get_acc_cash": "self, account=None",
        "get_acc_value": "self, account=None",
        "get_acc_values": "self, account=None",
        "getdurations": "self, timeframe, compression",
        "getmaxduration": "self, timeframe, compression",
        "getposition": "self, contract, clone=False",
        "histduration": "self, dt1, dt2",
        "logmsg": "self, *args",
        "makecontract": f"self, {_CONTRACT}",
        "placeOrder": "self, orderid, contract, order",
        "reconnect": "self, fromstart=False, resub=False",
        "reqAccountUpdates": "self, subscribe=True, account=None",
        "reqContractDetails": "self, contract",
        "reqHistoricalData": f"self, contract, enddate, duration, barsize, {_HISTORY}",
        "reqHistoricalDataEx": (
            f"self, contract, enddate, begindate, timeframe, compression, {_HISTORY}, tickerId=None"
        ),
        "reqMktData": "self, contract, what=None",
        "reqRealTimeBars": "self, contract, useRTH=False, duration=5",
        "reuseQueue": "self, tickerId",
        "start": "self, data=None, broker=None",
        "tfcomp_to_size": "self, timeframe, compression",
        "validQueue": "self, q",
    }
)
class IBStore(metaclass=MetaSingleton):
    """The connection; refuses to be made."""

    params: Any = (
        ("host", "127.0.0.1"),
        ("port", 7496),
        ("clientId", None),
        ("notifyall", False),
        ("_debug", False),
        ("reconnect", 3),
        ("timeout", 3.0),
        ("timeoffset", True),
        ("timerefresh", 60.0),
        ("indcash", True),
    )

    REQIDBASE = 0x01000000

    BrokerCls: Any = None
    DataCls: Any = None

    @classmethod
    def getdata(cls, *args: Any, **kwargs: Any) -> Any:
        """The feed; refuses to be made."""
        return cls.DataCls(*args, **kwargs)

    @classmethod
    def getbroker(cls, *args: Any, **kwargs: Any) -> Any:
        """The broker; refuses to be made."""
        return cls.BrokerCls(*args, **kwargs)


@IB.refuses({"__init__": "self, rtvol='', price=None, tmoffset=None"})
class RTVolume:
    """A trade as the vendor's stream tells it; refuses to be made."""
