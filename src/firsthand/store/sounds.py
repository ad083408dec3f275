"""Rows of sounds: which stretch of the archive's sound clock is which item's, and which runs hold the hashes.

All sounds of a method lie one after the other on one clock, in the order they were added; that of a withdrawn item
keeps its stretch. Archives of version 1 have no such rows, and no sound that could be looked up.
"""

import sqlite3
import time
from contextlib import suppress
from dataclasses import dataclass

import numpy as np

from firsthand.model.selection import EVERYTHING, Selection
from firsthand.model.sound import SoundPrint
from firsthand.store import migrations
from firsthand.store.fingerprints import Recorded, Stretches
from firsthand.store.hash_runs import Run, RunFiles, merged, packed
from firsthand.store.items import selected
from firsthand.store.layout import Layout

FAN_IN = 16
_FIRST_VERSION = 2
_LINGER_SECONDS = 24 * 3600.0
"""How long a merged run stays for readers that took their snapshot before."""


@dataclass(frozen=True, slots=True)
class Heard:
    """How many hashes a method has made of live items."""

    method: str
    count: int


def files(layout: Layout, method: str) -> RunFiles:
    """The run files of a method."""
    return RunFiles(layout.sounds / method.replace("/", "-"))


def add(db: sqlite3.Connection, layout: Layout, key: int, sound: SoundPrint) -> None:
    """Write a sound's hashes and add its rows; inside a transaction that holds the write lock.

    Raises:
        ArchiveReadOnlyError, DiskFullError: the hashes can't be written.
        ArchiveDamagedError: a run that is to be merged can't be read.
    """
    (start,) = db.execute(
        "SELECT coalesce(max(start + ticks), 0) FROM sound WHERE method = ?", (sound.method,)
    ).fetchone()
    db.execute(
        "INSERT INTO sound (item, method, start, ticks, hashes) VALUES (?, ?, ?, ?, ?)",
        (key, sound.method, start, sound.ticks, len(sound.hashes)),
    )
    if len(sound.hashes):
        run = _insert(db, sound.method, 0, len(sound.hashes))
        files(layout, sound.method).write(run, iter([packed(sound.hashes, sound.times + start)]))
        _merge(db, layout, sound.method)


def _insert(db: sqlite3.Connection, method: str, level: int, count: int) -> int:
    statement = "INSERT INTO sound_run (method, level, count) VALUES (?, ?, ?) RETURNING key"
    (key,) = db.execute(statement, (method, level, count)).fetchone()
    return int(key)


def runs(db: sqlite3.Connection, method: str) -> tuple[Run, ...]:
    """The runs that hold all hashes of a method, those of withdrawn items among them."""
    if not _has_rows(db):
        return ()
    rows = db.execute("SELECT key, level, count FROM sound_run WHERE method = ? ORDER BY key", (method,))
    return tuple(Run(*row) for row in rows)


def _merge(db: sqlite3.Connection, layout: Layout, method: str) -> None:
    """Merge as long as a level has too many runs, then clear away what lingers."""
    place, level = files(layout, method), 0
    while len(full := [run for run in runs(db, method) if run.level == level]) >= FAN_IN:
        key = _insert(db, method, level + 1, sum(run.count for run in full))
        place.write(key, merged([place.mapped(run) for run in full]))
        db.executemany("DELETE FROM sound_run WHERE key = ?", [(run.key,) for run in full])
        for run in full:
            place.path(run.key).touch()  # from now on it lingers
        level += 1
    if level:
        _clear(place, {run.key for run in runs(db, method)})


def _clear(place: RunFiles, known: set[int]) -> None:
    """Remove run files that no row has named for a day: merged ones, and what killed writers left."""
    names = {place.path(key).name for key in known}
    for path in place.folder.glob("*.run"):
        with suppress(OSError):
            if path.name not in names and time.time() - path.stat().st_mtime > _LINGER_SECONDS:
                path.unlink()


def live_stretches(db: sqlite3.Connection, method: str, selection: Selection = EVERYTHING) -> Stretches:
    """The ticks that belong to live items of a selection, in order of time."""
    if not _has_rows(db):
        return Stretches(*np.zeros((3, 0), np.int64))
    condition, values = selected(selection)
    rows = db.execute(
        "SELECT sound.item, start, ticks FROM sound JOIN item ON item.key = sound.item "  # noqa: S608 (constants)
        f"WHERE method = ? AND ticks > 0 AND withdrawn IS NULL {condition} ORDER BY start",
        (method, *values),
    ).fetchall()
    table = np.array(rows, np.int64).reshape(-1, 3)
    return Stretches(*(np.ascontiguousarray(column) for column in table.T))


def recorded(db: sqlite3.Connection, key: int) -> tuple[Recorded, ...]:
    """The sounds of an item, in order of method: how many hashes each has."""
    if not _has_rows(db):
        return ()
    rows = db.execute("SELECT method, hashes FROM sound WHERE item = ? ORDER BY method", (key,))
    return tuple(Recorded(method, None, count) for method, count in rows)


def heard(db: sqlite3.Connection) -> tuple[Heard, ...]:
    """The methods that live items were heard by, in order of name."""
    if not _has_rows(db):
        return ()
    rows = db.execute(
        "SELECT method, sum(hashes) FROM sound JOIN item ON item.key = sound.item WHERE withdrawn IS NULL "
        "GROUP BY method ORDER BY method"
    )
    return tuple(Heard(*row) for row in rows)


def has(db: sqlite3.Connection, key: int, method: str) -> bool | None:
    """Whether an item has hashes by this method; `None` where it was not heard or makes no sound at all."""
    if not _has_rows(db):
        return None
    row = db.execute("SELECT hashes FROM sound WHERE item = ? AND method = ?", (key, method)).fetchone()
    return None if row is None else bool(row[0])


def _has_rows(db: sqlite3.Connection) -> bool:
    return migrations.version(db) >= _FIRST_VERSION
