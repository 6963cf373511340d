"""A real PostgreSQL server for all tests of a worker."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest

from tools.postgres import MISSING, find_postgres, postgres


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[str]:
    """The URL of a running server; without one a build server fails, and elsewhere the test is skipped."""
    if find_postgres() is None:
        if os.environ.get("CI") == "true":
            pytest.fail(MISSING, pytrace=False)
        pytest.skip(MISSING)
    with postgres() as url:
        yield url


@pytest.fixture
def postgres_url(postgres_server: str) -> str:
    """The same server with no studies in it."""
    from sqlalchemy import create_engine

    engine = create_engine(postgres_server.replace("postgresql://", "postgresql+psycopg://"))
    with engine.begin() as connection:
        connection.exec_driver_sql("DROP SCHEMA public CASCADE")
        connection.exec_driver_sql("CREATE SCHEMA public")
    engine.dispose()
    return postgres_server
