"""The chart in a browser: zoom, move, hover, marks, switches."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tools.browser import Page

Opener = Callable[..., Page]
BOX = "(() => { const r = document.querySelector('.panes .u-over').getBoundingClientRect(); return [r.left, r.top, r.width, r.height]; })()"


def view(page: Page) -> tuple[float, float]:
    page.frames()
    found = page.evaluate("report.chart.stack.view")
    return found["min"], found["max"]


def middle(page: Page) -> tuple[float, float]:
    page.evaluate("scrollTo(0, 0)")
    left, top, width, height = page.evaluate(BOX)
    return left + width / 2, top + height / 2


def at_fill(page: Page, number: int) -> Any:
    """Where a fill's mark is in the window; its bar has to be in view."""
    return page.evaluate(
        "(() => { const { stack } = report.chart, pane = stack.panes.find((p) => p.kind === 'price'), { fills } = stack.marks,"
        f"box = pane.plot.over.getBoundingClientRect(), i = {number};"
        "return [box.left + pane.plot.valToPos(fills.bar[i], 'x'), box.top + pane.plot.valToPos(fills.price[i], 'y') + (fills.size[i] > 0 ? 5 : -5)]; })()"
    )


def test_all_bars_are_seen_at_first(opened: Opener) -> None:
    assert view(opened("one")) == (-0.5, 249.5)


def test_the_wheel_zooms_around_the_pointer_and_out_again(opened: Opener) -> None:
    page = opened("one")
    x, y = middle(page)
    page.mouse("mouseMoved", x, y)
    for _ in range(4):
        page.wheel(x, y, -120)
    low, high = view(page)
    assert high - low < 100
    assert (low + high) / 2 == pytest.approx(124.5, abs=4)
    for _ in range(8):
        page.wheel(x, y, 120)
    page.wait_for("report.chart.stack.whole")


def test_dragging_moves_the_bars_and_stops_at_the_ends(opened: Opener) -> None:
    page = opened("one")
    page.evaluate("report.chart.stack.show(100, 150)")
    low, high = view(page)
    x, y = middle(page)
    page.drag((x, y), (x + 200, y))
    moved = view(page)
    assert moved[0] < low - 3
    assert moved[1] - moved[0] == pytest.approx(high - low)
    for _ in range(6):
        page.drag((x - 300, y), (x + 300, y))
    assert view(page)[0] == -0.5


def test_keys_step_and_zoom(opened: Opener) -> None:
    page = opened("one")
    page.evaluate("report.chart.stack.show(100, 150); report.chart.panes.focus()")
    low, high = view(page)
    page.key("ArrowRight")
    assert view(page)[0] == pytest.approx(low + 0.1 * (high - low))
    page.key("+")
    assert view(page)[1] - view(page)[0] == pytest.approx(0.7 * (high - low))
    page.key("0")
    assert view(page) == (-0.5, 249.5)


def test_a_range_button_shows_the_last_stretch(opened: Opener) -> None:
    page = opened("one")
    page.evaluate(
        "[...document.querySelectorAll('.ranges button')].find((b) => b.textContent === '3M').click()"
    )
    low, high = view(page)
    assert high == 249.5
    assert 55 < high - low < 70  # trading days of three months
    pressed = "[...document.querySelectorAll('.ranges [aria-pressed=true]')].map((b) => b.textContent)"
    assert page.evaluate(pressed) == ["3M"]


def test_the_strip_below_moves_and_stretches_the_view(opened: Opener) -> None:
    page = opened("one")
    page.evaluate(
        "report.chart.stack.show(50, 100); document.querySelector('.navigator').scrollIntoView({ block: 'center', behavior: 'instant' })"
    )
    low, high = view(page)
    x, y = page.centre(".navigator .window")
    page.drag((x, y), (x + 100, y))
    moved = view(page)
    assert moved[0] > low + 5
    assert moved[1] - moved[0] == pytest.approx(high - low)
    x, y = page.centre(".navigator .grip.right")
    page.drag((x, y), (x + 60, y))
    assert view(page)[0] == pytest.approx(moved[0], abs=0.5)
    assert view(page)[1] > moved[1] + 3


def test_pointing_at_a_bar_tells_its_exact_values(opened: Opener) -> None:
    page = opened("one")
    page.evaluate("report.chart.stack.show(100, 140)")
    x, y = middle(page)
    page.mouse("mouseMoved", x, y - 100)
    page.frames()
    bar = page.evaluate("report.chart.stack.hovered")
    assert 100 < bar < 140
    from tests.browser import runs

    data = runs.one().datas[0]
    said = page.evaluate("document.querySelector('.pane[data-kind=price] .legend').textContent")
    for line in (data.open, data.high, data.low, data.close):
        assert f"{line.array[bar]:,.2f}" in said
    assert data.num2date(data.datetime.array[bar]).strftime("%Y-%m-%d") in said
    assert page.evaluate("document.querySelector('.tag.time').textContent") in said


def test_pointing_at_a_mark_tells_its_fill_and_trade(opened: Opener) -> None:
    page = opened("one")
    middle(page)
    page.mouse("mouseMoved", *at_fill(page, 2))
    page.wait_for("!document.querySelector('.tip').hidden")
    said = page.evaluate("document.querySelector('.tip').innerText")
    fills = page.evaluate(
        "(() => { const d = report.page.doc.fills; return [d.price[2], d.size[2], d.rule[2]]; })()"
    )
    assert f"{fills[0]:g}" in said.replace(",", "")
    assert ("Buy" if fills[1] > 0 else "Sell") in said
    assert "market order: the open of the next bar" in said
    assert "Trade" in said
    page.mouse("mouseMoved", 5, 5)
    page.wait_for("document.querySelector('.tip').hidden")


def test_a_click_on_a_mark_finds_its_trade_in_the_table(opened: Opener) -> None:
    page = opened("one")
    middle(page)
    page.click_at(*at_fill(page, 3))
    page.wait_for("document.querySelector('.grid-row.picked')")
    row = page.evaluate("Number(document.querySelector('.grid-row.picked').dataset.row)")
    fill, trips = page.evaluate("report.page.doc.fills.bar[3]"), page.evaluate("report.page.doc.trips")
    assert fill in (trips["from"][row], trips["to"][row])


def test_indicators_trades_and_the_scale_can_be_switched(opened: Opener) -> None:
    page = opened("one")
    kinds = "[...document.querySelectorAll('#chart .pane')].map((p) => p.dataset.kind)"
    assert page.evaluate(kinds) == ["price", "indicator", "indicator"]
    page.evaluate("report.chart.stack.show(60, 120)")
    page.click("[data-toggle=lines]")
    page.wait_for("document.querySelectorAll('#chart .pane').length === 1")
    assert view(page) == (60, 120)
    page.click("[data-toggle=lines]")
    page.wait_for("document.querySelectorAll('#chart .pane').length === 3")
    page.click("[data-toggle=marks]")
    page.wait_for("report.chart.stack.marks === null")
    page.click("[data-toggle=log]")
    page.wait_for("report.chart.log && report.chart.stack.panes[0].plot.scales.y.distr === 3")


def test_another_feed_and_another_strategy(opened: Opener) -> None:
    page = opened("rich")
    titles = "[...document.querySelectorAll('#chart .legend b')].map((b) => b.textContent)"
    assert page.evaluate(titles) == ["ACME", "MACDHisto (12, 26, 9)", "RSI (14)", "DrawDown (None)"]
    choose = "(() => {{ const s = document.querySelector('[data-choice={}]'); s.value = '1'; s.dispatchEvent(new Event('change')); }})()"
    page.evaluate(choose.format("feed"))
    page.wait_for("report.chart.stack && report.chart.panes.textContent.includes('ZENO')")
    assert page.evaluate(titles) == ["ZENO"]
    page.evaluate(choose.format("strategy"))
    page.wait_for("document.querySelectorAll('#chart .pane').length > 1")
    assert page.evaluate(titles) == ["ZENO", "Stochastic (14, 3, 3)"]
    assert "BollingerBands (20, 2.0) mid" in page.evaluate(
        "document.querySelector('#chart .legend').textContent"
    )


def test_times_are_those_of_the_market(opened: Opener) -> None:
    page = opened("intraday")
    page.evaluate("report.chart.stack.show(0, 77)")
    page.frames()
    texts = page.evaluate("report.chart.stack.ticks.map((t) => t.text)")
    assert "10:00" in texts or "11:00" in texts
    first = page.evaluate("report.chart.stack.time[0]")
    assert first % 86400 == 9.5 * 3600 + 300
