"""The download commands, from the arguments to the file."""

from __future__ import annotations

import datetime as dt
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

import backtrader as bt
from backtrader.feeds.online import CCXTSource, YFinanceSource
from tools import download_akshare, download_ccxt, download_yfinance

from .. import stage
from . import loopback
from .conftest import needs
from .loopback import Loopback

pytestmark = pytest.mark.filterwarnings("ignore:The inplace keyword")

TOOLS = ["download_yfinance", "download_akshare", "download_ccxt"]


@pytest.mark.parametrize("name", TOOLS)
def test_help(root: Path, name: str) -> None:
    command = [sys.executable, str(root / "tools" / f"{name}.py"), "--help"]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    for option in ("--from", "--to", "--interval", "--output", "--update", "--force", "--retries"):
        assert option in done.stdout
    assert "goes on where it stopped" in " ".join(done.stdout.split()).replace(
        "it stopped when", "it stopped"
    )


def test_chinese_shares(server: Loopback, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    needs("akshare")
    rows = loopback.days("2021-03-01", 30)
    server.handlers.append(loopback.eastmoney("1.600519", rows))
    arguments = ["600519", "600000", "--from", "2021-03-03", "--to", "2021-03-10", "--output", str(tmp_path)]
    assert download_akshare.main(arguments) == 1, "one of two failed"
    output = capsys.readouterr()
    target = tmp_path / "600519-1day.csv"
    assert output.out == f"600519: 6 bars downloaded, 6 in {target}\n"
    assert "600000: akshare: 600000 (daily): no such symbol" in output.err
    feed = bt.feeds.GenericCSVData(dataname=str(target), dtformat="%Y-%m-%d")
    assert list(stage.preloaded(feed).close.array) == [row[4] for row in rows[2:8]]

    assert download_akshare.main(arguments[:1] + arguments[2:]) == 1
    assert "exists already" in capsys.readouterr().err
    assert download_akshare.main([*arguments[:1], *arguments[2:], "--force"]) == 0


def test_yahoo(
    server: Loopback,
    session: Any,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    real = YFinanceSource.__init__

    def with_session(self: Any, *args: Any, **kwargs: Any) -> None:
        real(self, *args, **kwargs, session=session)

    monkeypatch.setattr(YFinanceSource, "__init__", with_session)
    rows = loopback.days("2020-01-01", 30)
    server.handlers.append(loopback.yahoo("CMND", rows[:20]))
    target = tmp_path / "acme.csv"
    arguments = ["CMND", "--raw", "--from", "2020-01-01", "--output", str(target)]
    assert download_yfinance.main(arguments) == 0
    assert target.read_text().splitlines()[1] == "2020-01-01,100,101.5,98.75,100.5,1000,0"
    server.handlers[:] = [loopback.yahoo("CMND", rows)]
    assert download_yfinance.main([*arguments, "--update"]) == 0
    assert capsys.readouterr().out.splitlines()[1] == f"CMND: 10 bars downloaded, 30 in {target}"


def test_candles(
    server: Loopback,
    binance: Any,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr(CCXTSource, "client", property(lambda self: binance))
    first = dt.datetime(2022, 1, 1)
    rows = [(first + dt.timedelta(hours=4 * i), 10.0, 12.0, 9.0, 11.0 + i, 1) for i in range(40)]
    server.handlers.append(loopback.binance("BTCUSDT", rows, 9))
    arguments = ["BTC/USDT", "--interval", "4h", "--from", "2022-01-02", "--output", str(tmp_path)]
    assert download_ccxt.main(arguments) == 0
    lines = (tmp_path / "BTC_USDT-240minute.csv").read_text().splitlines()
    assert lines[1].startswith("2022-01-02 00:00:00,10,12,9,17,1,0")
    assert len(lines) == 35


def test_an_interruption_says_that_it_can_go_on(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    def interrupted(self: Any, begin: Any, end: Any) -> Any:
        raise KeyboardInterrupt
        yield

    monkeypatch.setattr(CCXTSource, "pages", interrupted)
    monkeypatch.setattr(CCXTSource, "describe", lambda self: {})
    assert download_ccxt.main(["BTC/USDT", "--output", str(tmp_path)]) == 130
    assert "goes on where it stopped" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        (["X", "--interval", "7x"], "'7x' is no bar length"),
        (["X", "--from", "1.2.2020"], "'1.2.2020' is no date"),
        (["X", "Y", "--output", "one.csv"], "must be a folder"),
        (["X", "--update", "--force"], "not allowed with"),
    ],
)
def test_wrong_arguments(arguments: list[str], reason: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        download_yfinance.main(arguments)
    assert reason in capsys.readouterr().err
