"""CSV feeds and DataFrames: columns, formats, dates, sessions, time zones."""

from __future__ import annotations

import datetime as dt
import io
import math
from typing import Any

import backtrader as bt

from ..data import Row, daily, minutes, with_nans
from ..feeds import csv_feed, csv_text, frame, intraday
from ..registry import scenario
from ..stage import Stage


class Times(bt.Strategy):
    """Notes times as the user sees them."""

    def __init__(self) -> None:
        self.log: list[Any] = []

    def next(self) -> None:
        d = self.data
        self.log.append(
            [
                d.datetime.datetime(0),
                d.datetime[0],
                self.datetime.datetime(0),
                d.num2date(),
                d.datetime.time(0),
            ]
        )


def _file(s: Stage, name: str, text: str) -> str:
    path = s.folder / name
    path.write_text(text, encoding="utf-8")
    return str(path)


def _bt_csv(rows: list[Row], with_time: bool = False) -> str:
    lines = [
        "Date,Time,Open,High,Low,Close,Volume,OpenInterest"
        if with_time
        else "Date,Open,High,Low,Close,Volume,OpenInterest"
    ]
    for row in rows:
        stamp = [row[0].strftime("%Y-%m-%d"), *([row[0].strftime("%H:%M:%S")] if with_time else [])]
        lines.append(",".join([*stamp, *(repr(value) for value in row[1:])]))
    return "\n".join(lines) + "\n"


@scenario()
def backtrader_csv(s: Stage) -> Any:
    """BacktraderCSVData with days: session end as time of day, name from the file."""
    feed = bt.feeds.BacktraderCSVData(dataname=_file(s, "days.txt", _bt_csv(daily(30, 180))))
    cerebro = s.simple(Times, feed)
    s.run(cerebro)
    s.note("name", [feed._name, feed.p.name])


@scenario()
def backtrader_csv_dates(s: Stage) -> Any:
    """fromdate and todate as dates and datetimes, headers off, other separator."""
    text = _bt_csv(daily(40, 181))
    path = _file(s, "days.txt", text)
    body = _file(s, "body.txt", "\n".join(text.splitlines()[1:]).replace(",", ";") + "\n")
    for kwargs in (
        {"fromdate": dt.datetime(2021, 3, 10), "todate": dt.datetime(2021, 4, 1)},
        {"fromdate": dt.date(2021, 3, 10), "todate": dt.date(2021, 4, 1)},
        {"todate": dt.datetime(2021, 3, 12, 23, 59, 59)}, {"fromdate": dt.datetime(2021, 4, 20)},
        {"dataname": body, "headers": False, "separator": ";", "name": "given"},
    ):  # fmt: skip
        s.run(s.simple(Times, bt.feeds.BacktraderCSVData(**{"dataname": path, **kwargs})))


@scenario()
def backtrader_csv_minutes(s: Stage) -> Any:
    """BacktraderCSVData with times; session start and end given."""
    path = _file(s, "minutes.txt", _bt_csv(minutes(50, per_day=20), with_time=True))
    kwargs = {"sessionstart": dt.time(9, 0), "sessionend": dt.time(9, 20), **intraday()}
    return s.simple(Times, bt.feeds.BacktraderCSVData(dataname=path, **kwargs))


def _generic(s: Stage, text: str, **kwargs: Any) -> Any:
    return s.simple(Times, bt.feeds.GenericCSVData(dataname=io.StringIO(text), name="d0", **kwargs))


@scenario()
def generic_csv_columns(s: Stage) -> Any:
    """GenericCSVData: other column order, absent columns, nullvalue, empty fields."""
    lines = ["when;close;open;ignored;high;low;vol"]
    for i, row in enumerate(daily(20, 182)):
        lines.append(
            f"{row[0]:%d/%m/%Y};{row[4]};{row[1]};x;{row[2]};{row[3]};{'' if i % 4 == 0 else row[5]}"
        )
    text = "\n".join(lines) + "\n"
    columns = {
        "separator": ";",
        "dtformat": "%d/%m/%Y",
        "close": 1,
        "open": 2,
        "high": 4,
        "low": 5,
        "openinterest": -1,
    }
    s.run(_generic(s, text, volume=6, **columns))
    s.run(_generic(s, text, volume=6, nullvalue=0.0, **columns))
    s.run(_generic(s, text, volume=None, **columns))


@scenario()
def generic_csv_times(s: Stage) -> Any:
    """GenericCSVData: date and time in two columns, unix seconds, a callable."""
    rows = minutes(20)
    two = "".join(f"{r[0]:%Y%m%d},{r[0]:%H%M},{r[1]},{r[2]},{r[3]},{r[4]},{r[5]},0\n" for r in rows)
    kwargs = {"headers": False, "open": 2, "high": 3, "low": 4, "close": 5, "volume": 6, "openinterest": 7}
    s.run(_generic(s, two, dtformat="%Y%m%d", tmformat="%H%M", time=1, **kwargs, **intraday()))
    epoch = dt.datetime(1970, 1, 1)
    unix = [int((r[0] - epoch).total_seconds()) for r in rows]
    one = "".join(
        f"{when},{r[1]},{r[2]},{r[3]},{r[4]},{r[5]},0\n" for when, r in zip(unix, rows, strict=True)
    )
    s.run(_generic(s, one, dtformat=1, headers=False, **intraday()))
    parts = "".join(
        f"{when + 0.25},{r[1]},{r[2]},{r[3]},{r[4]},{r[5]},0\n" for when, r in zip(unix, rows, strict=True)
    )
    s.run(_generic(s, parts, dtformat=2, headers=False, **intraday()))
    s.run(
        _generic(
            s, one, dtformat=lambda text: epoch + dt.timedelta(seconds=int(text)), headers=False, **intraday()
        )
    )


@scenario()
def generic_csv_dates(s: Stage) -> Any:
    """GenericCSVData: fromdate, todate, days get the session end, microseconds, blank last line."""
    rows = daily(30, 183)
    text = csv_text(rows, "%Y-%m-%d")
    span = {"fromdate": dt.datetime(2021, 3, 5), "todate": dt.datetime(2021, 3, 25)}
    s.run(_generic(s, text, dtformat="%Y-%m-%d", **span))
    s.run(_generic(s, text, dtformat="%Y-%m-%d", sessionend=dt.time(17, 30), **span))
    fine = [(r[0] + dt.timedelta(microseconds=137 * i), *r[1:]) for i, r in enumerate(minutes(20))]
    s.run(_generic(s, csv_text(fine, "%Y-%m-%d %H:%M:%S.%f"), dtformat="%Y-%m-%d %H:%M:%S.%f", **intraday()))


class ExtraCSV(bt.feeds.GenericCSVData):
    """One more column, as in the documentation."""

    lines = ("ratio",)
    params = (("ratio", 7),)


class UsesRatio(bt.Strategy):
    """Reads the extra line."""

    def __init__(self) -> None:
        self.mean = bt.ind.SMA(self.data.ratio, period=3)
        self.log: list[Any] = []

    def next(self) -> None:
        self.log.append([self.data.ratio[0], self.data.lines.ratio[0], self.data_ratio[0]])


@scenario()
def generic_csv_extra_line(s: Stage) -> Any:
    """A subclass of GenericCSVData with an extra line."""
    text = "".join(
        line + (f",{i * 1.5}" if i else ",ratio") + "\n"
        for i, line in enumerate(csv_text(daily(20, 184)).splitlines())
    )
    return s.simple(UsesRatio, ExtraCSV(dataname=io.StringIO(text), name="d0"))


class LineCSV(bt.CSVDataBase):
    """A user's CSV format."""

    params = (("dtformat", "%Y.%m.%d"),)

    def _loadline(self, linetokens: list[str]) -> bool:
        self.lines.datetime[0] = bt.date2num(dt.datetime.strptime(linetokens[0], self.p.dtformat))
        for i, name in enumerate(("open", "high", "low", "close"), 1):
            getattr(self.lines, name)[0] = float(linetokens[i])
        self.lines.volume[0] = 1.0
        self.lines.openinterest[0] = math.nan
        return True


@scenario()
def csv_of_user(s: Stage) -> Any:
    """A subclass of CSVDataBase with _loadline."""
    text = "head\n" + "".join(f"{r[0]:%Y.%m.%d},{r[1]},{r[2]},{r[3]},{r[4]}\n" for r in daily(20, 185))
    return s.simple(Times, LineCSV(dataname=_file(s, "own.csv", text), fromdate=dt.datetime(2021, 3, 4)))


@scenario()
def csv_empty_fields(s: Stage) -> Any:
    """NaN through empty fields of a CSV."""
    return s.simple(Times, csv_feed(with_nans(daily(30, 186), part=0.3), name="d0"))


@scenario()
def frames(s: Stage) -> Any:
    """PandasData: index, named columns, numbers, autodetection, nocase, absent columns."""
    rows = daily(20, 187)
    Data = bt.feeds.PandasData
    s.run(s.simple(Times, Data(dataname=frame(rows))))
    s.run(s.simple(Times, Data(dataname=frame(rows, open="OPEN", high="High", close="cLoSe"))))
    s.run(
        s.simple(
            Times,
            Data(
                dataname=frame(rows, volume="vol", close="last"),
                volume="vol",
                close="last",
                openinterest=None,
            ),
        )
    )
    s.run(s.simple(Times, Data(dataname=frame(rows).drop(columns=["volume", "openinterest"]))))
    s.run(s.simple(Times, Data(dataname=frame(rows).reset_index(), datetime="datetime")))
    s.run(
        s.simple(
            Times,
            Data(
                dataname=frame(rows).reset_index(),
                datetime=0,
                open=1,
                high=2,
                low=3,
                close=4,
                volume=5,
                openinterest=6,
            ),
        )
    )
    s.run(s.simple(Times, Data(dataname=frame(rows).reset_index(), datetime=-1)))


@scenario()
def frames_dates(s: Stage) -> Any:
    """PandasData with fromdate, todate, minutes, other units of time, integers."""
    import pandas as pd

    rows = daily(30, 188)
    Data = bt.feeds.PandasData
    s.run(
        s.simple(
            Times,
            Data(dataname=frame(rows), fromdate=dt.datetime(2021, 3, 5), todate=dt.datetime(2021, 3, 25)),
        )
    )
    s.run(s.simple(Times, Data(dataname=frame(minutes(30)), **intraday())))
    for unit in ("s", "ms", "us", "ns"):
        data = frame(minutes(10))
        data.index = pd.DatetimeIndex(data.index).as_unit(unit)
        s.run(s.simple(Times, Data(dataname=data, **intraday())))
    whole = frame(rows).round().astype("int64")
    s.run(s.simple(Times, Data(dataname=whole)))


@scenario()
def frames_bounded(s: Stage) -> Any:
    """A DataFrame in every mode, also with one bar of memory."""

    class Plain(bt.Strategy):
        def __init__(self) -> None:
            self.sma = bt.ind.SMA(period=5)

        def next(self) -> None:
            if len(self) % 7 == 0:
                self.order_target_size(target=3 if len(self) % 2 else -2)

    return s.simple(Plain, bt.feeds.PandasData(dataname=frame(daily(40, 189))))


@scenario()
def frames_time_zone(s: Stage) -> Any:
    """A time zone aware index."""
    data = frame(minutes(20))
    data.index = data.index.tz_localize("UTC")
    s.run(s.simple(Times, bt.feeds.PandasData(dataname=data, **intraday())))
    data = frame(minutes(20))
    data.index = data.index.tz_localize("America/New_York")
    s.run(s.simple(Times, bt.feeds.PandasData(dataname=data, **intraday())))


@scenario()
def frames_direct(s: Stage) -> Any:
    """PandasDirectData: positions of itertuples."""
    s.run(s.simple(Times, bt.feeds.PandasDirectData(dataname=frame(daily(20, 190)))))
    data = frame(daily(20, 190))[["close", "open", "high", "low"]]
    s.run(
        s.simple(
            Times,
            bt.feeds.PandasDirectData(
                dataname=data, close=1, open=2, high=3, low=4, volume=-1, openinterest=-1
            ),
        )
    )


class ExtraFrame(bt.feeds.PandasData):
    """More columns of a DataFrame as lines."""

    lines = ("ratio", "signal")
    params = (("ratio", -1), ("signal", "mark"))


class UsesExtra(bt.Strategy):
    """Reads the extra lines."""

    def __init__(self) -> None:
        self.mean = bt.ind.SMA(self.data.ratio, period=3)
        self.up = bt.And(self.data.signal > 0, self.data.close > self.data.open)


@scenario()
def frames_extra_lines(s: Stage) -> Any:
    """A subclass of PandasData with extra lines, found by name or given."""
    data = frame(daily(20, 191))
    data["ratio"] = [i / 3 for i in range(len(data))]
    data["mark"] = [(-1) ** i for i in range(len(data))]
    return s.simple(UsesExtra, ExtraFrame(dataname=data))


class Zone(dt.tzinfo):
    """A zone with daylight saving from 14 March 2021, without any package."""

    def utcoffset(self, when: dt.datetime | None) -> dt.timedelta:
        return dt.timedelta(hours=-5) + self.dst(when)

    def dst(self, when: dt.datetime | None) -> dt.timedelta:
        summer = when is not None and when.replace(tzinfo=None) >= dt.datetime(2021, 3, 14, 2)
        return dt.timedelta(hours=1 if summer else 0)

    def tzname(self, when: dt.datetime | None) -> str:
        return "EDT" if self.dst(when) else "EST"


@scenario(like={"exactbars=1": "exactbars=-1"})
def time_zones(s: Stage) -> Any:
    """tz for output, tzinput for input, both, across a change of offset; orders with validity."""

    class Valid(Times):
        def next(self) -> None:
            super().next()
            if len(self) == 3:
                self.buy(exectype=bt.Order.Limit, price=1.0, valid=dt.datetime(2021, 3, 12, 9, 12))
                self.buy(exectype=bt.Order.Limit, price=1.0, valid=bt.Order.DAY)
                self.buy(exectype=bt.Order.Close)

    rows = [(r[0] + dt.timedelta(days=11), *r[1:]) for r in minutes(60, per_day=20)]
    for kwargs in ({"tz": Zone()}, {"tzinput": Zone()}, {"tz": Zone(), "tzinput": Zone()}):
        s.run(
            s.simple(
                Valid, s.feed(rows, "d0", kind="rows", sessionend=dt.time(9, 20), **kwargs, **intraday())
            )
        )


@scenario()
def time_zone_of_strategy(s: Stage) -> Any:
    """Cerebro's tz: a zone, or the number of a feed."""
    for tz in (Zone(), 1):
        cerebro = s.simple(
            Times,
            s.feed(minutes(10), "d0", **intraday()),
            s.feed(minutes(10, 2), "d1", tz=Zone(), **intraday()),
        )
        cerebro.addtz(tz)
        s.run(cerebro)
