"""The files that a match is verified and shown with, even where the original is lost."""

import sqlite3
from pathlib import Path

from firsthand.model.digest import Digest
from firsthand.store import migrations
from firsthand.store.durable import READ_ONLY, put_in_place
from firsthand.store.layout import Layout
from firsthand.store.writing import writing

_FIRST_VERSION_WITH_SOUND = 2


def put(finished: Path, layout: Layout, digest: Digest) -> Path:
    """Move a finished review file, which lies on the archive's file system, to its place; where that is.

    Raises:
        ArchiveReadOnlyError, DiskFullError: it can't be written.
    """
    place = layout.review(digest, finished.suffix)
    with writing(finished):
        finished.chmod(READ_ONLY)
    put_in_place(finished, place)
    return place


def record(db: sqlite3.Connection, key: int, place: Path, layout: Layout) -> None:
    """Add the row of an item's review file, or replace it."""
    db.execute("INSERT OR REPLACE INTO review (item, path, size_bytes) VALUES (?, ?, ?)", _row(key, place, layout))


def record_sound(db: sqlite3.Connection, key: int, place: Path, layout: Layout) -> None:
    """Add the row of the file by which an item's sound is heard again, or replace it."""
    db.execute(
        "INSERT OR REPLACE INTO sound_review (item, path, size_bytes) VALUES (?, ?, ?)", _row(key, place, layout)
    )


def path_of(db: sqlite3.Connection, key: int, layout: Layout) -> Path | None:
    """Where the review file of an item lies; `None` where it has none."""
    row = db.execute("SELECT path FROM review WHERE item = ?", (key,)).fetchone()
    return None if row is None else layout.folder / row[0]


def sound_path_of(db: sqlite3.Connection, key: int, layout: Layout) -> Path | None:
    """Where the file of an item's sound lies; `None` where it has none, as in archives of version 1."""
    if migrations.version(db) < _FIRST_VERSION_WITH_SOUND:
        return None
    row = db.execute("SELECT path FROM sound_review WHERE item = ?", (key,)).fetchone()
    return None if row is None else layout.folder / row[0]


def _row(key: int, place: Path, layout: Layout) -> tuple[int, str, int]:
    return key, place.relative_to(layout.folder).as_posix(), place.stat().st_size
