"""Trades, from opening to closing."""

from __future__ import annotations

import copy
import pickle
from types import SimpleNamespace
from typing import Any

import pytest

from backtrader.broker import CommissionInfo, Trade
from backtrader.broker.tape import TapeFeed

SCHEME = CommissionInfo(commission=0.001, mult=2.0)
BARS = [(737000.0 + day, 10.0, 10.0, 10.0, 10.0, 1.0) for day in range(9)]


class Filled:
    """A trade being filled on a feed that moves on a bar with every fill."""

    def __init__(self, historyon: bool = False) -> None:
        self.feed = TapeFeed(BARS)
        self.trade = Trade(self.feed, historyon=historyon)

    def fill(self, size: float, price: float) -> Trade:
        self.feed.at += 1
        order: Any = SimpleNamespace(simulated=False)
        self.trade.update(order, size, price, 0.0, abs(size) * 0.1, 0.0, SCHEME)
        return self.trade


def test_opening() -> None:
    trade = Filled().fill(-4, 10.0)
    assert (trade.justopened, trade.isopen, trade.isclosed, trade.long) == (True, True, False, False)
    assert (trade.size, trade.price, trade.value) == (-4, 10.0, -40.0)
    assert (trade.pnl, trade.pnlcomm) == (0.0, pytest.approx(-0.4))
    assert (trade.baropen, trade.dtopen, trade.status) == (1, 737000.0, Trade.Open)


def test_growing_averages_and_shrinking_earns() -> None:
    filled = Filled()
    filled.fill(4, 10.0)
    trade = filled.fill(4, 12.0)
    assert (trade.price, trade.justopened) == (11.0, False)
    trade = filled.fill(-2, 14.0)
    assert (trade.size, trade.price, trade.pnl) == (6, 11.0, 12.0)


def test_closing() -> None:
    filled = Filled()
    filled.fill(4, 10.0)
    trade = filled.fill(-4, 9.0)
    assert (trade.size, trade.price, trade.value, trade.pnl) == (0, 10.0, 0.0, -8.0)
    assert trade.pnlcomm == pytest.approx(-8.8)
    assert (trade.isopen, trade.isclosed, trade.status) == (False, True, Trade.Closed)
    assert (trade.barclose, trade.barlen, trade.dtclose) == (2, 1, 737001.0)
    assert trade.open_datetime().toordinal() == 737000
    assert trade.close_datetime().toordinal() == 737001
    assert not trade


def test_a_fill_of_nothing_is_nothing() -> None:
    trade = Filled().fill(0, 10.0)
    assert (trade.status, trade.barlen) == (Trade.Created, 0)


def test_history_has_an_entry_for_every_fill() -> None:
    filled = Filled(historyon=True)
    filled.fill(4, 10.0)
    trade = filled.fill(-4, 9.0)
    first, last = trade.history
    assert (first.status.status, first.status.size, first.event.size, first.event.price) == (
        Trade.Open,
        4,
        4,
        10.0,
    )
    assert (last.status.status, last.status.pnl, last.event.commission) == (
        Trade.Closed,
        -8.0,
        pytest.approx(0.4),
    )
    assert last.datetime().toordinal() == 737001


def test_copies() -> None:
    filled = Filled(historyon=True)
    trade = filled.fill(4, 10.0)
    told = trade.clone()
    filled.fill(-4, 9.0)
    assert (told.size, trade.size, told.ref) == (4, 0, trade.ref)
    for twin in (copy.copy(trade), copy.deepcopy(trade), pickle.loads(pickle.dumps(trade))):
        assert (twin.ref, twin.pnl, len(twin.history)) == (trade.ref, -8.0, 2)
        assert twin.history[0].status.size == 4


def test_every_trade_has_a_number() -> None:
    assert Trade().ref < Trade().ref


def test_the_printed_form_names_every_number() -> None:
    assert "pnlcomm:0.0" in str(Trade()).splitlines()
