"""What all tests of the order management need."""

from __future__ import annotations

from pathlib import Path

import pytest


@pytest.fixture
def url(tmp_path: Path) -> Path:
    """Where the journal of a test is."""
    return tmp_path / "trading.db"
