"""What every test may ask for: the repository, its data, and the original engine."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tools.oracle import ORACLE

ROOT = Path(__file__).resolve().parent.parent
MISSING = f"no interpreter with {ORACLE.requirement} ({ORACLE.python}): run `python tools/oracle.py`"


@pytest.fixture(scope="session")
def root() -> Path:
    """The repository's folder."""
    return ROOT


@pytest.fixture(scope="session")
def data_dir() -> Path:
    """The folder of the small data files; its README says where each comes from."""
    return ROOT / "tests" / "data"


@pytest.fixture(scope="session")
def oracle() -> Path:
    """The interpreter that has the original engine.

    On a build server its absence fails the test: a comparison that never ran is no proof.
    Elsewhere the test is skipped, and the end of the run says so in full.
    """
    if not ORACLE.installed:
        if os.environ.get("CI") == "true":
            pytest.fail(MISSING, pytrace=False)
        pytest.skip(MISSING)
    return ORACLE.python


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say in a line of its own that comparisons with the original did not run."""
    skipped = [
        report for report in terminalreporter.stats.get("skipped", []) if MISSING in str(report.longrepr)
    ]
    if skipped:
        terminalreporter.section("NOT COMPARED WITH THE ORIGINAL", red=True, bold=True)
        terminalreporter.line(f"{len(skipped)} tests skipped. {MISSING}")
