"""How classes of a vendor say that there is no connection any more."""

from __future__ import annotations

import ast
import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from ..errors import BacktraderError

_Class = TypeVar("_Class", bound=type)

_INSTEAD = (
    "To trade live use real_trade (python -m real_trade: Binance, OKX, Bybit, CTP futures, A-shares); "
    "for another venue derive from bt.Store, bt.DataBase and bt.BrokerBase; for history read a file "
    "with bt.feeds.GenericCSVData or bt.feeds.PandasData"
)


@dataclass(frozen=True)
class Vendor:
    """A vendor that upstream could connect to, and why that is over."""

    name: str
    reason: str

    def error(self, what: str) -> BacktraderError:
        """The error for using ``what``."""
        return BacktraderError(
            f"{what} connects to {self.name}, which is not possible: {self.reason}. {_INSTEAD}"
        )

    def refuses(self, methods: Mapping[str, str]) -> Callable[[_Class], _Class]:
        """Give a class methods that raise: by name, the arguments as they are written in a signature."""

        def decorate(cls: _Class) -> _Class:
            for name, arguments in {"__init__": "self, *args, **kwargs", **methods}.items():
                setattr(cls, name, self._refusing(cls.__name__, name, arguments))
            return cls

        return decorate

    def _refusing(self, owner: str, name: str, arguments: str) -> Callable[..., Any]:
        what = owner if name == "__init__" else f"{owner}.{name}()"

        def method(self_: Any, *args: Any, **kwargs: Any) -> Any:
            raise self.error(what)

        method.__name__, method.__qualname__ = name, f"{owner}.{name}"
        method.__signature__ = signature_of(arguments)  # type: ignore[attr-defined]
        return method


def signature_of(arguments: str) -> inspect.Signature:
    """The signature for arguments written as in a ``def``; defaults are literals."""
    return inspect.Signature([_parameter(part) for part in arguments.split(", ")])


def _parameter(part: str) -> inspect.Parameter:
    make = inspect.Parameter
    name, has_default, default = part.partition("=")
    if name.startswith("**"):
        return make(name[2:], make.VAR_KEYWORD)
    if name.startswith("*"):
        return make(name[1:], make.VAR_POSITIONAL)
    value = ast.literal_eval(default) if has_default else make.empty
    return make(name, make.POSITIONAL_OR_KEYWORD, default=value)


class NetValue:
    """Costs of a share that is paid in full: mixed into the commission schemes of vendors."""

    def getvaluesize(self, size: float, price: float) -> float:
        """The value of a position."""
        return abs(size) * price

    def getoperationcost(self, size: float, price: float) -> float:
        """The cash that an operation needs."""
        return abs(size) * price


IB = Vendor("Interactive Brokers", "it went through the package IbPy, which is no longer maintained")
OANDA = Vendor("Oanda", "it went through the package oandapy to an interface that Oanda has switched off")
VC = Vendor("Visual Chart", "it drove a program for Windows through an interface that is out of date")
