"""From the paths that a person names to the files that are meant."""

import os
import stat
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from firsthand.archive.outcome import Refused
from firsthand.errors import InputError, MissingPathError, NoMediaError, UnreadableMediaError
from firsthand.media.formats import identify, is_media_name


@dataclass(frozen=True, slots=True)
class Found:
    """A file that is meant, by the path that a person would write."""

    path: str


@dataclass(frozen=True, slots=True)
class PassedOver:
    """A file in a folder that is no medium, and whose name does not promise one."""

    path: str


type Walked = Found | PassedOver | Refused


@dataclass(frozen=True, slots=True)
class _Walk:
    archive: tuple[int, int] | None
    seen: set[tuple[int, int]] = field(default_factory=set)

    def folder(self, folder: str) -> Iterator[Walked]:
        """Everything below, in order of name; no folder twice, so that links that lead back end."""
        try:
            entries = sorted(os.scandir(folder), key=lambda entry: entry.name)
        except OSError as error:
            yield Refused(folder, UnreadableMediaError(f"{folder}: the folder can't be listed ({error.strerror})"))
            return
        for entry in entries:
            if not entry.name.startswith("."):
                yield from self._entry(os.path.join(folder, entry.name))  # noqa: PTH118 (the path as it was written)

    def is_new(self, found: os.stat_result) -> bool:
        """Whether a folder is not the archive's own and was not walked before."""
        identity = (found.st_dev, found.st_ino)
        if identity in self.seen or identity == self.archive:
            return False
        self.seen.add(identity)
        return True

    def _entry(self, path: str) -> Iterator[Walked]:
        try:
            found = Path(path).stat()
        except OSError:
            yield PassedOver(path)  # a link that leads nowhere
            return
        if stat.S_ISDIR(found.st_mode):
            if self.is_new(found):
                yield from self.folder(path)
            return
        one = _file(path)
        yield one if isinstance(one, Found) or is_media_name(Path(path)) else PassedOver(path)


def walk(paths: Iterable[str], archive: Path) -> Iterator[Walked]:
    """The files meant by `paths`, in the order given: files themselves, folders with all below them.

    Hidden files and the archive's own folder (`archive`) are left out. What is no medium by its first bytes is refused
    where a person named it or where its ending promises a medium, and passed over otherwise; a folder without any
    medium is refused.
    """
    below = _Walk(_identity(archive))
    for path in paths:
        try:
            found = Path(path).stat()
        except OSError as error:
            yield Refused(path, _unreachable(path, error))
            continue
        if stat.S_ISDIR(found.st_mode):
            yield from _named_folder(path, found, below)
        else:
            yield _file(path)


def _file(path: str) -> Found | Refused:
    try:
        identify(Path(path))
    except InputError as error:
        return Refused(path, error)
    return Found(path)


def _named_folder(path: str, found: os.stat_result, below: _Walk) -> Iterator[Walked]:
    if (found.st_dev, found.st_ino) == below.archive:
        yield Refused(path, NoMediaError(f"{path}: is the archive's own folder"))
        return
    if not below.is_new(found):
        return
    empty = True
    for walked in below.folder(path):
        empty = empty and isinstance(walked, PassedOver)
        yield walked
    if empty:
        yield Refused(path, NoMediaError(f"{path}: the folder holds no video, sound or image"))


def _unreachable(path: str, error: OSError) -> MissingPathError | UnreadableMediaError:
    if isinstance(error, FileNotFoundError | NotADirectoryError):
        return MissingPathError(f"{path}: does not exist")
    return UnreadableMediaError(f"{path}: can't be reached ({error.strerror})")


def _identity(folder: Path) -> tuple[int, int] | None:
    try:
        found = folder.stat()
    except OSError:
        return None
    return (found.st_dev, found.st_ino)
