"""What every test may ask for: the repository, its data, and the original engine."""

from __future__ import annotations

import os
from collections import Counter
from pathlib import Path

import pytest

from tools.browser import MISSING as MISSING_BROWSER
from tools.oracle import ORACLE, talib_missing

ROOT = Path(__file__).resolve().parent.parent
MISSING = f"no interpreter with {ORACLE.requirement} ({ORACLE.python}): run `python tools/oracle.py`"

MISSING_TALIB = "not compared with the original's TA-Lib functions"


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


@pytest.fixture(scope="session")
def same_talib(oracle: Path) -> None:
    """TA-Lib is there for both engines, in one version; on a build server anything else fails."""
    reason = talib_missing()
    if reason is not None:
        if os.environ.get("CI") == "true":
            pytest.fail(reason, pytrace=False)
        pytest.skip(f"{MISSING_TALIB}: {reason}")


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say in a line of its own that comparisons with the original did not run."""
    skipped = [
        report for report in terminalreporter.stats.get("skipped", []) if MISSING in str(report.longrepr)
    ]
    talib = [r for r in terminalreporter.stats.get("skipped", []) if MISSING_TALIB in str(r.longrepr)]
    if talib:
        terminalreporter.section("TA-LIB NOT COMPARED WITH THE ORIGINAL", red=True, bold=True)
        terminalreporter.line(f"{len(talib)} tests skipped. {talib_missing()}")
    compared: Counter[str] = Counter()
    for report in [*terminalreporter.stats.get("passed", []), *terminalreporter.stats.get("failed", [])]:
        for name, value in report.user_properties:
            if name == "indicators":
                compared.update(value)
    if compared:
        parts = ", ".join(f"{count} {outcome}" for outcome, count in compared.items())
        terminalreporter.line(f"indicators against the original: {compared.total()} cases: {parts}")
    unseen = [r for r in terminalreporter.stats.get("skipped", []) if MISSING_BROWSER in str(r.longrepr)]
    if unseen:
        terminalreporter.section("REPORTS NOT OPENED IN A BROWSER", red=True, bold=True)
        terminalreporter.line(f"{len(unseen)} tests skipped: {MISSING_BROWSER}")
    if skipped:
        terminalreporter.section("NOT COMPARED WITH THE ORIGINAL", red=True, bold=True)
        terminalreporter.line(f"{len(skipped)} tests skipped. {MISSING}")
