"""Take the pictures of ``docs/guide/report.md``: needs Chromium, see `tools.browser`.

python -m tools.make_report_pictures
"""

from __future__ import annotations

import tempfile
from pathlib import Path

from tests.browser import runs
from tools.browser import Browser, browser

FOLDER = Path(__file__).resolve().parent.parent / "docs" / "guide" / "img"
READY = "document.documentElement.dataset.ready"


def shoot(
    running: Browser, report: Path, name: str, script: str = "", size: tuple[int, int] = (1280, 860)
) -> None:
    """One picture of a report, after a script has brought into view what it shows."""
    page = running.page(*size)
    page.goto(report.as_uri())
    page.wait_for(READY)
    if script:
        page.evaluate(script)
    page.frames(5)
    page.screenshot(FOLDER / name)
    page.close()


def main() -> None:
    """Write the reports and take the pictures."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    rich = runs.rich()
    trade = "report.chart.jump('trips', 12)"
    table = "document.getElementById('months').scrollIntoView({ behavior: 'instant' })"
    with tempfile.TemporaryDirectory() as folder, browser() as running:
        light = rich.report(Path(folder) / "light.html", benchmark="ACME", theme="light", language="en")
        dark = rich.report(Path(folder) / "dark.html", benchmark="ACME", theme="dark", language="zh")
        shoot(running, light, "report-chart.png")
        shoot(running, light, "report-months.png", table)
        shoot(running, dark, "report-dark-zh.png", trade)
        shoot(running, dark, "report-narrow.png", size=(390, 860))


if __name__ == "__main__":
    main()
