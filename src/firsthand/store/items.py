"""Rows of items: what the archive holds, and what it held."""

import os
import sqlite3
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from firsthand.model.capture import Capture
from firsthand.model.digest import Digest
from firsthand.model.item import DateBasis, Facts, Item, Keep, Kind, Provenance
from firsthand.model.selection import EVERYTHING, Selection
from firsthand.store.layout import Layout

_COLUMNS = (
    "sha256, size_bytes, path, kind, container, duration_seconds, width, height, frame_count_content, video_codec, "
    "audio_codec, problem, source, url, published, date_basis, collection, added_by, keep, reference, added, withdrawn"
)
_SELECT = f"SELECT key, {_COLUMNS} FROM item "  # noqa: S608 (constants)
_IN_COLLECTION = (
    "AND (collection IN ({marks}) "
    "OR EXISTS (SELECT 1 FROM capture WHERE capture.item = item.key AND capture.collection IN ({marks})))"
)
_PUBLISHED = (
    "AND (can_lie_between(published, ?, ?) OR EXISTS (SELECT 1 FROM capture "
    "WHERE capture.item = item.key AND can_lie_between(capture.published, ?, ?)))"
)
UNDATED = (
    "AND published IS NULL "
    "AND NOT EXISTS (SELECT 1 FROM capture WHERE capture.item = item.key AND capture.published IS NOT NULL)"
)
"""The condition on table `item` that keeps to those of which nobody stated a date of publication."""


@dataclass(frozen=True, slots=True)
class Held:
    """An item with what only the archive knows of it.

    `key` is its number in this archive; `reference` is the absolute path of bytes that lie elsewhere, `None` where
    they are kept here; `withdrawn` is when it was taken out of every answer, `None` where it is live.
    """

    key: int
    item: Item
    reference: Path | None
    withdrawn: datetime | None

    def original(self, layout: Layout) -> Path:
        """Where its bytes lie, or lay."""
        return layout.original(self.item.digest) if self.reference is None else self.reference


def insert(db: sqlite3.Connection, item: Item, reference: Path | None) -> int:
    """Add a row; its key."""
    marks = ", ".join("?" * len(_values(item, reference)))
    statement = f"INSERT INTO item ({_COLUMNS}) VALUES ({marks}, NULL) RETURNING key"  # noqa: S608 (constants)
    (key,) = db.execute(statement, _values(item, reference)).fetchone()
    return int(key)


def withdraw(db: sqlite3.Connection, key: int, at: datetime) -> None:
    """Take an item out of every answer."""
    db.execute("UPDATE item SET withdrawn = ? WHERE key = ?", (at.isoformat(), key))


def bring_back(db: sqlite3.Connection, key: int, capture: Capture) -> None:
    """Make a withdrawn item live again, with what is said of it now."""
    db.execute(
        "UPDATE item SET withdrawn = NULL, added = ?, path = ?, source = ?, url = ?, published = ?, date_basis = ?, "
        "collection = ?, added_by = ? WHERE key = ?",
        (capture.at.isoformat(), os.fsencode(capture.path), *provenance_values(capture.provenance), key),
    )


def relocate(db: sqlite3.Connection, key: int, keep: Keep, reference: Path | None) -> None:
    """Say anew where an item's bytes lie."""
    name = None if reference is None else os.fsencode(reference)
    db.execute("UPDATE item SET keep = ?, reference = ? WHERE key = ?", (keep, name, key))


def find(db: sqlite3.Connection, digest: Digest) -> Held | None:
    """The item of these bytes, live or withdrawn."""
    row = db.execute(_SELECT + "WHERE sha256 = ?", (digest.hex,)).fetchone()
    return None if row is None else _held(row)


def get(db: sqlite3.Connection, key: int) -> Held:
    """The item of this key, live or withdrawn.

    Raises:
        KeyError: there is none.
    """
    row = db.execute(_SELECT + "WHERE key = ?", (key,)).fetchone()
    if row is None:
        raise KeyError(key)
    return _held(row)


def live(db: sqlite3.Connection, collections: Iterable[str] = ()) -> Iterator[Held]:
    """The items that answer, in the order they were first added; of these collections alone, where any are named."""
    condition, names = in_collections(collections)
    rows = db.execute(_SELECT + f"WHERE withdrawn IS NULL {condition} ORDER BY key", names)
    return (_held(row) for row in rows)


def live_at_path(db: sqlite3.Connection, path: str) -> tuple[Held, ...]:
    """The live items that were added under `path`, word for word."""
    condition = "withdrawn IS NULL AND (path = ? OR key IN (SELECT item FROM capture WHERE path = ?)) ORDER BY key"
    name = os.fsencode(path)
    return tuple(_held(row) for row in db.execute(_SELECT + "WHERE " + condition, (name, name)))


def live_with_prefix(db: sqlite3.Connection, hexadecimal: str) -> tuple[Held, ...]:
    """The live items whose digest starts with these lowercase digits."""
    rows = db.execute(
        _SELECT + "WHERE withdrawn IS NULL AND sha256 >= ? AND sha256 < ? ORDER BY sha256",
        (hexadecimal, hexadecimal + "g"),
    )
    return tuple(_held(row) for row in rows)


def live_key(db: sqlite3.Connection, digest: Digest, selection: Selection = EVERYTHING) -> int | None:
    """The key of the live item of the selection with that digest; `None` without one."""
    condition, values = selected(selection)
    row = db.execute(
        f"SELECT key FROM item WHERE sha256 = ? AND withdrawn IS NULL {condition}",  # noqa: S608 (constants)
        (digest.hex, *values),
    ).fetchone()
    return None if row is None else int(row[0])


def in_collections(collections: Iterable[str]) -> tuple[str, tuple[str, ...]]:
    """The condition on table `item` that keeps to these collections, and its values; any capture of an item counts."""
    names = tuple(collections)
    if not names:
        return "", ()
    return _IN_COLLECTION.format(marks=", ".join("?" * len(names))), names + names


def selected(selection: Selection) -> tuple[str, tuple[str | None, ...]]:
    """The condition on table `item` that keeps to a selection, and its values."""
    condition, names = in_collections(selection.collections)
    values: tuple[str | None, ...] = names
    if selection.kinds:
        condition += f" AND kind IN ({', '.join('?' * len(selection.kinds))})"
        values += tuple(selection.kinds)
    if selection.is_dated:
        condition += f" {_PUBLISHED}"
        values += (*selection.stretch, *selection.stretch)
    return condition, values


def provenance_values(stated: Provenance) -> tuple[str | None, ...]:
    """The values of the columns from `source` to `added_by`."""
    return (stated.source, stated.url, stated.published, stated.date_basis, stated.collection, stated.by)


def provenance_from(values: Iterable[Any]) -> Provenance:
    """What `provenance_values` wrote."""
    source, url, published, basis, collection, by = values
    return Provenance(source, url, published, None if basis is None else DateBasis(basis), collection, by)


def _values(item: Item, reference: Path | None) -> tuple[str | bytes | float | None, ...]:
    facts = item.facts
    return (
        item.digest.hex,
        item.size_bytes,
        os.fsencode(item.path),
        facts.kind,
        facts.container,
        facts.duration_seconds,
        facts.width,
        facts.height,
        facts.frame_count_content,
        facts.video_codec,
        facts.audio_codec,
        facts.problem,
        *provenance_values(item.provenance),
        item.keep,
        None if reference is None else os.fsencode(reference),
        item.added.isoformat(),
    )


def _held(row: tuple[Any, ...]) -> Held:
    key, sha256, size_bytes, path, kind, *facts = row[:13]
    keep, reference, added, withdrawn = row[19:]
    return Held(
        key=key,
        item=Item(
            digest=Digest(sha256),
            size_bytes=size_bytes,
            path=os.fsdecode(path),
            facts=Facts(Kind(kind), *facts),
            provenance=provenance_from(row[13:19]),
            keep=Keep(keep),
            added=datetime.fromisoformat(added),
        ),
        reference=None if reference is None else Path(os.fsdecode(reference)),
        withdrawn=None if withdrawn is None else datetime.fromisoformat(withdrawn),
    )
