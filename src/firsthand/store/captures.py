"""Rows of further captures: every act of obtaining an item but the one that its own row tells."""

import os
import sqlite3
from datetime import datetime

from firsthand.model.capture import Capture
from firsthand.store.items import provenance_from, provenance_values


def record(db: sqlite3.Connection, key: int, capture: Capture) -> None:
    """Add a row."""
    db.execute(
        "INSERT INTO capture (item, at, path, source, url, published, date_basis, collection, added_by) "
        "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (key, capture.at.isoformat(), os.fsencode(capture.path), *provenance_values(capture.provenance)),
    )


def further(db: sqlite3.Connection, key: int) -> tuple[Capture, ...]:
    """The further captures of an item, in order of time."""
    rows = db.execute(
        "SELECT at, path, source, url, published, date_basis, collection, added_by FROM capture WHERE item = ? "
        "ORDER BY at, key",
        (key,),
    )
    return tuple(
        Capture(datetime.fromisoformat(at), os.fsdecode(path), provenance_from(stated)) for at, path, *stated in rows
    )
