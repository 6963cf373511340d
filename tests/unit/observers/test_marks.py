"""Executions and closed trades as lines: BuySell, Trades, DataTrades."""

from __future__ import annotations

from typing import Any

import pytest

import backtrader as bt
from tests.unit.observers.runs import MODES, Closes, days, noted, run

O = bt.observers
ROWS = days(20)
PRICE = dict(enumerate((close for _, close in ROWS), 1))


def _plain(cerebro: Any) -> None:
    cerebro.addobserver(O.BuySell)
    cerebro.addobserver(O.Trades, pnlcomm=False, obsname="gross")
    cerebro.broker.setcommission(commission=0.01)


@pytest.mark.parametrize("mode", MODES)
def test_prices_of_buys_and_sells(mode: dict[str, Any]) -> None:
    found = run(ROWS, setup=_plain, mode=mode | {"stdstats": False}).stats.buysell
    assert noted(found.lines.buy, 20) == {4: PRICE[4], 16: PRICE[16]}
    assert noted(found.lines.sell, 20) == {9: PRICE[9], 13: PRICE[13]}


def test_the_price_is_that_of_the_order_to_the_last_bit() -> None:
    plan = {bar: [(0, 7 if bar % 4 == 2 else None)] for bar in range(2, 20, 2)}
    for mode in MODES:
        found = run(ROWS, setup=_plain, mode=mode | {"stdstats": False}, plan=plan).stats.buysell
        # compat: an order's price is what was paid over the size, and that rounds
        assert noted(found.lines.buy, 20) == {bar: 7 * PRICE[bar] / 7 for bar in (3, 7, 11, 15, 19)}


@pytest.mark.parametrize("mode", MODES)
def test_marks_beside_the_bars(mode: dict[str, Any]) -> None:
    found = run(ROWS, mode=mode).stats.buysell[0]
    assert noted(found.lines.buy, 20) == {4: PRICE[4] * 0.9 * (1 - 0.015), 16: PRICE[16] * 0.9 * (1 - 0.015)}
    assert noted(found.lines.sell, 20) == {9: PRICE[9] * 1.1 * (1 + 0.015), 13: PRICE[13] * 1.1 * (1 + 0.015)}


@pytest.mark.parametrize("mode", MODES)
def test_several_executions_of_a_bar_are_averaged(mode: dict[str, Any]) -> None:
    def orders(cerebro: Any) -> None:
        cerebro.addobserver(O.BuySell)
        cerebro.broker.set_slippage_fixed(1.0, slip_open=True)

    plan = {2: [(0, 1), (0, 2)], 5: [(0, None)]}
    found = run(ROWS, setup=orders, mode=mode | {"stdstats": False}, plan=plan).stats.buysell
    assert noted(found.lines.buy, 20) == {3: PRICE[3] + 1.0}


def test_a_bar_that_is_seen_again_divides_its_average_again() -> None:
    def replay(cerebro: Any) -> None:
        cerebro.datas.clear()
        cerebro.replaydata(Closes(dataname=ROWS), timeframe=bt.TimeFrame.Weeks)
        cerebro.addobserver(O.BuySell)

    # the strategy's bar is the first week all along, and every day of it orders
    found = run(ROWS, setup=replay, mode={"stdstats": False}, plan={1: [(0, 1)]}).stats.buysell
    average = PRICE[2]
    for count, day in ((2, 3), (3, 4), (4, 5), (5, 6)):
        average = (average + PRICE[day]) / count
    assert noted(found.lines.buy, 3) == {1: average, 2: PRICE[7]}


@pytest.mark.parametrize("mode", MODES)
def test_profits_where_trades_close(mode: dict[str, Any]) -> None:
    stats = run(ROWS, setup=_plain, mode=mode).stats
    gross = {9: 8 * (PRICE[9] - PRICE[4]), 16: 4 * (PRICE[13] - PRICE[16])}
    fees = {9: 0.08 * (PRICE[9] + PRICE[4]), 16: 0.04 * (PRICE[13] + PRICE[16])}
    everything = noted(stats.gross.lines.pnlplus, 20) | noted(stats.gross.lines.pnlminus, 20)
    assert everything == pytest.approx(gross)
    net = {bar: gross[bar] - fees[bar] for bar in gross}
    assert noted(stats.trades.lines.pnlplus, 20) == pytest.approx({b: v for b, v in net.items() if v >= 0})
    assert noted(stats.trades.lines.pnlminus, 20) == pytest.approx({b: v for b, v in net.items() if v < 0})


TWO: dict[int, list[tuple[int, float | None]]] = {2: [(0, 1), (1, 3)], 6: [(0, None)], 9: [(1, None)]}


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize(("names", "lines"), [(["x", "y"], ("x", "y")), ([None, None], ("", ""))])
def test_a_line_for_each_data(mode: dict[str, Any], names: Any, lines: Any) -> None:
    found = run(ROWS, days(20), mode=mode, plan=TWO, names=names).stats.datatrades
    assert found.lines.getlinealiases() == lines
    assert noted(found.lines[0], 20) == {7: PRICE[7] - PRICE[3]}
    assert noted(found.lines[1], 20) == {10: 3 * (PRICE[10] - PRICE[3])}


def test_lines_by_number_and_their_looks() -> None:
    def numbered(cerebro: Any) -> None:
        cerebro.addobserver(O.DataTrades, usenames=False, obsname="numbered")

    found = run(ROWS, days(20), setup=numbered, plan=TWO).stats.numbered
    assert found.lines.getlinealiases() == ("data0", "data1")
    assert (found.plotlines.data0.marker, found.plotlines.data1.marker) == ("o", "v")
    assert type(found) is O.DataTrades


def test_a_bar_shows_its_executions_from_the_next_bar_on() -> None:
    def look(strategy: Any) -> Any:
        buy = strategy.stats.buysell[0].lines.buy
        return buy[0] if len(buy) else None

    seen = run(ROWS, look=look).seen
    assert [bar for bar, price in enumerate(seen, 1) if price is not None and price == price] == [5, 17]
