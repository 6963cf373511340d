"""Who may ask a server of studies for anything: its own pages, and whoever has the token.

A page of another site can make a browser send requests to this machine (and, with a name that changes its
address, even read the answers).  Hence a request must name a host we are known by, an order must come from
one of our own pages, and where others can reach us they must have the token.
"""

from __future__ import annotations

import hmac
import ipaddress
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

__all__ = ["COOKIE", "Guard", "is_loopback", "shown_host"]

COOKIE = "backtrader_opt"
_LOCAL = ("localhost", "127.0.0.1", "[::1]")
_ANYWHERE = ("", "0.0.0.0", "::")


def is_loopback(host: str) -> bool:
    """Whether only this machine reaches a server bound to ``host``."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


def shown_host(host: str) -> str:
    """A host as it stands in an address."""
    if host in _ANYWHERE:
        return "127.0.0.1"
    return f"[{host}]" if ":" in host and not host.startswith("[") else host


@dataclass
class Guard:
    """The rules for one server."""

    host: str
    token: str | None

    def objection(self, method: str, headers: Any, token: str | None) -> tuple[int, str] | None:
        """Why a request is turned away, as an HTTP status and a sentence; None if it is welcome."""
        named = headers.get("Host", "")
        if not self._is_ours(named):
            return 421, f"this server is not known as {named!r}"
        if self.token is not None and not hmac.compare_digest((token or "").encode(), self.token.encode()):
            return 401, "open the address that the server printed: it has the token"
        if method not in ("GET", "HEAD"):
            return self._wrong_order(headers, named)
        return None

    def _wrong_order(self, headers: Any, named: str) -> tuple[int, str] | None:
        """Orders come from our own pages, which say so in two ways that other sites cannot."""
        origin = headers.get("Origin")
        if origin is not None and urlsplit(origin).netloc != named:
            return 403, "an order from the page of another site"
        if headers.get("Sec-Fetch-Site", "same-origin") not in ("same-origin", "none"):
            return 403, "an order from the page of another site"
        if headers.get("X-Backtrader") != "1":
            return 403, "an order needs the header X-Backtrader: 1"
        return None

    def _is_ours(self, named: str) -> bool:
        """Whether the host of a request is a name of ours; with a token any name is, as a cookie stays with
        the name it was given to.  The port may be that of a tunnel."""
        if self.token is not None:
            return True
        name = named if named.endswith("]") else named.partition(":")[0] if "[" not in named else ""
        name = name or named.rpartition(":")[0]
        return name.lower() in _LOCAL or name == shown_host(self.host)
