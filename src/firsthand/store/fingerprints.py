"""Rows of fingerprints: which stretch of a method's files belongs to which item."""

import re
import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from firsthand.model.fingerprint import Fingerprint
from firsthand.model.item import Kind
from firsthand.model.selection import EVERYTHING, Selection
from firsthand.store.descriptors import DescriptorFiles
from firsthand.store.items import selected
from firsthand.store.layout import Layout

_METHOD = re.compile(r"[a-z0-9][a-z0-9.-]*/[0-9]+\Z")
_BY_ANY_OF = "SELECT 1 FROM fingerprint AS better WHERE better.item = item.key AND better.method IN ({marks})"


@dataclass(frozen=True, slots=True)
class Stretches:
    """The live rows of a method's files, in order of the files.

    Attributes:
        items: int64, shape (n,), keys.
        starts: int64, shape (n,), first rows.
        counts: int64, shape (n,), never 0.
    """

    items: npt.NDArray[np.int64]
    starts: npt.NDArray[np.int64]
    counts: npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Recorded:
    """A fingerprint as its row tells it."""

    method: str
    model: str | None
    count: int


def add(db: sqlite3.Connection, layout: Layout, key: int, fingerprint: Fingerprint) -> None:
    """Append a fingerprint to its method's files and add its row; inside a transaction that holds the write lock.

    It takes the place of the one that the item had by the same method, whose descriptors stay where they were: who
    reads an earlier snapshot still finds them.

    Raises:
        ValueError: the method's name or widths are not those that its rows have.
        ArchiveReadOnlyError, DiskFullError: the files can't be written.
    """
    if not _METHOD.match(fingerprint.method):
        raise ValueError(f"expected a method such as 'sscd/1', got {fingerprint.method!r}")
    code_bytes, dimensions = fingerprint.codes.shape[1], fingerprint.vectors.shape[1]
    known = files(db, layout, fingerprint.method)
    if known is None:
        db.execute("INSERT INTO method VALUES (?, ?, ?)", (fingerprint.method, code_bytes, dimensions))
        known = DescriptorFiles(layout.method(fingerprint.method), code_bytes, dimensions)
    if (known.code_bytes, known.dimensions) != (code_bytes, dimensions):
        raise ValueError(
            f"{fingerprint.method}: expected {known.code_bytes} bytes and {known.dimensions} dimensions, "
            f"got {code_bytes} and {dimensions}"
        )
    start = rows_committed(db, fingerprint.method)
    known.append(fingerprint, start)
    db.execute(
        "INSERT INTO fingerprint (item, method, model, start, count) VALUES (?, ?, ?, ?, ?) "
        "ON CONFLICT (item, method) "
        "DO UPDATE SET model = excluded.model, start = excluded.start, count = excluded.count",
        (key, fingerprint.method, fingerprint.model, start, len(fingerprint.times)),
    )


def files(db: sqlite3.Connection, layout: Layout, method: str) -> DescriptorFiles | None:
    """The files of a method; `None` where the archive has none."""
    row = db.execute("SELECT code_bytes, dimensions FROM method WHERE name = ?", (method,)).fetchone()
    return None if row is None else DescriptorFiles(layout.method(method), *row)


def rows_committed(db: sqlite3.Connection, method: str) -> int:
    """How many rows of the method's files count, those of withdrawn items among them."""
    statement = "SELECT start + count FROM fingerprint WHERE method = ? ORDER BY start DESC, count DESC LIMIT 1"
    row = db.execute(statement, (method,)).fetchone()
    return 0 if row is None else int(row[0])


def live_stretches(
    db: sqlite3.Connection, method: str, selection: Selection = EVERYTHING, *, lacking: Sequence[str] = ()
) -> Stretches:
    """The rows of a method that belong to live items of a selection, and to those alone that all of `lacking` lack."""
    condition, values = selected(selection)
    if lacking:
        condition += f" AND NOT EXISTS ({_BY_ANY_OF.format(marks=', '.join('?' * len(lacking)))})"
    rows = db.execute(
        "SELECT fingerprint.item, start, count FROM fingerprint JOIN item ON item.key = fingerprint.item "  # noqa: S608
        f"WHERE method = ? AND count > 0 AND withdrawn IS NULL {condition} ORDER BY start",
        (method, *values, *lacking),
    ).fetchall()
    table = np.array(rows, np.int64).reshape(-1, 3)
    return Stretches(*(np.ascontiguousarray(column) for column in table.T))


def methods(db: sqlite3.Connection, selection: Selection = EVERYTHING) -> tuple[str, ...]:
    """The methods that live items of a selection have been fingerprinted by, in order of name."""
    condition, values = selected(selection)
    rows = db.execute(
        "SELECT name FROM method WHERE EXISTS (SELECT 1 FROM fingerprint JOIN item ON item.key = fingerprint.item "  # noqa: S608
        f"WHERE method = name AND withdrawn IS NULL {condition}) ORDER BY name",
        values,
    )
    return tuple(method for (method,) in rows)


def is_described(db: sqlite3.Connection, key: int, method: str, model: str | None) -> bool:
    """Whether an item has a fingerprint by a method with that very model."""
    statement = "SELECT 1 FROM fingerprint WHERE item = ? AND method = ? AND model IS ?"
    return db.execute(statement, (key, method, model)).fetchone() is not None


def undescribed(db: sqlite3.Connection, method: str, model: str | None) -> tuple[int, ...]:
    """The keys of live items with pictures that lack a fingerprint by a method with that very model, oldest first."""
    rows = db.execute(
        "SELECT key FROM item WHERE withdrawn IS NULL AND kind IN (?, ?) AND NOT EXISTS "
        "(SELECT 1 FROM fingerprint WHERE fingerprint.item = item.key AND method = ? AND model IS ?) ORDER BY key",
        (Kind.VIDEO, Kind.IMAGE, method, model),
    )
    return tuple(key for (key,) in rows)


def recorded(db: sqlite3.Connection, key: int) -> tuple[Recorded, ...]:
    """The fingerprints of an item, in order of method."""
    rows = db.execute("SELECT method, model, count FROM fingerprint WHERE item = ? ORDER BY method", (key,))
    return tuple(Recorded(*row) for row in rows)
