"""Colours made lighter or darker, and the shape of the tags that show a line's last value."""

from __future__ import annotations

from colorsys import hls_to_rgb, rgb_to_hls
from typing import Any

__all__ = ["shade_color", "tag_box_style"]


def shade_color(color: Any, percent: float) -> tuple[float, float, float]:
    """``color`` with ``percent`` more light (less if negative), as red, green and blue from 0 to 1."""
    from matplotlib.colors import to_rgb

    hue, light, saturation = rgb_to_hls(*to_rgb(color))
    red, green, blue = hls_to_rgb(hue, min(1.0, light * (1 + percent / 100.0)), saturation)
    return red, green, blue


def tag_box_style(
    x0: float, y0: float, width: float, height: float, mutation_size: float, mutation_aspect: float = 1
) -> Any:
    """The outline of a tag: a box with a point on the left, which shows what the text belongs to."""
    from matplotlib.path import Path

    padding = mutation_size * 0.2
    left, bottom = x0 - padding, y0 - padding
    right, top = x0 + width + padding, y0 + height + padding
    corners = [
        (left, bottom),
        (right, bottom),
        (right, top),
        (left, top),
        (left - padding, (bottom + top) / 2.0),
        (left, bottom),
        (left, bottom),
    ]
    return Path(corners, closed=True)
