"""A writer's own folder inside the archive; what killed writers left is cleared by the next one."""

import os
import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from firsthand.store.durable import make_folder
from firsthand.store.layout import Layout
from firsthand.store.writing import writing

_LOCK = "lock"
_GATE = "gate"


@contextmanager
def workspace(layout: Layout) -> Iterator[Path]:
    """A folder on the archive's file system for as long as the block runs, gone afterwards.

    It is known to be in use by a lock that the system drops when its holder dies, however it dies.

    Raises:
        ArchiveReadOnlyError: nothing can be written there.
        DiskFullError: no space is left.
    """
    make_folder(layout.incoming)
    with writing(layout.incoming), _one_at_a_time(layout.incoming):
        _clear_abandoned(layout.incoming)
        folder = Path(tempfile.mkdtemp(dir=layout.incoming))
        held = _locked(folder / _LOCK, wait=True)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        _close(held)


@contextmanager
def _one_at_a_time(incoming: Path) -> Iterator[None]:
    """Keep others from taking a folder for abandoned before it is locked."""
    gate = _locked(incoming / _GATE, wait=True)
    try:
        yield
    finally:
        _close(gate)


def _clear_abandoned(incoming: Path) -> None:
    for folder in incoming.iterdir():
        if not folder.is_dir():
            continue
        held = _locked(folder / _LOCK, wait=False)
        if held is not None:
            shutil.rmtree(folder, ignore_errors=True)
            os.close(held)


def _locked(path: Path, *, wait: bool) -> int | None:
    """A descriptor that holds the lock on `path`; `None` where another process holds it, or locks do not exist."""
    if sys.platform == "win32":
        return None  # untested there: nothing is ever taken for abandoned
    import fcntl  # noqa: PLC0415 (only there on POSIX)

    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
    except BlockingIOError:
        os.close(descriptor)
        return None
    return descriptor


def _close(descriptor: int | None) -> None:
    if descriptor is not None:
        os.close(descriptor)
