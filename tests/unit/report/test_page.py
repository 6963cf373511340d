"""The page is one file that asks nothing of a network."""

from __future__ import annotations

import re
import subprocess
import sys
from importlib.resources import files
from pathlib import Path

import pytest

from backtrader.report import page
from tests.browser import runs

pytest.importorskip("pandas")
ASSETS = files("backtrader.report") / "assets"


@pytest.fixture(scope="module")
def text(tmp_path_factory: pytest.TempPathFactory) -> str:
    path = runs.one(60).report(tmp_path_factory.mktemp("page") / "run.html")
    return str(path.read_text(encoding="utf-8"))


def test_nothing_is_loaded_from_elsewhere(text: str) -> None:
    assert re.findall(r"<(?:link|img|iframe|object|embed)\b", text) == []
    assert re.findall(r"<script[^>]*\bsrc", text) == []
    assert re.findall(r"\b(?:fetch|XMLHttpRequest|WebSocket|import)\s*\(", text) == []
    assert re.findall(r"@import|url\(", text) == []
    assert "default-src 'none'" in text


def test_the_addresses_in_it_are_those_of_the_library_and_of_svg(text: str) -> None:
    found = set(re.findall(r"https?://[^\s\"'<)]+", text))
    assert found == {"https://github.com/leeoniya/uPlot", "http://www.w3.org/2000/svg"}


def test_the_licence_of_the_library_comes_along(text: str) -> None:
    licence = (ASSETS / "uPlot-LICENSE.txt").read_text(encoding="utf-8")
    assert licence.strip() in text


def test_every_asset_is_used_and_no_place_is_left_open(text: str) -> None:
    own = {f"{name}.js" for name in page._SCRIPTS} | {"page.html", "page.css", "uPlot-LICENSE.txt"}
    own |= {"uPlot-1.6.32.min.js", "uPlot-1.6.32.min.css"}
    assert {asset.name for asset in ASSETS.iterdir()} == own
    for place in (
        "<!-- title -->",
        "/* style */",
        "/* library */",
        "/* script */",
        "<!-- data -->",
        "/* licence */",
    ):
        assert place not in text


@pytest.mark.parametrize("name", page._SCRIPTS)
def test_scripts_are_short_and_end_no_element(name: str) -> None:
    script = (ASSETS / f"{name}.js").read_text(encoding="utf-8")
    assert "</script" not in script
    assert len(script.splitlines()) <= 300
    assert script.startswith("// ")  # what it is for


def test_a_report_of_a_year_is_small(text: str) -> None:
    assert len(text) < 250_000


def test_the_same_run_gives_the_same_page(tmp_path: Path) -> None:
    cerebro = runs.one(60)
    assert (
        cerebro.report(tmp_path / "a.html").read_bytes() == cerebro.report(tmp_path / "b.html").read_bytes()
    )


def test_neither_pandas_nor_matplotlib_is_needed(root: Path, tmp_path: Path) -> None:
    script = f"""
import sys
for name in ("pandas", "matplotlib", "rich"):
    sys.modules[name] = None
import backtrader as bt
cerebro = bt.Cerebro()
cerebro.adddata(bt.feeds.GenericCSVData(dataname={str(root / "examples/data/acme-daily.csv")!r}, dtformat="%Y-%m-%d"))
class Buy(bt.Strategy):
    def next(self):
        self.buy() if not self.position else self.close()
cerebro.addstrategy(Buy)
cerebro.run()
print(cerebro.report({str(tmp_path / "r.html")!r}))
"""
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=False, cwd=root
    )
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "r.html").stat().st_size > 100_000
