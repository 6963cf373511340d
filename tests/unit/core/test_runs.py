"""What a run costs nobody who does not look, and what it forgets in bounded memory."""

from __future__ import annotations

import datetime
import gc
from typing import Any

import pytest

import backtrader as bt
from backtrader.broker import back


class Bars(bt.DataBase):
    """A saw of prices, a bar a day, row by row."""

    params = (("count", 400),)

    def start(self) -> None:
        super().start()
        self.made = 0

    def _load(self) -> bool:
        if self.made >= self.p.count:
            return False
        price = 100.0 + self.made % 7
        self.lines.datetime[0] = bt.date2num(
            datetime.datetime(2020, 1, 1) + datetime.timedelta(days=self.made)
        )
        for name, number in (("open", price), ("high", price + 1), ("low", price - 1), ("close", price)):
            getattr(self.lines, name)[0] = number
        self.lines.volume[0] = 1000.0
        self.made += 1
        return True


class InAndOut(bt.Strategy):
    """An order on every bar."""

    def next(self) -> None:
        if self.position:
            self.close()
        else:
            self.buy()


def run(strategy: Any, **options: Any) -> tuple[Any, Any]:
    cerebro = bt.Cerebro()
    cerebro.adddata(Bars())
    cerebro.addstrategy(strategy)
    return cerebro.run(**options)[0], cerebro


def test_bounded_memory_forgets_orders_and_trades_that_are_over(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(back, "_MOST_ORDERS", 40)
    strategy, bounded = run(InAndOut, exactbars=1)
    _, whole = run(InAndOut)
    assert len(whole.broker.orders) == 400 and len(bounded.broker.orders) <= 40
    assert all(len(trades) == 1 for ids in strategy._trades.values() for trades in ids.values())
    assert len(strategy.data.close.array) < 600
    assert bounded.broker.getvalue() == whole.broker.getvalue()


def test_an_indicator_nobody_reads_is_not_computed() -> None:
    class Idle(bt.Strategy):
        def __init__(self) -> None:
            self.unread = bt.ind.SMA(period=5)

    strategy, _ = run(Idle)
    line = strategy.unread.lines.sma
    assert "array" not in line.__dict__
    assert line.array[-1] == sum(100.0 + i % 7 for i in range(395, 400)) / 5  # read after the run


def test_the_collectors_settings_come_back_after_a_failure() -> None:
    class Failing(bt.Strategy):
        def next(self) -> None:
            raise RuntimeError("no")

    before = gc.get_threshold()
    with pytest.raises(RuntimeError) as raised:
        run(Failing)
    assert gc.get_threshold() == before
    assert raised.value.__notes__ == ["Failing was at bar 1, 2020-01-01 00:00:00"]


def test_runstop_ends_after_this_bar() -> None:
    class Stopping(bt.Strategy):
        def next(self) -> None:
            if len(self) == 10:
                self.cerebro.runstop()

    assert len(run(Stopping)[0]) == 10
    assert len(run(Stopping, runonce=False)[0]) == 10


def test_feeds_with_the_same_timestamps_share_a_clock() -> None:
    cerebro = bt.Cerebro()
    feeds = [cerebro.adddata(Bars(), name=name) for name in ("a", "b")]
    other = cerebro.adddata(Bars(count=100), name="c")
    cerebro.addstrategy(InAndOut)
    cerebro.run()
    assert feeds[0]._now is feeds[1]._now is not other._now


def test_a_part_that_is_not_there_yet_says_so() -> None:
    from backtrader.core.parts import part_of

    with pytest.raises(bt.BacktraderError, match=r"time travel is not part of version"):
        part_of("timetravel", "time travel")
