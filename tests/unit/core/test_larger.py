"""Runs with resampled feeds: which of them are batches, and what they have to keep to."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest

import backtrader as bt
from backtrader.core import assemble
from tests.property.timeframe_runs import Columns, Counts, columns

TF = bt.TimeFrame
START = dt.datetime(2021, 3, 26, 9, 1)


def minutes(count: int, every: int = 1, seed: int = 1) -> dict[str, Any]:
    times = [START + dt.timedelta(minutes=i * every) for i in range(count)]
    return {"columns": columns(times, seed), "timeframe": TF.Minutes}


class Notes(bt.Strategy):
    """Notes what a function says on every step."""

    params = (("make", None), ("say", None))

    def __init__(self) -> None:
        self.made = self.p.make(self) if self.p.make else None
        self.notes: list[Any] = []

    def prenext(self) -> None:
        self.next()

    def next(self) -> None:
        if self.p.say is not None:
            self.notes.append(self.p.say(self))


def beside(cerebro: bt.Cerebro, count: int = 12, compression: int = 5, **kwargs: Any) -> Any:
    """A feed and what is made of it; the latter is returned."""
    feed = cerebro.adddata(Columns(**{**minutes(count), **kwargs}))
    return cerebro.resampledata(feed, timeframe=TF.Minutes, compression=compression)


@pytest.fixture
def loops(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Which loops were run."""
    found: list[str] = []

    def noting(name: str, run: Callable[..., None]) -> Callable[..., None]:
        def noted(*args: Any) -> None:
            found.append(name)
            run(*args)

        return noted

    for name in ("run_batch", "run_event"):
        monkeypatch.setattr(assemble, name, noting(name, getattr(assemble, name)))
    return found


def _plain_and_own(cerebro: bt.Cerebro) -> None:
    cerebro.adddata(Columns(**minutes(20)))
    cerebro.resampledata(Columns(**minutes(20, 3)), timeframe=TF.Minutes, compression=15)


def _several(cerebro: bt.Cerebro) -> None:
    for seed in (1, 2):
        feed = cerebro.adddata(Columns(**minutes(20, seed=seed)))
        cerebro.resampledata(feed, timeframe=TF.Minutes, compression=5)
        cerebro.resampledata(feed, timeframe=TF.Days)


def _own_alone(cerebro: bt.Cerebro) -> None:
    for every in (1, 2):
        cerebro.resampledata(Columns(**minutes(20, every)), timeframe=TF.Minutes, compression=5)


def _uneven(cerebro: bt.Cerebro) -> None:
    for every in (2, 3):
        feed = cerebro.adddata(Columns(**minutes(20, every)))
        cerebro.resampledata(feed, timeframe=TF.Minutes, compression=10)


@pytest.mark.parametrize("add", [beside, _plain_and_own, _several, _own_alone, _uneven])
def test_batches(loops: list[str], add: Any) -> None:
    cerebro = bt.Cerebro()
    add(cerebro)
    cerebro.addstrategy(Notes)
    cerebro.run()
    assert loops == ["run_batch"]


class _Steps(bt.Indicator):
    lines = ("x",)

    def _next(self) -> None:
        super()._next()


def _filtered(cerebro: bt.Cerebro) -> None:
    feed = Columns(**minutes(20))
    feed.addfilter(lambda data: False)
    cerebro.adddata(feed)
    cerebro.resampledata(feed, timeframe=TF.Minutes, compression=5)


def _filtered_larger(cerebro: bt.Cerebro) -> None:
    beside(cerebro).addfilter(lambda data: False)


def _replayed(cerebro: bt.Cerebro) -> None:
    feed = cerebro.adddata(Columns(**minutes(20)))
    cerebro.replaydata(feed, timeframe=TF.Minutes, compression=5)


def _larger_of_larger(cerebro: bt.Cerebro) -> None:
    cerebro.resampledata(beside(cerebro), timeframe=TF.Minutes, compression=10)


class _Rows(Columns):
    def _load(self) -> bool:
        return False


def _by_rows(cerebro: bt.Cerebro) -> None:
    feed = cerebro.adddata(_Rows(**minutes(20)))
    cerebro.resampledata(feed, timeframe=TF.Minutes, compression=5)


@pytest.mark.parametrize("add", [_filtered, _filtered_larger, _replayed, _larger_of_larger, _by_rows])
def test_bar_by_bar_because_of_feeds(loops: list[str], add: Any) -> None:
    cerebro = bt.Cerebro()
    add(cerebro)
    cerebro.addstrategy(Notes)
    cerebro.run()
    assert loops == ["run_event"]


@pytest.mark.parametrize(
    "options", [{"runonce": False}, {"preload": False}, {"exactbars": 1}, {"oldsync": True}, {"lookahead": 2}]
)
def test_bar_by_bar_because_of_options(loops: list[str], options: dict[str, Any]) -> None:
    cerebro = bt.Cerebro(**options)
    beside(cerebro)
    cerebro.addstrategy(Notes)
    cerebro.run()
    assert loops == ["run_event"]


def test_bar_by_bar_because_of_steps_of_its_own(loops: list[str]) -> None:
    cerebro = bt.Cerebro()
    beside(cerebro)
    cerebro.addstrategy(Notes, make=lambda strategy: _Steps(strategy.data))
    cerebro.run()
    assert loops == ["run_event"]


def test_a_text_read_in_a_way_of_its_own_is_there(loops: list[str], tmp_path: Any) -> None:
    class Reversed(bt.feeds.GenericCSVData):
        def _loadline(self, linetokens: Any) -> Any:
            return super()._loadline([linetokens[1], linetokens[0], *linetokens[2:]])

    path = tmp_path / "bars.csv"
    rows = [f"{1 + i},2021-03-26 09:{i:02d}:00,9,1,{2 + i},5,0" for i in range(12)]
    path.write_text("\n".join(["o,d,h,l,c,v,i", *rows]) + "\n")
    cerebro = bt.Cerebro()
    feed = cerebro.adddata(Reversed(dataname=str(path), timeframe=TF.Minutes, dtformat="%Y-%m-%d %H:%M:%S"))
    larger = cerebro.resampledata(feed, timeframe=TF.Minutes, compression=5)
    cerebro.addstrategy(Notes)
    cerebro.run()
    assert loops == ["run_batch"]
    assert list(larger.lines.open.array) == [1, 2, 7, 12]


def notes(make: Any, say: Any, add: Any = beside, **run: Any) -> list[Any]:
    """What is said on each step."""
    cerebro = bt.Cerebro(stdstats=False)
    add(cerebro)
    cerebro.addstrategy(Notes, make=make, say=say)
    (strategy,) = cerebro.run(**run)
    return strategy.notes


def test_reading_a_feed_without_bars_is_an_error() -> None:
    def early(strategy: Any) -> Any:
        larger = strategy.data1
        if len(larger):
            return [len(larger), larger.close[0]]
        assert len(larger) == 0
        assert not len(larger.close.get(size=3))
        for ago in (0, -1):
            with pytest.raises(IndexError):
                larger.close[ago]
        return None

    said = notes(None, early)
    assert said[:4] == [None] * 4
    assert [bars for bars, _ in said[4:]] == [1] * 5 + [2, 2, 2, 3]


def test_python_is_called_on_every_step() -> None:
    counted = notes(lambda s: Counts(s.data1), lambda s: s.made.calls)
    assert counted == [0] * 4 + list(range(1, 10))


def test_a_coupled_line_takes_the_last_bar_in_the_last_step() -> None:
    def make(strategy: Any) -> Any:
        onto = strategy.data1.close(strategy.data0)
        return [onto, bt.ind.SMA(onto, period=2), strategy.data1.close()]

    def say(strategy: Any) -> Any:
        return [[len(line), line[0]] for line in strategy.made] + [len(strategy.data1)]

    said = notes(make, say)
    assert repr(said) == repr(notes(make, say, runonce=False))
    (onto, mean, coupled, bars), before = said[-1], said[-2]
    assert bars == 3
    assert onto == [12, coupled[1]]  # written again: its own feed did not move
    assert mean[0] == 12
    assert coupled[0] == 13
    assert before[0][1] != onto[1]


def test_an_operation_on_the_slow_feed_follows_the_fast_one() -> None:
    found = notes(
        lambda s: s.data1.close - s.data0.close,
        lambda s: len(s.data1) and s.made[0] == s.data1.close[0] - s.data0.close[0],
    )
    assert found == [0] * 4 + [True] * 9


def test_a_batch_form_is_not_used() -> None:
    class Both(bt.Indicator):
        lines = ("x",)

        def next(self) -> None:
            self.lines.x[0] = 1.0

        def once(self, start: int, end: int) -> None:
            raise AssertionError

    assert notes(lambda s: Both(s.data0), lambda s: s.made[0]) == [1.0] * 13

    def alone(cerebro: bt.Cerebro) -> None:
        cerebro.resampledata(Columns(**minutes(12)), timeframe=TF.Minutes, compression=5)

    assert notes(lambda s: Both(s.data0), lambda s: s.made[0], alone) == [1.0] * 3


def test_prices_of_the_input() -> None:
    """Those of the bar, on the last step still those of the bar before."""
    said = notes(
        None, lambda s: [data.tick_close for data in s.datas] + [d.close[0] for d in s.datas if len(d)]
    )
    for fast, slow, *closes in said[:-1]:
        assert [fast, *([slow] if slow is not None else [])] == closes
    assert said[-1][1] == said[-2][1] != said[-1][3]
    assert said == notes(
        None,
        lambda s: [data.tick_close for data in s.datas] + [d.close[0] for d in s.datas if len(d)],
        runonce=False,
    )


def test_stopped_before_the_slow_feed_has_a_bar() -> None:
    class Stops(bt.Strategy):
        def prenext(self) -> None:
            if len(self) == 3:
                self.cerebro.runstop()

    cerebro = bt.Cerebro()
    larger = beside(cerebro)
    cerebro.addstrategy(Stops)
    (strategy,) = cerebro.run()
    assert (len(strategy), len(strategy.data), len(larger)) == (3, 3, 0)
    (strategy,) = cerebro.run()  # and once more from the beginning
    assert len(strategy) == 3


def test_a_run_can_be_repeated() -> None:
    cerebro = bt.Cerebro()
    beside(cerebro)
    cerebro.addstrategy(Notes, say=lambda s: (len(s), [len(d) for d in s.datas], s.broker.getvalue()))
    first, second = (cerebro.run()[0].notes for _ in range(2))
    assert first == second
    assert len(first) == 13


def test_combinations(loops: list[str]) -> None:
    class Means(bt.Strategy):
        params = (("period", 1),)

        def __init__(self) -> None:
            self.mean = bt.ind.SMA(self.data1, period=self.p.period)
            self.seen = 0

        def next(self) -> None:
            self.seen += 1

    cerebro = bt.Cerebro(maxcpus=1, optreturn=False)
    beside(cerebro)
    cerebro.optstrategy(Means, period=[1, 2, 3])
    found = [strategy.seen for (strategy,) in cerebro.run()]
    assert loops == ["run_batch"] * 3
    assert found == [9, 4, 1]


def test_saving_memory(loops: list[str]) -> None:
    def run(**options: Any) -> Any:
        cerebro = bt.Cerebro(stdstats=False, **options)
        beside(cerebro, 500)
        cerebro.addstrategy(
            Notes,
            make=lambda s: [bt.ind.SMA(s.data1, period=3), bt.ind.EMA(s.data0, period=4), s.data1.close()],
            say=lambda s: repr([line[0] if len(line) else None for line in s.made]),
        )
        return cerebro.run()[0].notes

    assert run(memory_profile="balanced") == run()
    assert loops == ["run_batch"] * 2
