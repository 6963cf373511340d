"""What every test may ask for: the repository, its data, and the original engine."""

from __future__ import annotations

import os
from collections import Counter
from pathlib import Path

import pytest

from tools.browser import MISSING as MISSING_BROWSER
from tools.oracle import MATPLOTLIB, ORACLE, STATSMODELS, TALIB, Shared

ROOT = Path(__file__).resolve().parent.parent
MISSING = f"no interpreter with {ORACLE.requirement} ({ORACLE.python}): run `python tools/oracle.py`"

MISSING_TALIB = "not compared with the original's TA-Lib functions"
MISSING_CHARTS = "not compared with the original's charts"


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


def _same(package: Shared, what: str) -> None:
    """Skip without the same release for both engines; on a build server that fails."""
    reason = package.missing
    if reason is not None:
        if os.environ.get("CI") == "true":
            pytest.fail(reason, pytrace=False)
        pytest.skip(f"{what}: {reason}")


@pytest.fixture(scope="session")
def same_talib(oracle: Path) -> None:
    """TA-Lib is there for both engines, in one version."""
    _same(TALIB, MISSING_TALIB)


@pytest.fixture(scope="session")
def same_matplotlib(oracle: Path) -> None:
    """Both engines draw with one version of matplotlib."""
    _same(MATPLOTLIB, MISSING_CHARTS)


@pytest.fixture(scope="session")
def same_statsmodels(oracle: Path) -> None:
    """Both engines regress with one version of statsmodels."""
    _same(STATSMODELS, "not compared with the original's statistics")


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say in a line of its own that comparisons with the original did not run."""
    skipped = [
        report for report in terminalreporter.stats.get("skipped", []) if MISSING in str(report.longrepr)
    ]
    talib = [r for r in terminalreporter.stats.get("skipped", []) if MISSING_TALIB in str(r.longrepr)]
    if talib:
        terminalreporter.section("TA-LIB NOT COMPARED WITH THE ORIGINAL", red=True, bold=True)
        terminalreporter.line(f"{len(talib)} tests skipped. {TALIB.missing}")
    charts = [r for r in terminalreporter.stats.get("skipped", []) if MISSING_CHARTS in str(r.longrepr)]
    if charts:
        terminalreporter.section("CHARTS NOT COMPARED WITH THE ORIGINAL", red=True, bold=True)
        terminalreporter.line(f"{len(charts)} tests skipped. {MATPLOTLIB.missing}")
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
