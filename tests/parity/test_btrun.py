"""The same command lines under both engines, each in a process of its own: the same text comes out."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
DATA = ROOT / "tests" / "data"
RUN = "from backtrader.btrun import btrun; btrun()"

USER = """
import backtrader as bt

print("loaded")


class Alpha(bt.Strategy):
    params = (("every", 7), ("note", None), ("average", bt.ind.SMA))

    def __init__(self):
        self.average = self.p.average(period=4)
        self.average.csv = True

    def start(self):
        own = [[data._name, data._timeframe, data._compression, data.p.fromdate, data.p.todate] for data in self.datas]
        scheme = self.broker.getcommissioninfo(self.data).p
        broker = self.broker.p
        print("start", self.p.every, self.p.note, own, self.broker.getcash())
        print(scheme.commission, scheme.margin, scheme.mult, scheme.interest, scheme.interest_long, scheme.stocklike)
        print(broker.slip_perc, broker.slip_fixed, broker.slip_open, broker.slip_match, broker.slip_out)
        print([type(one).__name__ for one in self.stats], list(self.analyzers.getnames()))

    def next(self):
        if len(self) % self.p.every == 1:
            self.close() if self.position else self.buy(size=3)

    def notify_order(self, order):
        if order.status == order.Completed:
            print(len(self), order.executed.size, round(order.executed.price, 6), round(order.executed.comm, 6))

    def stop(self):
        print("stop", len(self), self.data.datetime.datetime(0), round(self.broker.getvalue(), 6))


class Beta(Alpha):
    def start(self):
        print("beta")


class Wave(bt.Indicator):
    lines = ("wave",)
    params = (("half", 10),)

    def next(self):
        self.lines.wave[0] = 1.0 if len(self) % (2 * self.p.half) < self.p.half else -1.0


class Flag(bt.Observer):
    lines = ("flag",)

    def next(self):
        self.lines.flag[0] = float(bool(self._owner.position))


class Counts(bt.Analyzer):
    params = (("mark", "m"),)

    def get_analysis(self):
        return dict(mark=self.p.mark, bars=len(self.strategy))


def prepare(cerebro, cash=1234.5):
    print("hook", sorted(data._name for data in cerebro.datas), len(cerebro.strats), len(cerebro.analyzers))
    cerebro.broker.setcash(cash)
"""

LINES = [
    "-d acme",
    "-d acme --writer",
    "-d acme --cerebro writer=True --nostdstats",
    "-d acme --strategy user",
    "-d acme --strategy user.py:Beta",
    "-d acme --strategy ./user:Alpha:every=5,note='\"a:b\"',average=bt.ind.EMA",
    "-d acme --strategy user::every=11 --fromdate 2020-03-01 --todate 2020-06-15T12:00:00",
    "-d acme -st user:Alpha -f 2020-03-01 -t 2020-06-15 -tf weeks -cp 2",
    "-d acme --strategy :SMA_CrossOver --writer",
    "-d acme --strategy :MA_CrossOver:fast=3,slow=8,_movav=bt.ind.EMA --writer csv=True,rounding=2",
    "-d acme --strategy : --nostdstats --writer csv=True,csvsep=\"';'\",csv_counter=False",
    "-d acme -d zeno --strategy user:Alpha --strategy user:Beta --writer indent=4",
    "-d acme -d zeno --strategy user --resample weeks",
    "-d acme --strategy user --resample weeks:2 --writer csv=True",
    "-d acme --strategy user --replay months",
    "-d minutes --strategy user --timeframe minutes --resample minutes:15 --pranalyzer --analyzer :SQN",
    "-d acme --strategy user --cerebro runonce=False,stdstats=False",
    "-d acme --strategy user --cerebro exactbars=1",
    "-d acme --strategy user --cash 500 --commission 0.01",
    "-d acme --strategy user --commission 2 --margin 30 --mult 4 --interest 0.05 --interest_long",
    "-d acme --strategy user --slip_perc 0.01 --slip_open",
    "-d acme --strategy user --slip_fixed 0.5 --slip_open --no-slip_match",
    "-d acme --strategy user --slip_fixed 5 --slip_open --slip_out --flush",
    "-d acme --strategy user --slip_open",
    "-d acme --signal user:Wave:half=6 --analyzer :SQN --ppranalyzer",
    "-d acme --signal long+user:Wave --signal longexit_any+user:Wave:half=3 --analyzer :TradeAnalyzer --pranalyzer",
    "-d acme --signal SHORT_INV+user --writer",
    "-d acme --strategy :SMA_CrossOver --analyzer :DrawDown:_name='\"dd\"' --analyzer user:Counts:mark=3 --ppranalyzer",
    "-d acme --strategy user --analyzer user --analyzer :TimeReturn:timeframe=bt.TimeFrame.Months --pranalyzer",
    "-d acme --observer user --observer :DrawDown --observer :TimeReturn:obsname='\"r\"' --writer csv=True",
    "-d acme --indicator :SMA:period=3,plotname='\"three\"' --indicator user --indicator user:Wave --writer",
    "-d acme --strategy user --hook user",
    "-d acme --strategy user --hook user:prepare:cash=777 --hook :addtz:tz=0 --hook user",
    "-d acme --hook :addanalyzer:ancls=bt.analyzers.Returns --pranalyzer",
    "-d yahoo --format yahoocsv --strategy user --writer csv=True",
    "-d yahoo -c yahoocsv_unreversed --strategy user -f 2020-02-01 -t 2020-05-01",
    "-d mt4 --csvformat mt4csv --strategy user --writer csv=True",
    "-d sierra --format sierracsv --strategy user --resample months",
    "-d vchart --format vchartcsv --strategy user --writer csv=True",
    "-d acme --strat user --writer \"out='kept.txt'\" --writer rounding=1 -cash 99999",
]


def run(python: Path, folder: Path, line: str, paths: tuple[Path, ...] = ()) -> tuple[int, str, str]:
    """Exit code, what was printed, what went wrong."""
    env = {key: value for key, value in os.environ.items() if not key.startswith("PYTHON")}
    env["PYTHONPATH"] = os.pathsep.join(map(str, paths))
    done = subprocess.run(
        [python, "-P", "-c", RUN, *shlex.split(line)],
        cwd=folder, env=env, capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    return done.returncode, done.stdout, done.stderr


def stage(folder: Path) -> Path:
    """A folder with the user's module and the data files."""
    folder.mkdir()
    (folder / "user.py").write_text(USER)
    for name, source in (("acme", "acme-2020"), ("zeno", "zeno-2020")):
        (folder / name).write_text((DATA / f"{source}.csv").read_text())
    rows = (DATA / "acme-2020-minutes.csv").read_text().splitlines()
    for name, text in _other_formats().items():
        (folder / name).write_text(text)
    # the format wants date and time in fields of their own
    (folder / "minutes").write_text("\n".join(row.replace(" ", ",", 1) for row in rows) + "\n")
    return folder


def _other_formats() -> dict[str, str]:
    """The days of one share as other programs write them."""
    _, *rows = [line.split(",") for line in (DATA / "acme-2020.csv").read_text().splitlines()]
    written: dict[str, list[str]] = {
        "yahoo": ["Date,Open,High,Low,Close,Adj Close,Volume"],
        "mt4": ["date,time,open,high,low,close,volume"],
        "sierra": ["Date,Open,High,Low,Close,Volume,OpenInterest"],
        "vchart": ["ticker,per,date,time,open,high,low,close,vol,openint"],
    }
    for day, opened, high, low, close, volume, interest in rows:
        bar = f"{opened},{high},{low},{close}"
        written["yahoo"].append(f"{day},{bar},{float(close) * 0.98:.6f},{volume}")
        written["mt4"].append(f"{day.replace('-', '.')},00:00,{bar},{volume}")
        written["sierra"].append(f"{day.replace('-', '/')},{bar},{volume},{interest}")
        written["vchart"].append(f"ACME,D,{day.replace('-', '')},0,{bar},{volume},{interest}")
    return {name: "\n".join(lines) + "\n" for name, lines in written.items()}


def plain(text: str) -> list[str]:
    """Lines without places in memory and without names of modules."""
    text = re.sub(r"<[\w.<>]+?\.(\w+) object at 0x[0-9a-f]+>", r"<\1>", text)
    return re.sub(r"<class '[\w.]+\.(\w+)'>", r"<\1>", text).splitlines()


@pytest.mark.parity
@pytest.mark.parametrize("line", LINES)
def test_same_text(oracle: Path, tmp_path: Path, line: str) -> None:
    theirs, ours = stage(tmp_path / "theirs"), stage(tmp_path / "ours")
    code, expected, error = run(oracle, theirs, line)
    assert code == 0, error
    assert expected or line == "-d acme"
    code, found, error = run(Path(sys.executable), ours, line, (ROOT,))
    assert (code, error) == (0, "")
    assert plain(found) == plain(expected)
    kept = [plain((folder / "kept.txt").read_text()) for folder in (theirs, ours) if "kept.txt" in line]
    assert kept[:1] == kept[1:]


def test_enough_lines_say_something() -> None:
    assert len(LINES) - 1 >= 20
    assert len(set(LINES)) == len(LINES)
