"""What the archive holds, item by item."""

from collections.abc import Iterable

from firsthand.model.item import Item
from firsthand.store import items
from firsthand.store.database import open_for_reading
from firsthand.store.layout import Layout
from firsthand.store.totals import require_collections


def list_items(layout: Layout, collections: Iterable[str] = ()) -> tuple[Item, ...]:
    """The live items in the order they were first added, of these collections alone where any are named.

    Raises:
        ArchiveError: it can't be read.
        UnknownCollectionError: it holds items, and none of a collection that is named.
    """
    collections = tuple(collections)
    with open_for_reading(layout) as db:
        require_collections(db, collections)
        return tuple(held.item for held in items.live(db, collections))
