"""The layout of the database: from every revision, with data in it, on both databases."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import MetaData, inspect, text

from real_trade.errors import JournalError
from real_trade.storage import Journal, downgrade, head, open_engine, revision, upgrade
from real_trade.storage.migrating import HEAD, MIGRATIONS
from real_trade.storage.models import metadata
from tests.unit.real_trade.storage.rows import items

REVISIONS = ["0001", "0002"]

#: What each revision brought, filled by hand: the code of today writes the layout of today.
DATA = {
    "0001": [
        "INSERT INTO accounts (venue, name, created_ns) VALUES ('fake', 'main', 5)",
        "INSERT INTO leases VALUES (1, 3, 'host', 77, 5, 6, true)",
        "INSERT INTO runs (account_id, epoch, version, host, pid, started_ns, ending) VALUES (1, 3, '2', 'host', 77, 5, '')",
        "INSERT INTO orders VALUES (1, 'old', 'old', '9', 'BTC/USDT', 'buy', 'limit', 'gtc', '1.5', '100.25', NULL, 3, false, '0.5',"
        " '100.25', false, 's', '', '', 5, 6)",
        "INSERT INTO order_events VALUES (1, 1, 1, 'old', 'intended', 5, '{}')",
        "INSERT INTO order_events VALUES (1, 2, 1, 'old', 'filled', 6, '{}')",
        "INSERT INTO fills VALUES (1, 'BTC/USDT', 't1', 2, 'old', '9', 'buy', '100.25', '0.5', '0.01', 'USDT', true, 6)",
    ],
    "0002": [
        "INSERT INTO account_events VALUES (1, 3, 1, 'halted', 7, '{\"reason\": \"x\"}')",
        "INSERT INTO balance_snapshots VALUES (1, 8, 'BTC', '1.25', '0')",
        "INSERT INTO position_snapshots VALUES (1, 8, 'X', 'long', '2', '3')",
        "INSERT INTO incidents (account_id, time_ns, kind, handling, key, symbol, text) VALUES (1, 8, 'risen', 'note', '', '', 't')",
        "INSERT INTO settings VALUES (1, 'a', 'b', 9)",
    ],
}  # fmt: skip


def fill_in(url: str, revisions: list[str]) -> None:
    engine = open_engine(url)
    with engine.begin() as connection:
        for one in revisions:
            for statement in DATA[one]:
                connection.execute(text(statement))
    engine.dispose()


def content(url: str) -> dict[str, list[Any]]:
    """All rows of all tables."""
    engine = open_engine(url)
    found = {}
    with engine.connect() as connection:
        for table in sorted(set(inspect(connection).get_table_names()) - {"alembic_version"}):
            found[table] = sorted(map(repr, connection.execute(text(f"SELECT * FROM {table}")).all()))
    engine.dispose()
    return found


def differences(url: str) -> list[Any]:
    """Where the database differs from what the code believes."""
    from alembic.autogenerate import compare_metadata
    from alembic.migration import MigrationContext

    engine = open_engine(url)
    with engine.connect() as connection:
        context = MigrationContext.configure(
            connection, opts={"compare_type": True, "compare_server_default": True}
        )
        found = compare_metadata(context, metadata)
    engine.dispose()
    return found


def test_the_number_in_the_code_is_that_of_the_last_revision() -> None:
    assert head() == HEAD == REVISIONS[-1]
    names = sorted(path.name for path in (MIGRATIONS / "versions").glob("r*.py"))
    assert [name[1:5] for name in names] == REVISIONS


def test_the_revisions_lead_to_what_the_code_believes(database: str) -> None:
    assert upgrade(database) == HEAD
    assert differences(database) == []
    downgrade(database, "base")
    assert content(database) == {}
    assert upgrade(database) == HEAD
    assert differences(database) == []


@pytest.mark.parametrize("start", REVISIONS)
def test_data_of_every_revision_is_kept_and_worked_with(database: str, start: str) -> None:
    upgrade(database, start)
    until = REVISIONS[: REVISIONS.index(start) + 1]
    fill_in(database, until)
    before = content(database)
    if start != HEAD:
        with pytest.raises(JournalError, match=f"layout {start} and this version needs {HEAD}: back it up"):
            Journal.open(database, "fake", "main")
        assert content(database) == before
    upgrade(database)
    after = content(database)
    assert {table: after[table] for table in before} == before
    with Journal.open(database, "fake", "main") as journal:
        assert journal.tenure.epoch == 4
        assert journal.read.open_keys() == ["old"]
        assert [one.kind for one in journal.read.events()] == ["intended", "filled"]
        journal.submit(items(1)).result(10)
        # numbers go on where they were
        assert [one.seq for one in journal.read.events()][-2:] == ([3, 4] if start == "0001" else [4, 5])


@pytest.mark.parametrize("end", REVISIONS)
def test_back_and_forth_keeps_what_the_older_layout_has(database: str, end: str) -> None:
    upgrade(database)
    fill_in(database, REVISIONS)
    before = content(database)
    downgrade(database, end)
    kept = content(database)
    assert kept == {table: before[table] for table in kept}
    assert set(kept) == set(before) or end != HEAD
    upgrade(database)
    assert differences(database) == []


# A change to a table that others refer to: what SQLite can only do by copying it.
NEXT = '''"""Orders get a note."""
import sqlalchemy as sa
from alembic import op
revision, down_revision, branch_labels, depends_on = "0099", "{head}", None, None
def upgrade():
    with op.batch_alter_table("orders") as batch:
        batch.add_column(sa.Column("note", sa.String(9), nullable=False, server_default="-"))
        batch.alter_column("strategy", existing_type=sa.String(100), type_=sa.String(150))
    {more}
def downgrade():
    with op.batch_alter_table("orders") as batch:
        batch.drop_column("note")
        batch.alter_column("strategy", existing_type=sa.String(150), type_=sa.String(100))
'''


def with_next(tmp_path: Path, more: str = "pass") -> Path:
    """Our revisions and one more."""
    folder = tmp_path / "migrations"
    shutil.copytree(MIGRATIONS, folder)
    (folder / "versions" / "r0099_note.py").write_text(NEXT.format(head=HEAD, more=more))
    return folder


def test_a_table_that_others_refer_to_can_be_changed(database: str, tmp_path: Path) -> None:
    folder = with_next(tmp_path)
    upgrade(database)
    fill_in(database, REVISIONS)
    before = content(database)
    assert upgrade(database, migrations=folder) == "0099"
    after = content(database)
    assert after["orders"] == [before["orders"][0][:-1] + ", '-')"]
    assert {name: rows for name, rows in after.items() if name != "orders"} == {
        name: rows for name, rows in before.items() if name != "orders"
    }
    downgrade(database, HEAD, migrations=folder)
    assert content(database) == before
    assert differences(database) == []
    # foreign keys hold again, and events still cannot be changed
    engine = open_engine(database)
    for statement in ("DELETE FROM orders", "UPDATE order_events SET kind = 'x'"):
        with pytest.raises(Exception, match=r"(?i)foreign key|append-only"), engine.begin() as connection:
            connection.execute(text(statement))
    engine.dispose()


def test_a_migration_that_fails_changes_nothing(database: str, tmp_path: Path) -> None:
    folder = with_next(tmp_path, 'op.execute("SELECT * FROM nothing_of_that_name")')
    upgrade(database)
    fill_in(database, REVISIONS)
    before = content(database)
    with pytest.raises(JournalError, match="cannot upgrade"):
        upgrade(database, migrations=folder)
    assert content(database) == before
    assert differences(database) == []


def test_a_migration_that_breaks_references_is_not_taken(tmp_path: Path) -> None:
    # PostgreSQL refuses at once; SQLite is asked in the end
    database = str(tmp_path / "trading.db")
    folder = with_next(tmp_path, 'op.execute("DELETE FROM orders")')
    upgrade(database)
    fill_in(database, REVISIONS)
    before = content(database)
    with pytest.raises(JournalError, match="rows that refer to nothing"):
        upgrade(database, migrations=folder)
    assert content(database) == before


def test_a_migration_that_is_killed_changes_nothing(database: str, tmp_path: Path) -> None:
    folder = with_next(tmp_path, "import os; os._exit(9)")
    upgrade(database)
    fill_in(database, REVISIONS)
    before = content(database)
    program = (
        "import sys; from pathlib import Path; from real_trade.storage import upgrade;"
        "upgrade(sys.argv[1], migrations=Path(sys.argv[2]))"
    )
    done = subprocess.run([sys.executable, "-c", program, database, str(folder)], check=False)
    assert done.returncode == 9
    engine = open_engine(database)
    assert revision(engine) == HEAD
    engine.dispose()
    assert content(database) == before


def test_two_that_start_at_once_make_the_tables_once(database: str, root: Path) -> None:
    program = "import sys; from real_trade.storage import upgrade; print(upgrade(sys.argv[1]))"
    both = [
        subprocess.Popen(
            [sys.executable, "-c", program, database], stdout=subprocess.PIPE, text=True, cwd=root
        )
        for _ in range(2)
    ]
    outputs = [one.communicate(timeout=60)[0].strip() for one in both]
    assert outputs == [HEAD, HEAD]
    assert differences(database) == []


def test_names_of_constraints_follow_the_convention() -> None:
    made = MetaData(naming_convention=metadata.naming_convention)
    for table in metadata.tables.values():
        copy = table.to_metadata(made)
        for constraint in copy.constraints:
            assert constraint.name is not None, f"{table.name} has a constraint without a name"
