"""The table of what can be asked: one line for each request, whether it comes by REST or over a socket."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ...accounts import Account, Key
from ..base import Call
from .params import Params

if TYPE_CHECKING:
    from .face import BinanceFace

__all__ = ["Ask", "Endpoint", "Table"]


@dataclass(slots=True)
class Ask:
    """A request that was let in."""

    face: Any
    call: Call
    params: Params
    account: Account
    key: Key | None = None

    @property
    def listing_symbol(self) -> str:
        """Our word for the symbol that the request is about."""
        face: BinanceFace = self.face
        return face.ours(self.params.text("symbol"))


Handler = Callable[[Any], Any]


@dataclass(frozen=True, slots=True)
class Endpoint:
    """``security``: ``none``, ``key`` (a key in the header), ``read`` or ``trade`` (signed as well)."""

    action: str
    handler: Handler
    security: str = "none"
    weight: int = 1
    orders: int = 0
    accepts: frozenset[str] = frozenset()
    weigh: Callable[[Params], int] | None = None


class Table:
    """All endpoints of a face, by method and path, and by the name they have on a socket."""

    def __init__(self) -> None:
        self.rest: dict[tuple[str, str], Endpoint] = {}
        self.socket: dict[str, Endpoint] = {}

    def on(
        self, *routes: str, action: str, ws: str = "", security: str = "none", weight: int = 1,
        orders: int = 0, accepts: str = "", weigh: Callable[[Params], int] | None = None,
    ) -> Callable[[Handler], Handler]:  # fmt: skip
        """Register a function under routes such as ``GET /api/v3/time``."""

        def register(handler: Handler) -> Handler:
            endpoint = Endpoint(action, handler, security, weight, orders, frozenset(accepts.split()), weigh)
            for route in routes:
                method, path = route.split(" ")
                self.rest[method, path] = endpoint
            if ws:
                self.socket[ws] = endpoint
            return handler

        return register

    def merge(self, other: Table) -> None:
        """Take in another table."""
        self.rest.update(other.rest)
        self.socket.update(other.socket)
