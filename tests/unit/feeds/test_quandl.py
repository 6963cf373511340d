"""Quandl: files, and the download from a recorded service."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Iterator
from typing import Any

import pytest

import backtrader as bt
from backtrader.errors import DataError
from backtrader.feeds import byteblocks, csvfast
from backtrader.feeds.quandl import Quandl, QuandlCSV
from tests.unit.feeds.stage import bars, by_rows, preloaded, started
from tests.unit.feeds.web import Site, csv_answer, site

HEAD = "Date,Open,High,Low,Close,Volume,Ex-Dividend,Split Ratio,Adj. O,Adj. H,Adj. L,Adj. C,Adj. V\n"
ROWS = [
    f"2020-01-{day:02d},{day}.123,{day + 1},{day - 1}.5,{day}.25,{day * 100},0.0,1.0,"
    f"{day / 2:.5f},{day},{day / 4},{day / 3:.7f},{day * 200}.125\n"
    for day in range(2, 20)
]


def quandl(rows: list[str] = ROWS, **kwargs: Any) -> Any:
    return QuandlCSV(dataname=io.StringIO("".join([HEAD, *rows])), name="q", **kwargs)


@pytest.mark.parametrize("ready", [False, True])
@pytest.mark.parametrize(
    "kwargs",
    [{}, {"adjclose": False}, {"round": True}, {"round": True, "decimals": 4, "sessionend": dt.time(16)}],
)
def test_all_ways_give_the_same_bars(monkeypatch: pytest.MonkeyPatch, ready: bool, kwargs: dict) -> None:
    monkeypatch.setattr(csvfast.compiled, "ready", ready and not csvfast.policy.never)
    monkeypatch.setattr(byteblocks, "_BLOCK", 500)
    made = preloaded(quandl(**kwargs))
    assert bars(made) == bars(by_rows(quandl(**kwargs)))
    assert bars(preloaded(quandl(ROWS[::-1], reverse=True, **kwargs))) == bars(made)


def test_adjusted_or_plain() -> None:
    adjusted, plain = preloaded(quandl()), preloaded(quandl(adjclose=False))
    assert [line.array[0] for line in adjusted.lines][:6] == [0.6666667, 0.5, 2, 1, 400.125, 0]
    assert [line.array[0] for line in plain.lines][:6] == [2.25, 1.5, 3, 2.123, 200, 0]


def test_a_row_that_is_too_short() -> None:
    with pytest.raises(DataError, match=r"q, row 2: .*column 8 \(open\) is missing, there are 6"):
        preloaded(quandl(["2020-01-02,1,2,3,4,5\n"]))


@pytest.fixture
def service() -> Iterator[Site]:
    with site() as made:
        made.answers["/WIKI/ABC.csv"] = csv_answer("".join([HEAD, *ROWS]))
        yield made


def test_a_download(service: Site) -> None:
    feed = Quandl(
        dataname="ABC",
        baseurl=service.address,
        apikey="k",
        fromdate=dt.date(2020, 1, 5),
        todate=dt.datetime(2020, 1, 9),
    )
    assert preloaded(feed).buflen() == 4
    query = {"order": "asc", "start_date": "2020-01-05", "end_date": "2020-01-09", "api_key": "k"}
    assert service.asked[0]["query"] == query
    assert preloaded(Quandl(dataname="ABC", baseurl=service.address, reverse=False)).buflen() == len(ROWS)
    assert service.asked[1]["query"] == {}


def test_a_refusal_does_not_show_the_key(service: Site) -> None:
    feed = Quandl(dataname="ABC", baseurl=service.address, dataset="EOD", apikey="secret")
    with pytest.raises(DataError, match=r"^ABC: .*/EOD/ABC.csv answered 404") as caught:
        started(feed)
    assert "secret" not in str(caught.value)
    assert feed.error is not None
    service.answers["*"] = (200, {"Content-Type": "application/json"}, "{}")
    with pytest.raises(DataError, match="gave application/json instead of CSV"):
        started(feed)


def test_the_names_are_there_without_loading_anything() -> None:
    assert bt.feeds.Quandl is Quandl
    assert bt.feeds.QuandlCSV is QuandlCSV
