"""The bytes of items: taken from where they lie, digested, kept."""

import errno
import hashlib
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from firsthand.errors import (
    CannotLinkError,
    ChangedWhileReadError,
    EmptyFileError,
    MissingPathError,
    UnreadableMediaError,
    UnsupportedFormatError,
)
from firsthand.model.digest import Digest
from firsthand.model.item import Keep
from firsthand.store.durable import READ_ONLY, put_in_place
from firsthand.store.layout import Layout
from firsthand.store.writing import writing

_CHUNK_BYTES = 1 << 20
_CANNOT_LINK = {errno.EXDEV, errno.EMLINK, errno.EPERM, errno.EOPNOTSUPP, errno.EACCES}


@dataclass(frozen=True, slots=True)
class _State:
    """What changes when somebody writes to a file."""

    device: int
    inode: int
    size_bytes: int
    modified_ns: int


@dataclass(frozen=True, slots=True)
class Taken:
    """A file whose bytes are known and held still, or whose changing will be noticed.

    `path` is the file that was digested and that is to be read: a private copy, a hard link, or the file itself.
    """

    source: Path
    path: Path
    keep: Keep
    digest: Digest
    size_bytes: int
    state: _State


def digest_of(source: Path) -> Digest:
    """The digest of a regular file's bytes.

    Raises:
        MissingPathError, EmptyFileError, UnsupportedFormatError, UnreadableMediaError: there is nothing to digest.
        ChangedWhileReadError: somebody wrote to it meanwhile.
    """
    with _opened(source) as file:
        before = _state(os.fstat(file.fileno()))
        digest = hashlib.sha256()
        for chunk in _chunks(file, source):
            digest.update(chunk)
        _refuse_change(source, before, _state(os.fstat(file.fileno())))
        return Digest(digest.hexdigest())


def take(source: Path, keep: Keep, place: Path) -> Taken:
    """Hold a file's bytes still and digest them; `place` is a path that does not exist yet, in a writer's workspace.

    Raises:
        CannotLinkError: a hard link is asked for, and none is possible.
        ArchiveReadOnlyError, DiskFullError: the copy can't be written.
        InputError: the reasons of `digest_of`.
    """
    if keep is Keep.COPY:
        return _copied(source, place)
    path = source.resolve()
    if keep is Keep.LINK:
        _link(path, source, place)
        path = place
    return Taken(source, path, keep, digest_of(path), path.stat().st_size, _state(path.stat()))


def verify_unchanged(taken: Taken) -> None:
    """Make sure that the file is still the one that was digested.

    Raises:
        ChangedWhileReadError: it is not.
        MissingPathError: it is gone.
    """
    try:
        now = _state(taken.path.stat())
    except FileNotFoundError as error:
        raise MissingPathError(f"{taken.source}: was removed while it was read") from error
    _refuse_change(taken.source, taken.state, now)


def put(taken: Taken, layout: Layout) -> Path | None:
    """Keep the bytes under their digest; where, or `None` where they lie there already or stay where they are.

    Raises:
        ArchiveReadOnlyError, DiskFullError: they can't be kept.
    """
    place = layout.original(taken.digest)
    if taken.keep is Keep.REFERENCE or (place.exists() and place.stat().st_size == taken.size_bytes):
        return None
    put_in_place(taken.path, place)
    return place


def _copied(source: Path, place: Path) -> Taken:
    digest, size_bytes = hashlib.sha256(), 0
    with _opened(source) as file, writing(place), place.open("xb") as copy:
        before = _state(os.fstat(file.fileno()))
        for chunk in _chunks(file, source):
            copy.write(chunk)
            digest.update(chunk)
            size_bytes += len(chunk)
        _refuse_change(source, before, _state(os.fstat(file.fileno())))
    with writing(place):
        place.chmod(READ_ONLY)
    return Taken(source, place, Keep.COPY, Digest(digest.hexdigest()), size_bytes, _state(place.stat()))


def _link(path: Path, source: Path, place: Path) -> None:
    with writing(place):
        try:
            place.hardlink_to(path)
        except FileNotFoundError as error:
            raise MissingPathError(f"{source}: does not exist") from error
        except OSError as error:
            if error.errno not in _CANNOT_LINK:
                raise
            raise CannotLinkError(f"{source}: {_why_no_link(error)}; keep a copy or a reference") from error


def _why_no_link(error: OSError) -> str:
    if error.errno == errno.EXDEV:
        return "can't be linked, since it lies on another file system than the archive"
    return f"can't be linked ({error.strerror})"


@contextmanager
def _opened(source: Path) -> Iterator[BinaryIO]:
    """A regular file with bytes, opened without waiting for anything."""
    try:
        descriptor = os.open(source, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))
    except FileNotFoundError as error:
        raise MissingPathError(f"{source}: does not exist") from error
    except OSError as error:
        raise UnreadableMediaError(f"{source}: can't be opened ({error.strerror})") from error
    state = os.fstat(descriptor)
    if not stat.S_ISREG(state.st_mode):
        os.close(descriptor)
        raise UnsupportedFormatError(f"{source}: expected a regular file")
    with os.fdopen(descriptor, "rb", buffering=0) as file:
        if state.st_size == 0:
            raise EmptyFileError(f"{source}: is empty")
        yield file


def _chunks(file: BinaryIO, source: Path) -> Iterator[bytes]:
    while True:
        try:
            chunk = file.read(_CHUNK_BYTES)
        except OSError as error:
            raise UnreadableMediaError(f"{source}: can't be read ({error.strerror})") from error
        if not chunk:
            return
        yield chunk


def _state(found: os.stat_result) -> _State:
    return _State(found.st_dev, found.st_ino, found.st_size, found.st_mtime_ns)


def _refuse_change(source: Path, before: _State, after: _State) -> None:
    if before != after:
        raise ChangedWhileReadError(f"{source}: was written to while it was read; add it again when it is complete")
