"""Files of Yahoo, MetaTrader, Sierra Chart, Quandl and Visual Chart, and rows of an iterable."""

from __future__ import annotations

import datetime as dt
import io
import struct
from typing import Any

import backtrader as bt

from ..data import Row, daily, minutes
from ..feeds import intraday
from ..registry import scenario
from ..stage import Stage
from .support import InOut


class Shown(bt.Strategy):
    """Notes every line of every bar."""

    def __init__(self) -> None:
        self.log: list[Any] = []

    def next(self) -> None:
        self.log.append([self.data._name, self.data._timeframe, *(line[0] for line in self.data.lines)])


def _run(s: Stage, feed: Any) -> None:
    s.run(s.simple(Shown, feed))
    s.note("name", [feed._name, feed._timeframe, feed._compression])


def _file(s: Stage, name: str, content: str | bytes) -> str:
    path = s.folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return str(path)


# -- Yahoo -----------------------------------------------------------------------------------------
def _yahoo(rows: list[Row], nulls: bool = True) -> list[str]:
    lines = []
    for i, row in enumerate(rows):
        adjusted = row[4] * (0.9 + i * 0.0017)
        fields = [f"{price:.6f}" for price in (*row[1:5], adjusted)]
        volume = "" if i % 9 == 4 else f"{row[5] * 1000:.0f}"
        if nulls and i % 7 == 3:
            fields, volume = ["null"] * 5, "null"
        lines.append(",".join([f"{row[0]:%Y-%m-%d}", *fields, volume]) + "\n")
    return lines


YAHOO_HEAD = "Date,Open,High,Low,Close,Adj Close,Volume\n"


@scenario()
def yahoo_csv(s: Stage) -> None:
    """Adjusting, rounding, swapped closes, rows without a bar, absent volume."""
    text = YAHOO_HEAD + "".join(_yahoo(daily(40, 300)))
    for kwargs in (
        {}, {"adjclose": False}, {"adjvolume": False}, {"round": False}, {"decimals": 4}, {"decimals": 0},
        {"roundvolume": True}, {"roundvolume": 3}, {"swapcloses": True}, {"sessionend": dt.time(17, 30)},
        {"swapcloses": True, "adjclose": False}, {"round": False, "adjclose": False, "roundvolume": 2},
    ):  # fmt: skip
        _run(s, bt.feeds.YahooFinanceCSVData(dataname=io.StringIO(text), name="y", **kwargs))


@scenario()
def yahoo_csv_reversed(s: Stage) -> None:
    """The newest row first, with dates, without a header; the older layout."""
    lines = _yahoo(daily(30, 301))
    text = "".join(reversed(lines))
    path = _file(s, "reversed.csv", YAHOO_HEAD + text)
    span = {"fromdate": dt.datetime(2021, 3, 9), "todate": dt.datetime(2021, 4, 1)}
    _run(s, bt.feeds.YahooFinanceCSVData(dataname=path, reverse=True))
    _run(s, bt.feeds.YahooFinanceCSVData(dataname=path, reverse=True, **span))
    _run(s, bt.feeds.YahooFinanceCSVData(dataname=io.StringIO(text), reverse=True, headers=False, name="y"))
    _run(s, bt.feeds.YahooLegacyCSV(dataname=path, reverse=True, version="2"))
    forward = _file(s, "forward.csv", YAHOO_HEAD + "".join(lines))
    _run(s, bt.feeds.YahooFinanceCSVData(dataname=forward, **span))


@scenario()
def yahoo_csv_trading(s: Stage) -> Any:
    """Orders on bars of a Yahoo file, with a filter and the adjusted close as a line."""

    class OnAdjusted(InOut):
        def __init__(self) -> None:
            super().__init__()
            self.mean = bt.ind.SMA(self.data.adjclose, period=4)

    text = YAHOO_HEAD + "".join(_yahoo(daily(60, 302)))
    feed = bt.feeds.YahooFinanceCSVData(dataname=io.StringIO(text), name="y")
    feed.addfilter_simple(lambda data: data.datetime.date(0).day == 12)
    return s.simple(OnAdjusted, feed)


# -- others in text --------------------------------------------------------------------------------
@scenario()
def mt4_csv(s: Stage) -> None:
    """MetaTrader 4: date and time apart; minutes, and days with the session's end."""
    rows = minutes(40)
    lines = [
        f"{r[0]:%Y.%m.%d},{r[0]:%H:%M},{r[1]},{r[2]},{r[3]},{r[4]},{'' if i % 5 == 1 else int(r[5])}\n"
        for i, r in enumerate(rows)
    ]
    text = "".join(["Date,Time,Open,High,Low,Close,Volume\n", *lines])
    _run(s, bt.feeds.MT4CSVData(dataname=_file(s, "mt4.csv", text), **intraday()))
    _run(s, bt.feeds.MT4CSVData(dataname=io.StringIO("".join(lines)), headers=False, name="m", nullvalue=0.0))


@scenario()
def sierrachart_csv(s: Stage) -> None:
    """Sierra Chart: days with slashes; open interest there or not."""
    lines = [f"{r[0]:%Y/%m/%d},{r[1]},{r[2]},{r[3]},{r[4]},{int(r[5])},{int(r[6])}\n" for r in daily(25, 305)]
    text = "".join(["Date,Open,High,Low,Close,Volume,OI\n", *lines])
    _run(s, bt.feeds.SierraChartCSVData(dataname=_file(s, "sierra.csv", text)))
    without = "".join(",".join(line.split(",")[:6]) + "\n" for line in lines)
    _run(
        s,
        bt.feeds.SierraChartCSVData(
            dataname=io.StringIO(without),
            headers=False,
            openinterest=-1,
            name="x",
            todate=dt.date(2021, 3, 20),
        ),
    )


QUANDL_HEAD = (
    "Date,Open,High,Low,Close,Volume,Ex-Dividend,Split Ratio,"
    "Adj. Open,Adj. High,Adj. Low,Adj. Close,Adj. Volume\n"
)


def _quandl(rows: list[Row]) -> list[str]:
    return [
        ",".join(
            [f"{r[0]:%Y-%m-%d}", *(repr(value) for value in r[1:6]), "0.0", "1.0"]
            + [f"{value / 1.37:.7f}" for value in r[1:5]] + [f"{r[5] * 1.37:.4f}"]
        ) + "\n"
        for r in rows
    ]  # fmt: skip


@scenario()
def quandl_csv(s: Stage) -> None:
    """Quandl: adjusted or plain columns, rounded, the newest row first."""
    lines = _quandl(daily(25, 306))
    text = QUANDL_HEAD + "".join(lines)
    for kwargs in (
        {}, {"adjclose": False}, {"round": True}, {"round": True, "decimals": 1, "adjclose": False},
        {"sessionend": dt.time(16)}, {"fromdate": dt.datetime(2021, 3, 9), "todate": dt.datetime(2021, 3, 19)},
    ):  # fmt: skip
        _run(s, bt.feeds.QuandlCSV(dataname=io.StringIO(text), name="q", **kwargs))
    backwards = _file(s, "backwards.csv", QUANDL_HEAD + "".join(reversed(lines)))
    _run(s, bt.feeds.QuandlCSV(dataname=backwards, reverse=True))


@scenario()
def vchart_csv(s: Stage) -> None:
    """Visual Chart's text: the timeframe is in the rows."""
    for frame, rows in (
        ("D", daily(12, 307)),
        ("W", daily(9, 308)),
        ("M", daily(9, 309)),
        ("I", minutes(12)),
    ):
        lines = [
            f"ES,{frame},{r[0]:%Y%m%d},{f'{r[0]:%H%M%S}' if frame == 'I' else 0},"
            f"{r[1]},{r[2]},{r[3]},{r[4]},{int(r[5])},{int(r[6])}\n"
            for r in rows
        ]
        path = _file(s, f"vchart-{frame}.csv", "Ticker,Per,Date,Time,O,H,L,C,V,OI\n" + "".join(lines))
        _run(s, bt.feeds.VChartCSVData(dataname=path))
        end = {"sessionend": dt.time(17, 30, 15, 500)}
        _run(s, bt.feeds.VChartCSVData(dataname=io.StringIO("".join(lines)), headers=False, name="v", **end))


@scenario()
def vchart_csv_short_times(s: Stage) -> None:
    """Times without seconds are taken for minutes and seconds."""
    text = "".join(
        f"ES,I,20210301,{time},1,2,0.5,1.5,10,0\n" for time in ("0", "930", "0935", "1200", "235959")
    )
    _run(s, bt.feeds.VChartCSVData(dataname=io.StringIO(text), headers=False, name="v"))


# -- binary ----------------------------------------------------------------------------------------
def _packed(rows: list[Row], with_time: bool) -> bytes:
    parts = []
    for r in rows:
        day = r[0].year * 500 + r[0].month * 32 + r[0].day
        seconds = [r[0].hour * 3600 + r[0].minute * 60 + r[0].second] if with_time else []
        layout = "<IIffffII" if with_time else "<IffffII"
        parts.append(struct.pack(layout, day, *seconds, *r[1:5], int(r[5]), int(r[6])))
    return b"".join(parts)


@scenario()
def vchart_binary(s: Stage) -> None:
    """Visual Chart's binary files by their path: .fd, .min, or as the timeframe says."""
    base = _file(s, "ES.fd", _packed(daily(20, 310), False)).removesuffix(".fd")
    _file(s, "ES.min", _packed(minutes(30), True))
    for name, kwargs in (
        (".fd", {}), ("", {}), (".min", intraday()), ("", intraday(5)), ("", {"timeframe": bt.TimeFrame.Ticks}),
        (".fd", intraday()), (".min", {}), ("", {"fromdate": dt.datetime(2021, 3, 8)}),
    ):  # fmt: skip
        feed = bt.feeds.VChartData(dataname=base + name, name="v", **kwargs)
        s.run(s.simple(Shown, feed))
        s.note("frame", [feed.p.timeframe, feed._timeframe, feed.p.dataname == base + name, feed.ext])


@scenario()
def vchart_family(s: Stage) -> None:
    """A ticker in the folders of Visual Chart."""
    _file(s, "RealServer/Data/01/0ES/010ES.fd", _packed(daily(8, 311), False))
    _file(s, "RealServer/Data/01/0ES/010ES.min", _packed(minutes(8), True))
    for kwargs in ({}, intraday()):
        family = bt.feeds.VChartFeed(basepath=str(s.folder), **kwargs)
        s.run(s.simple(Shown, family.getdata("010ES", name="es")))


@scenario()
def vchart_file_and_store(s: Stage) -> None:
    """A ticker through the store that knows the folder."""
    _file(s, "0010/010010ES.fd", _packed(daily(10, 312), False))
    _file(s, "0010/010010ES.min", _packed(minutes(10), True))
    for kwargs in ({}, intraday(), {"timeframe": bt.TimeFrame.Weeks, "sessionend": dt.time(17)}):
        bt.stores.VChartFile._singleton = None
        store = bt.stores.VChartFile(path=str(s.folder))
        feed = store.getdata(dataname="010ES", **kwargs)
        s.run(s.simple(Shown, feed))
        s.note("store", [feed._store is store, store.get_datapath() == str(s.folder), feed._name])


# -- rows ------------------------------------------------------------------------------------------
@scenario()
def blaze_rows(s: Stage) -> None:
    """Tuples of anything that can be iterated over, columns by number."""
    from backtrader.feeds.blaze import BlazeData

    rows = daily(15, 313)
    _run(s, BlazeData(dataname=rows, name="b"))
    moved = [(*r[1:], r[0]) for r in rows]
    _run(
        s,
        BlazeData(
            dataname=iter(moved),
            datetime=6,
            open=0,
            high=1,
            low=2,
            close=3,
            volume=4,
            openinterest=-1,
            name="b",
        ),
    )
    _run(s, BlazeData(dataname=rows, name="b", fromdate=dt.datetime(2021, 3, 9), todate=dt.date(2021, 3, 15)))


@scenario()
def blaze_more_lines(s: Stage) -> None:
    """A line of a subclass is read if its name is among the data fields."""
    from backtrader.feeds.blaze import BlazeData

    class More(BlazeData):
        lines = ("ratio", "unread")
        params = (("ratio", 7), ("unread", 1))
        datafields = [*BlazeData.datafields, "ratio"]

    _run(s, More(dataname=[(*r, i / 7) for i, r in enumerate(daily(9, 314))], name="b"))
