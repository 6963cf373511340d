"""The connection to Oanda."""

from __future__ import annotations

from typing import Any

from ...errors import BacktraderError
from ...stores.base import MetaSingleton
from ..gone import OANDA

_ARGUMENTLESS = "broker_threads get_cash get_notifications get_positions get_value stop"


class OandaRequestError(BacktraderError):
    """A request was refused."""


class OandaStreamError(BacktraderError):
    """A stream broke off."""

    def __init__(self, content: str = "") -> None:
        super().__init__(content)


class OandaTimeFrameError(BacktraderError):
    """A timeframe that the vendor does not have."""

    def __init__(self, content: str) -> None:
        super().__init__(content)


class OandaNetworkError(BacktraderError):
    """The network failed."""


@OANDA.refuses({"request": "self, endpoint, method='GET', params=None"})
class API:
    """Requests to the vendor; refuses to be made."""


@OANDA.refuses(
    {
        "__init__": "self, q, headers=None, *args, **kwargs",
        "on_error": "self, data",
        "on_success": "self, data",
        "run": "self, endpoint, params=None",
    }
)
class Streamer:
    """A stream of prices or events; refuses to be made."""


@OANDA.refuses(
    {
        **dict.fromkeys(
            ("broker_threads", "get_cash", "get_notifications", "get_positions", "get_value", "stop"), "self"
        ),
        "candles": ("self, dataname, dtbegin, dtend, timeframe, compression, candleFormat, includeFirst"),
        "get_granularity": "self, timeframe, compression",
        "get_instrument": "self, dataname",
        "order_cancel": "self, order",
        "order_create": "self, order, stopside=None, takeside=None, **kwargs",
        "put_notification": "self, msg, *args, **kwargs",
        "start": "self, data=None, broker=None",
        "streaming_events": "self, tmout=None",
        "streaming_prices": "self, dataname, tmout=None",
    }
)
class OandaStore(metaclass=MetaSingleton):
    """The connection; refuses to be made."""

    params: Any = (
        ("token", ""),
        ("account", ""),
        ("practice", False),
        ("account_tmout", 10.0),
    )

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
