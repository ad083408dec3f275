"""From the paths that a person names to the files that are meant."""

import os
import re
import stat
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from firsthand.archive.outcome import Refused
from firsthand.errors import MissingPathError, NoMediaError, UnreadableMediaError, UnsupportedFormatError

_SAYS_MEDIA = re.compile(
    r"\.(3gp|aac|avi|flac|flv|gif|hei[cf]|jpe?g|m2ts|m4[av]|mkv|mov|mp[34]|mpe?g|mts|og[agv]|opus|png|tiff?|wav|web[mp]"
    r"|wm[av])\Z",
    re.IGNORECASE,
)
"""Endings that promise a medium: a file that does not keep the promise is named, and not passed over in silence."""


@dataclass(frozen=True, slots=True)
class Found:
    """A file that is meant, by the path that a person would write."""

    path: str


@dataclass(frozen=True, slots=True)
class PassedOver:
    """A file in a folder that is no medium and does not say that it is one."""

    path: str


type Walked = Found | PassedOver | Refused


@dataclass(frozen=True, slots=True)
class _Walk:
    archive: tuple[int, int] | None
    is_media: Callable[[Path], bool]
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
        elif stat.S_ISREG(found.st_mode) and self._is_meant(Path(path)):
            yield Found(path)
        else:
            yield PassedOver(path)

    def _is_meant(self, path: Path) -> bool:
        return _SAYS_MEDIA.match(path.suffix) is not None or self.is_media(path)


def walk(paths: Iterable[str], archive: Path, is_media: Callable[[Path], bool]) -> Iterator[Walked]:
    """The files meant by `paths`, in the order given: files themselves, folders with all below them.

    Hidden files and the archive's own folder are left out; what is no medium is told as passed over, and a folder
    without any medium is refused. `is_media` looks at the first bytes of a file.
    """
    below = _Walk(_identity(archive), is_media)
    for path in paths:
        try:
            found = Path(path).stat()
        except OSError as error:
            yield Refused(path, _unreachable(path, error))
            continue
        if stat.S_ISDIR(found.st_mode):
            yield from _named_folder(path, found, below)
        elif stat.S_ISREG(found.st_mode):
            yield Found(path)
        else:
            yield Refused(path, UnsupportedFormatError(f"{path}: is neither a file nor a folder"))


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
