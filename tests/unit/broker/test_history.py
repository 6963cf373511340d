"""Orders and fund values of the past."""

from __future__ import annotations

import datetime
from math import isnan
from types import SimpleNamespace
from typing import Any

import pytest

from backtrader.broker import BackBroker, Order
from backtrader.broker.history import FundHistory, OrderHistory, moment
from backtrader.broker.tape import TapeFeed, TapeOwner, TapeRun

DAYS = [(737000.0 + day, 100.0, 103.0, 97.0, 101.0, 10.0) for day in range(6)]
FIRST = datetime.datetime.fromordinal(737000)


def day(number: int) -> datetime.datetime:
    return FIRST + datetime.timedelta(days=number)


@pytest.mark.parametrize(
    ("when", "expected"),
    [
        ("2020-01-02", datetime.datetime(2020, 1, 2)),
        ("2020-01-02T03:04:05", datetime.datetime(2020, 1, 2, 3, 4, 5)),
        ("2020-01-02T03:04:05.000006", datetime.datetime(2020, 1, 2, 3, 4, 5, 6)),
        (datetime.date(2020, 1, 2), datetime.datetime(2020, 1, 2)),
        (datetime.datetime(2020, 1, 2, 3), datetime.datetime(2020, 1, 2, 3)),
    ],
)
def test_moments(when: Any, expected: datetime.datetime) -> None:
    assert moment(when) == expected


def test_orders_come_when_their_time_has() -> None:
    feed = TapeFeed(DAYS)
    cerebro = SimpleNamespace(datas=[feed], datasbyname={"tape": feed})
    history = OrderHistory([[day(1), 3, 50.0], [day(1), -1, 51.0, 0], [day(4), -2, 52.0, "tape"]], True)
    assert list(history.due(cerebro)) == []  # no bar yet
    feed.at = 0
    assert list(history.due(cerebro)) == []
    feed.at = 2
    assert [(size, price) for _, size, price in history.due(cerebro)] == [(3, 50.0), (-1, 51.0)]
    assert history
    feed.at = 5
    assert list(history.due(cerebro)) == [(feed, -2, 52.0)]
    assert not history


@pytest.mark.parametrize("notify", [True, False])
def test_a_broker_executes_the_past_as_it_was(notify: bool) -> None:
    broker = BackBroker(cash=1000.0)
    broker.add_order_history([[day(1), 3, 50.0], [day(3), 0, 1.0], [day(3), -3, 60.0]], notify=notify)
    run = TapeRun(broker, [TapeFeed(DAYS)]).play()
    assert broker.getcash() == 1030.0
    told = [order.getstatusname() for order in run.owner.orders]
    assert told == (["Accepted", "Completed"] * 2 if notify else [])
    assert [trade.pnl for trade in run.owner.trades] == [0.0, 30.0]
    assert all(order.exectype == Order.Historical for order in broker.orders)
    assert not broker.awake


def test_fund_values_take_one_entry_a_time() -> None:
    fund = FundHistory([[day(1), 50.0, 8000.0], [day(1), 60.0, 9000.0]])
    assert all(isnan(number) for number in fund.at(day(0)))
    assert fund.at(day(1)) == (50.0, 8000.0)
    assert fund.at(day(1)) == (60.0, 9000.0)


def test_a_broker_reports_the_funds_past() -> None:
    broker = BackBroker(cash=1000.0)
    broker.set_fund_history([[day(1), 50.0, 8000.0], [day(3), 60.0, 9000.0]])
    seen: list[tuple[float, float, float, float]] = []

    def look(run: TapeRun) -> None:
        if run.idx == 1:
            broker.buy(run.owner, run.feeds[0], 3)
        seen.append((broker.getcash(), broker.getvalue(), broker.fundvalue, broker.fundshares))

    run = TapeRun(broker, [TapeFeed(DAYS)], look, owner=TapeOwner()).play()
    assert all(number != number for number in seen[0])
    assert seen[1] == (8000.0, 8000.0, 50.0, 160.0)
    # three shares at a close of 101 are worth 303 of the fund's value, the rest is its cash
    assert seen[2] == (8000.0 - 303.0, 8000.0, 50.0, 160.0)
    assert seen[3] == (9000.0 - 303.0, 9000.0, 60.0, 150.0)
    curves = broker.ledger.series(6)
    assert list(curves.value)[1:] == [8000.0, 8000.0, 9000.0, 9000.0, 9000.0]
    assert curves.value[0] != curves.value[0]
    assert run.idx == 5
