"""Charts of both engines, compared axis by axis."""

from __future__ import annotations

import copy
import json
import os
import time
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from . import harness
from .charts import NAMES
from .compare import differences
from .stage import CHARTS

pytestmark = pytest.mark.parity

Both = tuple[dict[str, Any], dict[str, Any]]


@pytest.fixture(scope="module")
def both(same_matplotlib: None, tmp_path_factory: pytest.TempPathFactory) -> Both:
    """What all charts show: the original's, ours."""
    folder = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        folder = folder.parent  # the processes of one test run share it
    charts: Both = _once(
        folder / "charts.json", lambda: [harness.theirs(list(NAMES)), harness.ours(list(NAMES))]
    )
    return charts


def _once(path: Path, make: Any) -> Any:
    """What ``make`` gives, made by one process for all that share the folder."""
    try:
        os.close(os.open(path.with_suffix(".lock"), os.O_CREAT | os.O_EXCL))
    except FileExistsError:
        while not path.exists() and time.time() - path.with_suffix(".lock").stat().st_mtime < 1800:
            time.sleep(0.2)
    else:
        part = path.with_suffix(".part")
        part.write_text("null")
        try:
            part.write_text(json.dumps(make()))
        finally:
            part.replace(path)  # after an error too: the others wait for it
    made = json.loads(path.read_text())
    if made is None:
        pytest.fail("the charts could not be drawn: another process of this run says why", pytrace=False)
    return made


@pytest.mark.parametrize("name", NAMES)
def test_chart_is_as_the_original_draws_it(name: str, both: Both) -> None:
    original, here = both
    assert not harness.verdict(name, original[name], here[name])


def test_differences_on_purpose_are_there(both: Both) -> None:
    original, here = both
    found = {name: harness.needless(name, original[name], here[name]) for name in NAMES}
    assert not {name: kinds for name, kinds in found.items() if kinds}
    assert all(reason for chart in CHARTS.values() for reason in chart.differs.values())


def test_there_are_enough_charts() -> None:
    assert len(NAMES) >= 25
    assert len([name for name in NAMES if not CHARTS[name].differs and not CHARTS[name].crash]) >= 150


@pytest.mark.parametrize(
    ("where", "value"),
    [
        (("panes", 0, "rows"), [0, 2, 7]),
        (("panes", 0, "ylim"), [0.0, 1.0]),
        (("panes", 0, "lines", 0, "color"), "#123456ff"),
        (("panes", 0, "lines", 0, "y", 5), 1.0),
        (("panes", 3, "collections", 1, "face", 7), "#000000ff"),
        (("panes", 3, "collections", 0, "shapes", 9, 1), 0.5),
        (("panes", 3, "texts", 0, "text"), "1.00"),
        (("panes", 3, "texts", 0, "box", "edge"), "#010203e6"),
        (("panes", 3, "legend", "texts", 1), "Volumes"),
        (("panes", 3, "legend", "frame"), True),
        (("panes", 0, "yaxis", "ticks", 0, "second"), "other"),
        (("panes", 2, "xaxis", "ticks", 0, "at"), 1.0),
        (("panes", 1, "place", 1), 0.2),
        (("panes", 3, "twins"), []),
    ],
)
def test_a_planted_difference_is_found(where: tuple[Any, ...], value: Any, both: Both) -> None:
    original, here = both[0]["candles"], copy.deepcopy(both[1]["candles"])
    assert not differences(original, here)
    part: Any = here["figures"][0][0]
    for key in where[:-1]:
        part = part[key]
    assert part[where[-1]] != value
    part[where[-1]] = value
    assert len(differences(original, here)) == 1


def test_a_missing_artist_is_found(both: Both) -> None:
    for kind in ("lines", "collections", "texts"):
        here = copy.deepcopy(both[1]["candles"])
        del here["figures"][0][0]["panes"][3][kind][0]
        assert differences(both[0]["candles"], here)
    here = copy.deepcopy(both[1]["candles"])
    del here["figures"][0][0]["panes"][0]
    assert differences(both[0]["candles"], here) == ["0.0 4 panes, not 3"]


def test_all_panes_of_all_charts_are_apart_and_none_is_empty(both: Both) -> None:
    for name in set(NAMES) - {"all_lines_skipped", "saved_sizes"}:
        for group in both[1][name].get("figures", ()):
            for figure in group:
                spans = sorted({tuple(pane["rows"][:2]) for pane in figure["panes"]})
                assert all(above[1] <= below[0] for above, below in pairwise(spans)), name
                for span in spans:
                    inside = [pane for pane in figure["panes"] if tuple(pane["rows"][:2]) == span]
                    assert any(pane[kind] for pane in inside for kind in ("lines", "collections", "bars")), (
                        name
                    )
