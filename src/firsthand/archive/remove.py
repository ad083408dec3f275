"""Takes items out of every answer; their evidence stays."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

from firsthand.archive.outcome import Refused
from firsthand.archive.resolve import resolve
from firsthand.errors import UnknownItemError
from firsthand.model.item import Item
from firsthand.store import items
from firsthand.store.database import open_for_reading, open_for_writing, transaction
from firsthand.store.layout import Layout


@dataclass(frozen=True, slots=True)
class Withdrawn:
    """An item that no answer mentions any longer."""

    name: str
    item: Item
    at: datetime


def remove(layout: Layout, names: Iterable[str]) -> Iterator[Withdrawn | Refused]:
    """Withdraws the items that `names` mean, in the order given; each is gone at once.

    Raises:
        ArchiveError: the archive is missing or can't be read.
        ArchiveWriteError: it can't be written.
    """
    with open_for_reading(layout):
        """A missing archive is not made here."""
    with open_for_writing(layout) as db:
        for name in names:
            at = datetime.now(UTC)
            try:
                with transaction(db):
                    held = resolve(db, name)
                    items.withdraw(db, held.key, at)
            except UnknownItemError as error:
                yield Refused(name, error)
            else:
                yield Withdrawn(name, held.item, at)
