"""Machine code, columns of text and rows one by one give the same bars, bit for bit."""

from __future__ import annotations

import bz2
import datetime as dt
import gzip
import io
import itertools
import lzma
import warnings
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import backtrader as bt
from backtrader.feeds import byteblocks, csvbase, csvfast
from backtrader.feeds.byteblocks import ByteBlocks
from backtrader.utils.datearrays import datetimes_to_nums
from tests.unit.feeds.stage import Hours, bars, by_rows, preloaded

pytest.importorskip("numba")

HEAD = "datetime,open,high,low,close,volume,openinterest\n"
FORMATS = [
    ("%Y-%m-%d %H:%M:%S", ""),
    ("%d.%m.%Y", "%H:%M"),
    ("%Y%m%d", "%H%M%S"),
    ("%Y-%m-%dT%H:%M:%S.%f", ""),
    ("%m/%d/%Y", ""),
]
digits = st.text("0123456789", min_size=1, max_size=20)
numbers = st.one_of(
    st.floats(-1e9, 1e9, allow_nan=False).map(repr),
    st.builds("{}.{}".format, digits, digits),
    st.builds("{}{}".format, st.sampled_from(["", "-", "+"]), digits),
    st.sampled_from(["", "nan", "1e-3", " 2 ", ".5", "5.", "-0", "1_0", "inf"]),
)
_files = itertools.count()


@pytest.fixture(autouse=True)
def _always(monkeypatch: pytest.MonkeyPatch) -> None:
    """Machine code for the smallest file, several blocks even with few rows."""
    monkeypatch.setattr(csvfast.compiled, "ready", True)
    monkeypatch.setattr(byteblocks, "_BLOCK", 300)
    monkeypatch.setattr(csvbase, "_BLOCK_ROWS", 5)


@pytest.fixture
def scanned(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How many rows each block had that machine code took."""
    rows: list[int] = []
    scan = csvfast.Wanted.scan

    def counting(self: Any, text: bytes) -> Any:
        done = scan(self, text)
        rows.append(-1 if done is None else len(done[0]))
        return done

    monkeypatch.setattr(csvfast.Wanted, "scan", counting)
    return rows


def outcome(load: Any, data: Any) -> Any:
    with warnings.catch_warnings(record=True) as said:
        warnings.simplefilter("always")
        try:
            return bars(load(data)), [str(w.message) for w in said]
        except bt.errors.DataError as error:
            return str(error)
        finally:
            data.stop()  # where loading failed


def rows_of(count: int, start: dt.datetime = dt.datetime(2021, 3, 1, 9)) -> str:
    rows = [
        f"{start + dt.timedelta(minutes=i)},{i}.25,{i + 1},{i - 1}.5,{i}.125,{i * 10},0\n"
        for i in range(count)
    ]
    return "".join(rows)


def generic(source: Any, **kwargs: Any) -> Any:
    return bt.feeds.GenericCSVData(dataname=source, name="f", timeframe=bt.TimeFrame.Minutes, **kwargs)


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_csv_of_any_layout(tmp_path: Path, data: Any) -> None:
    draw = data.draw
    dtformat, tmformat = draw(st.sampled_from(FORMATS))
    moments = st.datetimes(dt.datetime(1430, 1, 1), dt.datetime(2900, 1, 1))
    times = draw(st.lists(moments, max_size=20))
    if draw(st.booleans()):
        times.sort()
    stamps = [
        [t.strftime(dtformat).rjust(8, "0"), *([t.strftime(tmformat)] if tmformat else [])] for t in times
    ]
    rows = [[*stamp, *(draw(numbers) for _ in range(6))] for stamp in stamps]
    if rows and draw(st.integers(0, 4)) == 0:  # a row that is different
        spoilt = draw(st.sampled_from(rows))
        at = draw(st.integers(0, len(spoilt) - 1))
        spoilt[at] = draw(st.sampled_from(["x", "2020-1-2", "1,2", "9999-99-99", "é", "", "1.2.3", "-"]))
    separator = draw(st.sampled_from([",", ";", "\t"]))
    text = "".join(separator.join(row) + "\n" for row in rows)
    if draw(st.booleans()):
        text = text.removesuffix("\n")
    path = tmp_path / f"{next(_files)}.csv"
    path.write_bytes(text.encode().replace(b"\n", draw(st.sampled_from([b"\n", b"\r\n", b"\r"]))))
    given_: dict[str, Any] = {
        "tz": draw(st.sampled_from([None, None, Hours(2)])),
        "tzinput": draw(st.sampled_from([None, None, Hours(-5.5)])),
        "timeframe": draw(st.sampled_from([bt.TimeFrame.Minutes, bt.TimeFrame.Days])),
        "nullvalue": draw(st.sampled_from([float("nan"), 0.0])),
        "openinterest": draw(st.sampled_from([5 + len(stamps[0]) if stamps else 6, -1, 1 + bool(tmformat)])),
    }
    given_ |= {
        name: i + 1 + bool(tmformat) for i, name in enumerate(("open", "high", "low", "close", "volume"))
    }
    if tmformat:
        given_ |= {"time": 1, "tmformat": tmformat}

    def make() -> Any:
        return bt.feeds.GenericCSVData(
            dataname=str(path), dtformat=dtformat, headers=False, separator=separator, **given_
        )

    assert outcome(preloaded, make()) == outcome(by_rows, make())


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_csv_of_the_plain_layout(tmp_path: Path, data: Any) -> None:
    draw = data.draw
    times = draw(st.lists(st.datetimes(dt.datetime(1960, 1, 1), dt.datetime(2080, 1, 1)), max_size=20))
    layout = draw(st.sampled_from(["%Y-%m-%d", "%Y-%m-%d,%H:%M:%S", "%Y/%m/%d,%H.%M.%S"]))
    rows = [f"{time.strftime(layout)},{i},{i + 1},{i / 3},{i},7,1\n" for i, time in enumerate(times)]
    if len(rows) > 12:
        rows[12] = rows[12].replace(",7,1", draw(st.sampled_from([",7", ",7,1,1", ",,1"])))
    path = tmp_path / f"{next(_files)}.csv"
    path.write_text("".join(rows))

    def make() -> Any:
        return bt.feeds.BacktraderCSVData(dataname=str(path), headers=False)

    assert outcome(preloaded, make()) == outcome(by_rows, make())


def test_machine_code_takes_whole_files(tmp_path: Path, scanned: list[int]) -> None:
    path = tmp_path / "f.csv"
    path.write_text(HEAD + rows_of(40))
    assert preloaded(generic(path)).buflen() == 40
    assert sum(scanned) == 40
    assert len(scanned) > 3
    assert -1 not in scanned


def _packed(path: Path, text: str) -> Path:
    raw = text.encode()
    if path.suffix == ".zip":
        with zipfile.ZipFile(path, "w") as archive:
            archive.writestr("prices.csv", raw)
            archive.writestr("__MACOSX/._prices.csv", b"\0")
        return path
    pack = {".gz": gzip.compress, ".bz2": bz2.compress, ".xz": lzma.compress, ".csv": bytes}[path.suffix]
    path.write_bytes(pack(raw))
    return path


@pytest.mark.parametrize("suffix", [".gz", ".bz2", ".xz", ".zip"])
def test_compressed_files(tmp_path: Path, scanned: list[int], suffix: str) -> None:
    text = HEAD + rows_of(40)
    plain = preloaded(generic(_packed(tmp_path / "f.csv", text)))
    packed = generic(_packed(tmp_path / f"f.csv{suffix}", text))
    assert bars(preloaded(packed)) == bars(plain)
    assert sum(scanned) == 80
    assert packed.f is None
    assert bars(by_rows(generic(_packed(tmp_path / f"f.csv{suffix}", text)))) == bars(plain)


def test_open_files_of_all_kinds(tmp_path: Path) -> None:
    text = HEAD + rows_of(12)
    path = _packed(tmp_path / "f.csv", text)
    plain = bars(preloaded(generic(path)))
    packed = _packed(tmp_path / "f.gz", text)

    class Lines:
        """Has nothing but ``readline`` and ``close``."""

        def __init__(self) -> None:
            self.readline, self.close = io.StringIO(text).readline, lambda: None

    # feeds close what they read
    files = [open(path), open(path, "rb"), open(path, "rb", buffering=0)]  # noqa: SIM115
    packs = [gzip.open(packed), gzip.open(packed, "rt")]  # noqa: SIM115
    texts = [io.StringIO(text), io.BytesIO(text.encode()), Lines()]
    sources: list[Any] = [*files, *packs, *texts, str(path), path, str(path).encode()]
    for source in sources:
        assert bars(preloaded(generic(source))) == plain, source


def test_an_archive_holds_one_file(tmp_path: Path) -> None:
    path = tmp_path / "two.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("a.csv", "1")
        archive.writestr("b.csv", "2")
    with pytest.raises(
        bt.errors.DataError, match=r"two\.zip: an archive has to hold one file, this one holds 2"
    ):
        preloaded(generic(path))


def test_no_source_at_all() -> None:
    with pytest.raises(bt.errors.DataError, match="the feed has no source"):
        preloaded(bt.feeds.GenericCSVData())


@pytest.mark.parametrize("source", ["file", "text"])
def test_what_does_not_fit_is_read_by_other_means(tmp_path: Path, scanned: list[int], source: str) -> None:
    rows = rows_of(40).splitlines(keepends=True)
    rows[30] = rows[30].replace("2021-03-01 09", "2021-03-01  9")  # strptime takes it, the layout does not
    text = HEAD + "".join(rows)
    made = generic(_packed(tmp_path / "f.csv", text) if source == "file" else io.StringIO(text))
    assert bars(preloaded(made)) == bars(by_rows(generic(io.StringIO(text))))
    assert scanned.pop() == -1
    assert 0 < sum(scanned) <= 30


def test_a_bad_row_after_blocks_of_good_ones_is_named(tmp_path: Path) -> None:
    rows = rows_of(40).splitlines(keepends=True)
    rows[33] = rows[33].replace(",0\n", ",none\n")
    with pytest.raises(bt.errors.DataError, match=r"row 35: .*column 6 \(openinterest\) holds 'none'"):
        preloaded(generic(_packed(tmp_path / "f.csv", HEAD + "".join(rows))))


def test_seconds_since_1970(tmp_path: Path, scanned: list[int]) -> None:
    text = "".join(f"{1_600_000_000 + 60 * i},1,2,3,4,5,6\n" for i in range(20))
    path = _packed(tmp_path / "f.csv", text)
    made = preloaded(generic(path, dtformat=1, headers=False))
    assert bars(made) == bars(by_rows(generic(io.StringIO(text), dtformat=1, headers=False)))
    assert sum(scanned) == 20
    scanned.clear()
    odd = text.replace("1600000060,", " 1600000060,")
    assert bars(preloaded(generic(_packed(tmp_path / "g.csv", odd), dtformat=1, headers=False))) == bars(made)
    assert scanned == [-1]


@pytest.mark.parametrize(
    "wanted",
    [
        csvfast.Wanted(3, ",", ((0, "YYYY"),), (("open", 3),)),
        csvfast.Wanted(3, ",", ((0, "YYYY"),), (("open", 0),)),
        csvfast.Wanted(3, "1", ((0, "YYYY"),), (("open", 1),)),
        csvfast.Wanted(3, "||", ((0, "YYYY"),), (("open", 1),)),
        csvfast.Wanted(3, "§", ((0, "YYYY"),), (("open", 1),)),
        csvfast.Wanted(3, ",", ((-1, "YYYY"),), (("open", 1),)),
    ],
)
def test_what_machine_code_is_not_asked_to_do(wanted: csvfast.Wanted) -> None:
    assert not wanted.possible()
    assert wanted.scan(b"2020,1,2\n") is None


@pytest.mark.parametrize(
    "stamp", ["2021-02-29", "2100-02-29", "2021-04-31", "0000-01-01", "2021-13-01", "2021-00-10"]
)
def test_dates_that_are_none(stamp: str) -> None:
    wanted = csvfast.Wanted(2, ",", ((0, "YYYY-mm-dd"),), (("open", 1),))
    assert wanted.scan(f"2021-02-28,1\n{stamp},1\n".encode()) is None
    assert wanted.scan(b"2021-02-28,1\n2000-02-29,1\n") is not None


@pytest.mark.parametrize("time", ["24:00:00", "10:60:00", "10:00:60", "1O:00:00"])
def test_times_that_are_none(time: str) -> None:
    wanted = csvfast.Wanted(2, ",", ((0, "YYYY-mm-dd HH:MM:SS"),), (("open", 1),))
    assert wanted.scan(f"2021-02-28 {time},1\n".encode()) is None


def test_moments_as_numbers() -> None:
    random = np.random.default_rng(3)
    first, last = (np.datetime64(f"{year}-01-01", "us").astype("int64") for year in (1440, 2860))
    micros = random.integers(first, last, 50_000)
    micros[:20_000] //= 1_000_000
    micros[:20_000] *= 1_000_000
    assert (csvfast.nums(micros) == datetimes_to_nums(micros, "us")).all()
    early = np.array([np.datetime64("0900-01-01T10:00:01", "us").astype("int64")])
    assert csvfast.nums(early) == datetimes_to_nums(early, "us")


def test_small_files_are_not_worth_it(monkeypatch: pytest.MonkeyPatch, scanned: list[int]) -> None:
    monkeypatch.setattr(csvfast.compiled, "ready", False)
    monkeypatch.setattr(csvfast.compiled, "spent", 0.0)
    monkeypatch.setattr(csvfast.policy, "always", False)
    preloaded(generic(io.StringIO(HEAD + rows_of(3))))
    assert scanned == []
    monkeypatch.setattr(csvfast.policy, "never", True)
    assert not csvfast.compiled.worthwhile(10**12)


def test_a_numba_that_does_not_work_is_done_without(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(csvfast, "compiled", csvfast._Compiled())
    monkeypatch.setattr(csvfast.policy, "worth_compiling", lambda kernel, work: True)
    monkeypatch.setattr(csvfast.policy, "load", lambda: True)
    monkeypatch.setattr(csvfast.policy, "give_up", lambda reason: reasons.append(reason))
    reasons: list[str] = []
    assert csvfast.compiled.worthwhile(1)

    def broken(self: Any, text: bytes) -> None:
        raise RuntimeError("no compiler")

    monkeypatch.setattr(csvfast, "compiled", csvfast._Compiled())
    monkeypatch.setattr(csvfast.Wanted, "scan", broken)
    assert not csvfast.compiled.worthwhile(1)
    assert reasons == ["numba cannot compile the CSV reader: RuntimeError: no compiler"]


def test_a_stream_goes_on_where_a_block_was_given_back(tmp_path: Path) -> None:
    path = _packed(tmp_path / "f.csv", HEAD + rows_of(20))
    for stream in (path.open(), io.StringIO(path.read_text())):
        stream.readline()
        blocks = ByteBlocks(stream)
        assert blocks.size() == len(rows_of(20))
        first, second = blocks.read(), blocks.read()
        lines = blocks.give_back()
        assert (first + "".join(lines).encode() + stream.read().encode()).decode() == rows_of(20)
        assert second
        stream.close()
