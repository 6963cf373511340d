"""One connection to the outside, shared by the feeds and the broker that use it."""

from __future__ import annotations

from collections import deque
from typing import Any

from ..utils.construct import MetaParams


class MetaSingleton(MetaParams):
    """At most one object of every class; a second call gives the first object again."""

    _singleton: Any

    def __init__(cls, name: str, bases: tuple[type, ...], dct: dict[str, Any], **kwargs: Any) -> None:
        super().__init__(name, bases, dct, **kwargs)
        cls._singleton = None

    def __call__(cls, *args: Any, **kwargs: Any) -> Any:
        if cls._singleton is None:
            cls._singleton = super().__call__(*args, **kwargs)
        return cls._singleton


class Store(metaclass=MetaSingleton):
    """Base of stores: makes feeds and a broker bound to it and keeps their messages.

    The feed and the broker class register themselves by setting ``DataCls`` and ``BrokerCls`` on
    the store's class, usually from a metaclass of their own.
    """

    params: Any = ()
    p: Any

    BrokerCls: Any = None
    DataCls: Any = None

    _started = False
    _env: Any
    _cerebro: Any
    broker: Any
    datas: list[Any]
    notifs: deque[Any]

    def getdata(self, *args: Any, **kwargs: Any) -> Any:
        """A feed of ``DataCls`` that uses this store."""
        data = self.DataCls(*args, **kwargs)
        data._store = self
        return data

    @classmethod
    def getbroker(cls, *args: Any, **kwargs: Any) -> Any:
        """A broker of ``BrokerCls`` that uses this store."""
        broker = cls.BrokerCls(*args, **kwargs)
        broker._store = cls  # compat: the class, not the object
        return broker

    def start(self, data: Any = None, broker: Any = None) -> None:
        """Called by Cerebro, then by every feed and the broker as they start."""
        if not self._started:
            self._started = True
            self.notifs, self.datas, self.broker = deque(), [], None
        if data is not None:
            self._start_data(data)
        elif broker is not None:
            self.broker = broker

    def _start_data(self, data: Any) -> None:
        self._cerebro = self._env = data._env
        self.datas.append(data)
        tell = getattr(self.broker, "data_started", None)
        if tell is not None:
            tell(data)

    def stop(self) -> None:
        """Called when the run ends."""

    def put_notification(self, msg: Any, *args: Any, **kwargs: Any) -> None:
        """Leave a message for ``notify_store``; may be called from any thread."""
        self.notifs.append((msg, args, kwargs))

    def get_notifications(self) -> list[Any]:
        """The messages left until now; other threads may go on adding."""
        return [self.notifs.popleft() for _ in range(len(self.notifs))]
