"""The gallery shows every indicator, and what it says about each is what the code says."""

from __future__ import annotations

import importlib.util
import math
import shutil
from pathlib import Path
from typing import Any

import pytest

import backtrader as bt
from tools import gallery_calls, gallery_draw, make_gallery

WITHOUT_STATSMODELS = [name for name in gallery_calls.drawn() if name != "CointN"]


def test_it_is_complete_and_up_to_date() -> None:
    assert make_gallery.complaints() == []


def test_every_indicator_is_drawn_or_named_as_a_base() -> None:
    own = {x for x in vars(bt.indicators).values() if isinstance(x, type) and issubclass(x, bt.Indicator)}
    names = {x.__name__ for x in own if not vars(x).get("_aliased")}
    assert len(names) >= 136
    assert names <= {*gallery_calls.drawn(), *gallery_calls.BASES}
    assert not {*gallery_calls.drawn()} & {*gallery_calls.BASES}


def test_pictures_stay_small() -> None:
    sizes = {path.name: path.stat().st_size for path in make_gallery.PICTURES.iterdir()}
    assert sum(sizes.values()) < 6_000_000
    assert min(sizes.values()) > 5_000, "an empty picture"


def test_the_words_for_parameters_are_all_used() -> None:
    declared = {name for cls in gallery_calls.drawn().values() for name in cls.params._getkeys()}
    known = {name for name in gallery_calls.WORDS if "." not in name}
    assert known == declared


# --- a mistake is found ---------------------------------------------------------------------------


@pytest.fixture
def copy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The pages somewhere else."""
    folder = tmp_path / "indicators"
    shutil.copytree(make_gallery.PAGES, folder)
    monkeypatch.setattr(make_gallery, "PAGES", folder)
    monkeypatch.setattr(make_gallery, "PICTURES", folder / "img")
    assert make_gallery.complaints() == []
    return folder


@pytest.mark.parametrize(
    ("page", "old", "new", "complaint"),
    [
        ("averages.md", "| `period` | `30` |", "| `period` | `31` |", "averages.md: not what the code says"),
        ("index.md", "`AccDeOsc`", "`AccDe`", "index.md: not what the code says"),
        ("trend.md", "## Vortex\n", "## Vortexes\n", "Vortex: on no page"),
        ("trend.md", "## Vortex\n", "## Vortexes\n", "Vortexes: on a page, and no indicator"),
        ("levels.md", "## CrossUp\n", "## CrossDown\n", "CrossDown: on two pages"),
        ("pairs.md", "```text\nx0 ≈ beta", "```\nx0 ≈ beta", "OLS_BetaN: needs a formula and a place"),
    ],
)
def test_a_page_that_is_wrong(copy: Path, page: str, old: str, new: str, complaint: str) -> None:
    path = copy / page
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    assert any(found.startswith(complaint) for found in make_gallery.complaints())


def test_pictures_that_are_missing_or_left_over(copy: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (copy / "img" / "Momentum.svg").rename(copy / "img" / "Nothing.svg")
    assert make_gallery.main(["--check"]) == 1
    said = capsys.readouterr().out
    assert "Momentum: no picture" in said
    assert "img/Nothing.svg: a picture of nothing" in said


def test_text_is_made_again(copy: Path) -> None:
    path = copy / "averages.md"
    right = path.read_text(encoding="utf-8")
    path.write_text(right.replace("| `period` | `30` |", "| `period` | `31` |"), encoding="utf-8")
    assert make_gallery.main(["--text"]) == 0
    assert path.read_text(encoding="utf-8") == right


# --- the pictures ---------------------------------------------------------------------------------


def shares_of_numbers(names: list[str]) -> dict[str, float]:
    """For each line in the gallery: which part of what its picture shows is a number."""
    strategy = gallery_draw.run(names)
    feeds = strategy.getdatabyname("data"), strategy.getdatabyname("other")
    shares: dict[str, float] = {}
    for name, indicator in strategy.made.items():
        picture = gallery_draw.Picture(indicator, *feeds)
        for line in indicator.lines.getlinealiases():
            values = picture.values(getattr(indicator.lines, line))
            assert len(values) == len(picture.days) > 100
            shares[f"{name}.{line}"] = sum(map(math.isfinite, values)) / len(values)
    return shares


def test_every_line_has_values_where_it_is_drawn() -> None:
    shares = shares_of_numbers(WITHOUT_STATSMODELS)
    sparse = {name for name, share in shares.items() if share < 1.0}
    # marks on some bars only, and a line drawn 26 bars early
    assert sparse == {"Fractal.fractal_bearish", "Fractal.fractal_bullish", "Ichimoku.chikou_span"}
    assert min(shares.values()) > 0.05


@pytest.mark.skipif(not importlib.util.find_spec("statsmodels"), reason="statsmodels is not installed")
def test_cointegration_too() -> None:
    assert set(shares_of_numbers(["CointN"]).values()) == {1.0}


@pytest.mark.skipif(not importlib.util.find_spec("matplotlib"), reason="matplotlib is not installed")
@pytest.mark.parametrize("name", ["BollingerBandsPct", "HeikinAshi", "Ichimoku", "PivotPoint", "haDelta"])
def test_a_picture_can_be_drawn(name: str, tmp_path: Path) -> None:
    gallery_draw.pictures([name], tmp_path)
    drawn = (tmp_path / f"{name}.svg").read_text(encoding="utf-8")
    assert gallery_calls.call_of(name) in drawn
    assert not _long_numbers(drawn)


def _long_numbers(svg: str) -> list[Any]:
    import re

    return re.findall(r"\d\.\d{3,}", svg)
