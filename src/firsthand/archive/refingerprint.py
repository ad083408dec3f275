"""Describes archived items anew by another method, from their kept bytes, while everything else goes on."""

import sqlite3
import threading
from collections.abc import Callable, Generator, Iterable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from firsthand.archive.crew import in_order
from firsthand.archive.outcome import Refused
from firsthand.errors import InputError, OriginalLostError
from firsthand.model.fingerprint import Fingerprint
from firsthand.model.item import Item
from firsthand.store import fingerprints, items, reviews
from firsthand.store.database import open_for_reading, open_for_writing, transaction
from firsthand.store.items import Held
from firsthand.store.layout import Layout
from firsthand.store.originals import digest_of


class Describer(Protocol):
    """Whatever describes a medium by the method in question."""

    def __call__(self, path: Path, *, on_progress: Callable[[float], None]) -> Fingerprint:
        """The fingerprint of `path`; `on_progress` hears fractions from 0 to 1.

        Raises:
            InputError: it could not be read.
        """
        ...


@dataclass(frozen=True, slots=True)
class Method:
    """What items are to be described by: name and version, and the digest of its model's file if it has one."""

    name: str
    model: str | None


@dataclass(frozen=True, slots=True)
class Waiting:
    """A live item that lacks the fingerprint, by its key in this archive."""

    key: int
    item: Item


@dataclass(frozen=True, slots=True)
class Redescribed:
    """The item has the fingerprint now; `count` is how many descriptors it holds."""

    item: Item
    count: int


@dataclass(frozen=True, slots=True)
class Work:
    """How items are described.

    Attributes:
        method: the method that they lack.
        describer: what describes them by it.
        on_progress: hears an item and how much of it is read, from 0 to 1, in the threads that read.
        end_describers: ends whatever `describer` waits for, when the work is cut short.
    """

    method: Method
    describer: Describer
    on_progress: Callable[[Item, float], None] = lambda _item, _fraction: None
    end_describers: Callable[[], None] = lambda: None


class _StoppedError(Exception):
    """The work was cut short while this item was read."""


def waiting(layout: Layout, method: Method) -> tuple[Waiting, ...]:
    """The live items with pictures that lack a fingerprint by the method with its present model, oldest first.

    Raises:
        ArchiveError: the archive can't be read.
    """
    with open_for_reading(layout) as db:
        keys = fingerprints.undescribed(db, method.name, method.model)
        return tuple(Waiting(key, items.get(db, key).item) for key in keys)


def refingerprint(
    layout: Layout, lacking: Iterable[Waiting], work: Work
) -> Generator[Redescribed | Refused, None, None]:
    """Describes items and tells, in their order, what became of each; an item is told once its fingerprint is durable.

    The archive is locked only for the instant in which a fingerprint is put into it. What an item had by other methods
    stays, and answers until then. Cut short, however it is, the work goes on where `waiting` says when it is asked
    again.

    Raises:
        ArchiveError: the archive can't be used; what was told before stays true.
        ArchiveWriteError: it can't be written; what was told before stays true.
    """
    with open_for_writing(layout) as db:
        stop = threading.Event()

        def describe(one: Waiting) -> tuple[Waiting, Fingerprint] | Refused:
            try:
                return one, _described(layout, one, work, stop)
            except InputError as error:
                return Refused(one.item.path, error)

        def cut_short() -> None:
            stop.set()
            work.end_describers()

        with closing(in_order(lacking, describe, cut_short)) as every:
            for made in every:
                yield made if isinstance(made, Refused) else _commit(db, layout, *made)


def _described(layout: Layout, one: Waiting, work: Work, stop: threading.Event) -> Fingerprint:
    def on_progress(fraction: float) -> None:
        if stop.is_set():
            raise _StoppedError
        work.on_progress(one.item, fraction)

    on_progress(0.0)
    with open_for_reading(layout) as db:
        original = _original(db, layout, items.get(db, one.key))
    try:
        return work.describer(original, on_progress=on_progress)
    except InputError as error:
        raise type(error)(_by_its_path(error, original, one.item.path)) from error


def _original(db: sqlite3.Connection, layout: Layout, held: Held) -> Path:
    """Where the very bytes of an item lie.

    Raises:
        OriginalLostError: they are gone, or others lie there.
    """
    path, place = held.item.path, held.original(layout)
    if not place.is_file():
        review = reviews.path_of(db, held.key, layout)
        left = (
            "only its review track is left, which is too small to be described like the original"
            if review is not None and review.is_file()
            else "nothing of its pictures is left"
        )
        raise OriginalLostError(f"{path}: the original is gone, and {left}; add the file again")
    if digest_of(place) != held.item.digest:
        raise OriginalLostError(f"{path}: other bytes than those that were added lie at {place}; add the file again")
    return place


def _by_its_path(error: InputError, original: Path, path: str) -> str:
    """What went wrong, with the item named by its path."""
    return str(error).replace(str(original), path).replace(original.name, Path(path).name)


def _commit(db: sqlite3.Connection, layout: Layout, one: Waiting, fingerprint: Fingerprint) -> Redescribed:
    with transaction(db):
        if not fingerprints.is_described(db, one.key, fingerprint.method, fingerprint.model):  # by another process
            fingerprints.add(db, layout, one.key, fingerprint)
    return Redescribed(one.item, len(fingerprint.times))
