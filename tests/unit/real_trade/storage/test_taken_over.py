"""A server that goes away while somebody else takes the account, and connections that hang."""

from __future__ import annotations

import time

import pytest
from sqlalchemy import text

from real_trade.errors import JournalError
from real_trade.storage import Journal, open_engine
from tests.unit.real_trade.storage.rows import items


@pytest.fixture
def server(journal_server: str) -> str:
    """The server with nothing in it."""
    engine = open_engine(journal_server)
    with engine.begin() as connection:
        connection.execute(text("DROP SCHEMA public CASCADE"))
        connection.execute(text("CREATE SCHEMA public"))
    engine.dispose()
    return journal_server


def cut(server: str) -> None:
    """End all connections of journals, and wait until the server has let go of what they held."""
    engine = open_engine(server)
    others = "FROM pg_stat_activity WHERE pid <> pg_backend_pid() AND application_name = 'real_trade'"
    with engine.begin() as connection:
        connection.execute(text(f"SELECT pg_terminate_backend(pid) {others}"))
    for _ in range(200):
        with engine.begin() as connection:
            if not connection.execute(text(f"SELECT count(*) {others}")).scalar():
                break
        time.sleep(0.05)
    engine.dispose()


@pytest.mark.parametrize("still_there", [True, False], ids=["the other one trades", "the other one has left"])
def test_what_another_process_wrote_meanwhile_is_not_taken_for_ours(server: str, still_there: bool) -> None:
    journal = Journal.open(server, "fake", "main", patience=3.0)
    journal.submit(items(1)).result(10)
    redial, others = journal._writer._redial, []

    def slowly() -> None:
        if not others:
            others.append(Journal.open(server, "fake", "main"))
            others[0].submit([*items(2), *items(3)]).result(10)
            if not still_there:
                others[0].close()
        redial()

    journal._writer._redial = slowly  # type: ignore[method-assign]
    cut(server)
    with pytest.raises(JournalError, match=r"taken over|still locked"):
        journal.submit(items(4)).result(20)
    assert "order4" not in {one.key for one in others[0].read.events()}
    assert journal.failure is not None
    others[0].close()
    journal.close()


def test_a_connection_to_a_server_that_went_silent_does_not_hang_for_ever(server: str) -> None:
    engine = open_engine(server)
    with engine.connect() as connection:
        driver = connection.connection.driver_connection
        assert driver is not None
        told = driver.info.get_parameters()
    assert told["keepalives"] == "1" and int(told["keepalives_idle"]) <= 10
    assert 0 < int(told["tcp_user_timeout"]) <= 15_000
    engine.dispose()
