"""A browser for all tests of a worker, and the reports they open, each written once."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.browser import runs
from tools.browser import MISSING, Browser, Page, browser, find_chromium

Opener = Callable[..., Page]


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """The browser; without one a build server fails, and elsewhere the end of the run says so."""
    if find_chromium() is None:
        if os.environ.get("CI") == "true":
            pytest.fail(MISSING, pytrace=False)
        pytest.skip(MISSING)
    with browser() as running:
        yield running


@pytest.fixture(scope="session")
def written(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., Path]:
    """Writes the report of one of `runs` and gives its path."""
    folder, done = tmp_path_factory.mktemp("reports"), {}

    def write(run: str, **options: Any) -> Path:
        key = (run, *sorted(options.items()))
        if key not in done:
            done[key] = getattr(runs, run)().report(folder / f"{len(done)}.html", **options)
        return done[key]

    return write


@pytest.fixture
def opened(chromium: Browser, written: Callable[..., Path]) -> Iterator[Opener]:
    """Opens a report; afterwards nothing may have been asked of a network, and nobody may have complained."""
    pages: list[tuple[Page, str]] = []

    def open_(run: str, width: int = 1400, height: int = 900, prefers: str = "light", **options: Any) -> Page:
        page = chromium.page(width, height)
        page.prefer(prefers)
        address = written(run, **options).as_uri()
        pages.append((page, address))
        page.goto(address)
        page.wait_for("document.documentElement.dataset.ready")
        return page

    yield open_
    for page, address in pages:
        page.evaluate("0")  # what was said before has arrived
        assert page.problems == []
        assert page.requests == [address]
        page.close()
