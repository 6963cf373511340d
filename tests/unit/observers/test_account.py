"""Cash, value and fund as lines, noted bar by bar or worked out afterwards."""

from __future__ import annotations

from typing import Any

import pytest

import backtrader as bt
from tests.unit.observers.runs import MODES, days, run, values

O = bt.observers


@pytest.mark.parametrize("mode", MODES)
def test_cash_and_value_of_every_bar(mode: dict[str, Any]) -> None:
    rows = days(20)
    broker = run(rows, mode=mode).stats.broker
    price = [close for _, close in rows]
    cash = 10_000.0 - 8 * price[3]
    assert values(broker.lines.cash, 8) == [10_000.0] * 3 + [cash] * 5
    assert values(broker.lines.value, 8) == [10_000.0] * 3 + [cash + 8 * price[i] for i in range(3, 8)]
    assert len(broker) == 20


@pytest.mark.parametrize("mode", MODES)
def test_in_next_an_observer_shows_the_bar_before(mode: dict[str, Any]) -> None:
    def look(strategy: Any) -> Any:
        value = strategy.stats.broker.lines.value
        return len(value), value[0] if len(value) else None

    strategy = run(mode=mode, look=look)
    curve = values(strategy.stats.broker.lines.value, 20)
    assert strategy.seen == [(0, None), *((i, curve[i - 1]) for i in range(1, 20))]


def _funds(cerebro: Any) -> None:
    cerebro.broker.set_fundmode(True)
    for cls in (O.FundValue, O.FundShares, O.Cash, O.Value):
        cerebro.addobserver(cls)
    cerebro.addobserver(O.Value, fund=False, obsname="account")


@pytest.mark.parametrize("mode", MODES)
def test_fund_mode(mode: dict[str, Any]) -> None:
    stats = run(setup=_funds, mode=mode).stats
    account = values(stats.account.lines.value, 20)
    share = [value / 100.0 for value in account]
    assert values(stats.fundvalue.lines.fundval, 20) == share
    assert values(stats.value.lines.value, 20) == share
    assert values(stats.broker.lines.value, 20) == share
    assert all(cash != cash for cash in values(stats.broker.lines.cash, 20))
    assert values(stats.fundshares.lines.fundshares, 20) == [100.0] * 20


def test_fund_mode_hides_the_cash_of_this_observer_only() -> None:
    funded = run(setup=_funds).stats.broker
    assert funded.plotlines.cash._plotskip is True
    assert funded.plotlines.value._name == "FundValue"
    plain = run().stats.broker
    assert plain.plotlines.cash._get("_plotskip") is None


class Doubling(O.Value):
    """A subclass with a hook of its own is called on every bar."""

    def next(self) -> None:
        super().next()
        self.lines.value[0] *= 2.0


@pytest.mark.parametrize("mode", MODES)
def test_a_subclass_is_stepped(mode: dict[str, Any]) -> None:
    stats = run(setup=lambda cerebro: cerebro.addobserver(Doubling), mode=mode).stats
    doubled = [2.0 * value for value in values(stats.broker.lines.value, 20)]
    assert values(stats.doubling.lines.value, 20) == doubled


class Counting(bt.Observer):
    """Writes how long it and its data are."""

    lines = ("own", "data")

    def next(self) -> None:
        self.lines.own[0], self.lines.data[0] = len(self), len(self.data)


@pytest.mark.parametrize("mode", MODES)
def test_before_the_minimum_period_an_observer_is_called_too(mode: dict[str, Any]) -> None:
    stats = run(setup=lambda cerebro: cerebro.addobserver(Counting), mode=mode, period=5).stats
    assert values(stats.counting.lines.own, 20) == list(range(1, 21))


def test_with_a_slower_feed_first_the_modes_differ() -> None:
    rows = days(20)

    def add(cerebro: Any) -> None:
        cerebro.addobserver(Counting)

    batch = run(rows[3::4], rows, setup=add).stats.counting
    stepped = run(rows[3::4], rows, setup=add, mode={"runonce": False}).stats.counting
    assert (len(batch), len(stepped)) == (20, 5)
    assert values(batch.lines.own, 20) == list(range(1, 21))
    assert values(stepped.lines.data, 5) == [1.0, 2.0, 3.0, 4.0, 5.0]


def test_aliases_are_classes() -> None:
    assert issubclass(O.CashValue, O.Broker)
    assert issubclass(O.FundVal, O.FundValue)
    assert O.FundShareValue.lines.getlinealiases() == ("fundval",)
