"""A Chromium without a window, for tests, pictures and measurements of the report.

    python -m tools.browser              say where it is
    python -m tools.browser --install    the same, after installing Debian's package if need be and allowed

It is spoken to over two pipes in its own protocol, so nothing but Chromium is needed.  One that is not on
the path is named by ``BACKTRADER_CHROMIUM``.
"""

from __future__ import annotations

import base64
import json
import os
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from queue import Empty, Queue
from typing import Any

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
MISSING = (
    "no Chromium: install it (apt-get install chromium, brew install --cask chromium) or name one in "
    "BACKTRADER_CHROMIUM"
)
_FLAGS = (
    "--headless=new", "--remote-debugging-pipe", "--no-sandbox", "--disable-gpu", "--hide-scrollbars",
    "--disable-dev-shm-usage", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--force-color-profile=srgb",
)  # fmt: skip
# Chromium reads commands from descriptor 3 and writes answers to 4.
_START = """
import os, sys
os.dup2(int(sys.argv[1]), 3)
os.dup2(int(sys.argv[2]), 4)
os.execv(sys.argv[3], sys.argv[3:])
"""
_KEYS = {"Enter": 13, "Escape": 27, "ArrowLeft": 37, "ArrowUp": 38, "ArrowRight": 39, "ArrowDown": 40,
         "Home": 36, "End": 35, "PageUp": 33, "PageDown": 34, "Tab": 9}  # fmt: skip


def find_chromium() -> str | None:
    """The program, or None."""
    named = os.environ.get("BACKTRADER_CHROMIUM")
    if named:
        return shutil.which(named)
    return next((found for name in NAMES if (found := shutil.which(name))), None)


def install_chromium() -> str | None:
    """Find it, or install it where that takes no password and no other package manager than apt."""
    found = find_chromium()
    apt = shutil.which("apt-get")
    if found or apt is None or not hasattr(os, "geteuid") or os.geteuid():
        return found
    quiet = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    for arguments in (["update"], ["install", "--yes", "--no-install-recommends", "chromium"]):
        done = subprocess.run(
            [apt, "-qq", *arguments], env=quiet, capture_output=True, text=True, check=False
        )
        if done.returncode:
            print(f"apt-get {arguments[0]}: {done.stderr.strip()[-400:]}", file=sys.stderr)
            return None
    return find_chromium()


class BrowserError(RuntimeError):
    """The browser, or a script in a page, said no."""


class Page:
    """One tab; ``problems`` are its console errors and ``requests`` all addresses it asked for."""

    def __init__(self, browser: Browser, context: str, session: str) -> None:
        self._browser, self._context, self._session = browser, context, session
        self.problems: list[str] = []
        self.requests: list[str] = []

    def send(self, method: str, **params: Any) -> Any:
        """One command of the protocol and its answer."""
        return self._browser.send(method, params, self._session)

    def notice(self, method: str, params: Any) -> None:
        """An event of this tab."""
        if method == "Runtime.exceptionThrown":
            details = params["exceptionDetails"]
            self.problems.append(details.get("exception", {}).get("description", details["text"]))
        elif method == "Runtime.consoleAPICalled" and params["type"] in ("error", "warning", "assert"):
            self.problems.append(" ".join(str(arg.get("value", arg)) for arg in params["args"]))
        elif method == "Log.entryAdded" and params["entry"]["level"] in ("error", "warning"):
            self.problems.append(params["entry"]["text"])
        elif method == "Network.requestWillBeSent":
            self.requests.append(params["request"]["url"])

    def goto(self, address: str) -> None:
        """Begin to load a page."""
        self.send("Page.navigate", url=address)

    def evaluate(self, script: str) -> Any:
        """The value of an expression in the page; a promise is waited for."""
        answer = self.send(
            "Runtime.evaluate", expression=script, awaitPromise=True, returnByValue=True, userGesture=True
        )
        if "exceptionDetails" in answer:
            details = answer["exceptionDetails"]
            raise BrowserError(details.get("exception", {}).get("description", details["text"]))
        return answer["result"].get("value")

    def wait_for(self, script: str, seconds: float = 30.0) -> None:
        """Ask until the expression is true."""
        until = time.monotonic() + seconds
        while True:
            try:
                if self.evaluate(f"Boolean({script})"):
                    return
            except BrowserError:
                pass  # the page is not there yet
            if time.monotonic() > until:
                raise BrowserError(f"not true after {seconds:g} s: {script}; page says {self.problems}")
            time.sleep(0.02)

    def centre(self, selector: str) -> tuple[float, float]:
        """The middle of the first element a selector finds, which is brought into view."""
        found = self.evaluate(
            f"(() => {{ const e = document.querySelector({json.dumps(selector)}); if (!e) return null;"
            "e.scrollIntoView({block: 'center', behavior: 'instant'}); const r = e.getBoundingClientRect();"
            "return [r.left + r.width / 2, r.top + r.height / 2]; })()"
        )
        if found is None:
            raise BrowserError(f"nothing matches {selector}")
        return found[0], found[1]

    def mouse(self, kind: str, x: float, y: float, **more: Any) -> None:
        """A mouse event: ``mouseMoved``, ``mousePressed``, ``mouseReleased``, ``mouseWheel``."""
        self.send("Input.dispatchMouseEvent", type=kind, x=x, y=y, **more)

    def click(self, selector: str) -> None:
        """Click the middle of an element."""
        self.click_at(*self.centre(selector))

    def click_at(self, x: float, y: float, count: int = 1) -> None:
        """Click a point of the window."""
        self.mouse("mouseMoved", x, y)
        for number in range(1, count + 1):
            for kind in ("mousePressed", "mouseReleased"):
                self.mouse(kind, x, y, button="left", clickCount=number)

    def wheel(self, x: float, y: float, down: float, across: float = 0.0) -> None:
        """Turn the wheel over a point."""
        self.mouse("mouseWheel", x, y, deltaX=across, deltaY=down)

    def drag(self, start: tuple[float, float], stop: tuple[float, float], steps: int = 8) -> None:
        """Press at one point, move in steps, let go at another."""
        (x, y), (to_x, to_y) = start, stop
        self.mouse("mouseMoved", x, y)
        self.mouse("mousePressed", x, y, button="left", buttons=1, clickCount=1)
        for step in range(1, steps + 1):
            part = step / steps
            self.mouse("mouseMoved", x + (to_x - x) * part, y + (to_y - y) * part, button="left", buttons=1)
        self.mouse("mouseReleased", to_x, to_y, button="left", clickCount=1)

    def key(self, name: str) -> None:
        """Press a key."""
        text = name if len(name) == 1 else "\r" if name == "Enter" else ""
        code = _KEYS.get(name, ord(name[0]))
        common: dict[str, Any] = {"key": name, "windowsVirtualKeyCode": code}
        self.send("Input.dispatchKeyEvent", type="keyDown", **common, **({"text": text} if text else {}))
        self.send("Input.dispatchKeyEvent", type="keyUp", **common)

    def type(self, text: str) -> None:
        """Write into what has the focus."""
        self.send("Input.insertText", text=text)

    def size(self, width: int, height: int, scale: float = 1.0, mobile: bool = False) -> None:
        """The window's size in CSS pixels."""
        self.send(
            "Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=scale,
            mobile=mobile,
        )  # fmt: skip

    def prefer(self, scheme: str) -> None:
        """Say that the person prefers ``light`` or ``dark``."""
        self.send("Emulation.setEmulatedMedia", features=[{"name": "prefers-color-scheme", "value": scheme}])

    def frames(self, count: int = 2) -> None:
        """Let the page draw."""
        loop = f"for (let i = 0; i < {count}; i++) await new Promise(requestAnimationFrame);"
        self.evaluate(f"(async () => {{ {loop} }})()")

    def screenshot(self, path: Path, whole: bool = False, clip: dict[str, float] | None = None) -> None:
        """Save what is seen, or the page from top to bottom."""
        params: dict[str, Any] = {"format": "png", "captureBeyondViewport": whole or clip is not None}
        if clip is not None:
            params["clip"] = {"scale": 1, **clip}
        path.write_bytes(base64.b64decode(self.send("Page.captureScreenshot", **params)["data"]))

    def close(self) -> None:
        """Close the tab."""
        self._browser.send("Target.disposeBrowserContext", {"browserContextId": self._context})


class Browser:
    """A running Chromium; see `browser`."""

    def __init__(self, program: str, profile: str) -> None:
        import fcntl  # where there is none this file can still be imported

        to_child, our_end = os.pipe()
        their_end, from_child = os.pipe()
        ends = [fcntl.fcntl(end, fcntl.F_DUPFD, 10) for end in (to_child, from_child)]
        self._process = subprocess.Popen(
            [sys.executable, "-ISc", _START, *map(str, ends), program, *_FLAGS, f"--user-data-dir={profile}"],
            pass_fds=ends, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        for end in (to_child, from_child, *ends):
            os.close(end)
        self._in, self._out = os.fdopen(our_end, "wb"), os.fdopen(their_end, "rb")
        self._number = 0
        self._answers: dict[int, Queue[Any]] = {}
        self._pages: dict[str, Page] = {}
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self) -> None:
        pending = b""
        while part := self._out.read1(1 << 20):
            *messages, pending = (pending + part).split(b"\0")
            for message in messages:
                said = json.loads(message)
                if "id" in said:
                    waiting = self._answers.pop(said["id"], None)
                    if waiting is not None:
                        waiting.put(said)
                elif said.get("sessionId") in self._pages:
                    self._pages[said["sessionId"]].notice(said["method"], said["params"])

    def send(self, method: str, params: dict[str, Any], session: str | None = None) -> Any:
        """One command and its answer."""
        self._number += 1
        waiting: Queue[Any] = Queue()
        self._answers[self._number] = waiting
        message: dict[str, Any] = {"id": self._number, "method": method, "params": params}
        if session is not None:
            message["sessionId"] = session
        self._in.write(json.dumps(message).encode() + b"\0")
        self._in.flush()
        try:
            answer = waiting.get(timeout=120)
        except Empty:
            raise BrowserError(f"no answer to {method}") from None
        if "error" in answer:
            raise BrowserError(f"{method}: {answer['error']['message']}")
        return answer["result"]

    def page(self, width: int = 1280, height: int = 900, scale: float = 1.0) -> Page:
        """A new empty tab of this size, which shares no memory with others."""
        context = self.send("Target.createBrowserContext", {})["browserContextId"]
        where = {"url": "about:blank", "browserContextId": context}
        target = self.send("Target.createTarget", where)["targetId"]
        session = self.send("Target.attachToTarget", {"targetId": target, "flatten": True})["sessionId"]
        page = self._pages[session] = Page(self, context, session)
        for domain in ("Page", "Runtime", "Log", "Network"):
            page.send(f"{domain}.enable")
        page.send("Emulation.setFocusEmulationEnabled", enabled=True)  # tabs behind others draw as well
        page.size(width, height, scale)
        return page

    def close(self) -> None:
        """End the program."""
        try:
            self.send("Browser.close", {})
            self._process.wait(10)
        except (BrowserError, OSError, subprocess.TimeoutExpired):
            self._process.kill()
            self._process.wait()
        self._reader.join(5)
        self._in.close()
        self._out.close()


@contextmanager
def browser(program: str | None = None) -> Iterator[Browser]:
    """A Chromium with a fresh profile, for the length of a block."""
    found = program or find_chromium()
    if found is None:
        raise BrowserError(MISSING)
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile:
        running = Browser(found, profile)
        try:
            yield running
        finally:
            running.close()


def main() -> int:
    """Say where the browser is; the exit status is 1 if there is none."""
    found = install_chromium() if "--install" in sys.argv[1:] else find_chromium()
    print(found or MISSING, file=sys.stdout if found else sys.stderr)
    return 0 if found else 1


if __name__ == "__main__":
    sys.exit(main())
