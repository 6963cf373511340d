"""Writers: the rows of bars and the report, letter for letter."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

import backtrader as bt

from ..data import daily, every, minutes, with_gaps, with_nans
from ..feeds import intraday
from ..registry import scenario
from ..stage import Stage
from .support import InOut


def told(text: str) -> list[str]:
    """Lines of a text, without the modules of classes and the places of objects in memory."""
    text = re.sub(r"LinesCoupler_\d+", "LinesCoupler", text)  # numbered through the whole process
    text = re.sub(r"<class '[\w.]+\.(\w+)'>", r"<\1>", text)
    text = re.sub(r"<[\w.<>]+?\.(\w+) object at 0x[0-9a-f]+>", r"<\1>", text)
    return text.splitlines()


def note(s: Stage, cerebro: Any, *writers: dict[str, Any], **run: Any) -> None:
    """Run with a writer in memory for each set of options; note their texts."""
    for options in writers or ({}, {"csv": True}):
        cerebro.addwriter(bt.WriterStringIO, **options)
    s.run(cerebro, **run)
    for writer in cerebro.runwriters:
        s.note("text", told(writer.out.read()))


class Shows(InOut):
    """Indicators with and without columns, with and without names, nested, hidden, without parameters."""

    params = (
        ("name", "text"),
        ("nothing", None),
        ("several", [1, 2.5, "x"]),
        ("cls", bt.ind.SMA),
        ("deep", {"a": {"b": 1.0}}),
    )

    def __init__(self) -> None:
        self.sma = bt.ind.SMA(period=3)
        self.sma.csv = True
        self.named = bt.ind.EMA(period=4, plotname="my average")
        self.named.csv = True
        self.bands = bt.ind.BBands(period=3)
        self.bands.csv = True
        self.cross = bt.ind.CrossOver(self.data, self.sma)
        self.inner = bt.ind.SMA(bt.ind.SMA(period=2), period=2)
        self.inner.csv = True
        self.diff = self.data.close - self.sma
        self.both = bt.And(self.data.close > self.sma, self.data.close > self.named)
        self.prefer = bt.If(self.data.close > self.sma, 1.0, 0.0)


class ExtraLines(InOut):
    """Lines of the strategy's own."""

    lines = ("one", "two")
    plotinfo = dict(plotname="own name")
    params = ()

    def next(self) -> None:
        super().next()
        self.lines.one[0] = float(len(self))


@scenario()
def writer_strategy(s: Stage) -> Any:
    """One feed, indicators of all kinds, stock observers."""
    note(s, s.simple(Shows, s.feed(daily(40, 401), "d0")))


@scenario()
def writer_analyzers(s: Stage) -> Any:
    """Every analyzer in the report."""
    cerebro = s.simple(InOut, s.feed(daily(80, 402), "d0"))
    a = bt.analyzers
    for cls in (
        a.TradeAnalyzer, a.SharpeRatio, a.SharpeRatio_A, a.Returns, a.TimeReturn, a.DrawDown, a.TimeDrawDown, a.SQN, a.VWR,
        a.PeriodStats, a.Calmar, a.GrossLeverage, a.PositionsValue, a.Transactions, a.LogReturnsRolling, a.PyFolio,
    ):  # fmt: skip
        cerebro.addanalyzer(cls)
    cerebro.addanalyzer(a.TimeReturn, timeframe=bt.TimeFrame.Weeks, _name="by week")
    cerebro.addanalyzer(a.TimeReturn, data=cerebro.datas[0], timeframe=bt.TimeFrame.Weeks)
    note(s, cerebro, {}, {"rounding": 3})


@scenario()
def writer_layout(s: Stage) -> Any:
    """Indentation, separators, rounding, separators of columns, NaN shown, no counter."""
    cerebro = s.simple(Shows, s.feed(daily(30, 403), "d0"))
    cerebro.addanalyzer(bt.analyzers.TradeAnalyzer)
    note(
        s, cerebro, {"indent": 4, "rounding": 2, "seplen": 30}, {"separators": ["-", "="], "indent": 0},
        {"csv": True, "csvsep": ";", "csv_counter": False}, {"csv": True, "csv_filternan": False, "rounding": 1},
    )  # fmt: skip


@scenario(crash={"exactbars=1": "IndexError"})
def writer_feeds(s: Stage) -> Any:
    """Several feeds: gaps, NaN, without a name, one left out."""
    rows = daily(40, 404)
    cerebro = s.simple(
        Shows, s.feed(rows, "d0"), s.feed(with_gaps(with_nans(rows)), "d1"), s.feed(daily(20, 405))
    )
    cerebro.addobserver(bt.observers.DrawDown)
    cerebro.addobserver(bt.observers.TimeReturn, timeframe=bt.TimeFrame.Months)
    cerebro.addobservermulti(bt.observers.BuySell)
    cerebro.addobserver(bt.observers.FundValue)
    cerebro.datas[1].csv = False
    note(s, cerebro)


@scenario(crash={"exactbars=1": "IndexError"})
def writer_timeframes(s: Stage) -> Any:
    """Minutes with a slower feed beside them."""
    rows = minutes(60, 406, per_day=20)
    cerebro = s.simple(Shows, s.feed(rows, "d0", **intraday()), s.feed(every(rows, 5), "d1", **intraday(5)))
    note(s, cerebro)


@scenario(
    crash={"exactbars=1": "ValueError"},
    differs={"batch": "in the original such lines are NaN when computed in advance"},
)
def writer_couplers(s: Stage) -> Any:
    """Lines seen from another timeline: each is told about, even of the same kind."""

    class Coupled(InOut):
        def __init__(self) -> None:
            self.slow = bt.ind.SMA(self.data1, period=2)
            self.coupled = [self.data(), self.data1(), self.data1(), self.data1.close()]

    rows = minutes(60, 417, per_day=20)
    feeds = s.feed(rows, "d0", **intraday()), s.feed(every(rows, 5), "d1", **intraday(5))
    note(s, s.simple(Coupled, *feeds), {})  # a row for each bar is an error in the original


@scenario()
def writer_resampled(s: Stage) -> Any:
    """A resampled feed; the rows that the end of the input adds."""
    cerebro = s.cerebro()
    data = cerebro.adddata(s.feed(daily(33, 407), "d0"))
    cerebro.resampledata(data, timeframe=bt.TimeFrame.Weeks, name="weeks")
    cerebro.addstrategy(Shows)
    note(s, cerebro)


@scenario()
def writer_replayed(s: Stage) -> Any:
    """A replayed feed."""
    cerebro = s.cerebro()
    cerebro.replaydata(s.feed(daily(33, 408), "d0"), timeframe=bt.TimeFrame.Weeks)
    cerebro.addstrategy(ExtraLines)
    note(s, cerebro)


@scenario()
def writer_strategies(s: Stage) -> Any:
    """Several strategies: a row after each, one of each class in the report."""
    cerebro = s.cerebro(stdstats=False)
    cerebro.adddata(s.feed(daily(12, 409), "d0"))
    cerebro.addstrategy(ExtraLines)
    cerebro.addstrategy(Shows, name="first")
    cerebro.addstrategy(Shows, name="second")
    note(s, cerebro)


@scenario()
def writer_without_anything(s: Stage) -> Any:
    """No strategy, no observers, a feed with a line more."""

    class More(type(s.feed([], "x"))):  # type: ignore[misc]
        lines = ("extra",)

    cerebro = s.cerebro(stdstats=False)
    cerebro.adddata(s.feed(daily(5, 410), "d0"))
    cerebro.addstrategy(bt.Strategy)
    note(s, cerebro)


@scenario(crash={"batch": "ValueError", "exactbars=1": "IndexError"})
def writer_old_sync(s: Stage) -> Any:
    """Old synchronisation, cheating."""
    cerebro = s.simple(ExtraLines, s.feed(daily(15, 411), "d0"), s.feed(daily(10, 412), "d1"))
    note(s, cerebro, oldsync=True)
    cerebro = s.simple(ExtraLines, s.feed(daily(15, 411), "d0"))
    note(s, cerebro, cheat_on_open=True)


@scenario()
def writer_stopped(s: Stage) -> Any:
    """A run stopped in the middle: no row for the strategy that stopped it."""

    class Stops(InOut):
        def next(self) -> None:
            super().next()
            if len(self) == 7:
                self.env.runstop()

    note(s, s.simple(Stops, s.feed(daily(15, 413), "d0")))


@scenario(skip={"quiet": "the same calls"})
def writer_optimised(s: Stage) -> Any:
    """A report for each combination; on standard output the original repeats the columns of the header."""
    import contextlib
    import io

    cerebro = s.plain_cerebro(maxcpus=1, writer=True)
    cerebro.adddata(s.feed(daily(9, 414), "d0", kind="rows"))
    cerebro.optstrategy(InOut, hold=[2, 3])
    cerebro.addwriter(bt.WriterFile, csv=True)
    kept = io.StringIO()
    with contextlib.redirect_stdout(kept):
        s.run(cerebro)
    s.note("text", told(kept.getvalue()))


@scenario(skip={"stepped": "no run"})
def writer_values(s: Stage) -> Any:
    """Values of every kind in the report; the methods by themselves."""

    class Text(str):
        __slots__ = ()

    class Number(float):
        __slots__ = ()

    values = {
        "floats": [1.23456, [1.23456, 2], (1.23456,), {1.5}, Number(1.23456), 1e300, float("nan"), float("inf")],
        "f": 1.23456, "n": Number(1.23456), "x": Text("text"), "empty": {}, "nothing": None, "yes": True, "list": [],
        "bytes": b"ab", "range": range(3), "when": dt.datetime(2020, 1, 2, 3), "day": dt.date(2020, 1, 2),
        "cls": bt.ind.SMA, "plain": int, "classes": [bt.ind.SMA, int], "strategy": bt.Strategy, "line root": bt.LineRoot,
        "analyzer": bt.Analyzer, "feed": bt.DataBase, "ordered": bt.utils.AutoOrderedDict([("a", {"b": {"c": 1}})]),
        dt.date(2020, 1, 1): {None: 1, (1, 2): {1.5: 2.5}},
    }  # fmt: skip
    for options in (
        {},
        {"rounding": 2},
        {"rounding": 0, "indent": 7, "seplen": 20, "csv": True},
        {"csv_counter": False},
    ):
        writer = bt.WriterStringIO(**options)
        writer.addheaders(["a", "b"])
        writer.start()
        for level in (0, 1, 9, 12):
            writer.writelineseparator(level)
        writer.writedict(values)
        writer.writedict({"a": {"b": 1.5}}, level=2)
        writer.writedict({"a": {"b": 1.5}}, level=1, recurse=True)
        writer.writedict({})
        writer.writeline("one")
        writer.writelines(["two", "three"])
        writer.writeiterable([1, 2.5, None, "x"], func=repr, counter=0)
        writer.writeiterable(["1", "2"])
        writer.addvalues([1, float("nan"), None, True, "x"])
        writer.addvalues([2.5])
        writer.next()
        writer.next()
        writer.stop()
        s.note("text", told(writer.out.read()))
        s.note("left", [writer.headers, writer.values])


@scenario(skip={"stepped": "nothing about modes"})
def writer_printing(s: Stage) -> Any:
    """Analyzers print through a writer."""
    import contextlib
    import io

    cerebro = s.simple(InOut, s.feed(daily(30, 415), "d0"))
    for cls in (bt.analyzers.DrawDown, bt.analyzers.TradeAnalyzer, bt.analyzers.Transactions):
        cerebro.addanalyzer(cls)
    (strategy,) = s.run(cerebro)
    kept = io.StringIO()
    with contextlib.redirect_stdout(kept):
        for analyzer in strategy.analyzers:
            analyzer.print()
            analyzer.print(indent=4, rounding=1)
    s.note("text", told(kept.getvalue()))


@scenario(skip={"stepped": "nothing about modes"})
def writer_files(s: Stage) -> Any:
    """A named file, an open one, one closed at the end."""
    path = s.folder / "report.txt"
    opened = (s.folder / "open.txt").open("w+")
    closed = (s.folder / "closed.txt").open("w+")
    cerebro = s.simple(InOut, s.feed(daily(8, 416), "d0"))
    cerebro.addwriter(bt.WriterFile, out=str(path), csv=True)
    cerebro.addwriter(bt.WriterFile, out=opened)
    cerebro.addwriter(bt.WriterFile, out=closed, close_out=True)
    s.run(cerebro)
    s.note("closed", [writer.out.closed for writer in cerebro.runwriters])
    s.note("named", told(path.read_text()))
    opened.seek(0)
    s.note("open", told(opened.read()))
    opened.close()
