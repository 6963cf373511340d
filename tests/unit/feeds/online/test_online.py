"""Feeds and downloads from providers; the real clients, the answers served on this machine.

The answers are built in the form the clients expect; none was recorded from a provider.
"""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path
from typing import Any

import pytest

import backtrader as bt
from backtrader.errors import DataError, OptionalPackageError
from backtrader.feeds.columns import ColumnsCSVData
from backtrader.feeds.online import (
    AkShareData,
    CCXTHistoryData,
    CCXTSource,
    YFinanceData,
    YFinanceSource,
    save,
)

from .. import stage
from . import loopback
from .conftest import needs
from .loopback import Loopback

MINUTES = bt.TimeFrame.Minutes

# what the clients use of pandas is theirs to mend
pytestmark = pytest.mark.filterwarnings("ignore:The inplace keyword")


def closes(feed: Any) -> list[tuple[str, float]]:
    """Day (or minute) and close of every bar."""
    loaded = stage.preloaded(feed)
    size = loaded.buflen()
    whens = [bt.num2date(number) for number in loaded.datetime.array[:size]]
    fmt = "%Y-%m-%d" if loaded._timeframe >= bt.TimeFrame.Days else "%Y-%m-%d %H:%M"
    return [(when.strftime(fmt), close) for when, close in zip(whens, loaded.close.array[:size])]


def expected(rows: list[loopback.Row], factor: float = 1.0) -> list[tuple[str, float]]:
    return [(f"{row[0]:%Y-%m-%d}", row[4] * factor) for row in rows]


# --- yfinance ------------------------------------------------------------------------------------


@pytest.mark.parametrize(("adjust", "factor"), [(False, 1.0), (True, 0.5)])
def test_yahoo_days(server: Loopback, session: Any, adjust: bool, factor: float) -> None:
    rows = loopback.days("2020-01-01", 40)
    server.handlers.append(loopback.yahoo("ACME", rows))
    feed = YFinanceData(
        dataname="ACME",
        fromdate=dt.date(2020, 1, 6),
        todate=dt.date(2020, 1, 31),
        adjust=adjust,
        session=session,
    )
    assert closes(feed) == expected(
        [row for row in rows if "2020-01-06" <= str(row[0].date()) <= "2020-01-31"], factor
    )
    assert feed.open.array[0] == pytest.approx(rows[3][1] * factor)
    assert feed.volume.array[0] == rows[3][5]
    assert server.unknown == []


def test_yahoo_in_a_run(server: Loopback, session: Any) -> None:
    rows = loopback.days("2015-01-01", 2000)
    server.handlers.append(loopback.yahoo("ACME", rows))
    cerebro = bt.Cerebro()
    cerebro.adddata(
        YFinanceData(dataname="ACME", fromdate=dt.datetime(2015, 1, 1), session=session, adjust=False)
    )
    (strategy,) = cerebro.run()
    assert len(strategy) == 2000
    spans = [query for _, path, query in server.asked if path.endswith("ACME") and "period1" in query]
    assert len(spans) > 2, "a long history is asked for in parts"


def test_yahoo_refuses(server: Loopback, session: Any) -> None:
    server.handlers.append(loopback.yahoo("ACME", loopback.days("2020-01-01", 5)))
    with pytest.raises(
        DataError, match=r"yfinance: NOSUCH .1d.: (YF\w+Error: .*(delisted|no timezone)|no such symbol)"
    ):
        stage.preloaded(YFinanceData(dataname="NOSUCH", fromdate=dt.date(2020, 1, 1), session=session))
    with pytest.raises(DataError, match="there are no bars of 3 minutes; there are 1m, 2m, 5m"):
        stage.preloaded(YFinanceData(dataname="ACME", timeframe=MINUTES, compression=3))


def test_yahoo_too_many_requests(server: Loopback, session: Any) -> None:
    server.handlers.append(
        lambda host, path, query: (429, "Too Many Requests") if "chart" in path else (200, "crumb")
    )
    source = YFinanceSource("ACME", session=session)
    source.retries, source.pause = 1, 0.01
    with pytest.raises(DataError, match=r"yfinance: ACME.*YFRateLimitError: Too Many Requests"):
        list(source.pages(dt.datetime(2020, 1, 1), dt.datetime(2020, 1, 5)))


# --- akshare -------------------------------------------------------------------------------------


@pytest.fixture
def akshare() -> Any:
    needs("akshare")
    import akshare

    return akshare


@pytest.mark.usefixtures("akshare")
@pytest.mark.parametrize(
    ("kind", "symbol", "secid"),
    [
        ("stock", "600519", "1.600519"),
        ("stock", "000001", "0.000001"),
        ("index", "000300", "1.000300"),
        ("fund", "510300", "1.510300"),
    ],
)
def test_chinese_days(server: Loopback, kind: str, symbol: str, secid: str) -> None:
    rows = loopback.days("2021-03-01", 30)
    server.handlers.append(loopback.eastmoney(secid, rows))
    feed = AkShareData(dataname=symbol, kind=kind, fromdate=dt.date(2021, 3, 3), todate=dt.date(2021, 3, 31))
    assert closes(feed) == expected([row for row in rows if row[0].day >= 3 and row[0].month == 3])
    assert feed.high.array[0] == rows[2][2]
    assert feed.volume.array[0] == rows[2][5]
    assert server.unknown == []


@pytest.mark.usefixtures("akshare")
def test_chinese_adjustments_and_periods(server: Loopback) -> None:
    rows = loopback.days("2021-03-01", 10)
    server.handlers.append(loopback.eastmoney("1.600519", rows))
    assert closes(AkShareData(dataname="600519", adjust="qfq")) == expected(rows, 0.5)
    assert closes(AkShareData(dataname="600519", adjust="hfq")) == expected(rows, 2.0)
    assert closes(AkShareData(dataname="600519", timeframe=bt.TimeFrame.Weeks)) == expected(rows)
    kline = [query for _, path, query in server.asked if path.endswith("kline/get")]
    assert [query["klt"] for query in kline] == ["101", "101", "102"]


@pytest.mark.usefixtures("akshare")
def test_chinese_minutes_become_utc(server: Loopback) -> None:
    today = dt.datetime.now().replace(hour=9, minute=35, second=0, microsecond=0)
    rows = [(today + dt.timedelta(minutes=5 * i), 10, 11, 9, 10.5 + i, 100 + i) for i in range(6)]
    server.handlers.append(loopback.eastmoney("1.600519", rows, "%Y-%m-%d %H:%M"))
    feed = AkShareData(dataname="600519", timeframe=MINUTES, compression=5, adjust="")
    found = closes(feed)
    assert found[0] == ((today - dt.timedelta(hours=8)).strftime("%Y-%m-%d %H:%M"), 10.5)
    assert len(found) == 6


@pytest.mark.usefixtures("akshare")
def test_chinese_futures(server: Loopback) -> None:
    rows = loopback.days("2021-03-01", 30)
    server.handlers.append(loopback.sina("RB0", rows))
    feed = AkShareData(dataname="RB0", kind="futures", fromdate=dt.date(2021, 3, 3))
    assert closes(feed) == expected(rows[2:])
    assert set(feed.openinterest.array) == {77.0}


@pytest.mark.usefixtures("akshare")
def test_chinese_refusals(server: Loopback) -> None:
    server.handlers += [
        loopback.eastmoney("1.600519", loopback.days("2021-03-01", 3)),
        loopback.sina("RB0", []),
    ]
    with pytest.raises(DataError, match=r"akshare: 600000 .daily.: no such symbol"):
        stage.preloaded(AkShareData(dataname="600000"))
    with pytest.raises(DataError, match=r"akshare: XX0 .daily.: .*cannot be understood"):
        stage.preloaded(AkShareData(dataname="XX0", kind="futures"))
    for options, text in [
        ({"kind": "bond"}, "kind='bond': there are stock, index, fund, futures"),
        ({"adjust": "all"}, "adjust='all'"),
        ({"kind": "futures", "adjust": "qfq"}, "cannot be adjusted"),
        ({"kind": "futures", "timeframe": bt.TimeFrame.Weeks}, "there are daily"),
        ({"timeframe": MINUTES, "compression": 7}, "there are 1 minutes, 5 minutes"),
    ]:
        with pytest.raises(DataError, match=text):
            stage.preloaded(AkShareData(dataname="600519", **options))


# --- ccxt ----------------------------------------------------------------------------------------


def hours(count: int, first: dt.datetime = dt.datetime(2022, 1, 1)) -> list[loopback.Row]:
    return [
        (first + dt.timedelta(hours=i), 10.0 + i, 12.0 + i, 9.0 + i, 11.0 + i, i + 1) for i in range(count)
    ]


@pytest.mark.parametrize("page", [7, 1000])
def test_candles_page_by_page(server: Loopback, binance: Any, page: int) -> None:
    rows = hours(50)
    server.handlers.append(loopback.binance("BTCUSDT", rows, page))
    feed = CCXTHistoryData(
        dataname="BTC/USDT", client=binance, timeframe=MINUTES, compression=60,
        fromdate=dt.datetime(2022, 1, 1, 5), todate=dt.datetime(2022, 1, 2, 20),
    )  # fmt: skip
    found = closes(feed)
    assert found[0] == ("2022-01-01 05:00", 16.0)
    assert found[-1] == ("2022-01-02 20:00", 55.0)
    assert len(found) == 40
    assert len({when for when, _ in found}) == 40
    assert server.unknown == []


def test_the_candle_that_is_forming_is_left_out(server: Loopback, binance: Any) -> None:
    now = dt.datetime.now(dt.UTC).replace(tzinfo=None, minute=0, second=0, microsecond=0)
    server.handlers.append(loopback.binance("BTCUSDT", hours(11, now - dt.timedelta(hours=10))))
    feed = CCXTHistoryData(dataname="BTC/USDT", client=binance, timeframe=MINUTES, compression=60)
    assert closes(feed)[-1][0] == (now - dt.timedelta(hours=1)).strftime("%Y-%m-%d %H:%M")


def test_the_network_may_fail_for_a_while(server: Loopback, binance: Any) -> None:
    rows = hours(5)
    failures = [503, 503]

    def flaky(host: str, path: str, query: dict[str, str]) -> Any:
        return (failures.pop(), "{}") if failures and path.endswith("/klines") else None

    server.handlers += [flaky, loopback.binance("BTCUSDT", rows)]
    source = CCXTSource("BTC/USDT", MINUTES, 60, client=binance)
    source.pause = 0.01
    assert sum(map(len, source.pages(rows[0][0], None))) == 5
    failures.extend([503] * 10)
    source.retries = 2
    with pytest.raises(DataError, match=r"ccxt: BTC/USDT .1h.: ExchangeNotAvailable"):
        list(source.pages(rows[0][0], None))


def test_exchanges_refuse(server: Loopback, binance: Any) -> None:
    server.handlers.append(loopback.binance("BTCUSDT", hours(5)))
    with pytest.raises(DataError, match=r"ccxt: XYZ/USDT .1d.: BadSymbol"):
        list(CCXTSource("XYZ/USDT", client=binance).pages(None, None))
    with pytest.raises(DataError, match="no exchange 'binanc'; did you mean 'binance'"):
        list(CCXTSource("BTC/USDT", exchange="binanc").pages(None, None))
    with pytest.raises(DataError, match="there are no bars of 1 tick"):
        CCXTSource("BTC/USDT", bt.TimeFrame.Ticks)


# --- files ---------------------------------------------------------------------------------------


class Pages(YFinanceSource):
    """A provider that is a list of pages; an exception among them is a connection that breaks."""

    def __init__(self, *pages: Any, intraday: bool = False) -> None:
        super().__init__("ACME", MINUTES if intraday else bt.TimeFrame.Days)
        self.given = list(pages)
        self.begun: list[Any] = []

    def pages(self, begin: Any, end: Any) -> Any:
        from backtrader.feeds.online import Bar

        self.begun.append(begin)
        for page in self.given:
            if isinstance(page, BaseException):
                raise page
            bars = [Bar(*row) for row in page]
            yield [bar for bar in bars if begin is None or bar.when >= begin]


def test_a_file_reads_back_as_the_feed(server: Loopback, binance: Any, tmp_path: Path) -> None:
    rows = hours(30)
    server.handlers.append(loopback.binance("BTCUSDT", rows))
    options = {"timeframe": MINUTES, "compression": 60}
    saved = save(CCXTSource("BTC/USDT", client=binance, **options), tmp_path / "btc.csv", rows[0][0])
    assert (saved.bars, saved.fetched) == (30, 30)
    feed = CCXTHistoryData(dataname="BTC/USDT", client=binance, fromdate=rows[0][0], **options)
    whole = stage.bars(stage.preloaded(feed))
    assert stage.bars(stage.preloaded(ColumnsCSVData(dataname=tmp_path / "btc.csv", **options))) == whole
    generic = bt.feeds.GenericCSVData(dataname=str(tmp_path / "btc.csv"), **options)
    assert stage.bars(stage.preloaded(generic)) == whole
    assert [path.name for path in tmp_path.iterdir()] == ["btc.csv"]


def test_days_read_back_as_the_feed(server: Loopback, session: Any, tmp_path: Path) -> None:
    server.handlers.append(loopback.yahoo("DAYS", loopback.days("2020-01-01", 300)))
    begin = dt.datetime(2020, 1, 1)
    save(YFinanceSource("DAYS", session=session), tmp_path / "acme.csv", begin)
    feed = YFinanceData(dataname="DAYS", fromdate=begin, session=session)
    whole = stage.bars(stage.preloaded(feed))
    assert len(whole["close"]) == 300
    assert stage.bars(stage.preloaded(ColumnsCSVData(dataname=tmp_path / "acme.csv"))) == whole


def test_an_interrupted_download_goes_on(tmp_path: Path) -> None:
    rows = loopback.days("2020-01-01", 30)
    target = tmp_path / "acme.csv"
    with pytest.raises(ConnectionError):
        save(Pages(rows[:10], rows[10:20], ConnectionError("gone")), target)
    assert not target.exists(), "a file that is not complete does not appear"
    part = target.with_name("acme.csv.part")
    assert len(part.read_text().splitlines()) == 21
    part.write_text(part.read_text() + "2020-01-29,1")  # cut off in the middle of a row

    source = Pages(rows[:10], rows[10:20], rows[20:])
    saved = save(source, target)
    assert (saved.bars, saved.fetched, saved.restarted) == (30, 10, False)
    assert source.begun == [rows[19][0]]
    assert [path.name for path in tmp_path.iterdir()] == ["acme.csv"]
    lines = target.read_text().splitlines()
    assert [line[:10] for line in lines[1:]] == [f"{row[0]:%Y-%m-%d}" for row in rows]
    assert lines[1] == "2020-01-01,100,101.5,98.75,100.5,1000,0"


def test_a_part_of_another_request_is_not_continued(tmp_path: Path) -> None:
    rows = loopback.days("2020-01-01", 30)
    target = tmp_path / "acme.csv"
    with pytest.raises(ConnectionError):
        save(Pages(rows[:10], ConnectionError()), target)
    source = Pages(rows)
    assert save(source, target, begin=dt.datetime(2020, 1, 8)).bars == 25
    assert source.begun == [dt.datetime(2020, 1, 8)]


def test_an_update_adds_what_is_new(tmp_path: Path) -> None:
    rows = loopback.days("2020-01-01", 30)
    target = tmp_path / "acme.csv"
    save(Pages(rows[:20]), target)
    with pytest.raises(DataError, match="exists already; update it"):
        save(Pages(rows), target)
    saved = save(Pages(rows), target, update=True)
    assert (saved.bars, saved.fetched, saved.restarted) == (30, 10, False)
    assert save(Pages(rows), target, update=True).fetched == 0
    assert len(target.read_text().splitlines()) == 31


def test_adjusted_prices_that_changed_are_downloaded_anew(tmp_path: Path) -> None:
    rows = loopback.days("2020-01-01", 30)
    target = tmp_path / "acme.csv"
    save(Pages(rows[:20]), target)
    halved = [(row[0], *(price / 2 for price in row[1:5]), row[5]) for row in rows]
    saved = save(Pages(halved), target, update=True)
    assert (saved.bars, saved.fetched, saved.restarted) == (30, 30, True)
    assert target.read_text().splitlines()[1] == "2020-01-01,50,50.75,49.375,50.25,1000,0"


def test_a_failed_update_leaves_the_file(tmp_path: Path) -> None:
    rows = loopback.days("2020-01-01", 30)
    target = tmp_path / "acme.csv"
    save(Pages(rows[:20]), target)
    before = target.read_bytes()
    with pytest.raises(ConnectionError):
        save(Pages(rows[15:25], ConnectionError()), target, update=True)
    assert target.read_bytes() == before
    with pytest.raises(DataError, match="there are no bars"):
        save(Pages([]), tmp_path / "other.csv")
    assert not list(tmp_path.glob("other*"))


def test_a_cache_is_asked_before_the_provider(server: Loopback, binance: Any, tmp_path: Path) -> None:
    rows = hours(30)
    server.handlers.append(loopback.binance("BTCUSDT", rows))
    options = {"client": binance, "fromdate": rows[0][0], "timeframe": MINUTES, "compression": 60}
    first = stage.bars(stage.preloaded(CCXTHistoryData(dataname="BTC/USDT", cache=tmp_path, **options)))
    asked = len(server.asked)
    again = stage.bars(stage.preloaded(CCXTHistoryData(dataname="BTC/USDT", cache=tmp_path, **options)))
    assert again == first
    assert len(first["close"]) == 30
    assert len(server.asked) == asked
    assert len(list(tmp_path.iterdir())) == 1


@pytest.mark.parametrize(
    ("feed", "package"), [(YFinanceData, "yfinance"), (AkShareData, "akshare"), (CCXTHistoryData, "ccxt")]
)
def test_without_the_client_the_error_says_what_to_install(
    feed: Any, package: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    import sys

    for name in [name for name in sys.modules if name.partition(".")[0] == package] + [package]:
        monkeypatch.setitem(sys.modules, name, None)
    with pytest.raises(OptionalPackageError, match=rf"{package}.*pip install 'backtrader\[online\]'"):
        stage.preloaded(feed(dataname="X"))


def test_importing_the_package_brings_no_client() -> None:
    import subprocess
    import sys

    code = "import sys, backtrader.feeds.online; print(json.dumps([n for n in ('yfinance', 'akshare', 'ccxt', 'pandas', 'numpy') if n in sys.modules]))"
    done = subprocess.run(
        [sys.executable, "-c", "import json;" + code], capture_output=True, text=True, check=True
    )
    assert json.loads(done.stdout) == []
