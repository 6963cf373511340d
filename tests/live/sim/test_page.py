"""The status page in a real browser."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator

import pytest

from real_trade.sim.remote import RemoteVenue
from tests.live.sim.stage import SPOT
from tools.browser import MISSING, Browser, browser, find_chromium


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    if find_chromium() is None:
        if os.environ.get("CI") == "true":
            pytest.fail(MISSING, pytrace=False)
        pytest.skip(MISSING)
    with browser() as running:
        yield running


@pytest.fixture(scope="module")
def venue() -> Iterator[RemoteVenue]:
    with RemoteVenue("--speed", "0", "--data", f"{SPOT}=walk") as running:
        yield running


def test_the_page_shows_the_venue_and_meddles(chromium: Browser, venue: RemoteVenue) -> None:
    venue.place(SPOT, "buy", "0.02", "30000", client_id="<b>mine</b>")
    page = chromium.page(1200, 900)
    page.goto(venue.link.control + "/")
    page.wait_for("document.querySelectorAll('#orders tr').length === 2")
    assert page.evaluate("document.querySelector('#orders .id').textContent") == "<b>mine</b>"
    assert page.evaluate("document.querySelectorAll('#markets polyline').length") == 5
    assert page.evaluate("document.body.scrollWidth <= innerWidth")
    # Move the price.
    page.evaluate("document.querySelector('#move input').value = '61234.5'")
    page.click("#move button")
    page.wait_for("document.querySelector('#markets').textContent.includes('61234.5')")
    assert venue.state()["markets"][0]["last"] == "61234.50"
    # Add a fault, and clear it.
    page.evaluate("document.querySelector('#fault [name=when]').value = 'cancel'")
    page.click("#fault button")
    page.wait_for("document.querySelector('#faults').textContent.includes('cancel')")
    rule = venue.call("GET", "faults")["rules"][0]
    assert (rule["when"], rule["what"], rule["side"], rule["times"]) == ("cancel", "drop", "after", 1)
    page.click("#now [name=clear]")
    page.wait_for("document.querySelector('#faults').textContent.includes('Nothing goes wrong')")
    # Something that cannot be done is said.
    page.evaluate("document.querySelector('#move input').value = 'much'")
    page.click("#move button")
    page.wait_for("document.querySelector('#said').textContent.includes('much')")
    assert all(address.startswith((venue.link.control, "data:")) for address in page.requests)
    # The one complaint is the browser's about the answer 400 to what could not be done.
    assert all("400" in problem for problem in page.problems)
    page.close()


def test_the_page_fits_a_phone_and_says_when_the_venue_is_gone(chromium: Browser) -> None:
    with RemoteVenue("--speed", "0") as venue:
        page = chromium.page(390, 800)
        page.goto(venue.link.control + "/")
        page.wait_for("document.querySelectorAll('#markets tr').length === 6")
        assert page.evaluate("document.body.scrollWidth <= innerWidth")
        assert page.evaluate("getComputedStyle(document.querySelector('#gone')).display") == "none"
    until = time.monotonic() + 10
    while page.evaluate("getComputedStyle(document.querySelector('#gone')).display") == "none":
        assert time.monotonic() < until
        time.sleep(0.1)
    page.close()
