"""The report of a search: one HTML file with tables, maps and the statistics against over-fitting.

>>> write_report(result, "search.html")                       # what `optimize` gave, an analyzer, entries
>>> write_report("sma", "search.html", storage="studies.db")  # a stored study
>>> write_report(result, "search.html", walk_forward=found)   # with a walk-forward of the same strategy
>>> write_report(found, "walk.html")                          # a walk-forward, or a comparison, alone

The page needs no network, no server and no other file; `backtrader.opt.serve` shows the same page of
studies that are running.
"""

from __future__ import annotations

from html import escape
from importlib.resources import files
from pathlib import Path
from typing import Any

from ..errors import BacktraderError
from ..report.page import asset, data_elements
from .reportdata import build

__all__ = ["CHOICES", "ReportError", "render", "write_report"]

#: What a report can be told about its looks; ``auto`` leaves it to the browser of the reader.
CHOICES = {"theme": ("auto", "light", "dark"), "language": ("auto", "en", "zh")}

# shared with the report of a run, and of this page alone, in the order in which they need each other
_SHARED = ("format", "columns", "grid", "filter")
_OWN = (
    "words", "words-zh", "names", "runs", "scales", "plot", "controls", "around", "heat", "relief", "maps",
    "parallel", "bars", "history", "scatter", "luck", "walk", "compare", "table", "failures", "overview",
    "details", "live", "main",
)  # fmt: skip
_POLICY = "default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'"


class ReportError(BacktraderError, ValueError):
    """A report that cannot be written as it was asked for."""


def write_report(
    source: Any,
    path: Any,
    *,
    storage: Any = None,
    walk_forward: Any = None,
    comparison: Any = None,
    title: str = "",
    theme: str = "auto",
    language: str = "auto",
) -> Path:
    """Write the report of ``source`` and return where it is.

    ``source`` is an `OptimizationResult`, an `OptimizationAnalyzer`, a list of entries, the name of a study
    in ``storage`` (a `Store`, a file or a URL), a `WalkForwardResult` or a `Comparison`.  ``theme`` is auto,
    light or dark, ``language`` auto, en or zh.
    """
    document = build(source, storage=storage, walk_forward=walk_forward, comparison=comparison)
    target = Path(path)
    text = render(document, title=title, theme=theme, language=language)
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(text, encoding="utf-8")
    return target


def render(
    document: dict[str, Any],
    *,
    title: str = "",
    theme: str = "auto",
    language: str = "auto",
    template: str = "page.html",
    policy: str = _POLICY,
) -> str:
    """The text of the page of a document (see `backtrader.opt.reportdata.build`)."""
    for name, given in (("theme", theme), ("language", language)):
        if given not in CHOICES[name]:
            raise ReportError(f"{name} is one of {', '.join(CHOICES[name])}, not {given!r}")
    page = {"title": title, "theme": theme, "language": language}
    shown = title or document.get("name") or "backtrader.opt"
    text = own_asset(template)
    for place, content in (
        ("<!-- policy -->", escape(policy)),
        ("<!-- title -->", escape(shown)),
        ("/* style */", asset("page.css") + own_asset("opt.css")),
        ("/* script */", scripts()),
        ("<!-- data -->", "\n".join(data_elements({**document, "page": page}))),
    ):
        before, found, after = text.partition(place)
        text = before + content + after if found else text
    return text


def scripts() -> str:
    """All that the page runs."""
    shared = [asset(f"{name}.js") for name in _SHARED]
    return "\n".join([*shared, *(own_asset(f"{name}.js") for name in _OWN)])


def own_asset(name: str) -> str:
    """A file of the page."""
    return (files(__package__) / "web" / name).read_text(encoding="utf-8")
