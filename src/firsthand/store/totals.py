"""What an archive amounts to."""

import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass

from firsthand.errors import UnknownCollectionError
from firsthand.model.selection import EVERYTHING, Selection
from firsthand.store.items import UNDATED, selected


@dataclass(frozen=True, slots=True)
class Totals:
    """Sums over live items.

    `earliest` is the earliest date of publication that anybody stated, as it was stated; the stated precisions are
    compared as text, so that `2019-04` comes before `2019-04-01`. `undated_left_out` counts items that only lack a date
    to belong to the selection.
    """

    items: int
    hours: float
    size_bytes: int
    earliest: str | None
    undated_left_out: int = 0


def totals(db: sqlite3.Connection, selection: Selection = EVERYTHING) -> Totals:
    """The sums over a selection."""
    condition, values = selected(selection)
    row = db.execute(
        "SELECT count(*), coalesce(sum(duration_seconds), 0) / 3600.0, coalesce(sum(size_bytes), 0), min(published) "  # noqa: S608
        f"FROM item WHERE withdrawn IS NULL {condition}",
        values,
    ).fetchone()
    items, hours, size_bytes, earliest = row
    return Totals(items, hours, size_bytes, earliest, _undated_left_out(db, selection))


def _undated_left_out(db: sqlite3.Connection, selection: Selection) -> int:
    if not selection.is_dated:
        return 0
    condition, values = selected(Selection(selection.collections, selection.kinds))
    statement = f"SELECT count(*) FROM item WHERE withdrawn IS NULL {condition} {UNDATED}"  # noqa: S608 (constants)
    (count,) = db.execute(statement, values).fetchone()
    return int(count)


def count_by_kind(db: sqlite3.Connection) -> dict[str, int]:
    """How many live items there are of each kind that occurs."""
    return dict(db.execute("SELECT kind, count(*) FROM item WHERE withdrawn IS NULL GROUP BY kind ORDER BY kind"))


def count_by_collection(db: sqlite3.Connection) -> dict[str, int]:
    """How many live items any capture puts into each collection, in order of name."""
    rows = db.execute(
        "SELECT name, count(DISTINCT key) FROM (SELECT item.key AS key, item.collection AS name FROM item "
        "UNION ALL SELECT capture.item, capture.collection FROM capture) JOIN item USING (key) "
        "WHERE name IS NOT NULL AND withdrawn IS NULL GROUP BY name ORDER BY name"
    )
    return dict(rows)


def withdrawn_count(db: sqlite3.Connection) -> int:
    """How many items have been taken out of every answer."""
    (count,) = db.execute("SELECT count(*) FROM item WHERE withdrawn IS NOT NULL").fetchone()
    return int(count)


def require_collections(db: sqlite3.Connection, names: Iterable[str]) -> None:
    """Refuse names of collections that no live item belongs to; an archive without items takes all names.

    Raises:
        UnknownCollectionError: there is no such collection; the message lists those that there are.
    """
    wanted = tuple(names)
    if not wanted or not count_by_kind(db):
        return
    known = count_by_collection(db)
    for name in wanted:
        if name not in known:
            there = ", ".join(known) if known else "none"
            raise UnknownCollectionError(f"expected a collection of the archive ({there}), got {name!r}")
