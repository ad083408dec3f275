"""The tables of the archive's database, one step a version."""

import sqlite3
from collections.abc import Sequence

from firsthand.errors import ArchiveNewerError

APPLICATION_ID = 0x46484E44
"""Marks an SQLite file as an archive of ours ("FHND")."""

_FIRST = (
    """
    CREATE TABLE item (
      key INTEGER PRIMARY KEY,
      sha256 TEXT NOT NULL UNIQUE CHECK (length(sha256) = 64),
      size_bytes INTEGER NOT NULL CHECK (size_bytes >= 0),
      path BLOB NOT NULL,
      kind TEXT NOT NULL,
      container TEXT NOT NULL,
      duration_seconds REAL,
      width INTEGER,
      height INTEGER,
      frame_count_content INTEGER NOT NULL,
      video_codec TEXT,
      audio_codec TEXT,
      problem TEXT,
      source TEXT,
      url TEXT,
      published TEXT,
      date_basis TEXT,
      collection TEXT,
      added_by TEXT,
      keep TEXT NOT NULL CHECK (keep IN ('copy', 'link', 'reference')),
      reference BLOB CHECK ((reference IS NULL) = (keep <> 'reference')),
      added TEXT NOT NULL,
      withdrawn TEXT
    ) STRICT
    """,
    "CREATE INDEX item_by_path ON item (path)",
    """
    CREATE TABLE capture (
      key INTEGER PRIMARY KEY,
      item INTEGER NOT NULL REFERENCES item (key),
      at TEXT NOT NULL,
      path BLOB NOT NULL,
      source TEXT,
      url TEXT,
      published TEXT,
      date_basis TEXT,
      collection TEXT,
      added_by TEXT
    ) STRICT
    """,
    "CREATE INDEX capture_by_item ON capture (item)",
    "CREATE INDEX capture_by_path ON capture (path)",
    """
    CREATE TABLE method (
      name TEXT PRIMARY KEY,
      code_bytes INTEGER NOT NULL CHECK (code_bytes > 0),
      dimensions INTEGER NOT NULL CHECK (dimensions >= 0)
    ) STRICT, WITHOUT ROWID
    """,
    """
    CREATE TABLE fingerprint (
      item INTEGER NOT NULL REFERENCES item (key),
      method TEXT NOT NULL REFERENCES method (name),
      model TEXT,
      start INTEGER NOT NULL CHECK (start >= 0),
      count INTEGER NOT NULL CHECK (count >= 0),
      PRIMARY KEY (item, method)
    ) STRICT, WITHOUT ROWID
    """,
    "CREATE INDEX fingerprint_by_rows ON fingerprint (method, start)",
    """
    CREATE TABLE review (
      item INTEGER PRIMARY KEY REFERENCES item (key),
      path TEXT NOT NULL,
      size_bytes INTEGER NOT NULL
    ) STRICT
    """,
)

_SOUND = (
    """
    CREATE TABLE sound (
      item INTEGER NOT NULL REFERENCES item (key),
      method TEXT NOT NULL,
      start INTEGER NOT NULL CHECK (start >= 0),
      ticks INTEGER NOT NULL CHECK (ticks >= 0),
      hashes INTEGER NOT NULL CHECK (hashes >= 0),
      PRIMARY KEY (item, method)
    ) STRICT, WITHOUT ROWID
    """,
    "CREATE INDEX sound_by_start ON sound (method, start)",
    """
    CREATE TABLE sound_run (
      key INTEGER PRIMARY KEY AUTOINCREMENT,
      method TEXT NOT NULL,
      level INTEGER NOT NULL CHECK (level >= 0),
      count INTEGER NOT NULL CHECK (count >= 0)
    ) STRICT
    """,
    """
    CREATE TABLE sound_review (
      item INTEGER PRIMARY KEY REFERENCES item (key),
      path TEXT NOT NULL,
      size_bytes INTEGER NOT NULL
    ) STRICT
    """,
)

MIGRATIONS: tuple[tuple[str, ...], ...] = (_FIRST, _SOUND)
"""Statements that lead from each version to the next; a released step is never changed."""


def version(db: sqlite3.Connection) -> int:
    """The version of the tables; 0 where there are none yet."""
    (number,) = db.execute("PRAGMA user_version").fetchone()
    return int(number)


def refuse_newer(found: int, name: str, migrations: Sequence[Sequence[str]] = MIGRATIONS) -> None:
    """Make sure that this program knows tables of the version `found`.

    Raises:
        ArchiveNewerError: it does not.
    """
    if found > len(migrations):
        raise ArchiveNewerError(
            f"{name}: expected an archive of version {len(migrations)} or older, got version {found}, "
            "which a newer firsthand wrote"
        )


def migrate(db: sqlite3.Connection, name: str, migrations: Sequence[Sequence[str]] = MIGRATIONS) -> None:
    """Bring the tables to the newest version; all steps in one transaction.

    Raises:
        ArchiveNewerError: they are newer than this program.
    """
    refuse_newer(version(db), name, migrations)
    if version(db) == len(migrations):
        return
    db.execute("BEGIN IMMEDIATE")
    try:
        for step in migrations[version(db) :]:
            for statement in step:
                db.execute(statement)
        db.execute(f"PRAGMA application_id = {APPLICATION_ID}")
        db.execute(f"PRAGMA user_version = {len(migrations)}")
        db.execute("COMMIT")
    except BaseException:
        if db.in_transaction:
            db.execute("ROLLBACK")
        raise
