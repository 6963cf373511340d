"""The data audit finds what was planted, says where, and is silent about clean data."""

from __future__ import annotations

import datetime as dt
import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

from backtrader.audit import KINDS, Finding, audit
from backtrader.audit.cli import main

Lines = list[str]
Daily = Callable[[Lines], Lines]


@pytest.fixture
def daily(root: Path) -> Lines:
    """A clean daily file, names included: row n of the file is ``daily[n - 1]``."""
    return (root / "examples/data/acme-daily.csv").read_text().splitlines()


@pytest.fixture
def minutes(root: Path) -> Lines:
    """A clean file of one-minute bars, stamped 09:31 to 16:00."""
    return (root / "examples/data/acme-minutes.csv").read_text().splitlines()


def write(path: Path, lines: Lines) -> str:
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return str(path)


def found(path: str, *others: str, warmup: int = 0) -> list[Finding]:
    return audit([path, *others], warmup)[1]


def the_one(findings: list[Finding], kind: str) -> Finding:
    """The only finding there is, of the kind expected."""
    assert [finding.kind for finding in findings] == [kind], findings
    (finding,) = findings
    assert finding.do
    return finding


def changed(line: str, **fields: str) -> str:
    names = ["datetime", "open", "high", "low", "close", "volume", "openinterest"]
    values = line.split(",")
    for name, value in fields.items():
        values[names.index(name)] = value
    return ",".join(values)


def moved(line: str, by: dt.timedelta) -> str:
    stamp, rest = line.split(",", 1)
    return f"{dt.datetime.fromisoformat(stamp) + by},{rest}"


# --- clean data --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "name",
    [
        "examples/data/acme-daily.csv", "examples/data/zeno-daily.csv", "examples/data/acme-minutes.csv",
        "tests/data/acme-2020.csv", "tests/data/zeno-2020.csv", "tests/data/acme-2020-minutes.csv",
    ],
)  # fmt: skip
def test_clean_files_have_no_findings(root: Path, name: str) -> None:
    assert found(str(root / name)) == []


def test_two_clean_files_together(root: Path) -> None:
    data = root / "examples/data"
    assert found(str(data / "acme-daily.csv"), str(data / "zeno-daily.csv"), warmup=50) == []


def test_a_market_around_the_clock_is_clean(tmp_path: Path) -> None:
    times = pd.date_range("2022-01-01", periods=2000, freq="h", tz="UTC")
    lines = ["open_time,open,high,low,close,volume"]
    lines += [
        f"{int(t.timestamp() * 1000)},{p},{p + 1},{p - 1},{p + 0.5},{9 + i % 7}"
        for i, (t, p) in enumerate(zip(times, range(100, 2100)))
    ]
    assert found(write(tmp_path / "btc.csv", lines)) == []
    del lines[500:503]
    finding = the_one(found(write(tmp_path / "btc.csv", lines)), "gap")
    assert (finding.rows, finding.what[:6]) == ((501,), "3 bars")


# --- twelve planted faults, and more ----------------------------------------------------------------


def test_1_missing_days(tmp_path: Path, daily: Lines) -> None:
    del daily[300:310]
    finding = the_one(found(write(tmp_path / "f.csv", daily)), "gap")
    assert finding.rows == (301,)
    assert finding.what.startswith("10 trading days are missing")


def test_1b_missing_minutes(tmp_path: Path, minutes: Lines) -> None:
    del minutes[1000:1007]
    finding = the_one(found(write(tmp_path / "f.csv", minutes)), "gap")
    assert finding.rows == (1001,)
    assert "7 bars are missing" in finding.what


def test_2_duplicates(tmp_path: Path, daily: Lines) -> None:
    daily.insert(700, daily[699])
    finding = the_one(found(write(tmp_path / "f.csv", daily)), "duplicate")
    assert finding.rows == (701,)
    assert "the same bar as in row 700" in finding.what

    day, opened, _, _, close, *_ = daily[99].split(",")
    daily[700] = f"{day},{opened},{float(close) + 5},{float(close) - 5},{close},77,0"
    daily.insert(101, daily.pop(700))
    kinds = {finding.kind: finding for finding in found(write(tmp_path / "f.csv", daily))}
    assert kinds["duplicate"].rows == (102,)
    assert "other prices" in kinds["duplicate"].what


def test_3_unsorted(tmp_path: Path, daily: Lines) -> None:
    daily[400], daily[401] = daily[401], daily[400]
    finding = the_one(found(write(tmp_path / "f.csv", daily)), "unsorted")
    assert finding.rows == (402,)
    daily[400], daily[401] = daily[401], daily[400]
    finding = the_one(found(write(tmp_path / "f.csv", [daily[0], *daily[:0:-1]])), "unsorted")
    assert "newest row stands first" in finding.what


def test_4_another_zone_from_a_day_on(tmp_path: Path, minutes: Lines) -> None:
    half = 1 + 390 * 12
    shifted = minutes[:half] + [moved(line, dt.timedelta(hours=5)) for line in minutes[half:]]
    finding = the_one(found(write(tmp_path / "f.csv", shifted)), "zone")
    assert finding.rows[0] == half + 1
    assert "14:31 to 21:00, on the others 09:31 to 16:00" in finding.what
    assert "-5 hours" in finding.do


def test_4b_daylight_saving(tmp_path: Path, minutes: Lines) -> None:
    shifted = minutes[: 1 + 390 * 15] + [
        moved(line, dt.timedelta(hours=1)) for line in minutes[1 + 390 * 15 :]
    ]
    finding = the_one(found(write(tmp_path / "f.csv", shifted)), "zone")
    assert finding.rows[0] == 390 * 15 + 2
    assert "daylight saving" in finding.do


def test_4c_daily_dates_a_day_early(tmp_path: Path, daily: Lines) -> None:
    early = [f"{dt.date.fromisoformat(line[:10]) - dt.timedelta(days=1)}{line[10:]}" for line in daily[1:]]
    finding = the_one(found(write(tmp_path / "f.csv", [daily[0], *early])), "zone")
    assert "one day early" in finding.what


def test_4d_one_file_in_another_zone(tmp_path: Path, minutes: Lines) -> None:
    a = write(tmp_path / "a.csv", minutes)
    b = write(tmp_path / "b.csv", [minutes[0], *(moved(line, dt.timedelta(hours=6)) for line in minutes[1:])])
    finding = the_one(found(a, b), "zone")
    assert finding.file == b
    assert "6 hours earlier" in finding.what


def test_5_labels_change(tmp_path: Path, minutes: Lines) -> None:
    half = 1 + 390 * 10
    shifted = minutes[:half] + [moved(line, dt.timedelta(minutes=-1)) for line in minutes[half:]]
    finding = the_one(found(write(tmp_path / "f.csv", shifted)), "label")
    assert finding.time is not None
    assert "once at their start, once at their end" in finding.what


def test_5b_one_file_stamps_at_the_start(tmp_path: Path, minutes: Lines) -> None:
    a = write(tmp_path / "a.csv", minutes)
    b = write(
        tmp_path / "b.csv", [minutes[0], *(moved(line, dt.timedelta(minutes=-1)) for line in minutes[1:])]
    )
    finding = the_one(found(a, b), "label")
    assert finding.file == b
    assert "1 minute later" in finding.what


def test_6_impossible_bars(tmp_path: Path, daily: Lines) -> None:
    high = float(daily[50].split(",")[2])
    daily[50] = changed(daily[50], close=str(high + 1))
    daily[60] = changed(daily[60], close=str(float(daily[60].split(",")[2]) + 1))
    finding = the_one(found(write(tmp_path / "f.csv", daily)), "impossible")
    assert finding.rows == (51, 61)
    assert f"high {high:g} is below close {high + 1:g}" in finding.what


def test_7_prices_of_zero(tmp_path: Path, daily: Lines) -> None:
    daily[80] = changed(daily[80], low="0")
    finding = the_one(found(write(tmp_path / "f.csv", daily)), "nonpositive")
    assert finding.rows == (81,)
    assert finding.what == "low is 0"


@pytest.mark.parametrize("text", ["", "NaN", "null"])
def test_8_missing_prices(tmp_path: Path, daily: Lines, text: str) -> None:
    daily[90] = changed(daily[90], close=text)
    finding = the_one(found(write(tmp_path / "f.csv", daily)), "missing")
    assert finding.rows == (91,)


@pytest.mark.parametrize(("ratio", "named"), [(2, "2:1"), (4, "4:1"), (1.5, "3:2"), (0.1, "1:10")])
def test_9_splits(tmp_path: Path, daily: Lines, ratio: float, named: str) -> None:
    for i in range(800, len(daily)):
        prices = [f"{float(price) / ratio:.4f}" for price in daily[i].split(",")[1:5]]
        daily[i] = ",".join([daily[i][:10], *prices, *daily[i].split(",")[5:]])
    finding = the_one(found(write(tmp_path / "f.csv", daily)), "split")
    assert finding.rows == (801,)
    assert f"split {named}" in finding.what


def test_9b_jumps_that_are_no_splits(tmp_path: Path, daily: Lines) -> None:
    for i in range(800, len(daily)):
        prices = [f"{float(price) * 1.78:.4f}" for price in daily[i].split(",")[1:5]]
        daily[i] = ",".join([daily[i][:10], *prices, *daily[i].split(",")[5:]])
    assert the_one(found(write(tmp_path / "f.csv", daily)), "jump").rows == (801,)


def test_10_volumes(tmp_path: Path, daily: Lines) -> None:
    lots = list(daily)
    for i in range(900, len(lots)):
        lots[i] = changed(lots[i], volume=str(int(lots[i].split(",")[5]) // 100))
    finding = the_one(found(write(tmp_path / "f.csv", lots)), "volume")
    assert abs(finding.rows[0] - 901) <= 2
    assert "times lower" in finding.what

    daily[100] = changed(daily[100], volume=str(int(daily[100].split(",")[5]) * 1000))
    daily[200] = changed(daily[200], volume="0")
    daily[300] = changed(daily[300], volume="-5")
    findings = found(write(tmp_path / "f.csv", daily))
    assert sorted((f.kind, f.rows) for f in findings) == [
        ("volume", (101,)), ("volume", (201,)), ("volume", (301,)),
    ]  # fmt: skip


def test_11_dates_in_two_forms(tmp_path: Path, daily: Lines) -> None:
    for i in range(1000, 1010):
        daily[i] = dt.date.fromisoformat(daily[i][:10]).strftime("%d/%m/%Y") + daily[i][10:]
    finding = the_one(found(write(tmp_path / "f.csv", daily)), "mixed-format")
    assert finding.rows[0] == 1001
    assert finding.count == 10


def test_11b_numbers_with_a_comma(tmp_path: Path, daily: Lines) -> None:
    lines = [line.replace(",", ";") for line in daily]
    lines[40] = lines[40].replace(".", ",", 1)
    finding = the_one(found(write(tmp_path / "f.csv", lines)), "mixed-format")
    assert finding.rows == (41,)
    assert "comma" in finding.what


def test_11c_rows_of_another_width_and_names_again(tmp_path: Path, daily: Lines) -> None:
    finding = the_one(found(write(tmp_path / "f.csv", [*daily[:-1], daily[-1][:15]])), "mixed-format")
    assert finding.rows == (len(daily),)
    assert "breaks off" in finding.what
    finding = the_one(found(write(tmp_path / "f.csv", [*daily[:50], daily[0], *daily[50:]])), "mixed-format")
    assert finding.rows == (51,)
    assert "column names" in finding.what


def test_12_a_late_start_and_what_it_costs(tmp_path: Path, root: Path, daily: Lines) -> None:
    zeno = str(root / "examples/data/zeno-daily.csv")
    late = write(tmp_path / "late.csv", [daily[0], *daily[501:]])
    finding = the_one(found(zeno, late, warmup=50), "late-start")
    assert finding.file == late
    assert "500 bars" in finding.what
    assert f"first next() is on {daily[501 + 49][:10]}" in finding.what
    early = write(tmp_path / "early.csv", daily[:1000])
    assert the_one(found(zeno, early), "early-end").rows == (1000,)


def test_13_wrong_prints(tmp_path: Path, daily: Lines) -> None:
    opened, high, low, _ = map(float, daily[150].split(",")[1:5])
    daily[150] = changed(daily[150], high=str(high * 8))
    finding = the_one(found(write(tmp_path / "f.csv", daily)), "spike")
    assert finding.rows == (151,)
    daily[150] = changed(
        daily[150], high=str(high * 1.9), close=str(high * 1.9), open=str(opened), low=str(low)
    )
    assert the_one(found(write(tmp_path / "f.csv", daily)), "spike").rows == (151,)


def test_14_a_source_that_stopped(tmp_path: Path, daily: Lines) -> None:
    for i in range(601, 609):
        daily[i] = daily[i][:10] + daily[600][10:]
    finding = the_one(found(write(tmp_path / "f.csv", daily)), "frozen")
    assert (finding.rows, finding.count) == ((601,), 9)


def test_15_dates_out_of_time(tmp_path: Path, daily: Lines) -> None:
    daily[-1] = "2923" + daily[-1][4:]
    assert "date" in {finding.kind for finding in found(write(tmp_path / "f.csv", daily))}


def test_16_a_bar_on_a_saturday(tmp_path: Path, daily: Lines) -> None:
    friday = next(i for i in range(700, 720) if dt.date.fromisoformat(daily[i][:10]).weekday() == 4)
    saturday = dt.date.fromisoformat(daily[friday][:10]) + dt.timedelta(days=1)
    daily.insert(friday + 1, f"{saturday}{changed(daily[friday], volume='88000')[10:]}")
    finding = the_one(found(write(tmp_path / "f.csv", daily)), "weekend")
    assert finding.rows == (friday + 2,)


def test_17_fields_that_cannot_be_read(tmp_path: Path, daily: Lines) -> None:
    daily[20] = changed(daily[20], datetime="2018-13-45")
    daily[30] = changed(daily[30], volume="many")
    findings = found(write(tmp_path / "f.csv", daily))
    assert [(f.kind, f.rows) for f in findings] == [("unreadable", (21,)), ("unreadable", (31,))]


# --- files of other kinds ------------------------------------------------------------------------------


def test_parquet_and_packed_text(tmp_path: Path, daily: Lines) -> None:
    daily[50] = changed(daily[50], low="0")
    path = write(tmp_path / "f.csv", daily)
    table = pd.read_csv(path, parse_dates=["datetime"])
    table.to_parquet(tmp_path / "f.parquet")
    table.to_csv(tmp_path / "f.csv.gz", index=False)
    assert the_one(found(str(tmp_path / "f.parquet")), "nonpositive").rows == (50,)
    assert the_one(found(str(tmp_path / "f.csv.gz")), "nonpositive").rows == (51,)


def test_text_without_names_and_with_the_time_apart(tmp_path: Path, daily: Lines, minutes: Lines) -> None:
    assert found(write(tmp_path / "f.csv", daily[1:])) == []
    lines = ["Date\tTime\tOpen\tHigh\tLow\tClose\tVolume\tOI"]
    lines += [line.replace(" ", "\t", 1).replace(",", "\t") for line in minutes[1:]]
    tables, findings = audit([write(tmp_path / "f.txt", lines)])
    assert findings == []
    assert tables[0].moment(0) == "2023-11-27 09:31:00"


def test_files_that_cannot_be_read_are_findings(tmp_path: Path, daily: Lines) -> None:
    (tmp_path / "empty.csv").write_text("")
    (tmp_path / "words.csv").write_text("one,two\nthree,four\n")
    good = write(tmp_path / "good.csv", daily)
    tables, findings = audit(
        [str(tmp_path / "empty.csv"), str(tmp_path / "words.csv"), str(tmp_path / "gone.csv"), good]
    )
    assert [table.file for table in tables] == [good]
    assert [finding.kind for finding in findings] == ["unreadable"] * 3


# --- the command -----------------------------------------------------------------------------------------


def test_the_command_names_file_row_and_what_to_do(
    tmp_path: Path, daily: Lines, capsys: pytest.CaptureFixture[str]
) -> None:
    daily[50] = changed(daily[50], low="0")
    daily.insert(700, daily[699])
    path = write(tmp_path / "prices.csv", daily)
    assert main([path]) == 1
    output = capsys.readouterr().out
    assert "prices.csv: 1,518 bars, one every 1 day, 2018-01-02 to 2023-12-29" in output
    assert "row 51 (" in output
    assert "low is 0" in output
    assert "remove the second row" in output
    assert output.endswith("1 file: 2 errors, 0 warnings\n")

    assert main([path, "--ignore", "nonpositive,duplicate"]) == 0
    assert "nothing found" in capsys.readouterr().out


def test_json(tmp_path: Path, daily: Lines, capsys: pytest.CaptureFixture[str]) -> None:
    daily[50] = changed(daily[50], low="0")
    assert main([write(tmp_path / "prices.csv", daily), "--json"]) == 1
    document = json.loads(capsys.readouterr().out)
    assert document["files"][0]["bars"] == 1517
    (finding,) = document["findings"]
    assert finding["rows"] == [51]
    assert finding["kind"] in KINDS


def test_wrong_arguments(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    with pytest.raises(SystemExit):
        main([])
    with pytest.raises(SystemExit):
        main(["x.csv", "--ignore", "nosuch"])
    assert "no such kind" in capsys.readouterr().err
    assert main([str(tmp_path / "gone.csv")]) == 2
    assert "no such file" in capsys.readouterr().out.lower()
    assert main(["--kinds"]) == 0
    assert set(KINDS) <= set(capsys.readouterr().out.split())


def test_as_a_module(tmp_path: Path, daily: Lines) -> None:
    command = [sys.executable, "-m", "backtrader.audit", write(tmp_path / "f.csv", daily)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
