"""Draw the pictures of the guide to charts: the original on the left, this engine on the right.

    python tools/make_chart_pictures.py

Both draw the same charts of the parity suite with the same matplotlib, see tests/parity/README.md.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
IMAGES = ROOT / "docs" / "guide" / "img"

#: Picture -> chart of the parity suite.
CHARTS = {
    "chart-candles.png": "candles",
    "chart-panes.png": "oscillators",
    "chart-cloud.png": "cloud",
    "chart-two-feeds.png": "two_feeds_one_pane",
}

INCHES, DOTS = (13.0, 7.8), 80.0
GAP, HEAD = 16, 34


def draw(folder: Path) -> None:
    """Let both engines draw all charts."""
    sys.path.insert(0, str(ROOT))
    from tests.parity.plots import harness

    for side, engine in (("ours", harness.ours), ("theirs", harness.theirs)):
        (folder / side).mkdir()
        engine(list(CHARTS.values()), folder / side, (*INCHES, DOTS))


def join(left: Path, right: Path, to: Path) -> None:
    """One picture of two, each with a heading."""
    from PIL import Image, ImageDraw, ImageFont

    pictures = [Image.open(path).convert("RGB") for path in (left, right)]
    width, height = pictures[0].size
    both = Image.new("RGB", (2 * width + GAP, height + HEAD), "white")
    pen, font = ImageDraw.Draw(both), ImageFont.load_default(20)
    titles = "backtrader 1.9.78.123", "this engine"
    for number, (picture, title) in enumerate(zip(pictures, titles, strict=True)):
        left_edge = number * (width + GAP)
        both.paste(picture, (left_edge, HEAD))
        pen.text((left_edge + width / 2, HEAD / 2), title, fill="#444444", font=font, anchor="mm")
    both.quantize(160, dither=Image.Dither.NONE).save(to, optimize=True)


def main() -> int:
    """Write the pictures."""
    IMAGES.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made)
        draw(folder)
        for picture, chart in CHARTS.items():
            theirs, ours = (folder / side / f"{chart}-0.png" for side in ("theirs", "ours"))
            join(theirs, ours, IMAGES / picture)
            print(f"{picture}: {(IMAGES / picture).stat().st_size // 1024} KB")
    return 0


if __name__ == "__main__":
    sys.exit(main())
