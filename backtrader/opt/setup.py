"""The Cerebro of a search: feeds, broker, sizer and analyzers as the user gave them."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from typing import Any

from ..broker.base import BrokerBase
from ..broker.commission import CommInfoBase
from ..core.cerebro import Cerebro
from ..errors import UnknownParameterError
from ..sizers.fixedsize import FixedSize
from ..utils.params import nearest
from .sources import feeds_of

__all__ = ["Setup"]


class Setup:
    """What belongs to every run besides the strategy, kept until the Cerebro is made."""

    def __init__(
        self,
        data: Any,
        cash: float | None = None,
        commission: Any = None,
        sizer: Any = None,
        analyzers: Any = (),
        broker: Any = None,
        options: Mapping[str, Any] | None = None,
    ) -> None:
        self.data = data
        self.cash, self.commission, self.sizer, self.broker = cash, commission, sizer, broker
        self.analyzers = _by_name(analyzers)
        self.options = {"stdstats": False, **(options or {})}

    def cerebro(self) -> Any:
        """A Cerebro with all of it, but for the strategy."""
        cerebro = Cerebro(**self.options)
        for feed, name in feeds_of(self.data):
            cerebro.adddata(feed, name=name)
        self._set_broker(cerebro)
        if self.sizer is not None:
            cls, kwargs = (FixedSize, {"stake": self.sizer}) if _is_number(self.sizer) else _spec(self.sizer)
            cerebro.addsizer(cls, **kwargs)
        for name, (cls, kwargs) in self.analyzers:
            cerebro.addanalyzer(cls, **({"_name": name} if name else {}), **kwargs)
        return cerebro

    def _set_broker(self, cerebro: Any) -> None:
        given = self.broker
        if isinstance(given, Mapping):
            for name, value in given.items():
                if name not in cerebro.broker.p._pairs:
                    known = nearest(name, cerebro.broker.p._pairs)
                    raise UnknownParameterError(f"the broker has no setting {name!r}; {known}")
                setattr(cerebro.broker.p, name, value)
        elif isinstance(given, BrokerBase):
            cerebro.setbroker(copy.copy(given))
        elif given is not None:
            cerebro.setbroker(given())
        broker = cerebro.broker
        if self.cash is not None:
            broker.setcash(float(self.cash))
        if isinstance(self.commission, Mapping):
            broker.setcommission(**self.commission)
        elif isinstance(self.commission, CommInfoBase):
            broker.addcommissioninfo(self.commission)
        elif self.commission is not None:
            broker.setcommission(commission=float(self.commission))


def _is_number(given: Any) -> bool:
    return isinstance(given, int | float)


def _spec(given: Any) -> tuple[Any, dict[str, Any]]:
    """(class, keywords) of a class, or of a class with its keywords."""
    if isinstance(given, tuple | list):
        cls, *rest = given
        return cls, dict(rest[0]) if rest else {}
    return given, {}


def _by_name(analyzers: Any) -> list[tuple[str, tuple[Any, dict[str, Any]]]]:
    if isinstance(analyzers, Mapping):
        return [(str(name), _spec(each)) for name, each in analyzers.items()]
    if isinstance(analyzers, type):
        analyzers = [analyzers]
    return [("", _spec(each)) for each in analyzers]
