"""Trades, orders and fills as tables: every row there, sorted, filtered, and on the chart."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from tests.browser import runs
from tools.browser import Page

Opener = Callable[..., Page]
ORDER = "[...report.tables.grid.order]"


def column(page: Page, tab: str, name: str) -> list[Any]:
    found: list[Any] = page.evaluate(f"report.page.doc.{tab}.{name}")
    return found


def write(page: Page, text: str) -> None:
    field = "document.querySelector('#trades input')"
    page.evaluate(f"{field}.focus(); {field}.select()")
    page.type(text)
    page.frames()


def test_every_trade_is_in_the_table(opened: Opener) -> None:
    page = opened("rich")
    cerebro = runs.rich()
    trades = [
        t for s in cerebro.runstrats[0] for by_id in s._trades.values() for ts in by_id.values() for t in ts
    ]
    assert page.evaluate("report.tables.grid.count") == len(trades)
    assert sorted(column(page, "trips", "net")) == pytest.approx(sorted(t.pnlcomm for t in trades))
    seen = set()
    for top in range(0, 30 * len(trades), 200):
        page.evaluate(f"document.querySelector('.grid-scroll').scrollTop = {top}")
        page.frames()
        seen.update(
            page.evaluate("[...document.querySelectorAll('.grid-row')].map((r) => Number(r.dataset.row))")
        )
    assert seen == set(range(len(trades)))


def test_only_the_rows_in_sight_exist(opened: Opener) -> None:
    page = opened("rich")
    page.evaluate("report.tables.open('orders')")
    page.frames()
    assert page.evaluate("report.tables.grid.count") > 100
    assert page.evaluate("document.querySelectorAll('.grid-row').length") < 40


@pytest.mark.parametrize(
    ("key", "name"), [("net", "net"), ("size", "size"), ("opened", "dtopen"), ("exit", "exit")]
)
def test_a_click_on_a_heading_sorts(opened: Opener, key: str, name: str) -> None:
    page = opened("rich")
    values = column(page, "trips", name)
    for turn in range(2):
        page.click(f".grid-head [data-key={key}]")
        got = [values[i] for i in page.evaluate(ORDER)]
        known = [value for value in got if value is not None]
        ways = {"ascending": sorted(known), "descending": sorted(known, reverse=True)}
        assert (
            known == ways[page.evaluate(f"document.querySelector('[data-key={key}]').parentNode.ariaSort")]
        ), turn
        assert None not in got[: len(known)]  # what is missing comes last either way


def test_words_and_comparisons_filter(opened: Opener) -> None:
    page = opened("rich")
    net, feed = column(page, "trips", "net"), column(page, "trips", "data")
    write(page, "net>100")
    assert page.evaluate(ORDER) == [i for i, value in enumerate(net) if value > 100]
    write(page, "zeno net<=0")
    assert page.evaluate(ORDER) == [i for i, value in enumerate(net) if value <= 0 and feed[i] == 1]
    shown = page.evaluate("document.querySelector('#trades .shown').textContent")
    assert shown == f"{len(page.evaluate(ORDER))} of {len(net)}"
    write(page, "no such thing")
    assert page.evaluate(ORDER) == []
    assert "Nothing matches" in page.evaluate("document.querySelector('#trades').innerText")


def test_chips_of_a_kind_widen_and_kinds_narrow(opened: Opener) -> None:
    page = opened("rich")
    net, size, closed = (column(page, "trips", name) for name in ("net", "size", "dtclose"))
    page.click("[data-chip=lost]")
    assert page.evaluate(ORDER) == [i for i, value in enumerate(net) if value < 0 and closed[i] is not None]
    page.click("[data-chip=short]")
    assert page.evaluate(ORDER) == [
        i for i in range(len(net)) if net[i] < 0 and size[i] < 0 and closed[i] is not None
    ]
    page.click("[data-chip=won]")
    assert page.evaluate(ORDER) == [i for i in range(len(net)) if size[i] < 0 and closed[i] is not None]


def test_every_trade_and_every_fill_is_on_the_chart(opened: Opener) -> None:
    """Jump to each trade: its bars are in view and its marks are under the pointer."""
    page = opened("rich")
    said = page.evaluate(
        """(async () => {
          const { chart, page } = report, { trips, fills } = page.doc, wrong = [];
          for (let i = 0; i < trips.ref.length; i++) {
            await chart.jump("trips", i);
            const { stack } = chart, { view, marks } = stack, pane = stack.panes.find((p) => p.kind === "price");
            if (chart.feed !== trips.data[i]) wrong.push(`trade ${i}: another feed`);
            for (const bar of [trips.from[i], trips.to[i] ?? trips.from[i]]) {
              if (bar < view.min || bar > view.max) wrong.push(`trade ${i}: bar ${bar} is not in view`);
              const k = marks.fills.bar.indexOf(bar), u = pane.plot;
              if (k < 0) { wrong.push(`trade ${i}: no mark at bar ${bar}`); continue; }
              const radius = marks.radius(marks.seen(view)[1] - marks.seen(view)[0], u.bbox.width / devicePixelRatio);
              const y = u.valToPos(marks.fills.price[k], "y") + (marks.fills.size[k] > 0 ? radius : -radius);
              const found = marks.under(u, view, u.valToPos(bar, "x"), y);
              if (!found || found.bar !== bar) wrong.push(`trade ${i}: nothing under the pointer at bar ${bar}`);
              if (y < 0 || y > u.bbox.height / devicePixelRatio) wrong.push(`trade ${i}: its mark is outside of the pane`);
            }
          }
          let marked = 0;
          for (const feed of [0, 1]) for (const strategy of [0, 1]) {
            await chart.switch({ feed, strategy });
            marked += chart.stack.marks.fills.bar.length;
          }
          if (marked !== fills.ref.length) wrong.push(`${marked} marks for ${fills.ref.length} fills`);
          return wrong;
        })()"""
    )
    assert said == []


def test_a_click_on_a_row_jumps_to_the_trade(opened: Opener) -> None:
    page = opened("rich")
    page.click(".grid-row[data-row='4']")
    page.wait_for("report.chart.stack && report.chart.stack.marks.picked")
    trips = page.evaluate("report.page.doc.trips")
    assert page.evaluate("report.chart.feed") == trips["data"][4]
    assert page.evaluate("report.chart.stack.marks.picked") == {
        "from": trips["from"][4],
        "to": trips["to"][4],
    }
    page.wait_for(
        "(() => { const b = document.getElementById('chart').getBoundingClientRect(); return b.top > -60 && b.top < innerHeight / 2; })()"
    )


def test_keys_walk_through_the_rows(opened: Opener) -> None:
    page = opened("rich")
    page.evaluate("document.querySelector('.grid-scroll').focus({ preventScroll: true })")
    for _ in range(3):
        page.key("ArrowDown")
    assert page.evaluate("report.tables.grid.picked") == 2
    page.key("End")
    assert page.evaluate("report.tables.grid.picked") == page.evaluate("report.tables.grid.count") - 1
    assert page.evaluate("Boolean(document.querySelector('.grid-row.picked'))")


def test_orders_and_fills_have_tables_too(opened: Opener) -> None:
    page = opened("rich")
    cerebro = runs.rich()
    page.click("[data-tab=orders]")
    assert page.evaluate("report.tables.grid.count") == len(cerebro.broker.orders)
    page.click("[data-chip=Canceled]")
    cancelled = [o for o in cerebro.broker.orders if o.getstatusname() == "Canceled"]
    assert len(page.evaluate(ORDER)) == len(cancelled) > 10
    page.click("[data-tab=fills]")
    assert page.evaluate("report.tables.grid.count") == len(cerebro.fills())
    write(page, "beyond")
    page.click(".grid-row")
    page.wait_for("report.chart.stack && report.chart.stack.marks.picked")


def test_the_table_can_be_saved_as_shown(opened: Opener) -> None:
    page = opened("rich")
    page.evaluate("URL.createObjectURL = (blob) => { window.saved = blob; return '#'; }")
    write(page, "net>100")
    page.evaluate("[...document.querySelectorAll('#trades .quiet')].pop().click()")
    text = page.evaluate("saved.text()")
    rows = text.strip().split("\r\n")
    assert "Net" in rows[0] and len(rows) == 1 + len(page.evaluate(ORDER))
    net = column(page, "trips", "net")[page.evaluate(ORDER)[0]]
    assert json.dumps(net) in rows[1]


def test_thousands_of_trades_are_no_burden(opened: Opener) -> None:
    page = opened("many")
    assert page.evaluate("report.tables.grid.count") > 6000
    took = page.evaluate(
        "(() => { const began = performance.now(); report.tables.grid.sortBy('net'); report.tables.grid.sortBy('side');"
        "report.tables.text = 'net>0.05 long'; report.tables.filter(); return performance.now() - began; })()"
    )
    assert took < 2000  # 60 ms where this was written
    assert page.evaluate("document.querySelectorAll('.grid-row').length") < 40
    page.evaluate("document.querySelector('.grid-scroll').scrollTop = 1e9")
    page.frames(3)
    last = page.evaluate(
        "[...document.querySelectorAll('.grid-row')].some((r) => Number(r.dataset.place) === report.tables.grid.order.length - 1)"
    )
    assert last
    assert page.evaluate("report.chart.stack.marks.crowded(report.chart.stack.view, 1300)")
    bars = page.evaluate("[...new Set(report.chart.stack.marks.fills.bar)].length")
    assert bars > 12_000  # crowded or not, each has its place
