"""Yahoo: files, adjusting and rounding, and the download from a recorded service."""

from __future__ import annotations

import datetime as dt
import io
import itertools
import math
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import backtrader as bt
from backtrader.errors import DataError
from backtrader.feeds import byteblocks, csvbase, csvcolumns, csvfast
from tests.unit.feeds.stage import bars, by_rows, preloaded, started
from tests.unit.feeds.web import Site, csv_answer, site

HEAD = "Date,Open,High,Low,Close,Adj Close,Volume\n"
ROWS = "2020-01-02,10.123,11.456,9.789,10.555,9.1,1001\n2020-01-03,10.5,11.5,9.5,10.25,8.875,2001.5\n"
_files = itertools.count()


def yahoo(text: str, **kwargs: Any) -> Any:
    return bt.feeds.YahooFinanceCSVData(dataname=io.StringIO(text), name="y", headers=False, **kwargs)


def shown(data: Any) -> list[list[float]]:
    names = ("open", "high", "low", "close", "volume", "adjclose")
    return [[getattr(data, name).array[i] for name in names] for i in range(data.buflen())]


def test_prices_are_adjusted_and_rounded() -> None:
    # the figures are the original's
    assert shown(preloaded(yahoo(ROWS))) == [
        [8.73, 9.88, 8.44, 9.1, 1161, 9.1],
        [9.09, 9.96, 8.23, 8.88, 2312, 8.875],
    ]
    plain = preloaded(yahoo(ROWS, adjclose=False, round=False, roundvolume=1))
    assert shown(plain)[1] == [10.5, 11.5, 9.5, 10.25, 2001.5, 8.875]
    assert plain.openinterest.array[0] == 0


def test_rows_without_a_bar_are_passed_over() -> None:
    text = "2020-01-01,null,null,null,null,null,null\n" + ROWS + "2020-01-04,1,2,1,2,2,null\n"
    for load in (preloaded, by_rows):
        assert load(yahoo(text)).buflen() == 2
        assert load(yahoo("2020-01-01,null,null,null,null,null,null\n")).buflen() == 0


def test_the_newest_row_first(tmp_path: Path) -> None:
    first, second = ROWS.splitlines()
    path = tmp_path / "reversed.csv"
    path.write_text(f"{HEAD}{second}\n{first}")  # no end of line at the end
    for load in (preloaded, by_rows):
        made = load(bt.feeds.YahooFinanceCSVData(dataname=path, reverse=True))
        assert bars(made) == bars(load(yahoo(ROWS)))
        assert made._name == "reversed"


def test_a_bad_row_of_a_reversed_file_is_named_by_its_place_in_the_file() -> None:
    text = HEAD + "2020-01-04,1,1,1,1,1,1\n2020-01-03,1,x,1,1,1,1\n2020-01-02,1,1,1,1,1,1\n"
    for load in (preloaded, by_rows):
        feed = bt.feeds.YahooFinanceCSVData(dataname=io.StringIO(text), name="y", reverse=True)
        with pytest.raises(DataError, match=r"y, row 3: .*column 2 \(high\) holds 'x'"):
            load(feed)


@pytest.mark.parametrize("closes", ["0,1", "1,0"])
def test_adjusting_by_zero(closes: str) -> None:
    text = f"2020-01-02,1,1,1,{closes},5\n"
    for load in (preloaded, by_rows):
        with pytest.raises(DataError, match=r"row 1: .*a close of 0 makes adjusting impossible"):
            load(yahoo(text))
        assert load(yahoo(text, adjclose=False)).buflen() == 1


def test_a_family_makes_feeds_of_a_folder(tmp_path: Path) -> None:
    (tmp_path / "one.csv").write_text(HEAD + ROWS)
    family = bt.feeds.YahooFinanceCSV(basepath=f"{tmp_path}/")
    feed = family.getdata("one.csv", name="one", adjclose=False)
    assert type(feed) is bt.feeds.YahooFinanceCSVData
    assert (feed._name, feed.p.adjclose, preloaded(feed).buflen()) == ("one", False, 2)


fields = st.one_of(st.floats(0, 1e6).map(repr), st.integers(0, 5000).map(lambda n: f"{n / 100:.2f}"))


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_all_ways_give_the_same_bars(tmp_path: Path, data: Any) -> None:
    draw = data.draw
    rows = []
    for i in range(draw(st.integers(0, 20))):
        row = [f"{dt.date(2020, 1, 1) + dt.timedelta(days=i)}", *(draw(fields) for _ in range(6))]
        if draw(st.integers(0, 8)) == 0:
            row[draw(st.integers(1, 6))] = draw(
                st.sampled_from(["null", "", "0", "x", "nan", "1e400", "annulled"])
            )
        rows.append(row)
    path = tmp_path / f"{next(_files)}.csv"
    path.write_text("".join(",".join(row) + "\n" for row in rows))
    options = {
        name: draw(st.booleans()) for name in ("adjclose", "adjvolume", "round", "swapcloses", "reverse")
    }
    options |= {
        "decimals": draw(st.integers(-1, 6)),
        "roundvolume": draw(st.sampled_from([False, True, 2, None])),
    }

    def outcome(load: Any) -> Any:
        feed = bt.feeds.YahooFinanceCSVData(dataname=str(path), headers=False, **options)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            try:
                return bars(load(feed))
            except (DataError, OverflowError) as error:
                return str(error)
            finally:
                feed.stop()

    expected = outcome(by_rows)
    assert outcome(preloaded) == expected
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(csvfast.compiled, "ready", not csvfast.policy.never)
        patch.setattr(byteblocks, "_BLOCK", 200)
        patch.setattr(csvbase, "_BLOCK_ROWS", 4)
        assert outcome(preloaded) == expected


@given(
    st.lists(st.one_of(st.floats(), st.decimals(-(10**6), 10**6, places=5).map(float))), st.integers(-2, 17)
)
@settings(deadline=None)
def test_rounding_a_column(values: list[float], digits: int) -> None:
    values += [n / 2 / 10**digits for n in range(-9, 9)]
    got = csvcolumns.rounded(np.array(values), digits)
    for value, result in zip(values, got.tolist(), strict=True):
        expected = round(value, digits)
        assert math.copysign(1, result) == math.copysign(1, expected) or math.isnan(result)
        assert result == expected or (math.isnan(result) and math.isnan(expected))


# -- the service -----------------------------------------------------------------------------------
PAGE = (
    200,
    {"Content-Type": "text/html", "Set-Cookie": "B=abc; path=/"},
    '<script>{"CrumbStore":{"crumb":"ab\\u002Fc"}}</script>',
)


@pytest.fixture
def service() -> Iterator[Site]:
    with site() as made:
        made.answers = {"/hist/%5EIDX": PAGE, "/down/%5EIDX": csv_answer(HEAD + ROWS)}
        yield made


def online(service: Site, symbol: str = "^IDX", **kwargs: Any) -> Any:
    urls = {"urlhist": f"{service.address}/hist/{{}}", "urldown": f"{service.address}/down"}
    return bt.feeds.YahooFinanceData(dataname=symbol, **{**urls, **kwargs})


def test_a_download_goes_by_cookie_and_crumb(service: Site) -> None:
    made = preloaded(online(service, fromdate=dt.date(2020, 1, 1), todate=dt.datetime(2020, 2, 1)))
    assert bars(made) == bars(preloaded(yahoo(ROWS)))
    page, file = service.asked
    assert page["headers"]["User-Agent"] == "backtrader"
    assert file["headers"]["Cookie"] == "B=abc"
    assert file["query"] == {
        "interval": "1d", "events": "history", "crumb": "ab/c", "period1": "1577836800", "period2": "1580515200",
    }  # fmt: skip


def test_weeks_and_months_are_asked_for(service: Site) -> None:
    for timeframe, interval in ((bt.TimeFrame.Weeks, "1wk"), (bt.TimeFrame.Months, "1mo")):
        preloaded(online(service, timeframe=timeframe))
        assert service.asked[-1]["query"]["interval"] == interval
    with pytest.raises(DataError, match=r"\^IDX: Yahoo has days, weeks and months, not Minute"):
        started(online(service, timeframe=bt.TimeFrame.Minutes))


def test_it_insists(service: Site) -> None:
    service.answers["/down/%5EIDX"] = lambda request: (
        csv_answer(HEAD + ROWS) if len(service.asked) > 3 else (500, {}, "")
    )
    assert preloaded(online(service)).buflen() == 2
    assert len(service.asked) == 4


@pytest.mark.parametrize(
    ("path", "answer", "words", "asked"),
    [
        ("/hist/%5EIDX", (200, {}, "no"), r"/hist/%5EIDX has no crumb", 2),
        ("/hist/%5EIDX", (404, {}, ""), r"/hist/%5EIDX answered 404", 2),
        ("/down/%5EIDX", (401, {}, "who are you"), r"/down/%5EIDX answered 401", 3),
        (
            "/down/%5EIDX",
            (200, {"Content-Type": "text/html"}, "<html>"),
            "gave text/html instead of CSV: '<html>'",
            3,
        ),
    ],
)
def test_what_a_refusal_says(service: Site, path: str, answer: Any, words: str, asked: int) -> None:
    service.answers[path] = answer
    feed = online(service, retries=1)
    with pytest.raises(DataError, match=rf"^\^IDX: .*{words}"):
        started(feed)
    assert words.split()[-1] in feed.error
    assert len(service.asked) == asked


def test_nobody_is_there() -> None:
    with pytest.raises(DataError, match="cannot be read"):
        started(bt.feeds.YahooFinanceData(dataname="X", urlhist="http://127.0.0.1:1/{}", retries=0))
    with pytest.raises(DataError, match="is no web address"):
        started(bt.feeds.YahooFinanceData(dataname="X", urlhist="file:///etc/{}", retries=0))


def test_a_proxy_is_asked_instead(service: Site) -> None:
    service.answers = {"*": lambda request: PAGE if "hist" in request["path"] else csv_answer(HEAD + ROWS)}
    urls = {"urlhist": "http://nowhere.invalid/hist/{}", "urldown": "http://nowhere.invalid/down"}
    feed = bt.feeds.YahooFinanceData(dataname="X", proxies={"http": service.address}, **urls)
    assert preloaded(feed).buflen() == 2
    assert len(service.asked) == 2


def test_the_family_of_downloads(service: Site) -> None:
    family = bt.feeds.YahooFinance(urlhist=f"{service.address}/hist/{{}}", urldown=f"{service.address}/down")
    assert preloaded(family.getdata("^IDX", name="index")).buflen() == 2
