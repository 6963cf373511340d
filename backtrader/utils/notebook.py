"""Small tables for notebooks: what ``_repr_html_`` of the objects people look at returns."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

__all__ = ["card", "number"]

_HEAD = "text-align:left;font-weight:600;padding:2px 16px 4px 0"
_LEFT = "text-align:left;padding:1px 16px 1px 0"
_RIGHT = "text-align:right;padding:1px 0;font-variant-numeric:tabular-nums"


def card(title: str, rows: Iterable[tuple[str, Any]]) -> str:
    """A table of two columns under a heading; rows without a value are left out."""
    from html import escape  # brings a table of two thousand names: not for every import of the package

    cells = "".join(
        f"<tr><td style='{_LEFT}'>{escape(name)}</td><td style='{_RIGHT}'>{escape(str(value))}</td></tr>"
        for name, value in rows
        if value is not None and value != ""
    )
    return f"<table><tr><td colspan='2' style='{_HEAD}'>{escape(title)}</td></tr>{cells}</table>"


def number(value: Any, digits: int = 2) -> str | None:
    """A number with thousands separated; None for what is none."""
    if value is None or value != value:
        return None
    text = f"{value:,.{digits}f}"
    return text.rstrip("0").rstrip(".") if digits > 2 else text
