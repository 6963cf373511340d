"""Studies in a browser, while they run: progress, queue, charts, and buttons to stop and to resume.

>>> serve("studies.db")                                        # http://127.0.0.1:8765
>>> serve("studies.db", host="0.0.0.0")                        # asks everybody for a token, which it says

Whoever may open the page may stop and start work on this machine.  Hence it is bound to this machine
alone unless told otherwise, wants a token when it is not, and takes orders only from its own pages.
"""

from __future__ import annotations

import secrets
import sys
from collections.abc import Callable
from typing import Any

from ..utils.optional import require
from .guard import is_loopback
from .store import Store, StudyRecord

__all__ = ["DEFAULT_PORT", "serve"]

DEFAULT_PORT = 8765


def serve(
    storage: Any = None,
    host: str = "127.0.0.1",
    port: int = DEFAULT_PORT,
    token: str | None = None,
    *,
    theme: str = "auto",
    language: str = "auto",
    driver: Callable[[StudyRecord, Store], list[str] | None] | None = None,
    ready: Callable[[str], Any] | None = None,
    every: float = 1.0,
) -> None:
    """Serve the studies of ``storage`` until Ctrl-C.

    ``token`` is wanted of whoever comes; if ``host`` is not this machine alone and there is none, one is
    made.  ``port`` 0 takes a free one.  ``ready(address)`` is called once the page can be opened; without
    it the address is written to the standard error.  ``driver(record, store)`` gives the command that
    goes on with a study, or None if it cannot be resumed from here; by default it is
    ``python -m backtrader.opt resume NAME --storage URL`` for studies that remember how they were begun
    (``settings["command"]``).  ``every`` is how often, in seconds, the store is looked at.
    """
    require("aiohttp", "opt", "serve()")
    from .webapp import run

    if token is None and not is_loopback(host):
        token = secrets.token_urlsafe(18)
    run(
        Store.open(storage), host, port, token, ready or _say,
        driver=driver, looks={"theme": theme, "language": language}, every=every,
    )  # fmt: skip


def _say(address: str) -> None:
    print(f"Studies at {address}  (Ctrl-C ends)", file=sys.stderr, flush=True)
