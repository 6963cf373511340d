"""What every test may ask for: the repository, its data, and the original engine."""

from __future__ import annotations

import os
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from tools.oracle import MATPLOTLIB, ORACLE, STATSMODELS, TALIB, Shared

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
    _same(TALIB, "not compared with the original's TA-Lib functions")


@pytest.fixture(scope="session")
def same_matplotlib(oracle: Path) -> None:
    """Both engines draw with one version of matplotlib."""
    _same(MATPLOTLIB, "not compared with the original's charts")


@pytest.fixture(scope="session")
def same_statsmodels(oracle: Path) -> None:
    """Both engines regress with one version of statsmodels."""
    _same(STATSMODELS, "not compared with the original's statistics")


def _skipped(reporter: Any) -> Counter[str]:
    """Why tests did not run, and how many for each reason."""
    found: Counter[str] = Counter()
    for report in reporter.stats.get("skipped", []):
        place = report.longrepr
        found[place[2].removeprefix("Skipped: ") if isinstance(place, tuple) else str(place)] += 1
    return found


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    """On a build server a test that did not run is a failure: everything is installed there."""
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if os.environ.get("CI") == "true" and reporter is not None and _skipped(reporter):
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say aloud what did not run, and how many indicators were compared."""
    compared: Counter[str] = Counter()
    for report in [*terminalreporter.stats.get("passed", []), *terminalreporter.stats.get("failed", [])]:
        for name, value in report.user_properties:
            if name == "indicators":
                compared.update(value)
    if compared:
        parts = ", ".join(f"{count} {outcome}" for outcome, count in compared.items())
        terminalreporter.line(f"indicators against the original: {compared.total()} cases: {parts}")
    skipped = _skipped(terminalreporter)
    if skipped:
        failed = " (a failure on a build server)" if os.environ.get("CI") == "true" else ""
        terminalreporter.section(f"{skipped.total()} TESTS DID NOT RUN{failed}", red=True, bold=True)
        for reason, count in skipped.most_common():
            terminalreporter.line(f"{count:5} {reason}")
