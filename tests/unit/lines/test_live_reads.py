"""Reading a line on every bar takes a short way while its memory stays where it is, and only then."""

from __future__ import annotations

from typing import Any

import pytest

import backtrader as bt
from tests.unit.opt.runs_for_tests import frame


def _run(strategy: Any, **options: Any) -> Any:
    cerebro = bt.Cerebro(**options)
    cerebro.adddata(bt.feeds.PandasData(dataname=frame()))
    cerebro.addstrategy(strategy)
    return cerebro.run()[0]


class Reads(bt.Strategy):
    """Reads in every way there is, and keeps what it saw."""

    def __init__(self) -> None:
        self.sma = bt.indicators.SMA(period=5)
        self.macd = bt.indicators.MACD()
        self.seen: list[Any] = []

    def next(self) -> None:
        close, sma, signal = self.data.close, self.sma, self.macd.signal
        self.seen.append(
            (
                sma[0], sma[-1], close[0], close[-3], signal[0], self.sma.lines.sma[0],
                sma > 100, sma < close[0], close >= 100.0, signal != 0.0, sma == sma[0],
                sma + 1, 1 + sma, sma - 2, 3 - close, close * 2, 2 / close, close // 7, -sma, abs(signal),
                bool(sma), self.data > self.data.close[0], self.data.volume <= 1e9,
            )
        )  # fmt: skip


MODES: list[dict[str, Any]] = [
    {}, {"runonce": False}, {"preload": False}, {"exactbars": 1}, {"exactbars": -1},
]  # fmt: skip


@pytest.mark.parametrize("mode", MODES)
def test_values_and_operators_are_the_same_in_every_mode(mode: dict[str, Any]) -> None:
    found, plain = _run(Reads, **mode), _run(Reads, stdstats=False, runonce=False)
    assert len(found.seen) == 300 - 33
    assert found.seen == plain.seen


def test_the_short_way_is_taken_and_left_with_the_run() -> None:
    class Looks(Reads):
        def stop(self) -> None:
            self.ways = [bool(x._live) for x in (self.sma, self.data.close, self.macd.signal)]

    strategy = _run(Looks)
    assert strategy.ways == [True, True, True]
    assert not strategy.sma._live and not strategy.data.close._live
    assert _run(Looks, runonce=False, preload=False).ways == [False, False, False]
    assert hasattr(strategy.sma > 3, "array"), "after the run operators make lines again"


def test_whoever_writes_to_a_shared_line_is_read_back_by_everybody() -> None:
    class Writes(bt.Strategy):
        def __init__(self) -> None:
            self.one, self.other = bt.indicators.SMA(period=5), bt.indicators.SMA(period=5)
            self.seen: list[Any] = []

        def next(self) -> None:
            before = self.one[0], self.other[0]
            if len(self) == 50:
                self.one.lines.sma[0] = 7.0  # the two share memory until here
            if len(self) >= 50:
                self.seen.append((before, self.one[0], self.one > 7.5, self.other[0], self.other[-1]))

    seen = _run(Writes).seen
    (one, other), read, above, shared, _ = seen[0]
    assert one == other == shared and read == 7.0 and above is False
    assert all(before == (a, b) and a == b for before, a, _, b, _ in seen[1:])


def test_an_observer_is_read_as_far_as_the_run_has_got() -> None:
    class Watches(bt.Strategy):
        def __init__(self) -> None:
            self.seen: list[Any] = []

        def next(self) -> None:
            if len(self) % 10 == 3:
                self.buy()
            value = self.stats.broker.value
            if len(self) > 5:
                self.seen.append((value[0], value[-1], value > 9999.5, len(value)))

    seen = _run(Watches).seen
    assert seen == _run(Watches, runonce=False).seen
    assert len({value for value, *_ in seen}) > 200


def test_the_next_run_over_the_same_feed_reads_its_own_memory() -> None:
    class Period(bt.Strategy):
        params = (("period", 3),)

        def __init__(self) -> None:
            self.sma = bt.indicators.SMA(period=self.p.period)
            self.total = 0.0

        def next(self) -> None:
            self.total += self.sma[0] if self.sma > 0 else 0.0

    cerebro = bt.Cerebro(maxcpus=1, optreturn=False)
    cerebro.adddata(bt.feeds.PandasData(dataname=frame()))
    cerebro.optstrategy(Period, period=[3, 9, 3])
    totals = [run[0].total for run in cerebro.run()]
    assert totals[0] == totals[2] != totals[1]
