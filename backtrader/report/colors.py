"""Colours as scripts write them for matplotlib, as a browser knows them."""

from __future__ import annotations

import re
from typing import Any

__all__ = ["PALETTE", "css_color"]

#: Line colours, told apart on white and on black.
PALETTE = ("#3b7dd8", "#d98a1f", "#8a63d2", "#1fa3a3", "#c8508c", "#7d8b2a", "#a0674b", "#5b74a8")

_NAMES = {
    "blue": "#3b7dd8", "green": "#2c9f5f", "red": "#d6453d", "cyan": "#1fa3a3", "magenta": "#c8508c",
    "yellow": "#c9a227", "black": "ink", "white": "ink",
}  # fmt: skip
_LETTERS = {name[0]: color for name, color in _NAMES.items()} | {"b": _NAMES["blue"], "k": "ink"}
_PALETTES = {
    "blue": 0, "orange": 1, "purple": 2, "cyan": 3, "pink": 4, "olive": 5, "brown": 6, "gray": 7, "grey": 7,
}  # fmt: skip
_HEX = re.compile(r"#([0-9a-fA-F]{3,4}|[0-9a-fA-F]{6}|[0-9a-fA-F]{8})$")


def css_color(given: Any) -> str | None:
    """The colour as CSS; ``ink`` stands for that of the text; None for what is no colour."""
    if isinstance(given, tuple | list) and 3 <= len(given) <= 4:
        return _mixed(given)
    if not isinstance(given, str):
        return None
    name = given.strip().lower()
    if name in _NAMES or name in _LETTERS:
        return _NAMES.get(name) or _LETTERS[name]
    if _HEX.match(name):
        return name
    if re.fullmatch(r"c\d+", name):
        return PALETTE[int(name[1:]) % len(PALETTE)]
    if name.startswith("tab:"):
        number = _PALETTES.get(name[4:])
        return _NAMES.get(name[4:]) if number is None else PALETTE[number]
    if re.fullmatch(r"[01]?\.\d+|[01]", name):
        level = round(255 * float(name))
        return f"#{level:02x}{level:02x}{level:02x}"
    return name if re.fullmatch(r"[a-z]{3,20}", name) else None


def _mixed(parts: Any) -> str | None:
    try:
        numbers = [min(max(float(part), 0.0), 1.0) for part in parts]
    except (TypeError, ValueError):
        return None
    return "#" + "".join(f"{round(255 * number):02x}" for number in numbers)
