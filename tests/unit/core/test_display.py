"""What notebooks show of the objects people look at."""

from __future__ import annotations

import html
import re
from typing import Any

import pytest

import backtrader as bt
from tests.browser import runs

pytest.importorskip("pandas")


def rows(shown: str) -> dict[str, str]:
    """The rows of a table, its heading under ``""``."""
    found = {}
    for row in re.findall(r"<tr>(.*?)</tr>", shown):
        cells = [html.unescape(cell) for cell in re.findall(r"<td[^>]*>(.*?)</td>", row)]
        found.update({"": cells[0]} if len(cells) == 1 else {cells[0]: cells[1]})
    return found


@pytest.fixture(scope="module", params=[{}, {"runonce": False}], ids=["batch", "event"])
def cerebro(request: pytest.FixtureRequest) -> Any:
    return runs.rich(**request.param)


def test_a_closed_trade(cerebro: Any) -> None:
    strategy = cerebro.runstrats[0][1]
    trade = strategy._trades[cerebro.datas[1]][0][0]
    shown = rows(trade._repr_html_())
    assert shown[""] == f"Trade {trade.ref}: long closed"
    assert shown["Feed"] == "ZENO" and shown["Bars"] == str(trade.barlen)
    assert shown["Net"] == f"{trade.pnlcomm:,.2f}"
    assert shown["Opened"] == f"{trade.open_datetime():%Y-%m-%d}"
    assert "Size" not in shown


def test_an_open_trade_and_one_that_never_was(cerebro: Any) -> None:
    trade = cerebro.runstrats[0][0]._trades[cerebro.datas[0]][0][-1]
    assert trade.isopen
    shown = rows(trade._repr_html_())
    assert shown[""].endswith("open") and float(shown["Size"]) == trade.size and "Closed" not in shown
    assert rows(bt.Trade()._repr_html_())[""].endswith("created")


def test_orders(cerebro: Any) -> None:
    by_status = {order.getstatusname(): order for order in cerebro.broker.orders}
    done = rows(by_status["Completed"]._repr_html_())
    assert done["Status"] == "Completed" and " at " in done["Executed"] and "Ended" in done
    gone = rows(by_status["Canceled"]._repr_html_())
    assert gone["Status"] == "Canceled" and "Executed" not in gone
    assert gone[""].startswith(f"Order {by_status['Canceled'].ref}: Sell ")
    for order in cerebro.broker.orders:
        shown = rows(order._repr_html_())
        assert ("Price" in shown) == (order.exectype != bt.Order.Market)
        assert ("Limit" in shown) == (order.exectype == bt.Order.StopLimit)


def test_a_strategy(cerebro: Any) -> None:
    shown = rows(cerebro.runstrats[0][0]._repr_html_())
    assert shown[""] == "Cross"
    assert (shown["fast"], shown["slow"], shown["Feeds"], shown["Bars"]) == ("12", "40", "ACME, ZENO", "600")


def test_cerebro_before_and_after_a_run(cerebro: Any) -> None:
    fresh = bt.Cerebro()
    assert rows(fresh._repr_html_()) == {
        "": "Cerebro",
        "Feeds": "none",
        "Strategies": "none",
        "Cash": "10,000.00",
    }
    fresh.adddata(runs.daily("A<B>", 1, 20))
    fresh.addstrategy(runs.Cross)
    shown = fresh._repr_html_()
    assert rows(shown)["Feeds"] == "A<B>" and "A<B>" not in shown
    assert rows(cerebro._repr_html_())["Strategy"] == "Cross, Bracket"


def test_an_optimisation_is_not_used_up_by_looking_at_it() -> None:
    cerebro = bt.Cerebro(maxcpus=1)
    cerebro.adddata(runs.daily("ACME", 1, 60))
    cerebro.optstrategy(runs.Cross, fast=(5, 8), slow=(20,))
    assert rows(cerebro._repr_html_())["Strategies"] == "none"
    assert len(cerebro.run()) == 2
    assert rows(cerebro._repr_html_())["Runs"] == "2 of an optimisation"
