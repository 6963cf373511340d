"""The page as a whole: languages, themes, widths, runs with little to tell, and what never may be."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tools.browser import Page

Opener = Callable[..., Page]

# Boxes of text that lie over each other, or stick out of what holds them.
OVERLAPS = """(() => {
  const wrong = [], near = 1, shown = (e) => e.getClientRects().length && getComputedStyle(e).visibility !== "hidden";
  const boxes = (selector) => [...document.querySelectorAll(selector)].filter(shown).map((e) => [e, e.getBoundingClientRect()]);
  const meet = (a, b) => a.left < b.right - near && b.left < a.right - near && a.top < b.bottom - near && b.top < a.bottom - near;
  const apart = (selector) => {
    const all = boxes(selector);
    for (let i = 0; i < all.length; i++) for (let k = i + 1; k < all.length; k++)
      if (meet(all[i][1], all[k][1])) wrong.push(`${selector}: ${all[i][0].textContent.slice(0, 30)} | ${all[k][0].textContent.slice(0, 30)}`);
  };
  [".card, .tiles", "#chart .pane", "#performance .pane", ".tile", ".chart-bar > *", ".chart-bar button", ".table-bar > *", ".top > *", ".switches button",
   ".pane .legend > *", ".facts > div", ".months td, .months th", ".numbers > div"].forEach(apart);
  for (const [e, box] of boxes(".card, .tiles, .top, .pane, canvas")) if (box.right > innerWidth + near || box.left < -near) wrong.push(`sticks out: ${e.className || e.tagName}`);
  for (const e of document.querySelectorAll(".tile strong, .tile .note, .tabs button, .chip, h2, .numbers dd")) if (e.scrollWidth > e.clientWidth + near && e.clientWidth) wrong.push(`cut: ${e.textContent}`);
  return wrong;
})()"""

# Labels that canvases show, from the charts' own account of them.
AXES = """(() => {
  const wrong = [];
  for (const stack of [report.chart.stack, report.results.stack].filter(Boolean)) {
    const context = document.createElement("canvas").getContext("2d");
    context.font = "11px sans-serif";
    const perBar = stack.panes[0].plot.over.clientWidth / (stack.view.max - stack.view.min), ends = [];
    for (const tick of stack.ticks) {
      const x = (tick.at - stack.view.min) * perBar, half = context.measureText(tick.text).width / 2;
      if (ends.length && x - half < ends[ends.length - 1] + 4) wrong.push(`time labels meet at ${tick.text}`);
      ends.push(x + half);
    }
    if (!stack.ticks.length) wrong.push("no label on the time axis");
    for (const { plot, kind } of stack.panes) {
      const ys = plot.axes[1]._splits.map((v) => plot.valToPos(v, "y")).sort((a, b) => a - b);
      const gap = Math.min(...ys.slice(1).map((y, i) => y - ys[i]));
      if (gap < 14) wrong.push(`value labels of ${kind} meet`);
    }
  }
  return wrong;
})()"""

# Panes in which nothing was drawn: all pixels of the plot the same.
BLANK = """(() => [report.chart.stack, report.results.stack].filter(Boolean).flatMap((stack) => stack.panes.filter(({ plot, series, kind }) => {
  const { left, top, width, height } = plot.bbox, copy = new OffscreenCanvas(width, height).getContext("2d", { willReadFrequently: true }), colours = new Set();
  copy.drawImage(plot.ctx.canvas, -left, -top);
  const { data } = copy.getImageData(0, 0, width, height);
  for (let i = 0; i < data.length; i += 4) if (data[i + 3]) colours.add((data[i] << 16) | (data[i + 1] << 8) | data[i + 2]);
  return colours.size < 3;
}).map((pane) => pane.title || pane.kind)))()"""


def no_faults(page: Page) -> None:
    page.frames(3)
    assert page.evaluate(OVERLAPS) == []
    assert page.evaluate(AXES) == []
    assert page.evaluate(BLANK) == []


@pytest.mark.parametrize("run", ["one", "rich", "intraday", "nothing"])
@pytest.mark.parametrize(
    ("width", "language"), [(1400, "en"), (1024, "zh"), (820, "en"), (390, "zh"), (390, "en")]
)
def test_nothing_overlaps_and_no_pane_is_empty(opened: Opener, run: str, width: int, language: str) -> None:
    no_faults(opened(run, width, language=language))


@pytest.mark.parametrize("run", ["tiny", "two", "negative", "weekly", "ambiguous", "empty_feed"])
def test_nor_with_few_bars_or_odd_ones(opened: Opener, run: str) -> None:
    page = opened(run, 1100, language="en")
    no_faults(page)
    assert page.evaluate("Boolean(document.querySelector('[data-toggle=log]'))") == (run != "negative")
    assert page.evaluate("document.body.innerText.match(/NaN|undefined|null|Infinity/g)") is None


@pytest.mark.parametrize("strategy", [0, 1])
@pytest.mark.parametrize("feed", [0, 1])
def test_nor_in_other_views(opened: Opener, feed: int, strategy: int) -> None:
    page = opened("rich", 1200)
    page.evaluate(f"report.chart.switch({{ feed: {feed}, strategy: {strategy} }})")
    for start, stop in ((-0.5, 599.5), (60, 75), (300, 420)):
        page.evaluate(f"report.chart.stack.show({start}, {stop})")
        no_faults(page)


def test_the_window_may_change_its_width(opened: Opener) -> None:
    page = opened("one")
    for width in (700, 1500, 380):
        page.size(width, 900)
        page.frames(4)
        no_faults(page)


# -- theme -----------------------------------------------------------------------------------------


def shade(page: Page, selector: str) -> float:
    """How bright a background is, 0 to 255."""
    numbers = page.evaluate(f"getComputedStyle(document.querySelector('{selector}')).backgroundColor")
    red, green, blue = (float(part) for part in numbers[numbers.index("(") + 1 : -1].split(",")[:3])
    return (red + green + blue) / 3


@pytest.mark.parametrize("prefers", ["light", "dark"])
def test_the_theme_is_the_one_the_person_prefers(opened: Opener, prefers: str) -> None:
    page = opened("one", prefers=prefers)
    assert page.evaluate("document.documentElement.dataset.theme") == prefers
    assert (shade(page, ".card") < 60) == (prefers == "dark")


def test_or_the_one_it_was_written_with(opened: Opener) -> None:
    assert shade(opened("one", theme="dark"), "body") < 40


def test_the_theme_can_be_switched_and_the_charts_follow(opened: Opener) -> None:
    page = opened("one", theme="light")
    grid = "report.chart.stack.panes[0].plot.axes[0].grid.stroke()"
    before = page.evaluate(grid)
    page.click("#theme")
    page.frames(3)
    assert page.evaluate("document.documentElement.dataset.theme") == "dark"
    assert page.evaluate(grid) != before
    no_faults(page)


def test_rising_can_be_red(opened: Opener) -> None:
    page = opened("one", rising="green")
    up = "getComputedStyle(document.querySelector('#rising .rise')).fill"
    before = page.evaluate(up)
    page.click("#rising")
    assert page.evaluate(up) != before


# -- language --------------------------------------------------------------------------------------


def test_the_page_speaks_chinese_and_english(opened: Opener) -> None:
    page = opened("rich", language="en")
    english = page.evaluate("document.body.innerText")
    assert "Draw-down" in english and "Monthly returns" in english
    page.click("#language")
    page.frames(3)
    chinese = page.evaluate("document.body.innerText")
    assert page.evaluate("document.documentElement.lang") == "zh-CN"
    for word in ("最大回撤", "月度收益", "交易", "权益", "夏普", "成交价格的依据", "开仓时间"):
        assert word in chinese
    for word in ("Draw-down", "Monthly", "Trades", "Performance", "Filter", "Strategy\\n"):
        assert word not in chinese
    no_faults(page)
    page.click("#language")
    page.frames(3)
    assert page.evaluate("document.body.innerText") == english


def test_chinese_reports_paint_gains_red(opened: Opener) -> None:
    assert opened("one", language="zh").evaluate("document.documentElement.dataset.rising") == "red"
    assert opened("one", language="en").evaluate("document.documentElement.dataset.rising") == "green"


def test_every_word_is_there_in_both_languages(opened: Opener) -> None:
    page = opened("one")
    missing = page.evaluate(
        "(() => { const paths = (o, at = '') => Object.entries(o).flatMap(([k, v]) => typeof v === 'object' ? paths(v, `${at}${k}.`) : [at + k]);"
        "const { en, zh } = report.words, a = paths(en), b = paths(zh); return [...a.filter((k) => !b.includes(k)), ...b.filter((k) => !a.includes(k))]; })()"
    )
    assert missing == []


# -- little to tell --------------------------------------------------------------------------------


def test_a_run_without_trades_says_why(opened: Opener) -> None:
    page = opened("nothing", language="en")
    said = page.evaluate("document.body.innerText")
    assert "No trade was made in this run." in said
    assert "12 orders sent, 0 executed." in said
    assert "expired" in page.evaluate("document.querySelector('[data-code=expired]').innerText").lower()
    assert "No order was filled in this run." in said
    assert "The account never fell below an earlier high." in said
    assert "The value of the account never changed." in said
    assert page.evaluate("report.results.stack.panes.map((p) => p.kind)") == ["equity", "drawdown"]
    page.evaluate("document.querySelector('#trades a').click()")
    page.wait_for("location.hash === '#why'")


def test_fills_that_a_bar_does_not_tell_are_put_into_a_band(opened: Opener) -> None:
    from tests.browser import runs

    book = runs.ambiguous().fills()
    assert book.ambiguous
    said = opened("ambiguous", language="en").evaluate("document.getElementById('rules').innerText")
    for value in (book.final_value, book.worst, book.best):
        assert f"{value:,.2f}" in said
    assert f"{len(book.ambiguous)} fills lie in bars" in said


def test_bounded_memory_is_told(opened: Opener) -> None:
    page = opened("bounded", language="en")
    said = page.evaluate("document.body.innerText")
    assert "were not kept in memory (exactbars)" in said
    assert page.evaluate("report.results.stack.bars") == 12  # days
    assert "The run kept no history of trades" in said
    assert page.evaluate(OVERLAPS) == []


def test_a_feed_without_a_bar_is_told(opened: Opener) -> None:
    page = opened("empty_feed", language="en")
    assert page.evaluate("report.chart.stack === null || report.chart.doc.bars > 0")
    page.evaluate("report.chart.switch({ feed: 1 })")
    page.wait_for("document.getElementById('chart').innerText.includes('delivered no bar')")
    page.evaluate("report.chart.switch({ feed: 0 })")
    page.wait_for("report.chart.stack")
    no_faults(page)


# -- numbers ---------------------------------------------------------------------------------------


def test_the_page_shows_the_numbers_of_the_run(opened: Opener) -> None:
    from tests.browser import runs

    page = opened("rich", language="en")
    summary = runs.rich().summary(show=False)
    for key in ("total_return", "sharpe_ratio", "win_rate", "trades"):
        shown = page.evaluate(f"document.querySelector('[data-metric={key}] strong').textContent")
        assert f"{summary[key]:,.0f}" if key == "trades" else f"{summary[key]:,.2f}" in shown
    assert f"{summary.final_value:,.2f}" in page.evaluate(
        "document.querySelector('[data-metric=final_value]').innerText"
    )


def test_what_the_page_works_out_agrees_with_the_summary(opened: Opener) -> None:
    from tests.browser import runs

    page = opened("rich")
    summary = runs.rich().summary(show=False)
    found: dict[str, Any] = page.evaluate(
        "(() => { const a = report.account; const g = a.returns.reduce((x, r) => x * (1 + r), 1);"
        "const m = a.returns.reduce((x, r) => x + r, 0) / a.returns.length, v = a.returns.reduce((x, r) => x + (r - m) ** 2, 0) / (a.returns.length - 1);"
        "return { total: 100 * (g - 1), deepest: Math.min(...a.depth), sharpe: m / Math.sqrt(v) * Math.sqrt(a.perYear) }; })()"
    )
    assert found["total"] == pytest.approx(summary.total_return, abs=1e-5)
    assert found["deepest"] == pytest.approx(-summary.max_drawdown_pct, abs=1e-5)
    assert found["sharpe"] == pytest.approx(summary.sharpe_ratio, rel=1e-5)


def test_months_and_years_multiply_up_to_the_whole(opened: Opener) -> None:
    page = opened("rich")
    cells = page.evaluate(
        "[...document.querySelectorAll('.months tbody tr')].map((r) => [...r.querySelectorAll('td')].map((c) => c.textContent))"
    )
    total = page.evaluate("report.page.doc.metrics.find((m) => m.key === 'total_return').value")
    grown = 1.0
    for row in cells:
        months = 1.0
        for cell in row[:-1]:
            months *= 1 + float(cell.replace("−", "-") or 0) / 100
        year = 1 + float(row[-1].replace("−", "-")) / 100
        assert months == pytest.approx(year, abs=0.01)
        grown *= year
    assert 100 * (grown - 1) == pytest.approx(total, abs=0.5)


def test_a_benchmark_runs_beside_the_account(opened: Opener) -> None:
    page = opened("rich", benchmark="ACME")
    names = page.evaluate("report.results.stack.panes[0].series.map((s) => s.name)")
    assert names == ["", "ACME"]
    ends = page.evaluate(
        "(() => { const b = report.account.benchmark.values; return [b[0], b[b.length - 1]]; })()"
    )
    from tests.browser import runs

    closes = runs.rich().datas[0].close.array
    assert ends[0] == 100_000.0
    assert ends[1] == pytest.approx(100_000.0 * closes[-1] / closes[0], rel=1e-6)
