"""From what a person types to the item that is meant."""

import re
import sqlite3
from pathlib import Path

from firsthand.errors import UnknownItemError
from firsthand.model.digest import PREFIX
from firsthand.store import items
from firsthand.store.items import Held

_SHORTEST = 6
_DIGITS = re.compile(rf"[0-9a-fA-F]{{{_SHORTEST},64}}\Z")


def resolve(db: sqlite3.Connection, name: str) -> Held:
    """The one live item that `name` means: a path as it was given to `add`, or the start of a digest.

    Raises:
        UnknownItemError: none is meant, or several are.
    """
    meant = _by_path(db, name) or _by_digest(db, name)
    if not meant:
        raise UnknownItemError(f"{name}: the archive holds no such item")
    if len(meant) > 1:
        choices = ", ".join(f"{PREFIX}{held.item.digest.hex[:12]}" for held in meant[:4])
        raise UnknownItemError(f"{name}: {len(meant)} items are meant, such as {choices}")
    return meant[0]


def _by_path(db: sqlite3.Connection, name: str) -> tuple[Held, ...]:
    return items.live_at_path(db, name) or items.live_at_path(db, str(Path(name)))


def _by_digest(db: sqlite3.Connection, name: str) -> tuple[Held, ...]:
    digits = name.removeprefix(PREFIX)
    return items.live_with_prefix(db, digits.lower()) if _DIGITS.match(digits) else ()
