"""The report of a search as a document and as a file; what it looks like is for tests/browser."""

from __future__ import annotations

import base64
import json
import math
import re
import zlib
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from backtrader.opt import OptimizationAnalyzer, OptimizationResult, optimize
from backtrader.opt.entry import Entry
from backtrader.opt.report import ReportError, render, write_report
from backtrader.opt.reportdata import build
from backtrader.opt.reportruns import failures, number_column, row_of
from backtrader.report.encode import decode

from .made import Cross, bowl, mixed, prices


def read(column: dict[str, Any]) -> list[float]:
    """A column whichever way it is written."""
    if column["digits"] != -2:
        return decode(column)
    raw = np.frombuffer(zlib.decompress(base64.b64decode(column["data"])), dtype=np.uint8)
    present = np.ascontiguousarray(raw.reshape(4, -1).T).view(np.float32).ravel()
    found = np.full(column["n"], np.nan)
    known = np.ones(column["n"], dtype=bool)
    for start, length in column.get("gaps", ()):
        known[start : start + length] = False
    found[known] = present
    back: list[float] = found.tolist()
    return back


def endless(column: dict[str, Any]) -> list[float]:
    """The numbers of a column, with those without end, as the page reads them."""
    found = read(column)
    for name, value in (("plus", math.inf), ("minus", -math.inf)):
        for place in decode(column[name]) if name in column else ():
            found[int(place)] = value
    return found


def document_of(path: Path) -> dict[str, Any]:
    text = path.read_text(encoding="utf-8")
    packed = re.search(r'<script type="text/plain" id="document">([^<]*)</script>', text)
    assert packed is not None
    found: dict[str, Any] = json.loads(zlib.decompress(base64.b64decode(packed[1])))
    return found


def test_numbers_come_back_with_gaps_and_without_end() -> None:
    given = [1.5, None, math.inf, math.nan, -math.inf, 2.0, math.inf]
    found = endless(number_column(given))
    expected = [1.5, math.nan, math.inf, math.nan, -math.inf, 2.0, math.inf]
    assert [repr(each) for each in found] == [repr(each) for each in expected]


def test_one_number_far_off_takes_no_digits_from_the_others() -> None:
    given = [1e12, 0.123456789, -3e-9]
    assert endless(number_column(given)) == pytest.approx(given, rel=1e-7)
    assert endless(number_column(given, whole=True)) == given


def test_all_runs_are_in_the_document_as_they_are() -> None:
    entries = [Entry.of(each) for each in mixed(120)]
    found = build(entries)["runs"]
    assert found["n"] == 120
    scores = endless(found["score"])
    assert [repr(each) for each in scores if each != each] == ["nan"] * sum(
        e.score != e.score for e in entries
    )
    for score, entry in zip(scores, entries):
        assert entry.score != entry.score or score == pytest.approx(entry.score, rel=1e-6)
    by_name = {each["name"]: each for each in found["params"]}
    assert list(by_name) == ["zeta", "band", "alpha", "width"]
    assert [by_name["band"]["labels"][int(code)] for code in decode(by_name["band"]["column"])] == [
        entry.params["band"] for entry in entries
    ]
    widths = read(by_name["width"]["column"])
    assert [width != width for width in widths] == ["width" not in entry.params for entry in entries]
    assert [w for w in widths if w == w] == [e.params["width"] for e in entries if "width" in e.params]


def test_failures_are_put_together_by_what_they_ended_with() -> None:
    entries = [
        Entry({"a": n}, number=n, state="failed", error=f"Traceback\n  somewhere {n}\nValueError: no")
        for n in range(3)
    ]
    entries += [
        Entry({"a": 9}, number=9, state="timeout", error="stopped after 5 s"),
        Entry({"a": 10}, 1.0, number=10),
    ]
    found = failures(entries, packed=False)
    assert [(g["kind"], g["state"], g["count"], g["numbers"]) for g in found["groups"]] == [
        ("ValueError: no", "failed", 3, [0, 1, 2]),
        ("stopped after 5 s", "timeout", 1, [9]),
    ]
    assert found["groups"][0]["trace"].startswith("Traceback\n  somewhere 0")


def test_a_run_as_a_line_for_an_open_page() -> None:
    entry = Entry({"a": 1, "kind": Cross}, math.inf, {"x": math.nan, "y": 2.0}, 4, scores=(math.inf, 1.0))
    found = row_of(entry, ["y", "x"])
    assert json.loads(json.dumps(found, allow_nan=False)) == found
    assert (found["score"], found["scores"], found["metrics"]) == ("inf", ["inf", 1.0], [2.0, None])
    assert found["params"] == {"a": 1, "kind": "Cross"}


def test_what_is_worked_out_is_what_the_analysis_says() -> None:
    analyzer = OptimizationAnalyzer(bowl(0.05))
    found = build(analyzer)["analysis"]
    assert found["best"] == analyzer.trials.best().number
    around = analyzer.sensitivity()
    assert found["around"]["plateau"] == pytest.approx(around.plateau)
    assert found["around"]["verdict"] == around.verdict
    assert [each["name"] for each in found["importance"]] == list(analyzer.analyze_parameter_importance())
    assert found["luck"]["verdict"] == analyzer.overfitting.verdict
    assert found["missing"] == {}


def test_a_search_without_a_score_says_so() -> None:
    found = build([Entry({"a": 1}, state="failed", error="ValueError: x")])
    assert found["analysis"] == {"nothing": "nothing to analyse: 1 failed"}


def test_a_part_that_cannot_be_had_says_why() -> None:
    entries = [Entry({"a": n}, math.inf, number=n) for n in range(3)]
    found = build(entries)["analysis"]
    assert "around" in found["missing"]
    assert found["best"] == 0


@pytest.mark.parametrize("kind", ["result", "analyzer", "entries", "name"])
def test_whatever_a_report_is_written_of(tmp_path: Path, kind: str) -> None:
    store = str(tmp_path / "s.db")
    result = optimize(
        Cross, prices(200), {"fast": [3, 5], "slow": [10, 20]}, "total_return", study="it", storage=store
    )
    source: Any = {
        "result": result,
        "analyzer": OptimizationAnalyzer(result),
        "entries": list(result),
        "name": "it",
    }[kind]
    path = write_report(source, tmp_path / "deep" / "r.html", storage=store, title="A <title>", language="zh")
    found = document_of(path)
    assert found["runs"]["n"] == 4
    assert found["page"] == {"title": "A <title>", "theme": "auto", "language": "zh"}
    assert found["analysis"]["best"] == result.get_best().number  # type: ignore[union-attr]
    if kind != "entries":
        assert found["study"]["objectives"][0]["name"] == "total_return"
    if kind == "name":
        assert found["study"]["space"]["params"][0]["name"] == "fast"
    assert "<title>A &lt;title&gt;</title>" in path.read_text(encoding="utf-8")


def test_the_ways_a_report_is_asked_for(tmp_path: Path) -> None:
    result = OptimizationResult(bowl(), name="bowl")
    assert document_of(result.report(tmp_path / "a.html"))["name"] == "bowl"
    assert OptimizationAnalyzer(result).generate_report(tmp_path / "b.html")
    assert document_of(tmp_path / "b.html")["runs"]["n"] == len(bowl())


def test_nothing_in_the_page_asks_a_network_or_ends_its_scripts_early() -> None:
    entries = [Entry({"a": "</script><script>alert(1)</script>"}, 1.0), Entry({"a": "b"}, 2.0)]
    text = render(build(entries))
    assert "alert(1)" not in text
    assert "default-src &#x27;none&#x27;" in text
    assert not re.search(r"""(src|href)=["'](https?:)?//""", text)


def test_looks_that_do_not_exist() -> None:
    with pytest.raises(ReportError, match="theme is one of auto, light, dark, not 'pink'"):
        render(build(bowl()), theme="pink")


def test_both_languages_have_the_same_words() -> None:
    folder = Path(__file__).parents[3] / "backtrader" / "opt" / "web"
    words = re.compile(r"(?:^|[,{]\s*|\n\s*)([a-zA-Z_]\w*): \"")
    english, chinese = (
        set(words.findall((folder / name).read_text("utf-8"))) for name in ("words.js", "words-zh.js")
    )
    assert english - chinese == {"none"} - chinese
    assert chinese - english == set()
    used = set()
    for path in folder.glob("*.js"):
        used |= set(re.findall(r"\bt\(\"(\w+)\"", path.read_text("utf-8")))
    assert len(used) > 100
    assert used - english == set()
