"""Reads a written report back, as the browser does."""

from __future__ import annotations

import base64
import json
import re
import zlib
from pathlib import Path
from typing import Any

from backtrader.report.encode import decode

_ELEMENT = re.compile(r'<script type="text/plain" id="(?:document|column-(\d+))">([^<]*)</script>')


class Read:
    """The document of a page; `values` gives the numbers of a column."""

    def __init__(self, path: Path) -> None:
        self.text = path.read_text(encoding="utf-8")
        found = _ELEMENT.findall(self.text)
        self.columns = {int(number): packed for number, packed in found if number}
        (packed,) = [text for number, text in found if not number]
        self.document: dict[str, Any] = json.loads(zlib.decompress(base64.b64decode(packed)))

    def __getitem__(self, key: str) -> Any:
        return self.document[key]

    def values(self, column: dict[str, Any]) -> list[float]:
        return decode(column | {"data": self.columns[column["data"]]})
