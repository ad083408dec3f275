"""Every error that firsthand raises on purpose.

    FirsthandError
    ├── InputError                 exit 1: this input could not be used; the others are done
    │   ├── MissingPathError
    │   ├── EmptyFileError
    │   ├── NoMediaError           a folder without media
    │   ├── UnsupportedFormatError
    │   ├── UnreadableMediaError   the reader gave up
    │   ├── LimitExceededError     time, memory, size or count
    │   ├── ReaderDiedError        the sandboxed reader crashed
    │   ├── ChangedWhileReadError  the file was written to meanwhile
    │   ├── CannotLinkError        no hard link from the archive to the file is possible
    │   ├── OriginalLostError      the bytes of an archived item are gone, or are others now
    │   └── UnknownItemError
    ├── WrongUsageError            exit 2
    │   ├── MissingExtraError      a part of the program is not installed
    │   └── UnknownCollectionError
    ├── ArchiveError               exit 3
    │   ├── ArchiveMissingError
    │   ├── ArchiveDamagedError
    │   └── ArchiveNewerError
    └── ArchiveWriteError          exit 4: reading still works
        ├── ArchiveReadOnlyError
        └── DiskFullError

Messages are one sentence that names the thing and the reason.
"""

from typing import ClassVar


class FirsthandError(Exception):
    """Any error of ours; `code` names it in JSON, `exit_code` is the process's."""

    code: ClassVar[str] = "error"
    exit_code: ClassVar[int] = 1


class InputError(FirsthandError):
    """One input could not be used."""

    code = "input"


class MissingPathError(InputError):
    """Nothing exists at the path."""

    code = "missing-path"


class EmptyFileError(InputError):
    """The file has no bytes."""

    code = "empty-file"


class NoMediaError(InputError):
    """A folder holds nothing that can be read."""

    code = "no-media"


class UnsupportedFormatError(InputError):
    """The bytes are of no format that is read here."""

    code = "unsupported-format"


class UnreadableMediaError(InputError):
    """The reader could not make sense of the bytes."""

    code = "unreadable-media"


class LimitExceededError(InputError):
    """Reading took more time, memory, pixels or space than allowed."""

    code = "limit-exceeded"


class ReaderDiedError(InputError):
    """The sandboxed reader ended without an answer."""

    code = "reader-died"


class ChangedWhileReadError(InputError):
    """The file was written to while it was read."""

    code = "changed-while-read"


class CannotLinkError(InputError):
    """The archive can't hold a hard link to the file."""

    code = "cannot-link"


class OriginalLostError(InputError):
    """The archive no longer has the bytes of an item."""

    code = "original-lost"


class UnknownItemError(InputError):
    """The archive holds no such item."""

    code = "unknown-item"


class WrongUsageError(FirsthandError):
    """The command was called in a way that it does not take."""

    code = "wrong-usage"
    exit_code = 2


class MissingExtraError(WrongUsageError):
    """A part that is asked for is not installed."""

    code = "missing-extra"


class UnknownCollectionError(WrongUsageError):
    """No item of the archive belongs to the collection that was named."""

    code = "unknown-collection"


class ArchiveError(FirsthandError):
    """The archive can't be used."""

    code = "archive"
    exit_code = 3


class ArchiveMissingError(ArchiveError):
    """There is no archive at the place named."""

    code = "archive-missing"


class ArchiveDamagedError(ArchiveError):
    """The archive is not as it was written."""

    code = "archive-damaged"


class ArchiveNewerError(ArchiveError):
    """A newer version of the program wrote the archive."""

    code = "archive-newer"


class ArchiveWriteError(FirsthandError):
    """The archive can't be written."""

    code = "archive-write"
    exit_code = 4


class ArchiveReadOnlyError(ArchiveWriteError):
    """The archive may not be written by this user."""

    code = "archive-read-only"


class DiskFullError(ArchiveWriteError):
    """No space is left where the archive lies."""

    code = "disk-full"
