"""The original's environment has the releases of shared packages that are installed here."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tools import oracle
from tools.oracle import Engine, Shared

Set = Callable[..., list[str]]


@pytest.fixture
def beside(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Set:
    """An environment in which packages have these releases; returns what is installed into it."""
    (tmp_path / "pyvenv.cfg").touch()
    monkeypatch.setenv("BACKTRADER_ORACLE_DIR", str(tmp_path))
    monkeypatch.delenv("BACKTRADER_ORACLE_PYTHON", raising=False)

    def make(here: dict[str, str], **there: str) -> list[str]:
        def version(name: str) -> str:
            if name not in here:
                raise oracle.metadata.PackageNotFoundError(name)
            return here[name]

        installed: list[str] = []
        monkeypatch.setattr(oracle.metadata, "version", version)
        monkeypatch.setattr(Engine, "version_of", lambda engine, name, module: there.get(module))
        monkeypatch.setattr(Engine, "pip_install", lambda engine, *wanted: installed.extend(wanted))
        return installed

    return make


HERE = {"TA-Lib": "0.8", "matplotlib": "3.11.2", "statsmodels": "0.15"}


def test_what_differs_or_is_missing_is_installed(beside: Set, tmp_path: Path) -> None:
    installed = beside(HERE, talib="0.8", matplotlib="3.8.0")
    recorded = (tmp_path / "pyvenv.cfg").stat().st_mtime_ns
    oracle.install_shared()
    assert installed == ["matplotlib==3.11.2", "statsmodels==0.15"]
    assert (tmp_path / "pyvenv.cfg").stat().st_mtime_ns > recorded  # traces made before are made again


def test_nothing_is_done_where_all_is_well(beside: Set, tmp_path: Path) -> None:
    installed = beside(HERE, talib="0.8", matplotlib="3.11.2", statsmodels="0.15")
    recorded = (tmp_path / "pyvenv.cfg").stat().st_mtime_ns
    oracle.install_shared()
    assert not installed
    assert (tmp_path / "pyvenv.cfg").stat().st_mtime_ns == recorded


def test_what_is_not_installed_here_is_not_wanted_there(beside: Set) -> None:
    installed = beside({})
    oracle.install_shared()
    assert not installed


def test_an_environment_of_somebody_else_is_left_alone(beside: Set, monkeypatch: Any) -> None:
    installed = beside(HERE)
    monkeypatch.setenv("BACKTRADER_ORACLE_PYTHON", "/somewhere/python")
    oracle.install_shared()
    assert not installed


@pytest.mark.parametrize(
    ("here", "there", "says"),
    [
        ({"it": "1.2"}, {"it": "1.2"}, None),
        ({"it": "1.2"}, {"it": "1.1"}, "it 1.2 here, 1.1 beside the original: run `python tools/oracle.py`"),
        ({"it": "1.2"}, {}, "it 1.2 here, none beside the original: run `python tools/oracle.py`"),
        ({}, {"it": "1.2"}, "it is not installed here: pip install 'backtrader[extra]'"),
    ],
)
def test_why_something_cannot_be_compared(
    beside: Set, here: dict[str, str], there: dict[str, str], says: str | None
) -> None:
    beside(here, **there)
    assert Shared("it", "it", "extra").missing == says
