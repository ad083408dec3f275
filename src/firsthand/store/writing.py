"""Failures to write, told as the archive's."""

import errno
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from firsthand.errors import ArchiveReadOnlyError, ArchiveWriteError, DiskFullError

_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
_READ_ONLY = {errno.EROFS, errno.EACCES, errno.EPERM}


@contextmanager
def writing(path: Path) -> Iterator[None]:
    """Run a block that writes to `path`, and only to it: whatever the system refuses becomes an error of the archive.

    Raises:
        DiskFullError: no space, quota or allowed file size is left.
        ArchiveReadOnlyError: this user may not write there, or nobody may.
        ArchiveWriteError: any other refusal.
    """
    try:
        yield
    except OSError as error:
        if error.errno in _FULL:
            raise DiskFullError(f"{path}: no space is left to write it") from error
        if error.errno in _READ_ONLY:
            raise ArchiveReadOnlyError(f"{path}: may not be written ({error.strerror})") from error
        raise ArchiveWriteError(f"{path}: could not be written ({error.strerror or error})") from error
