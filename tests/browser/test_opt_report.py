"""The report of a search in a browser: what it shows, what can be done with it, and what never may be."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from backtrader.opt.report import render
from tests.browser import searches
from tools.browser import Browser, Page

Opener = Callable[..., Page]

# Boxes that lie over each other or stick out, words that are cut, labels on canvases that meet.
FAULTS = """(() => {
  const wrong = [], near = 1, shown = (e) => e.getClientRects().length && getComputedStyle(e).visibility !== "hidden";
  const boxes = (selector) => [...document.querySelectorAll(selector)].filter(shown).map((e) => [e, e.getBoundingClientRect()]);
  const meet = (a, b) => a.left < b.right - near && b.left < a.right - near && a.top < b.bottom - near && b.top < a.bottom - near;
  for (const selector of [".card, .tiles", ".tile", ".chart-bar > *", ".table-bar > *", ".top > *", ".small", ".gauge", ".bar-row > *", ".under > *"]) {
    const all = boxes(selector);
    for (let i = 0; i < all.length; i++) for (let k = i + 1; k < all.length; k++)
      if (all[i][0].parentNode === all[k][0].parentNode && meet(all[i][1], all[k][1])) wrong.push(`${selector}: ${all[i][0].textContent.slice(0, 30)} | ${all[k][0].textContent.slice(0, 30)}`);
  }
  for (const [e, box] of boxes(".card, .tiles, .top, .plot, canvas")) if (box.right > innerWidth + near || box.left < -near) wrong.push(`sticks out: ${e.className || e.tagName}`);
  for (const e of document.querySelectorAll(".tile strong, .chip, h2, .bar-row b, .quiet")) if (e.scrollWidth > e.clientWidth + near && e.clientWidth) wrong.push(`cut: ${e.textContent}`);
  for (const plot of search.plots) {
    const labels = plot.labels;
    for (const a of labels) if (a.left < -near || a.right > plot.width + near || a.y < 0 || a.y > plot.tall) wrong.push(`label outside: ${a.words}`);
    for (let i = 0; i < labels.length; i++) for (let k = i + 1; k < labels.length; k++) {
      const a = labels[i], b = labels[k];
      if (Math.abs(a.y - b.y) < 9 && a.left < b.right - near && b.left < a.right - near) wrong.push(`labels meet: ${a.words} | ${b.words}`);
    }
    const { width, height } = plot.canvas, colours = new Set();
    if (!width) { wrong.push("a canvas without room"); continue; }
    const copy = new OffscreenCanvas(width, height).getContext("2d", { willReadFrequently: true });
    copy.drawImage(plot.canvas, 0, 0);
    const { data } = copy.getImageData(0, 0, width, height);
    for (let i = 0; i < data.length; i += 4) if (data[i + 3] > 40) colours.add((data[i] << 16) | (data[i + 1] << 8) | data[i + 2]);
    if (colours.size < 2) wrong.push(`nothing drawn: ${plot.canvas.getAttribute("aria-label")}`);
  }
  return wrong;
})()"""


@pytest.fixture(scope="module")
def documents() -> Callable[[str], dict[str, Any]]:
    done: dict[str, dict[str, Any]] = {}

    def document(name: str) -> dict[str, Any]:
        if name not in done:
            done[name] = getattr(searches, name)()
        return done[name]

    return document


@pytest.fixture
def opened(chromium: Browser, documents: Callable[[str], dict[str, Any]], tmp_path: Path) -> Iterator[Opener]:
    """Opens a report; afterwards nothing may have been asked of a network, and nobody may have complained."""
    pages: list[tuple[Page, str]] = []

    def open_(name: str, width: int = 1400, **looks: Any) -> Page:
        path = tmp_path / f"{len(pages)}.html"
        path.write_text(
            render(documents(name), **{"language": "en", "theme": "light"} | looks), encoding="utf-8"
        )
        page = chromium.page(width, 900)
        pages.append((page, path.as_uri()))
        page.goto(path.as_uri())
        page.wait_for("document.documentElement.dataset.ready", 60)
        return page

    yield open_
    for page, address in pages:
        page.evaluate("0")
        assert page.problems == []
        assert [each for each in page.requests if not each.startswith("blob:")] == [address]
        page.close()


@pytest.mark.parametrize("name", ["grid", "several", "one", "failed", "compared", "chance"])
@pytest.mark.parametrize(
    ("width", "language", "theme"), [(1400, "en", "light"), (1024, "zh", "dark"), (390, "en", "dark")]
)
def test_nothing_overlaps_and_nothing_is_empty(
    opened: Opener, name: str, width: int, language: str, theme: str
) -> None:
    page = opened(name, width, language=language, theme=theme)
    page.frames(3)
    assert page.evaluate(FAULTS) == []
    if page.evaluate(
        "Boolean(search.parts.maps?.plot && document.querySelector('[data-choice=\"view:surface\"]'))"
    ):
        page.evaluate("document.querySelector('[data-choice=\"view:surface\"]').click()")
        page.frames(2)
        assert page.evaluate(FAULTS) == []


def test_all_sections_are_there(opened: Opener) -> None:
    page = opened("grid")
    shown = page.evaluate(
        "[...document.querySelectorAll('section.card')].filter((e) => !e.hidden).map((e) => e.id)"
    )
    assert shown == [
        "around", "map", "parallel", "importance", "spread", "history", "scores", "front", "luck", "walk",
        "runs", "space", "settings",
    ]  # fmt: skip
    assert "NaN" not in page.evaluate("document.body.innerText")
    assert "undefined" not in page.evaluate("document.body.innerText")


@pytest.mark.parametrize("name", ["grid", "several", "chance", "failed", "compared"])
def test_every_word_is_said_in_chinese(opened: Opener, name: str) -> None:
    page = opened(name, language="zh")
    assert page.evaluate("document.documentElement.lang") == "zh-CN"
    for selector in ("h2", ".tile .name", ".tabs button", "nav a", ".hint", ".choice"):
        for text in page.evaluate(
            f"[...document.querySelectorAll('{selector}')].map((e) => e.firstChild?.textContent ?? '')"
        ):
            assert not text or any("\u4e00" <= letter <= "\u9fff" for letter in text), (selector, text)


def test_the_map_is_never_of_one_parameter_against_itself(opened: Opener) -> None:
    """While a search begins only one parameter may vary; another one may be the most important later."""
    page = opened("grid")
    names = page.evaluate(
        "[...search.parts.maps.bar.querySelector('select').options].map((option) => option.value)"
    )
    assert len(names) >= 2
    for name in names:
        page.evaluate(
            f"Object.assign(search.chosen, {{mapX: {name!r}, mapY: undefined}}); search.parts.maps.build()"
        )
        assert page.evaluate("search.chosen.mapX") == name
        assert page.evaluate("search.chosen.mapY") in set(names) - {name}


def test_the_map_has_the_mean_of_the_runs(opened: Opener, documents: Callable[[str], dict[str, Any]]) -> None:
    page = opened("chance")
    entries = [e for e in searches.made(300) if e.state == "complete" and e.valid]
    page.evaluate(
        "Object.assign(search.chosen, {mapX: 'kind', mapY: 'fast', how: 'best'}); search.parts.maps.update()"
    )
    cells = page.evaluate(
        "(() => { const {x, y, cells} = search.parts.maps.map; return [x.texts, y.count, [...cells.values].map((v) => v === v ? v : null), [...cells.counts]]; })()"
    )
    assert sum(cells[3]) == len(entries)
    for k, kind in enumerate(cells[0]):
        column = [cells[2][row * len(cells[0]) + k] for row in range(cells[1])]
        assert max(v for v in column if v is not None) == pytest.approx(
            max(e.score for e in entries if e.params["kind"] == kind), rel=1e-6
        )


def test_a_click_on_the_map_finds_the_run(opened: Opener) -> None:
    page = opened("grid")
    page.evaluate("document.getElementById('map').scrollIntoView({behavior: 'instant'})")
    spot = page.evaluate(
        "(() => { const p = search.parts.maps, b = p.plot.box, r = p.plot.canvas.getBoundingClientRect(), {x} = p.map, at = p.map.best;"
        "return [r.left + b.left + (at % x.count + .5) * p.map.room.wide, r.top + b.bottom - (Math.floor(at / x.count) + .5) * p.map.room.tall]; })()"
    )
    page.click_at(*spot)
    page.wait_for("!document.querySelector('.detail').hidden")
    row = page.evaluate("search.parts.table.grid.picked")
    assert row == page.evaluate("search.page.runs.best")
    assert f"Run #{row}" in page.evaluate("document.querySelector('.detail h2').textContent")


def test_the_table_is_sorted_best_first_and_what_does_not_count_comes_last(opened: Opener) -> None:
    page = opened("chance")
    order = page.evaluate("[...search.parts.table.grid.order]")
    entries = searches.made(300)
    good = [e.number for e in entries if e.state == "complete" and e.valid]
    assert order[: len(good)] == sorted(good, key=lambda n: -entries[n].score)
    assert page.evaluate("search.parts.table.grid.rows.size") < 60


@pytest.mark.parametrize(
    ("text", "keeps"),
    [
        ("fast>30", lambda e: e.params["fast"] > 30),
        (
            "score>=1 slow<100",
            lambda e: e.state == "complete" and e.valid and e.score >= 1 and e.params["slow"] < 100,
        ),
        ("ema", lambda e: e.params["kind"] == "ema"),
        ("failed", lambda e: e.state == "failed"),
        ("alpha<1e-2 very", lambda e: e.params["alpha"] < 0.01 and "very" in e.params["kind"]),
    ],
)
def test_filters(opened: Opener, text: str, keeps: Callable[[Any], bool]) -> None:
    page = opened("chance")
    page.click("#runs input")
    page.type(text)
    page.frames(3)
    expected = [e.number for e in searches.made(300) if keeps(e)]
    assert sorted(page.evaluate("[...search.parts.table.grid.order]")) == expected
    assert expected


def test_dragging_along_an_axis_keeps_a_part_and_the_table_follows(opened: Opener) -> None:
    page = opened("chance")
    page.evaluate("document.getElementById('parallel').scrollIntoView({behavior: 'instant'})")
    x, top, bottom = page.evaluate(
        "(() => { const p = search.parts.parallel, r = p.plot.canvas.getBoundingClientRect(), a = p.axes.find((a) => a.title === 'fast');"
        "return [r.left + a.x, r.top + a.scale.at(30), r.top + a.scale.at(10)]; })()"
    )
    page.drag((x, bottom), (x, top))
    low, high = page.evaluate("search.parts.parallel.kept.get('param:fast')")
    assert (low, high) == (pytest.approx(10, abs=1), pytest.approx(30, abs=1))
    kept = [
        e.number
        for e in searches.made(300)
        if e.state == "complete" and e.valid and low <= e.params["fast"] <= high
    ]
    assert sorted(page.evaluate("[...search.parts.table.grid.order]")) == kept
    page.click("[data-do=release]")
    assert page.evaluate("search.parts.table.grid.order.length") == 300


def test_the_surface_turns(opened: Opener) -> None:
    page = opened("grid")
    page.click("[data-choice='view:surface']")
    before = page.evaluate("search.parts.maps.relief.turn")
    x, y = page.centre("#map .plot canvas")
    page.drag((x, y), (x + 120, y + 10))
    assert page.evaluate("search.parts.maps.relief.turn") != before


def test_the_front_is_that_of_the_library(opened: Opener, documents: Callable[[str], dict[str, Any]]) -> None:
    from backtrader.opt import optimize

    page = opened("several")
    space = {"fast": (2, 20, 3), "slow": (25, 100, 15)}
    result = optimize(searches.Cross, searches.prices(), space, ["total_return", "min:max_drawdown_pct"])
    expected = [e.number for e in result.pareto_front()]
    assert page.evaluate("search.parts.scatter.front.length") == len(expected)
    assert sorted(page.evaluate("search.parts.scatter.front")) == expected
    assert page.evaluate("document.querySelector('[data-tile=front] strong').textContent") == str(
        len(expected)
    )


def test_a_failed_run_shows_its_traceback(opened: Opener) -> None:
    page = opened("chance")
    assert page.evaluate("document.querySelectorAll('.failure').length") == 3
    page.evaluate("search.parts.table.find(7)")
    assert "ValueError: 1 is bad" in page.evaluate("document.querySelector('.detail .trace').textContent")


def test_scores_without_end(opened: Opener) -> None:
    page = opened("one")
    assert page.evaluate("document.querySelector('[data-tile=best] strong').textContent") == "∞"
    assert page.evaluate("search.page.runs.score[6]") is None  # JSON has no word for it
    assert page.evaluate("search.page.runs.score[6] === Infinity")


def test_the_other_theme_and_language_at_a_click(opened: Opener) -> None:
    page = opened("grid")
    page.evaluate("search.parts.table.grid.sortBy('fast')")
    page.click("#theme")
    assert page.evaluate("document.documentElement.dataset.theme") == "dark"
    page.click("#language")
    page.frames(3)
    assert page.evaluate("document.querySelector('#map h2').textContent") == "两个参数"
    assert page.evaluate(FAULTS) == []


def test_a_tip_under_the_pointer(opened: Opener) -> None:
    page = opened("grid")
    for name in ("map", "parallel", "history", "scores", "front", "spread", "around", "walk"):
        page.evaluate(
            f"document.getElementById('{name}').scrollIntoView({{behavior: 'instant', block: 'center'}})"
        )
        found = page.evaluate(
            f"(() => {{ const c = document.querySelector('#{name} .plot canvas'), r = c.getBoundingClientRect(); for (let y = 10; y < r.height; y += 4) for (let x = 60; x < r.width; x += 7) {{"
            "c.parentNode.dispatchEvent(new PointerEvent('pointermove', {clientX: r.left + x, clientY: r.top + y})); const tip = c.parentNode.querySelector('.tip');"
            "if (!tip.hidden) { const b = tip.getBoundingClientRect(); return [tip.textContent, b.left >= r.left - 1 && b.right <= r.right + 1]; } } return null; })()"
        )
        assert found is not None, name
        assert found[0] and found[1], name


@pytest.mark.slow
def test_a_hundred_thousand_runs_stay_usable(opened: Opener) -> None:
    page = opened("many")
    assert page.evaluate("performance.now()") < 20_000
    took = page.evaluate(
        "(() => { const t = search.parts.table, from = performance.now(); t.search.value = 'fast>30'; t.arrange(); t.grid.sortBy('score');"
        "search.parts.maps.update(); search.parts.parallel.kept.set('param:fast', [10, 20]); search.parts.parallel.changed(); return performance.now() - from; })()"
    )
    assert took < 3000
    assert page.evaluate("search.parts.table.grid.rows.size") < 60
