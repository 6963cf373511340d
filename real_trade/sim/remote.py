"""A venue in a process of its own, started and steered from here."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from .wire import Link

__all__ = ["RemoteError", "RemoteVenue"]


class RemoteError(RuntimeError):
    """The venue's process did not start, or said no."""


class RemoteVenue:
    """``with RemoteVenue("--data", "BTC/USDT=flat", "--speed", "0") as venue:``.

    Takes the arguments of ``python -m real_trade sim``.  The calls block and answer with plain data, as
    the control API does; ``link`` is what clients connect through.
    """

    def __init__(self, *arguments: str, patience: float = 30.0) -> None:
        self.arguments = arguments
        self.patience = patience
        self.process: subprocess.Popen[str] | None = None
        self._folder: tempfile.TemporaryDirectory[str] | None = None
        self._link: Link | None = None
        # No proxy stands between two processes of one machine.
        self._opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))

    @property
    def link(self) -> Link:
        """What a client needs to know; `Link.save` writes it down for a third process."""
        if self._link is None:
            raise RemoteError("the venue is not open: use it in `with`")
        return self._link

    def __enter__(self) -> RemoteVenue:
        self._folder = tempfile.TemporaryDirectory()
        info = Path(self._folder.name) / "venue.json"
        output = Path(self._folder.name) / "output.txt"
        with output.open("w") as file:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "real_trade", "sim", "--info", str(info), *self.arguments],
                stdout=file, stderr=subprocess.STDOUT, text=True,
            )  # fmt: skip
        until = time.monotonic() + self.patience
        while self._link is None:
            if self.process.poll() is not None or time.monotonic() > until:
                said = output.read_text()
                self.close()
                raise RemoteError(f"the venue did not open: {said.strip()[-2000:] or 'it said nothing'}")
            try:
                self._link = Link.read(info)
            except (OSError, ValueError):
                time.sleep(0.02)  # not written yet
        return self

    def __exit__(self, *exc: object) -> None:
        self.close()

    def close(self) -> None:
        """End the process."""
        if self.process is not None:
            self.process.terminate()
            try:
                self.process.wait(10)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
        if self._folder is not None:
            self._folder.cleanup()
        self.process = self._folder = self._link = None

    def call(self, method: str, path: str, body: Any = None, **query: Any) -> Any:
        """One call of the control API."""
        address = f"{self.link.control}/control/{path}"
        if query:
            address += "?" + urllib.parse.urlencode(query)
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(
            address, data, {"Content-Type": "application/json"} if data else {}, method=method
        )
        try:
            with self._opener.open(request, timeout=self.patience) as answer:
                return json.load(answer)
        except urllib.error.HTTPError as error:
            with error:
                raise RemoteError(json.load(error).get("error", "")) from None

    # -- looking -----------------------------------------------------------------------------------
    def orders(
        self, account: str = "main", symbol: str = "", *, only_open: bool = False
    ) -> list[dict[str, Any]]:
        """All orders that an account ever had, or those that are open."""
        found: list[dict[str, Any]] = self.call(
            "GET", "orders", account=account, symbol=symbol, open="1" if only_open else ""
        )
        return found

    def fills(self, account: str = "main", symbol: str = "") -> list[dict[str, Any]]:
        """All fills of an account."""
        found: list[dict[str, Any]] = self.call("GET", "fills", account=account, symbol=symbol)
        return found

    def account(self, name: str = "main") -> dict[str, Any]:
        """Money and positions."""
        found: dict[str, Any] = self.call("GET", "account", account=name)
        return found

    def log(self, after: int = 0) -> dict[str, Any]:
        """Records of the wire."""
        found: dict[str, Any] = self.call("GET", "log", after=after)
        return found

    def state(self) -> dict[str, Any]:
        """Everything at a look."""
        found: dict[str, Any] = self.call("GET", "state")
        return found

    # -- meddling ----------------------------------------------------------------------------------
    def add_faults(self, *specs: Mapping[str, Any]) -> list[dict[str, Any]]:
        """Add rules."""
        found: list[dict[str, Any]] = self.call("POST", "faults", [dict(spec) for spec in specs])
        return found

    def clear_faults(self) -> None:
        """Forget all rules, and let go what they hold."""
        self.call("DELETE", "faults")

    def do(self, spec: Mapping[str, Any]) -> None:
        """Let something happen to the venue now."""
        self.call("POST", "do", dict(spec))

    def release(self, name: str = "") -> None:
        """Let frozen answers go."""
        self.call("POST", "release", {"name": name})

    def move(self, symbol: str, price: str, volume: str = "0") -> None:
        """Let the price move."""
        self.call("POST", "move", {"symbol": symbol, "price": price, "volume": volume})

    def place(
        self, symbol: str, side: str, quantity: str, price: str | None = None, **more: Any
    ) -> dict[str, Any]:
        """Enter an order by hand."""
        body = {"symbol": symbol, "side": side, "quantity": quantity, "price": price, **more}
        found: dict[str, Any] = self.call("POST", "order", body)
        return found

    def cancel(self, client_id: str, account: str = "main") -> dict[str, Any]:
        """Cancel an order by hand."""
        found: dict[str, Any] = self.call("POST", "cancel", {"client_id": client_id, "account": account})
        return found

    def fill(self, client_id: str, quantity: str | None = None, account: str = "main") -> dict[str, Any]:
        """Let somebody else fill an order that rests."""
        body = {"client_id": client_id, "account": account, "quantity": quantity}
        found: dict[str, Any] = self.call("POST", "fill", body)
        return found

    def advance(self, seconds: float) -> None:
        """Let time pass on a stepped clock."""
        self.call("POST", "advance", {"seconds": seconds})

    def restart(self, down: float = 0.0) -> None:
        """Restart the venue inside its process, with all orders and money."""
        self.call("POST", "restart", {"down": down})
