"""Take the pictures of ``docs/guide/optimise.md``: needs Chromium, see `tools.browser`.

python -m tools.make_search_pictures
"""

from __future__ import annotations

import threading
import time
from pathlib import Path
from queue import Queue
from tempfile import TemporaryDirectory
from typing import Any

from backtrader.opt import ParamSpace, optimize, walk_forward
from backtrader.opt.serve import serve
from examples.sweep import DATA, Averages
from tools.browser import Browser, Page, browser

FOLDER = Path(__file__).resolve().parent.parent / "docs" / "guide" / "img"
READY = "window.search && document.documentElement.dataset.ready"
RULE = {"cash": 10_000, "commission": 0.001}


def opened(running: Browser, address: str, size: tuple[int, int] = (1280, 900)) -> Page:
    """A page that is drawn."""
    page = running.page(*size)
    page.goto(address)
    page.wait_for(READY)
    return page


def shoot(page: Page, name: str, script: str = "") -> None:
    """One picture, after a script has brought into view what it shows."""
    if script:
        page.evaluate(script)
    page.frames(5)
    page.screenshot(FOLDER / name)


def show(section: str) -> str:
    """The script that brings a section to the top."""
    return f"document.getElementById('{section}').scrollIntoView({{ behavior: 'instant' }})"


def served(running: Browser, folder: Path) -> None:
    """A study while it runs: the runs wait a little, or it would be over before the picture is taken."""
    store = str(folder / "studies.db")
    space: Any = ParamSpace(fast=(4, 30, 2), slow=(20, 120, 5))

    def search() -> None:
        optimize(
            Averages, DATA, space, "sharpe_ratio", study="averages", storage=store, keep_returns=True,
            sampler="random", n_trials=290, callback=lambda *_: time.sleep(0.1), **RULE,
        )  # fmt: skip

    addresses: Queue[str] = Queue()
    threading.Thread(target=search, daemon=True).start()
    time.sleep(8)
    threading.Thread(
        target=serve, args=(store,), daemon=True,
        kwargs={"port": 0, "ready": addresses.put, "language": "en", "theme": "light"},
    ).start()  # fmt: skip
    page = opened(running, addresses.get(timeout=30) + "study/averages")
    page.wait_for("search.page.doc.analysis && search.page.runs.n > 60", 60)
    page.evaluate("document.querySelector('[data-do=analyse]')?.click()")
    page.wait_for("search.page.runs.n > 110", 60)
    shoot(page, "opt-serve.png")


def main() -> None:
    """Search, write the reports, and take the pictures."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    space = {"fast": (4, 30, 2), "slow": (20, 120, 5), "constraints": ["fast < slow"]}
    result = optimize(Averages, DATA, space, "sharpe_ratio", keep_returns=True, **RULE)
    few = {"fast": (4, 24, 4), "slow": (20, 100, 20), "constraints": ["fast < slow"]}
    walked = walk_forward(Averages, DATA, few, "sharpe_ratio", train="24M", test="6M", hindsight=True, **RULE)
    with TemporaryDirectory() as name, browser() as running:
        folder = Path(name)
        light = result.report(folder / "light.html", theme="light", language="en")
        dark = result.report(folder / "dark.html", theme="dark", language="zh", walk_forward=walked)
        page = opened(running, light.as_uri())
        shoot(page, "opt-report.png")
        turn = "document.querySelector('[data-choice=\"view:surface\"]').click();"
        shoot(page, "opt-relief.png", turn + show("map"))
        shoot(page, "opt-luck.png", show("luck"))
        shoot(opened(running, dark.as_uri()), "opt-dark-zh.png", show("walk"))
        served(running, folder)


if __name__ == "__main__":
    main()
