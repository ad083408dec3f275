"""Puts media into the archive, each one wholly or not at all."""

import shutil
import sqlite3
import tempfile
import threading
from collections.abc import Callable, Generator, Iterable, Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Protocol

from firsthand.archive.crew import in_order
from firsthand.archive.outcome import Refused
from firsthand.archive.walk import Found
from firsthand.errors import InputError
from firsthand.model.capture import Capture
from firsthand.model.digest import Digest
from firsthand.model.item import Item, Keep, Provenance
from firsthand.model.reading import Reading
from firsthand.store import captures, fingerprints, items, originals, reviews, sounds
from firsthand.store.database import open_for_reading, open_for_writing, transaction
from firsthand.store.items import Held
from firsthand.store.layout import Layout
from firsthand.store.originals import Taken
from firsthand.store.workspace import workspace
from firsthand.store.writing import writing

_ORIGINAL = "original"
_REVIEW = "review"


class Reader(Protocol):
    """Whatever reads a medium to its end."""

    def __call__(self, path: Path, scratch: Path, *, on_progress: Callable[[float], None]) -> Reading:
        """What `path` holds; the review file is made in `scratch`; `on_progress` hears fractions from 0 to 1.

        Raises:
            InputError: it could not be read.
        """
        ...


@dataclass(frozen=True, slots=True)
class Acknowledged:
    """The item is in the archive and survives whatever happens next.

    `already_held` tells that these very bytes were live in it before; an item that had been withdrawn and is back
    counts as added.
    """

    path: str
    item: Item
    already_held: bool


@dataclass(frozen=True, slots=True)
class Intake:
    """How a number of files is to be added.

    Attributes:
        keep: how the bytes are kept.
        provenance: what a person says of all of them.
        reader: what reads them.
        on_progress: hears a path and how much of it is read, from 0 to 1, in the threads that read.
        end_readers: ends whatever `reader` waits for, when the adding is cut short.
    """

    keep: Keep
    provenance: Provenance
    reader: Reader
    on_progress: Callable[[str, float], None] = lambda _path, _fraction: None
    end_readers: Callable[[], None] = lambda: None


@dataclass(frozen=True, slots=True)
class _Known:
    """Bytes that the archive has rows for; `taken` where it lacks the bytes themselves."""

    path: str
    digest: Digest
    taken: Taken | None
    scratch: Path


@dataclass(frozen=True, slots=True)
class _Fresh:
    """Bytes that were read and are to be committed."""

    path: str
    taken: Taken
    reading: Reading
    scratch: Path


class _StoppedError(Exception):
    """The adding was cut short while this file was read."""


def add(
    found: Iterable[Found | Refused], layout: Layout, intake: Intake
) -> Generator[Acknowledged | Refused, None, None]:
    """Adds files and tells, in the order given, what became of each; an item is told only once it is durable.

    Closing the iterator ends the adding with nothing half written.

    Raises:
        ArchiveError: the archive can't be used; what was told before stays true.
        ArchiveWriteError: it can't be written; what was told before stays true.
    """
    with open_for_writing(layout) as db, workspace(layout) as work:
        stop = threading.Event()

        def prepare(one: Found | Refused) -> _Known | _Fresh | Refused:
            return one if isinstance(one, Refused) else _prepare(one.path, layout, intake, work, stop)

        def cut_short() -> None:
            stop.set()
            intake.end_readers()

        with closing(in_order(found, prepare, cut_short)) as all_prepared:
            for prepared in all_prepared:
                yield prepared if isinstance(prepared, Refused) else _commit(db, layout, intake, prepared)


def _prepare(path: str, layout: Layout, intake: Intake, work: Path, stop: threading.Event) -> _Known | _Fresh | Refused:
    """Everything that takes long and leaves no trace outside the workspace."""
    with writing(work):
        scratch = Path(tempfile.mkdtemp(dir=work))
        for folder in (_ORIGINAL, _REVIEW):
            (scratch / folder).mkdir()
    try:
        return _prepared(path, layout, intake, scratch, stop)
    except InputError as error:
        shutil.rmtree(scratch, ignore_errors=True)
        return Refused(path, _by_its_name(error, scratch, path))


def _prepared(path: str, layout: Layout, intake: Intake, scratch: Path, stop: threading.Event) -> _Known | _Fresh:
    def on_progress(fraction: float) -> None:
        if stop.is_set():
            raise _StoppedError
        intake.on_progress(path, fraction)

    on_progress(0.0)
    source, copy = Path(path), _copy(scratch, path)
    digest = originals.digest_of(source)
    with open_for_reading(layout) as db:
        held = items.find(db, digest)
    if held is not None:
        taken = originals.take(source, intake.keep, copy) if _lacks_bytes(held, layout, intake.keep) else None
        return _Known(path, digest, taken, scratch)
    taken = originals.take(source, intake.keep, copy)
    reading = intake.reader(taken.path, scratch / _REVIEW, on_progress=on_progress)
    originals.verify_unchanged(taken)
    return _Fresh(path, taken, reading, scratch)


def _copy(scratch: Path, path: str) -> Path:
    """Where a file's bytes wait; under its own name, since readers speak of files by name."""
    return scratch / _ORIGINAL / Path(path).name


def _lacks_bytes(held: Held, layout: Layout, keep: Keep) -> bool:
    """Whether the archive has lost an item's bytes, or only refers to what it is now asked to keep."""
    return not held.original(layout).is_file() or (held.reference is not None and keep is not Keep.REFERENCE)


def _by_its_name(error: InputError, scratch: Path, path: str) -> InputError:
    """The same error, with the file named as the person named it."""
    text = str(error)
    return type(error)(text.replace(str(_copy(scratch, path)), path)) if str(scratch) in text else error


def _commit(db: sqlite3.Connection, layout: Layout, intake: Intake, prepared: _Known | _Fresh) -> Acknowledged:
    """Files, descriptors and rows under one write lock; after it the item is durable."""
    digest = prepared.digest if isinstance(prepared, _Known) else prepared.taken.digest
    capture = Capture(datetime.now(UTC), prepared.path, intake.provenance)
    with _placing(db, digest) as placed, transaction(db):
        held = items.find(db, digest)
        if isinstance(prepared, _Fresh) and held is None:
            item = _insert(db, layout, prepared, capture, placed)
            already_held = False
        else:
            item = _join(db, layout, digest, prepared.taken, capture)
            already_held = held is not None and held.withdrawn is None
    shutil.rmtree(prepared.scratch, ignore_errors=True)
    return Acknowledged(prepared.path, item, already_held)


@contextmanager
def _placing(db: sqlite3.Connection, digest: Digest) -> Iterator[list[Path]]:
    """A list of files that go with an item; they are taken away again where it is sure that it was not committed."""
    placed: list[Path] = []
    try:
        yield placed
    except BaseException as error:
        code = getattr(error, "sqlite_errorcode", 0) & 0xFF
        with suppress(sqlite3.Error):
            if code != sqlite3.SQLITE_IOERR and items.find(db, digest) is None:
                for place in placed:
                    place.unlink(missing_ok=True)
        raise


def _insert(db: sqlite3.Connection, layout: Layout, fresh: _Fresh, capture: Capture, placed: list[Path]) -> Item:
    taken, reading = fresh.taken, fresh.reading
    item = Item(
        digest=taken.digest,
        size_bytes=taken.size_bytes,
        path=fresh.path,
        facts=reading.facts,
        provenance=capture.provenance,
        keep=taken.keep,
        added=capture.at,
    )
    placed += filter(None, [originals.put(taken, layout)])
    key = items.insert(db, item, _reference(taken))
    for fingerprint in reading.fingerprints:
        fingerprints.add(db, layout, key, fingerprint)
    if reading.review is not None:
        review = reviews.put(reading.review, layout, taken.digest)
        placed.append(review)
        reviews.record(db, key, review, layout)
    if reading.sound is not None:
        sounds.add(db, layout, key, reading.sound)
    if reading.sound_review is not None:
        review = reviews.put(reading.sound_review, layout, taken.digest)
        placed.append(review)
        reviews.record_sound(db, key, review, layout)
    return item


def _join(db: sqlite3.Connection, layout: Layout, digest: Digest, taken: Taken | None, capture: Capture) -> Item:
    """A further capture of an item that the archive has rows for; a withdrawn one comes back with what is said now."""
    held = items.find(db, digest)
    if held is None:
        raise LookupError(f"expected rows of {digest}")
    if taken is not None:
        originals.put(taken, layout)
        items.relocate(db, held.key, taken.keep, _reference(taken))
    if held.withdrawn is not None:
        captures.record(db, held.key, Capture(held.item.added, held.item.path, held.item.provenance))
        items.bring_back(db, held.key, capture)
    elif not _is_told(db, held, capture):
        captures.record(db, held.key, capture)
    return items.get(db, held.key).item


def _is_told(db: sqlite3.Connection, held: Held, capture: Capture) -> bool:
    """Whether the archive knows of this path and provenance, whenever it was."""
    told = [(held.item.path, held.item.provenance)]
    told += [(one.path, one.provenance) for one in captures.further(db, held.key)]
    return (capture.path, capture.provenance) in told


def _reference(taken: Taken) -> Path | None:
    return taken.path if taken.keep is Keep.REFERENCE else None
