"""Writers: rows, report, where the text goes. Letter for letter see tests/parity/scenarios/writers.py."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import pytest

import backtrader as bt
from backtrader.writers import WriterBase, WriterFile, WriterStringIO


def text_of(writer: Any) -> str:
    writer.stop()
    return str(writer.out.read())


def cerebro_with(data_dir: Path, **kwargs: Any) -> bt.Cerebro:
    cerebro = bt.Cerebro(stdstats=False, **kwargs)
    cerebro.adddata(bt.feeds.BacktraderCSVData(dataname=str(data_dir / "acme-2020.csv")))
    return cerebro


def test_nested_dictionaries_are_indented_below_separators() -> None:
    writer = WriterStringIO(seplen=12)
    writer.start()
    writer.writedict({"a": {"b": 1.5, "c": {"d": [1, "x"]}}, "e": None})
    assert text_of(writer) == "============\na:\n  - b: 1.5\n  ----------\n  - c:\n    - d: 1, x\ne: None\n"


def test_rounding_is_for_single_floats_only() -> None:
    # what is inside a list stays as it is, as in the original
    writer = WriterStringIO(rounding=1)
    writer.start()
    writer.writedict({"a": 1.26, "b": [1.26], "c": 2})
    assert text_of(writer).splitlines()[1:] == ["a: 1.3", "b: 1.26", "c: 2"]


def test_rows_have_a_number_and_no_nan() -> None:
    writer = WriterStringIO(csv=True, csvsep=";")
    writer.addheaders(["x", "y"])
    writer.start()
    writer.addvalues([float("nan"), 2])
    writer.next()
    assert text_of(writer).splitlines()[1:] == ["Id;x;y", "1;;2"]


def test_without_csv_nothing_is_kept() -> None:
    writer = WriterStringIO()
    writer.addheaders(["x"])
    writer.start()
    writer.addvalues([1])
    writer.next()
    assert (writer.headers, writer.values, text_of(writer)) == ([], [], "")


def test_a_row_of_anything_is_written() -> None:
    # the original fails on fields that are not text
    writer = WriterStringIO(csv_counter=False)
    writer.start()
    writer.writeiterable([1, 2.5, None])
    assert text_of(writer) == "1,2.5,None\n"


def test_where_the_text_goes(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    named, opened, closed = tmp_path / "named.txt", io.StringIO(), io.StringIO()
    for out, close in ((None, False), (named, False), (str(named), False), (opened, False), (closed, True)):
        writer = WriterFile(out=out, close_out=close)
        writer.start()
        writer.writeline("text")
        writer.stop()
    assert capsys.readouterr().out == "text\n"
    assert named.read_text() == "text\n"
    assert opened.getvalue() == "text\n"
    assert closed.closed


def test_runs_of_an_optimisation_share_a_file(tmp_path: Path, data_dir: Path) -> None:
    # the original closes the file after the first combination and fails on the second
    cerebro = cerebro_with(data_dir, maxcpus=1)
    cerebro.addwriter(WriterFile, out=str(tmp_path / "out.txt"))
    cerebro.addwriter(WriterStringIO)
    cerebro.optstrategy(bt.strategies.SMA_CrossOver, fast=[3, 4, 5])
    cerebro.run()
    assert (tmp_path / "out.txt").read_text().count("Cerebro:") == 3
    assert cerebro.runwriters[1].out.read().count("Cerebro:") == 3


def test_a_writer_of_ones_own_needs_no_parameters(data_dir: Path) -> None:
    told: list[str] = []

    class Own(WriterBase):
        def start(self) -> None:
            told.append("start")

        def writedict(self, dct: Any, level: int = 0, recurse: bool = False) -> None:
            told.extend(dct["Cerebro"])

        def stop(self) -> None:
            told.append("stop")

    cerebro = cerebro_with(data_dir)
    cerebro.addwriter(Own)
    cerebro.run()
    assert told == ["start", "Datas", "Strategies", "stop"]


def test_analyzers_print_with_it(data_dir: Path, capsys: pytest.CaptureFixture[str]) -> None:
    cerebro = cerebro_with(data_dir)
    cerebro.addanalyzer(bt.analyzers.SQN)
    (strategy,) = cerebro.run()
    strategy.analyzers.sqn.print(seplen=4)
    assert capsys.readouterr().out == "====\nSQN:\n  - sqn: 0\n  - trades: 0\n"


def test_unknown_parameters_are_refused() -> None:
    with pytest.raises(TypeError, match="rounds"):
        WriterFile(rounds=3)
