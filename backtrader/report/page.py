"""The page: the document and everything that shows it, in one file that needs no other."""

from __future__ import annotations

import base64
import json
import zlib
from collections.abc import Iterator
from html import escape
from importlib.resources import files
from pathlib import Path
from typing import Any

__all__ = ["CHOICES", "asset", "data_elements", "render", "write"]

#: What a report can be told about its looks; ``auto`` leaves it to the browser of the reader.
CHOICES = {
    "theme": ("auto", "light", "dark"),
    "language": ("auto", "en", "zh"),
    "rising": ("auto", "green", "red"),
}

_SCRIPTS = (
    "words", "format", "columns", "levels", "stats", "axis", "paint", "marks", "legend", "pane", "stack",
    "hands", "navigator", "grid", "filter", "overview", "tips", "chart", "performance", "months", "tables",
    "details", "main",
)  # fmt: skip
_LIBRARY = "uPlot-1.6.32.min"


def render(document: dict[str, Any], title: str, theme: str, language: str, rising: str) -> str:
    """The text of the page."""
    page = {"title": title, "theme": theme, "language": language, "rising": rising}
    text = asset("page.html")
    for place, content in (
        ("<!-- title -->", escape(title)),
        ("/* style */", asset(f"{_LIBRARY}.css") + asset("page.css")),
        ("/* licence */", asset("uPlot-LICENSE.txt")),
        ("/* library */", asset(f"{_LIBRARY}.js")),
        ("/* script */", "\n".join(asset(f"{name}.js") for name in _SCRIPTS)),
        ("<!-- data -->", "\n".join(data_elements({**document, "page": page}))),
    ):
        before, found, after = text.partition(place)
        text = before + content + after if found else text
    return text


def write(path: Any, document: dict[str, Any], **options: str) -> Path:
    """Write the page and return where it is."""
    target = Path(path)
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(render(document, **options), encoding="utf-8")
    return target


def _take_columns(value: Any, columns: list[str]) -> Any:
    """The document with the text of its columns taken out; they name their place in ``columns``."""
    if isinstance(value, dict):
        found = {key: _take_columns(each, columns) for key, each in value.items()}
        if "digits" in found and isinstance(found.get("data"), str):
            columns.append(found["data"])
            found["data"] = len(columns) - 1
        return found
    if isinstance(value, list) and value and isinstance(value[0], dict | list):
        return [_take_columns(each, columns) for each in value]
    return value


def data_elements(document: dict[str, Any]) -> Iterator[str]:
    """The document and its columns as elements that no browser runs."""
    columns: list[str] = []
    lean = _take_columns(document, columns)
    text = json.dumps(lean, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    packed = base64.b64encode(zlib.compress(text.encode(), 6)).decode("ascii")
    yield f'<script type="text/plain" id="document">{packed}</script>'
    for number, column in enumerate(columns):
        yield f'<script type="text/plain" id="column-{number}">{column}</script>'


def asset(name: str) -> str:
    """A file of the page; the page of the optimiser shares some."""
    return (files(__package__) / "assets" / name).read_text(encoding="utf-8")
