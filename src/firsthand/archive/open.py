"""An archive opened for questions: one consistent snapshot of what it holds."""

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from firsthand.model.digest import Digest
from firsthand.model.item import Item
from firsthand.model.selection import EVERYTHING, Selection
from firsthand.store import fingerprints, items, reviews, sounds
from firsthand.store.database import open_for_reading
from firsthand.store.index import ExhaustiveIndex, open_index
from firsthand.store.layout import Layout
from firsthand.store.sound_index import SortedSoundIndex, open_sound_index
from firsthand.store.totals import Totals, require_collections, totals


@dataclass(frozen=True, slots=True)
class Holdings:
    """What an archive held at one instant, all of it or a selection; usable until its block ends.

    Attributes:
        layout: where the archive lies.
        as_of: the instant, UTC.
        selection: the items that the questions keep to.
        totals: sums over the items in question.
        methods: the methods that those items were fingerprinted by, in order of name.
    """

    layout: Layout
    as_of: datetime
    selection: Selection
    totals: Totals
    methods: tuple[str, ...]
    _db: sqlite3.Connection = field(repr=False)

    @property
    def collections(self) -> tuple[str, ...] | None:
        """The collections that the questions keep to, `None` for all."""
        return self.selection.collections or None

    def index(self, method: str, *, lacking: Sequence[str] = (), threads: int = 1) -> ExhaustiveIndex | None:
        """The descriptors of a method; `None` where no item in question was fingerprinted by it.

        Args:
            method: name and version.
            lacking: other methods; items that any of them has fingerprinted are left out.
            threads: how many processors one search uses.

        Raises:
            ArchiveDamagedError: the descriptors are not all there.
        """
        if method not in self.methods:
            return None
        return open_index(self._db, self.layout, method, self.selection, lacking=lacking, threads=threads)

    def sound_index(self, method: str) -> SortedSoundIndex | None:
        """The sound hashes of a method; `None` where no item in question was heard by it.

        Raises:
            ArchiveDamagedError: hashes are missing.
        """
        return open_sound_index(self._db, self.layout, method, self.selection)

    def has_sound(self, key: int, method: str) -> bool | None:
        """Whether an item's sound can be found by a method; `None` where it was not heard, or is silent."""
        return sounds.has(self._db, key, method)

    def item(self, key: int) -> Item:
        """The item that an index names by `key`.

        Raises:
            KeyError: there is none.
        """
        return items.get(self._db, key).item

    def find(self, digest: Digest) -> int | None:
        """The key of the live item with these bytes; `None` where there is none among those in question."""
        return items.live_key(self._db, digest, self.selection)

    def review(self, key: int) -> Path | None:
        """Where the review file of an item lies; `None` where it has none."""
        return reviews.path_of(self._db, key, self.layout)

    def sound_review(self, key: int) -> Path | None:
        """Where the file of an item's sound lies; `None` where it has none."""
        return reviews.sound_path_of(self._db, key, self.layout)

    def original(self, key: int) -> Path | None:
        """Where the bytes of an item lie; `None` where they are no longer there. Referenced bytes may have changed."""
        path = items.get(self._db, key).original(self.layout)
        return path if path.is_file() else None


@contextmanager
def open_holdings(layout: Layout, selection: Selection = EVERYTHING) -> Iterator[Holdings]:
    """What the archive holds now, or a selection of it.

    Raises:
        ArchiveMissingError, ArchiveDamagedError, ArchiveNewerError: it can't be read.
        UnknownCollectionError: it holds items, and none of a collection that is named.
    """
    with open_for_reading(layout) as db:
        require_collections(db, selection.collections)
        yield Holdings(
            layout=layout,
            as_of=datetime.now(UTC),
            selection=selection,
            totals=totals(db, selection),
            methods=fingerprints.methods(db, selection),
            _db=db,
        )
