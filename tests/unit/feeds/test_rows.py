"""Rows of an iterable, and points of a database."""

from __future__ import annotations

import datetime as dt
import json
import sys
from types import ModuleType
from typing import Any

import pytest

import backtrader as bt
from backtrader.errors import DataError, OptionalPackageError
from backtrader.feeds.blaze import BlazeData
from tests.unit.feeds.stage import days, preloaded, started
from tests.unit.feeds.web import site

TF = bt.TimeFrame


# -- an iterable -----------------------------------------------------------------------------------
def test_columns_by_number() -> None:
    made = preloaded(BlazeData(dataname=iter(days(3)), openinterest=-1, volume=None))
    assert list(made.close.array) == [1, 2, 3]
    assert str(made.volume.array[0]) == str(made.openinterest.array[0]) == "nan"


def test_something_missing_is_missing() -> None:
    made = preloaded(BlazeData(dataname=[(*days(1)[0][:6], None)]))
    assert str(made.openinterest.array[0]) == "nan"


@pytest.mark.parametrize(
    ("rows", "kwargs", "words"),
    [
        (3, {}, "dataname=3 is nothing that has rows"),
        ([], {"datetime": -1}, "datetime=-1: the number of a column is needed"),
        ([days(1)[0], (1,)], {}, "feed 'b', row 2: column 0 cannot be read"),
        ([days(1)[0][:5]], {}, "feed 'b', row 1: column 5 cannot be read"),
        (
            [(*days(1)[0][:6], "x")],
            {},
            "feed 'b', row 1: column 6 cannot be read: must be real number, not str",
        ),
    ],
)
def test_what_cannot_be_read(rows: Any, kwargs: dict, words: str) -> None:
    with pytest.raises(DataError, match=words):
        preloaded(BlazeData(dataname=rows, name="b", **kwargs))


# -- InfluxDB --------------------------------------------------------------------------------------
class Points:
    """What the package's answers are like."""

    def __init__(self, points: list[dict[str, Any]]) -> None:
        self.get_points = lambda: iter(points)


class Refused(Exception):
    """The package's error."""


POINTS = [
    {
        "time": f"2020-01-0{day}T10:00:00Z",
        "open": day,
        "high": 3,
        "low": 1,
        "close": 2,
        "volume": 9,
        "openinterest": 4,
    }
    for day in (2, 3)
]


@pytest.fixture
def package(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """A stand-in for the package ``influxdb``: remembers what it was asked, gives what it is told."""
    said: dict[str, Any] = {"points": POINTS}

    class Client:
        def __init__(self, *args: Any) -> None:
            said["where"] = args

        def query(self, text: str) -> Points:
            said["query"] = text
            if isinstance(said["points"], Exception):
                raise said["points"]
            return Points(said["points"])

    module, errors = ModuleType("influxdb"), ModuleType("influxdb.exceptions")
    module.InfluxDBClient, module.exceptions = Client, errors  # type: ignore[attr-defined]
    errors.InfluxDBClientError = Refused  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "influxdb", module)
    monkeypatch.setitem(sys.modules, "influxdb.exceptions", errors)
    return said


def test_without_the_package_there_is_advice(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "influxdb", None)
    with pytest.raises(
        OptionalPackageError, match=r"bt\.feeds\.InfluxDB needs the package 'influxdb'.*pip install"
    ):
        bt.feeds.InfluxDB(dataname="EUR")


def test_points_become_bars(package: dict[str, Any]) -> None:
    made = preloaded(bt.feeds.InfluxDB(dataname="EUR", database="db", username="u", password="p"))
    assert package["where"] == ("127.0.0.1", "8086", "u", "p", "db")
    assert list(made.open.array) == [2, 3]
    assert made.num2date(made.datetime.array[0]) == dt.datetime(2020, 1, 2, 10)
    # compat: open interest is asked for and not taken
    assert str(made.openinterest.array[0]) == "nan"


def test_the_query(package: dict[str, Any]) -> None:
    preloaded(bt.feeds.InfluxDB(dataname="EUR", close="c"))
    assert package["query"] == (
        'SELECT mean("open_p") AS "open", mean("high_p") AS "high", mean("low_p") AS "low", mean("c") AS "close", '
        'mean("volume") AS "volume", mean("oi") AS "openinterest" FROM "EUR" WHERE time <= now() '
        "GROUP BY time(1d) fill(none)"
    )
    for kwargs, part in (
        ({"timeframe": TF.Minutes, "compression": 5}, "GROUP BY time(5m)"),
        ({"timeframe": TF.Seconds}, "GROUP BY time(1s)"),
        ({"timeframe": TF.Weeks}, "GROUP BY time(1w)"),
        ({"timeframe": TF.Ticks}, "GROUP BY time(1d)"),
        ({"startdate": "2019-01-01"}, "WHERE time >= '2019-01-01' GROUP"),
        ({"startdate": dt.datetime(2019, 1, 1)}, "WHERE time >= '2019-01-01 00:00:00' GROUP"),
    ):
        preloaded(bt.feeds.InfluxDB(dataname="EUR", **kwargs))
        assert part in package["query"]


def test_parts_of_seconds_and_missing_values(package: dict[str, Any]) -> None:
    package["points"] = [{**POINTS[0], "time": "2020-01-02T10:00:00.25Z", "close": None}]
    made = preloaded(bt.feeds.InfluxDB(dataname="EUR"))
    assert made.num2date(made.datetime.array[0]).microsecond in range(249_000, 251_000)
    assert str(made.close.array[0]) == "nan"


def test_what_goes_wrong_says_where(package: dict[str, Any]) -> None:
    package["points"] = Refused("database not found")
    words = r"EUR: InfluxDB at 127\.0\.0\.1:8086, database 'db': database not found; the query was SELECT"
    with pytest.raises(DataError, match=words):
        started(bt.feeds.InfluxDB(dataname="EUR", database="db"))
    package["points"] = [{"time": "today"}]
    with pytest.raises(DataError, match="EUR: a point of InfluxDB cannot be read"):
        preloaded(bt.feeds.InfluxDB(dataname="EUR"))
    with pytest.raises(DataError, match="EUR: InfluxDB does not group by Months: read days and resample"):
        bt.feeds.InfluxDB(dataname="EUR", timeframe=TF.Months, compression=2)


def test_with_the_package_itself() -> None:
    pytest.importorskip("influxdb", reason="pip install influxdb")
    columns = list(POINTS[0])
    series = {"name": "EUR", "columns": columns, "values": [list(point.values()) for point in POINTS]}
    answer = json.dumps({"results": [{"statement_id": 0, "series": [series]}]})
    with site() as made:
        made.answers["/query"] = (
            200,
            {"Content-Type": "application/json", "X-Influxdb-Version": "1.8"},
            answer,
        )
        host, port = made.address.removeprefix("http://").split(":")
        data = preloaded(bt.feeds.InfluxDB(dataname="EUR", host=host, port=port, database="db"))
        assert list(data.open.array) == [2, 3]
        assert made.asked[0]["query"]["db"] == "db"
        made.answers["/query"] = (401, {"Content-Type": "application/json"}, '{"error":"who are you"}')
        with pytest.raises(DataError, match="who are you"):
            started(bt.feeds.InfluxDB(dataname="EUR", host=host, port=port, database="db"))
