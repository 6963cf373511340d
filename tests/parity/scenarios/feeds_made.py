"""Feeds made of other feeds: chained, rolled over, cloned; names and ways to add them; live protocol."""

from __future__ import annotations

import datetime as dt
from typing import Any

import backtrader as bt

from ..data import daily, minutes, scaled, with_gaps
from ..feeds import RowsFeed, csv_feed, intraday
from ..registry import scenario
from ..stage import Stage
from .support import InOut


class Shown(bt.Strategy):
    """Notes the bar of every feed."""

    def __init__(self) -> None:
        self.log: list[Any] = []

    def next(self) -> None:
        self.log.append([[len(d), d.datetime.datetime(0), d.close[0], d.volume[0]] for d in self.datas])

    def notify_data(self, data: Any, status: int, *args: Any, **kwargs: Any) -> None:
        self.log.append([data._name, data._getstatusname(status), args, kwargs])


def _feed(seed: int, begin: int, end: int, name: str = "", **kwargs: Any) -> Any:
    """Some days out of eighty."""
    return RowsFeed(rows=daily(80, seed)[begin:end], name=name or f"f{seed}", **kwargs)


# -- chained ---------------------------------------------------------------------------------------
@scenario()
def chain(s: Stage) -> None:
    """One after the other: adjoining, overlapping, with the same days, with a gap."""
    for spans in (
        [(0, 8), (8, 16)],
        [(0, 9), (4, 15), (10, 20)],
        [(0, 6), (0, 6), (0, 9)],
        [(0, 3), (20, 25)],
    ):
        cerebro = s.cerebro()
        feeds = [_feed(320 + i, *span) for i, span in enumerate(spans)]
        data = cerebro.chaindata(*feeds, name="chained")
        cerebro.addstrategy(Shown)
        s.run(cerebro)
        s.note("made", [data._name, data._dataname, data._timeframe, data._compression, data.islive()])


@scenario(crash={"exactbars=1": "IndexError"})
def chain_trading(s: Stage) -> Any:
    """Orders across the change of feeds, beside a plain feed."""
    cerebro = s.cerebro()
    cerebro.chaindata(_feed(323, 0, 25), csv_feed(daily(60, 324)[20:50], name="c"), name="both")
    cerebro.adddata(_feed(325, 5, 45, "plain"))
    cerebro.addstrategy(InOut)
    cerebro.addanalyzer(bt.analyzers.TradeAnalyzer)
    return cerebro


@scenario()
def chain_parts(s: Stage) -> None:
    """Feeds with filters, dates and sessions of their own; filters and dates of the chain."""
    first = _feed(326, 0, 20, todate=dt.datetime(2021, 3, 18), timeframe=bt.TimeFrame.Weeks, compression=2)
    first.addfilter_simple(lambda data: data.datetime.date(0).day % 3 == 0)
    second = _feed(327, 0, 40, sessionend=dt.time(17, 30), fromdate=dt.datetime(2021, 3, 15))
    chained = bt.feeds.Chainer(first, second, dataname="parts", fromdate=dt.datetime(2021, 3, 4))
    chained.addfilter_simple(lambda data: data.datetime.date(0).day == 22)
    s.run(s.simple(Shown, chained))
    s.note("kind", [chained.p.timeframe, chained.p.compression, chained._timeframe, chained._name])


@scenario()
def chain_resampled(s: Stage) -> None:
    """A chain of minutes made into larger bars; a feed of larger bars in a chain."""
    rows = minutes(120, per_day=40)
    cerebro = s.cerebro()
    chained = bt.feeds.Chainer(
        RowsFeed(rows=rows[:50], **intraday()), RowsFeed(rows=rows[50:], **intraday()), dataname="minutes"
    )
    cerebro.resampledata(chained, timeframe=bt.TimeFrame.Minutes, compression=10)
    cerebro.addstrategy(Shown)
    s.run(cerebro)
    part = RowsFeed(rows=rows[:50], **intraday())
    part.resample(timeframe=bt.TimeFrame.Minutes, compression=5)
    cerebro = s.cerebro()
    cerebro.chaindata(part, RowsFeed(rows=rows[45:80], **intraday()), name="mixed")
    cerebro.addstrategy(Shown)
    s.run(cerebro)


@scenario()
def chain_names(s: Stage) -> None:
    """Where the name comes from."""
    for kwargs in ({}, {"name": "given"}):
        cerebro = s.cerebro()
        first = RowsFeed(rows=daily(4, 328), dataname="first", name="other")
        data = cerebro.chaindata(first, _feed(329, 4, 8), **kwargs)
        s.note("names", [data._name, data._dataname, data.p.name, sorted(cerebro.datasbyname), data._id])
        cerebro.addstrategy(Shown)
        s.run(cerebro)
    s.note("direct", [bt.feeds.Chainer(_feed(329, 0, 4))._name, bt.feeds.RollOver(_feed(329, 0, 4))._name])


# -- rolled over -----------------------------------------------------------------------------------
def _roll(s: Stage, spans: list[tuple[int, int]], step: int = 1, **kwargs: Any) -> None:
    rows = scaled(daily(80, 330), 1.0)
    feeds = []
    for i, (begin, end) in enumerate(spans):
        part = [(r[0], *(p + 100 * i for p in r[1:5]), r[5] + i, r[6]) for r in rows[begin:end]]
        feeds.append(RowsFeed(rows=with_gaps(part, i) if step > 1 else part, name=f"c{i}"))
    cerebro = s.cerebro()
    data = cerebro.rolloverdata(*feeds, name="rolled", **kwargs)
    cerebro.addstrategy(Shown)
    s.run(cerebro)
    s.note("made", [data._name, data._dataname, data._timeframe, data.islive()])


CONTRACTS = [(0, 15), (5, 30), (12, 45)]


@scenario()
def rollover(s: Stage) -> None:
    """Without conditions, with a date, with a date and a condition; the calls of both."""
    calls: list[Any] = []

    def from_tenth(when: Any, data: Any) -> bool:
        calls.append(["date", when, data._name, len(data)])
        return bool(when.day >= 10)

    def more_volume(old: Any, new: Any) -> bool:
        calls.append(["condition", old._name, old.close[0], new._name, new.close[0], len(old), len(new)])
        return bool(old.volume[0] < new.volume[0] and old.datetime.date(0).day % 4 == 0)

    _roll(s, CONTRACTS)
    _roll(s, CONTRACTS, checkdate=from_tenth)
    _roll(s, CONTRACTS, checkdate=from_tenth, checkcondition=more_volume)
    _roll(s, CONTRACTS, checkcondition=more_volume)
    _roll(s, CONTRACTS, checkdate=lambda when, data: None)
    s.note("calls", calls)


@scenario()
def rollover_gaps(s: Stage) -> None:
    """Days missing in the contracts: the change may skip some, and a contract may start late."""
    for spans in (CONTRACTS, [(0, 10), (14, 25), (30, 40)], [(0, 30), (29, 45)], [(0, 12)]):
        _roll(s, spans, step=2)
        _roll(s, spans, step=2, checkdate=lambda when, data: when.day > 8)


@scenario(crash={"exactbars=1": "IndexError"})
def rollover_trading(s: Stage) -> Any:
    """Orders across the change of contracts, beside another feed; dates of the feed itself."""
    feeds = [_feed(331, 0, 30), _feed(332, 10, 60), _feed(333, 40, 80)]
    rolled = bt.feeds.RollOver(
        *feeds, dataname="rolled", checkdate=lambda when, data: when.isocalendar()[1] % 3 == 0,
        fromdate=dt.datetime(2021, 3, 5), todate=dt.datetime(2021, 6, 1),
    )  # fmt: skip
    cerebro = s.cerebro()
    cerebro.adddata(_feed(334, 0, 70, "plain"))
    cerebro.adddata(rolled)
    cerebro.addstrategy(InOut)
    return cerebro


# -- clones and names ------------------------------------------------------------------------------
@scenario(crash={"exactbars=1": "IndexError"})
def clones(s: Stage) -> None:
    """A clone with a filter, a clone of a clone, a copy under another name, a clone of a chain."""
    cerebro = s.cerebro()
    data = cerebro.adddata(RowsFeed(rows=minutes(60, per_day=20), name="d0", **intraday()))
    odd = data.clone()
    odd.addfilter_simple(lambda d: d.datetime.time(0).minute % 2 == 0)
    cerebro.adddata(odd, name="odd")
    cerebro.adddata(odd.clone(), name="again")
    cerebro.adddata(data.copyas("copy"))
    cerebro.addstrategy(Shown)
    s.run(cerebro)
    s.note("names", [[d._name, str(d._dataname), d._id, d._timeframe] for d in cerebro.datas])
    cerebro = s.cerebro()
    chained = cerebro.chaindata(_feed(335, 0, 8), _feed(336, 8, 20), name="chained")
    cerebro.adddata(chained.clone(), name="follows")
    cerebro.addstrategy(Shown)
    s.run(cerebro)


class ByName(bt.Strategy):
    """Finds feeds by name."""

    def __init__(self) -> None:
        self.names = [self.getdatanames(), [d._name for d in self.datas], [d._id for d in self.datas]]
        self.same = [self.getdatabyname("one") is self.data0, self.dnames.one is self.data0]

    def next(self) -> None:
        if len(self) == 3:
            self.buy(data="one")
        elif len(self) == 6:
            self.close("one")


@scenario()
def added_by_name(s: Stage) -> Any:
    """adddata with and without a name, getdatabyname, orders by name."""
    cerebro = s.cerebro()
    first = cerebro.adddata(_feed(337, 0, 12, "param"), name="one")
    cerebro.adddata(_feed(338, 0, 12, "two"))
    cerebro.adddata(RowsFeed(rows=daily(12, 339), dataname="three"))
    s.note("known", [sorted(cerebro.datasbyname), cerebro.datasbyname["one"] is first, first.p.name])
    cerebro.addstrategy(ByName)
    return cerebro


# -- live ------------------------------------------------------------------------------------------
class Live(RowsFeed):
    """A live feed: rows, None (nothing now) and texts (a status); history from another feed first."""

    params = (("backfill_from", None), ("qcheck", 0.0), ("waits", None), ("clock", None))

    def _timeoffset(self) -> Any:
        """As if it were always the same time: whether a bar is over without a new row depends on it."""
        if self.p.clock is None:
            return super()._timeoffset()
        return self.p.clock - dt.datetime.now(dt.UTC).replace(tzinfo=None)

    def islive(self) -> bool:
        return True

    def haslivedata(self) -> bool:
        return self._next_row < len(self.p.rows)

    def start(self) -> None:
        super().start()
        self.history = self.p.backfill_from
        if self.history is not None:
            self.history.setenvironment(self._env)
            self.history._start()
            self.put_notification(self.DELAYED, "history")
        self.put_notification(self.CONNECTED if self.history is None else self.DELAYED)

    def _load(self) -> bool | None:
        if self.history is not None:
            if self.history.next():
                for mine, theirs in zip(self.lines, self.history.lines, strict=True):
                    mine[0] = theirs[0]
                return True
            self.history.stop()
            self.history = None
            self.put_notification(self.LIVE, since=len(self))
        if self.p.waits is not None:
            self.p.waits.append(self._qcheck)
        if self._next_row < len(self.p.rows) and not isinstance(self.p.rows[self._next_row], tuple):
            said = self.p.rows[self._next_row]
            self._next_row += 1
            if said is not None:
                self.put_notification(getattr(self, said), self._next_row)
            return None
        return super()._load()


def _stream(rows: list[Any]) -> list[Any]:
    out: list[Any] = []
    for i, row in enumerate(rows):
        out.append(row)
        if i % 4 == 2:
            out.append(None)
        if i % 7 == 5:
            out.extend(["CONNBROKEN", "LIVE", "LIVE"])
    return [*out, "DISCONNECTED"]


@scenario(crash={"exactbars=1": "IndexError"})
def live_backfill(s: Stage) -> None:
    """History from another feed, then live bars; notifications; callbacks of Cerebro."""
    rows = daily(30, 340)
    heard: list[Any] = []
    cerebro = s.cerebro()
    cerebro.adddata(Live(rows=_stream(rows[12:]), backfill_from=RowsFeed(rows=rows[:12]), name="live"))
    cerebro.adddatacb(lambda data, status, *args, **kwargs: heard.append([data._name, status, args, kwargs]))
    cerebro.addstrategy(Shown)
    cerebro.addstrategy(InOut)
    s.run(cerebro)
    s.note("heard", heard)


@scenario()
def live_backfill_filtered(s: Stage) -> None:
    """The history is a file with dates and a filter of its own; the live feed is made into larger bars."""
    rows = minutes(80, per_day=40)
    for clock in (
        rows[79][0].replace(hour=hour, minute=minute) for hour, minute in ((1, 0), (9, 47), (23, 0))
    ):
        history = csv_feed(rows[:60], name="file", todate=rows[45][0], **intraday())
        history.addfilter_simple(lambda data: data.datetime.time(0).minute == 7)
        live = Live(rows=_stream(rows[46:]), backfill_from=history, name="live", clock=clock, **intraday())
        cerebro = s.cerebro()
        cerebro.resampledata(live, timeframe=bt.TimeFrame.Minutes, compression=5)
        cerebro.addstrategy(Shown)
        s.run(cerebro)


@scenario(crash={"exactbars=1": "IndexError"})
def live_waiting(s: Stage) -> None:
    """How long feeds may wait for bars: not while another one has some."""
    waits: list[float] = []
    cerebro = s.cerebro()
    cerebro.adddata(Live(rows=[*daily(6, 341)[:4], None, None], name="a", qcheck=60.0, waits=waits))
    cerebro.addstrategy(Shown)
    s.run(cerebro)
    s.note("alone", [wait <= 60.0 for wait in waits] + [wait > 0 for wait in waits])
    waits = []
    cerebro = s.cerebro()
    cerebro.adddata(_feed(342, 0, 8, "file"))
    cerebro.adddata(Live(rows=_stream(daily(8, 343)), name="b", qcheck=60.0, waits=waits))
    cerebro.addstrategy(Shown)
    s.run(cerebro)
    s.note("beside", [len(waits), [wait == 0.0 for wait in waits]])
