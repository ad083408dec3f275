import sqlite3
from collections.abc import Iterator
from contextlib import closing

import pytest

from firsthand.errors import ArchiveNewerError
from firsthand.store.migrations import APPLICATION_ID, MIGRATIONS, migrate, version


@pytest.fixture
def db() -> Iterator[sqlite3.Connection]:
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as connection:
        yield connection


def test_steps_are_taken_from_where_the_tables_are(db: sqlite3.Connection) -> None:
    first, second = ("CREATE TABLE a (x)",), ("CREATE TABLE b (x)", "INSERT INTO a VALUES (1)")
    migrate(db, "archive", [first])
    migrate(db, "archive", [first, second])
    migrate(db, "archive", [first, second])
    assert version(db) == 2
    assert db.execute("SELECT x FROM a").fetchall() == [(1,)]
    assert db.execute("PRAGMA application_id").fetchone() == (APPLICATION_ID,)


def test_a_step_that_fails_changes_nothing(db: sqlite3.Connection) -> None:
    with pytest.raises(sqlite3.OperationalError):
        migrate(db, "archive", [("CREATE TABLE a (x)", "NONSENSE")])
    assert version(db) == 0
    assert db.execute("SELECT name FROM sqlite_schema").fetchall() == []


def test_newer_tables_are_refused(db: sqlite3.Connection) -> None:
    migrate(db, "archive", [("CREATE TABLE a (x)",), ("CREATE TABLE b (x)",)])
    with pytest.raises(ArchiveNewerError, match=r"archive: expected .* version 1 or older, got version 2"):
        migrate(db, "archive", [("CREATE TABLE a (x)",)])


def test_the_tables_can_be_made(db: sqlite3.Connection) -> None:
    migrate(db, "archive")
    assert version(db) == len(MIGRATIONS)
