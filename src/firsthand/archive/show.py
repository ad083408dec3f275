"""All that the archive knows of one item."""

from dataclasses import dataclass
from pathlib import Path

from firsthand.archive.resolve import resolve
from firsthand.model.capture import Capture
from firsthand.model.item import Item
from firsthand.store import captures, fingerprints, reviews, sounds
from firsthand.store.database import open_for_reading
from firsthand.store.fingerprints import Recorded
from firsthand.store.layout import Layout


@dataclass(frozen=True, slots=True)
class Shown:
    """An item and what goes with it.

    `original` is where its bytes lie, `review` where its review file does, each `None` where nothing lies there;
    `captures` are all but the one that the item itself tells.
    """

    item: Item
    original: Path | None
    review: Path | None
    fingerprints: tuple[Recorded, ...]
    captures: tuple[Capture, ...]


def show(layout: Layout, name: str) -> Shown:
    """The item that `name` means.

    Raises:
        UnknownItemError: none is meant, or several are.
        ArchiveError: the archive can't be read.
    """
    with open_for_reading(layout) as db:
        held = resolve(db, name)
        return Shown(
            item=held.item,
            original=_existing(held.original(layout)),
            review=_existing(reviews.path_of(db, held.key, layout)),
            fingerprints=fingerprints.recorded(db, held.key) + sounds.recorded(db, held.key),
            captures=captures.further(db, held.key),
        )


def _existing(path: Path | None) -> Path | None:
    return path if path is not None and path.is_file() else None
