"""A page that shows the bars of a report with Lightweight Charts: what the report was compared with.

The library is not part of the package; its script comes from its npm package, ``lightweight-charts``.
"""

from __future__ import annotations

import re
from importlib.resources import files
from pathlib import Path

__all__ = ["rival_page"]

_DATA = re.compile(r'<script type="text/plain" id="(?:document|column-\d+)">[^<]*</script>')


def rival_page(report: Path, library: Path, folder: Path) -> Path:
    """Write the page, with the columns of a report and the report's own way of reading them."""
    reading = files("backtrader.report") / "assets" / "columns.js"
    text = (Path(__file__).parent / "rival.html").read_text(encoding="utf-8")
    for place, content in (
        ("/* library */", library.read_text(encoding="utf-8")),
        ("/* reading */", reading.read_text(encoding="utf-8")),
        ("<!-- data -->", "\n".join(_DATA.findall(report.read_text(encoding="utf-8")))),
    ):
        before, _, after = text.partition(place)
        text = before + content + after
    page = folder / "rival.html"
    page.write_text(text, encoding="utf-8")
    return page
