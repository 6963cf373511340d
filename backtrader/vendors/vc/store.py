"""The connection to Visual Chart."""

from __future__ import annotations

import datetime as _dt
from typing import Any

from ...stores.base import MetaSingleton
from ..gone import VC


@VC.refuses(
    {
        "__init__": "self, store",
        "OnInternalEvent": "self, p1, p2, p3",
        "OnNewTicks": "self, ArrayTicks",
        "OnServerShutDown": "self",
    }
)
class RTEventSink:
    """Takes the program's events; refuses to be made."""


@VC.refuses(
    {
        "connected": "self",
        "find_vchart": "self",
        "get_notifications": "self",
        "put_notification": "self, msg, *args, **kwargs",
        "start": "self, data=None, broker=None",
        "stop": "self",
    }
)
class VCStore(metaclass=MetaSingleton):
    """The connection; refuses to be made."""

    MAXUINT = 0xFFFFFFFF // 2
    MAXDATE1 = _dt.datetime.max - _dt.timedelta(days=1, seconds=1)
    MAXDATE2 = _dt.datetime.max - _dt.timedelta(seconds=1)

    VC64_DLLS = ("VCDataSource64.dll", "VCRealTimeLib64.dll", "COMTraderInterfaces64.dll")
    VC_DLLS = ("VCDataSource.dll", "VCRealTimeLib.dll", "COMTraderInterfaces.dll")
    VC_TLIBS = (
        ["{EB2A77DC-A317-4160-8833-DECF16275A05}", 1, 0],
        ["{86F1DB04-2591-4866-A361-BB053D77FA18}", 1, 0],
        ["{20F8873C-35BE-4DB4-8C2A-0A8D40F8AEC3}", 1, 0],
    )
    VC_KEYNAME = r"SOFTWARE\VCG\Visual Chart 6\Config"
    VC_KEYVAL = "Directory"
    VC_BINPATH = "bin"

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
