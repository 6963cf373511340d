"""Names of columns and forms of time."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pytest

from backtrader.errors import DataError
from backtrader.feeds.tables import find_columns, numbers_to_micros, texts_to_micros

LINES = ("close", "low", "high", "open", "volume", "openinterest", "datetime")
MOMENT = dt.datetime(2020, 3, 4, 9, 30, 15)
MICROS = int((MOMENT - dt.datetime(1970, 1, 1)) / dt.timedelta(microseconds=1))


@pytest.mark.parametrize(
    ("names", "found"),
    [
        (["Date", "Open", "High", "Low", "Close", "Adj Close", "Volume"], [4, 3, 2, 1, 6, 0]),
        (["ts", "o", "h", "l", "c", "v"], [4, 3, 2, 1, 5, 0]),
        (["日期", "股票代码", "开盘", "收盘", "最高", "最低", "成交量"], [3, 5, 4, 2, 6, 0]),
        (["open_time", "OPEN PRICE", "high", "low", "last", "vol"], [4, 3, 2, 1, 5, 0]),
    ],
)
def test_usual_names_are_found(names: list[str], found: list[int]) -> None:
    places = find_columns(names, LINES, {}, "f.csv")
    assert [places[line] for line in ("close", "low", "high", "open", "volume", "datetime")] == found
    assert "openinterest" not in places


def test_what_is_asked_for_goes_before_what_looks_right() -> None:
    names = ["when", "close", "adj"]
    assert find_columns(names, LINES, {"datetime": 0, "close": "ADJ"}, "f") == {"close": 2, "datetime": 0}
    assert "close" not in find_columns(names, LINES, {"datetime": "when", "close": None}, "f")


def test_a_column_that_is_not_there_is_named_with_its_file() -> None:
    with pytest.raises(DataError, match=r"f\.csv: close='clse': no such column; did you mean 'close'"):
        find_columns(["date", "close"], LINES, {"close": "clse"}, "f.csv")
    with pytest.raises(DataError, match=r"f\.csv: close=7: there are 2 columns"):
        find_columns(["date", "close"], LINES, {"close": 7}, "f.csv")
    with pytest.raises(DataError, match=r"f\.csv: no column looks like datetime among a, close"):
        find_columns(["a", "close"], LINES, {}, "f.csv")


@pytest.mark.parametrize(
    ("text", "aware"),
    [
        ("2020-03-04 09:30:15", False),
        ("2020-03-04T09:30:15", False),
        ("2020-03-04T09:30:15.000000", False),
        ("2020/03/04 09:30:15", False),
        ("20200304 09:30:15", False),
        ("2020-03-04T09:30:15Z", True),
        ("2020-03-04 10:30:15+01:00", True),
        ("2020-03-04 04:30:15-0500", True),
        ("1583314215", True),
        ("1583314215000", True),
        ("20200304T093015", False),
    ],
)
def test_forms_of_one_moment(text: str, aware: bool) -> None:
    micros, zoned = texts_to_micros([text, text])
    assert (micros.tolist(), zoned) == ([MICROS, MICROS], aware)


def test_days_and_formats_of_ones_own() -> None:
    day = (dt.date(2020, 3, 4) - dt.date(1970, 1, 1)).days * 86_400_000_000
    for text in ("2020-03-04", "2020.03.04", "20200304"):
        assert texts_to_micros([text])[0].tolist() == [day], text
    assert texts_to_micros(["04.03.2020"], "%d.%m.%Y")[0].tolist() == [day]
    assert texts_to_micros(["4 March 2020"], "%d %B %Y")[0].tolist() == [day]


def test_layouts_that_change_are_read_row_by_row() -> None:
    micros, aware = texts_to_micros(["2020-03-04T09:30:15", "2020-03-04T09:30:15+00:00"])
    assert (micros.tolist(), aware) == ([MICROS, MICROS], True)


def test_a_text_that_is_no_date_is_named_with_its_row() -> None:
    with pytest.raises(ValueError, match="row 1 holds '2020-13-04'"):
        texts_to_micros(["2020-03-04", "2020-13-04"])
    with pytest.raises(ValueError, match="row 0 holds 'x'"):
        texts_to_micros(["x"])


@pytest.mark.parametrize("unit", [1, 1_000, 1_000_000, 1_000_000_000])
def test_the_unit_of_a_count_is_told_by_its_size(unit: int) -> None:
    assert numbers_to_micros(np.array([MICROS * unit // 1_000_000])).tolist() == [MICROS]


def test_a_count_with_a_fraction_and_a_missing_one() -> None:
    assert numbers_to_micros(np.array([MICROS / 1e6 + 0.25])).tolist() == [MICROS + 250_000]
    with pytest.raises(ValueError, match="row 1 has no date"):
        numbers_to_micros(np.array([1.0, np.nan]))
