"""What is written is written to SQLite and to a real PostgreSQL server."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from tools.postgres import MISSING, find_postgres, postgres


@pytest.fixture(scope="session")
def journal_server() -> Iterator[str]:
    """The URL of a running server; without one a build server fails, and elsewhere the test is skipped."""
    if find_postgres() is None:
        if os.environ.get("CI") == "true":
            pytest.fail(MISSING, pytrace=False)
        pytest.skip(MISSING)
    with postgres() as url:
        yield url


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """An empty database."""
    if request.param == "sqlite":
        return str(tmp_path / "trading.db")
    from sqlalchemy import create_engine

    url: str = request.getfixturevalue("journal_server")
    engine = create_engine(url.replace("postgresql://", "postgresql+psycopg://"))
    with engine.begin() as connection:
        connection.exec_driver_sql("DROP SCHEMA public CASCADE")
        connection.exec_driver_sql("CREATE SCHEMA public")
    engine.dispose()
    return url
