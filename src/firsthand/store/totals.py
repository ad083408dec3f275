"""What an archive amounts to."""

import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass

from firsthand.store.items import in_collections


@dataclass(frozen=True, slots=True)
class Totals:
    """Sums over live items.

    `earliest` is the earliest date of publication that anybody stated, as it was stated; the stated precisions are
    compared as text, so that `2019-04` comes before `2019-04-01`.
    """

    items: int
    hours: float
    size_bytes: int
    earliest: str | None


def totals(db: sqlite3.Connection, collections: Iterable[str] = ()) -> Totals:
    """The sums, over these collections alone where any are named."""
    condition, names = in_collections(collections)
    row = db.execute(
        "SELECT count(*), coalesce(sum(duration_seconds), 0) / 3600.0, coalesce(sum(size_bytes), 0), min(published) "  # noqa: S608
        f"FROM item WHERE withdrawn IS NULL {condition}",
        names,
    ).fetchone()
    return Totals(*row)


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
