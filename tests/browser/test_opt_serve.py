"""The page of running studies in a browser, beside real drivers in processes of their own."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from backtrader.opt import Store
from tests.browser import searches
from tools.browser import Browser, Page

ROOT = Path(__file__).parents[2]
READY = "window.search && document.documentElement.dataset.ready"
STRATEGY = """
import os
import time
import backtrader as bt

class Slow(bt.Strategy):
    params = (("fast", 5), ("slow", 20))

    def __init__(self):
        if self.p.fast == 11:
            raise ValueError("eleven is no number")
        self.above = bt.ind.SMA(period=self.p.fast) > bt.ind.SMA(period=self.p.slow)

    def next(self):
        if self.above[0] and not self.position:
            self.buy()
        elif not self.above[0] and self.position:
            self.close()

    def stop(self):
        time.sleep(0.01 if os.path.exists("hurry") else 0.2)
"""
SERVE = """
import sys
from backtrader.opt.serve import serve
serve(sys.argv[1], port=0, language="en", theme="light", every=0.1, token=sys.argv[2] or None)
"""

Start = Callable[..., subprocess.Popen[str]]


@pytest.fixture
def process(tmp_path: Path) -> Iterator[Start]:
    """Starts Python in the folder of the test; whatever still runs at its end is ended."""
    running: list[subprocess.Popen[str]] = []
    environment = os.environ | {"PYTHONPATH": str(ROOT), "NO_PROXY": "*"}

    def start(*arguments: str) -> subprocess.Popen[str]:
        running.append(
            subprocess.Popen(
                [sys.executable, *arguments], cwd=tmp_path, env=environment, text=True,
                stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
            )
        )  # fmt: skip
        return running[-1]

    yield start
    for each in running:
        if each.poll() is None:
            each.send_signal(signal.SIGINT)
        each.communicate(timeout=20)


@pytest.fixture
def begun(tmp_path: Path, process: Start) -> Callable[..., subprocess.Popen[str]]:
    """Begins a study of 190 runs of 0.2 s: it goes on until somebody stops it, or a file `hurry` is there."""
    (tmp_path / "slow.py").write_text(STRATEGY)
    searches.prices().to_csv(tmp_path / "p.csv", index_label="datetime")
    command = [
        "-m", "backtrader.opt", "run", "slow.py:Slow", "--data", "p.csv", "--param", "fast=2:20:1", "--param",
        "slow=25:70:5", "--objective", "sharpe_ratio", "--study", "sma one/2", "--storage", "s.db", "--jobs", "1",
    ]  # fmt: skip
    return lambda: process(*command)


def serve(process: Start, token: str = "") -> str:
    server = process("-c", SERVE, "s.db", token)
    assert server.stderr is not None
    line = server.stderr.readline()
    assert "http://" in line, line + server.stderr.read()
    return line.split()[2]


def live_page(chromium: Browser, address: str) -> Page:
    page = chromium.page(1300, 900)
    page.goto(address)
    page.wait_for(READY, 60)
    return page


def until_rows(tmp_path: Path, driver: subprocess.Popen[str]) -> None:
    """Wait for the first runs."""

    ends = time.monotonic() + 60
    while time.monotonic() < ends:
        if (tmp_path / "s.db").exists():
            found = Store.open(str(tmp_path / "s.db")).studies()
            if found and found[0].finished >= 5:
                return
        if driver.poll() is not None:
            break
        time.sleep(0.1)
    driver.kill()
    raise AssertionError(f"no run ended: {driver.communicate()[1]}")


@pytest.mark.slow
def test_a_study_is_followed_stopped_and_resumed(
    chromium: Browser, process: Start, begun: Callable[..., subprocess.Popen[str]], tmp_path: Path
) -> None:
    driver = begun()
    until_rows(tmp_path, driver)
    address = serve(process)
    page = live_page(chromium, address)
    assert page.evaluate("document.querySelector('.study-list .name').textContent") == "sma one/2"
    page.wait_for("document.querySelector('.badge.running')")
    page.evaluate("document.querySelector('.study-list .name').click()")
    page.wait_for(f"{READY} && search.page.runs", 60)
    before = page.evaluate("search.page.runs.n")
    page.wait_for(f"search.page.runs.n > {before + 5}", 60)
    assert page.evaluate("search.parts.table.grid.count") == page.evaluate("search.page.runs.n")

    page.click("[data-do=stop]")
    page.wait_for("document.querySelector('.badge.stopped')", 60)
    driver.wait(30)
    store = Store.open(str(tmp_path / "s.db"))
    stopped = store.load("sma one/2").finished
    assert stopped < 190
    page.wait_for(f"search.page.runs.n === {stopped}", 30)

    (tmp_path / "hurry").touch()
    page.click("[data-do=resume]")
    page.wait_for("document.querySelector('.badge.finished')", 120)
    page.wait_for("search.page.runs.n === 190", 30)
    entries = store.entries("sma one/2")
    assert len({tuple(e.params.values()) for e in entries}) == 190
    assert sorted(page.evaluate("[...search.page.runs.number]")) == list(range(190))
    best = store.best("sma one/2")[0]
    page.wait_for(
        f"search.page.runs.best >= 0 && search.page.runs.number[search.page.runs.best] === {best.number}"
    )
    page.wait_for("search.page.doc.analysis && document.querySelectorAll('.failure').length === 1", 60)
    assert "eleven" in page.evaluate("document.querySelector('.failure').textContent")
    page.evaluate("0")
    assert page.problems == []
    assert all(each.startswith(address.rstrip("/")) for each in page.requests)
    page.close()


@pytest.mark.slow
def test_a_token_is_wanted_and_forgotten_from_the_address(
    chromium: Browser, process: Start, begun: Callable[..., subprocess.Popen[str]], tmp_path: Path
) -> None:
    driver = begun()
    until_rows(tmp_path, driver)
    driver.send_signal(signal.SIGINT)
    driver.wait(30)
    address = serve(process, "secret word")
    bare = address.partition("?")[0]
    page = chromium.page(1300, 900)
    page.goto(bare)
    page.wait_for("document.body && document.body.textContent.includes('token')")
    page.goto(address)
    page.wait_for(READY, 60)
    assert page.evaluate("location.href") == bare
    page.evaluate("document.querySelector('.study-list .name').click()")
    page.wait_for(f"{READY} && search.page.runs && document.querySelector('[data-do=resume]')", 60)
    page.close()


@pytest.mark.slow
def test_another_site_can_neither_read_nor_order(
    chromium: Browser, process: Start, begun: Callable[..., subprocess.Popen[str]], tmp_path: Path
) -> None:
    driver = begun()
    until_rows(tmp_path, driver)
    address = serve(process)
    other = tmp_path / "evil.html"
    other.write_text("<!doctype html><title>evil</title>")
    page = chromium.page(800, 600)
    page.goto(other.as_uri())
    page.wait_for("document.title === 'evil'")
    target = f"{address}api/study/sma%20one%2F2/stop"
    for script in (
        f"fetch('{target}', {{method: 'POST'}}).then(() => 'read', () => 'refused')",
        f"fetch('{target}', {{method: 'POST', headers: {{'X-Backtrader': '1'}}}}).then(() => 'read', () => 'refused')",
        f"fetch('{address}api/studies').then(() => 'read', () => 'refused')",
    ):
        assert page.evaluate(script) == "refused"
    page.evaluate(f"fetch('{target}', {{method: 'POST', mode: 'no-cors'}}).then(() => 0, () => 0)")
    assert driver.poll() is None
    assert Store.open(str(tmp_path / "s.db")).wanted("sma one/2") == ""
    page.close()
