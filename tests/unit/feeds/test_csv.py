"""CSV feeds: layouts, what a bad row says, where the text may come from."""

from __future__ import annotations

import datetime as dt
import io
import math
from pathlib import Path
from typing import Any

import pytest

import backtrader as bt
from backtrader.errors import DataError
from tests.unit.feeds.stage import Hours, bars, by_rows, drain, preloaded, started

ROW = "2020-01-02 10:00:00,1,2,0.5,1.5,100,7\n"
DAILY = "2020-01-02,1,2,0.5,1.5,100,7\n"
MINUTES = bt.TimeFrame.Minutes


def generic(text: str, **kwargs: Any) -> Any:
    kwargs = {"headers": False, "name": "file"} | kwargs
    return preloaded(bt.feeds.GenericCSVData(dataname=io.StringIO(text), **kwargs))


def plain(text: str, **kwargs: Any) -> Any:
    kwargs = {"headers": False, "name": "file"} | kwargs
    return preloaded(bt.feeds.BacktraderCSVData(dataname=io.StringIO(text), **kwargs))


def values(data: Any, bar: int = 0) -> list[float]:
    return [line.array[bar] for line in data.lines][:6]


def moment(data: Any, bar: int = 0) -> dt.datetime:
    return bt.num2date(data.datetime.array[bar])


def test_columns_go_to_their_lines() -> None:
    data = generic(ROW, timeframe=MINUTES)
    assert values(data) == [1.5, 0.5, 2, 1, 100, 7]
    assert moment(data) == dt.datetime(2020, 1, 2, 10)


def test_daily_bars_get_the_sessions_end_if_that_is_later() -> None:
    assert generic(ROW).datetime.array[0] == bt.date2num(dt.datetime(2020, 1, 2, 23, 59, 59, 999990))
    assert moment(generic(ROW, sessionend=dt.time(17, 30))) == dt.datetime(2020, 1, 2, 17, 30)
    assert moment(generic(ROW, sessionend=dt.time(9))) == dt.datetime(2020, 1, 2, 10)


@pytest.mark.parametrize(
    ("zones", "hour"),
    [({"tzinput": Hours(2)}, 15), ({"tz": Hours(2)}, 15), ({"tz": Hours(-3), "tzinput": Hours(2)}, 18)],
)
def test_the_sessions_end_is_in_the_feeds_zone(zones: dict, hour: int) -> None:
    # the figures are the original's; with both zones the end is converted twice
    data = generic(DAILY, dtformat="%Y-%m-%d", sessionend=dt.time(17, 30), **zones)
    assert moment(data) == dt.datetime(2020, 1, 2, hour, 30)


def test_the_time_may_have_a_column_of_its_own() -> None:
    columns = dict(time=1, open=2, high=3, low=4, close=5, volume=6, openinterest=7)
    data = generic(
        "02/01/2020,10:30,1,2,0.5,1.5,100,7\n",
        dtformat="%d/%m/%Y",
        tmformat="%H:%M",
        timeframe=MINUTES,
        **columns,
    )
    assert moment(data) == dt.datetime(2020, 1, 2, 10, 30)


@pytest.mark.parametrize(
    ("text", "dtformat"),
    [
        ("1577959200", 1),
        ("1577959200.0", 2),
        ("2nd", lambda text: dt.datetime(2020, 1, int(text[0]), 10)),
        ("Jan 02 2020 10AM", "%b %d %Y %I%p"),
    ],
)
def test_dates_may_be_written_in_many_ways(text: str, dtformat: Any) -> None:
    assert moment(generic(f"{text},1,2,0.5,1.5,1,1\n", dtformat=dtformat, timeframe=MINUTES)) == dt.datetime(
        2020, 1, 2, 10
    )


def test_absent_columns_and_empty_fields_are_the_null_value() -> None:
    text = "2020-01-02,1,2,0.5,,100\n"
    absent = dict(dtformat="%Y-%m-%d", openinterest=-1)
    data = generic(text, **absent)
    assert math.isnan(data.close.array[0])
    assert math.isnan(data.openinterest.array[0])
    assert values(generic(text, nullvalue=0, **absent)) == [0, 0.5, 2, 1, 100, 0]
    assert values(generic(text, nullvalue=0, dtformat="%Y-%m-%d", openinterest=None))[5] == 0


def test_a_line_of_a_subclass_has_a_column_by_its_name() -> None:
    class WithRatio(bt.feeds.GenericCSVData):
        lines = ("ratio",)
        params = (("ratio", 7),)

    data = preloaded(WithRatio(dataname=io.StringIO(ROW.strip() + ",33\n"), headers=False, name="x"))
    assert data.ratio.array[0] == 33


def test_the_plain_layout_has_the_time_if_there_are_eight_fields() -> None:
    data = plain("2020/01/02,10:11:12,1,2,0.5,1.5,100,7\n")
    assert moment(data) == dt.datetime(2020, 1, 2, 10, 11, 12)
    assert values(data) == [1.5, 0.5, 2, 1, 100, 7]
    assert moment(plain(DAILY, sessionend=dt.time(17))) == dt.datetime(2020, 1, 2, 17)


BAD = [
    ("file, row 2: .*column 4 (close) holds 'x' .*'2020-01-03,1,2,0.5,x,1,1'", "2020-01-03,1,2,0.5,x,1,1"),
    ("file, row 2: .*column 0 (date.*) holds '2020-13-01'", "2020-13-01,1,2,0.5,1.5,1,1"),
    ("file, row 2: .*column 6 (openinterest) is missing, there are 6", "2020-01-03,1,2,0.5,1.5,1"),
    ("file, row 2: .*the row is empty", ""),
]


@pytest.mark.parametrize(("words", "row"), BAD)
@pytest.mark.parametrize("read", [plain, lambda text: generic(text, dtformat="%Y-%m-%d")])
@pytest.mark.parametrize("good_rows", [1, 3000])
def test_a_bad_row_names_file_row_column_and_text(words: str, row: str, read: Any, good_rows: int) -> None:
    words = words.replace("(", r"\(").replace(")", r"\)").replace("row 2", f"row {good_rows + 1}")
    good = "".join(
        (dt.date(2000, 1, 1) + dt.timedelta(i)).isoformat() + ",1,2,0.5,1.5,1,1\n" for i in range(good_rows)
    )
    with pytest.raises(DataError, match=words):
        read(good + row + "\n")


def test_a_bad_row_in_a_subclass_names_file_row_and_text() -> None:
    class Own(bt.feeds.CSVDataBase):
        def _loadline(self, linetokens: list[str]) -> bool:
            self.lines.close[0] = float(linetokens[3])
            return True

    with pytest.raises(DataError, match=r"own, row 1: .*IndexError.*'a,b'"):
        preloaded(Own(dataname=io.StringIO("a,b\n"), name="own", headers=False))


def test_a_subclass_says_how_to_read_a_line() -> None:
    class Own(bt.feeds.CSVDataBase):
        params = (("separator", ";"),)

        def _loadline(self, linetokens: list[str]) -> bool:
            if linetokens[0] == "end":
                return False
            self.lines.datetime[0] = bt.date2num(dt.datetime(2020, 1, int(linetokens[0])))
            self.lines.close[0] = float(linetokens[1])
            return True

    data = started(Own(dataname=io.StringIO("day;close\n1;5\n2;6\nend;\n3;7\n"), name="own"))
    assert [close for _, close, _ in drain(data)] == [5, 6]


def test_a_file_is_opened_named_and_closed(tmp_path: Path) -> None:
    path = tmp_path / "eurusd.csv"
    path.write_text("header\n" + DAILY)
    for dataname in (str(path), path):
        data = bt.feeds.BacktraderCSVData(dataname=dataname)
        assert data._name == "eurusd"
        assert preloaded(data).buflen() == 1
        assert data.f is None
    with pytest.raises(DataError, match=r"eurusd\.csv, row 1"):
        preloaded(bt.feeds.BacktraderCSVData(dataname=path.open(), headers=False))


def test_an_object_with_readline_will_do() -> None:
    class Source:
        def __init__(self) -> None:
            self.left = ["date", DAILY.strip() + "\r\n", DAILY.replace("-02", "-03")]
            self.closed = False

        def readline(self) -> str:
            return self.left.pop(0) if self.left else ""

        def close(self) -> None:
            self.closed = True

    source = Source()
    data = preloaded(bt.feeds.BacktraderCSVData(dataname=source))
    assert (data.buflen(), source.closed, data._name) == (2, True, "")


def test_the_last_line_needs_no_end() -> None:
    assert plain(DAILY.rstrip("\n")).buflen() == 1


def test_a_family_reads_files_of_a_folder(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text(DAILY)
    family = bt.feeds.BacktraderCSV(basepath=f"{tmp_path}/", headers=False)
    data = family.getdata("a.csv", name="a", sessionend=dt.time(17))
    assert (data._name, data.getfeed()) == ("a", family)
    assert moment(preloaded(data)) == dt.datetime(2020, 1, 2, 17)


def test_rows_one_by_one_give_the_same_bars() -> None:
    rows = "".join(f"2020-01-{day:02},1,2,0.5,{day},100,\n" for day in range(1, 32)) * 90

    def make() -> Any:
        return bt.feeds.GenericCSVData(
            dataname=io.StringIO(rows), dtformat="%Y-%m-%d", headers=False, name="x"
        )

    with pytest.warns(UserWarning, match="is earlier than"):
        whole = bars(preloaded(make()))
    with pytest.warns(UserWarning, match="is earlier than"):
        assert bars(by_rows(make())) == whole


def test_a_format_that_is_not_the_files_is_named(tmp_path: Path) -> None:
    path = tmp_path / "days.csv"
    path.write_text("date,open,high,low,close,volume\n2020-01-02,1,2,0.5,1.5,1\n")
    cerebro = bt.Cerebro()
    cerebro.adddata(bt.feeds.GenericCSVData(dataname=path, openinterest=-1))
    cerebro.addstrategy(bt.Strategy)
    with pytest.raises(bt.errors.DataError, match=r"days\.csv, row 2: .* dtformat is '%Y-%m-%d %H:%M:%S'"):
        cerebro.run()
