"""Files that are whole and on the disk, or not there at all."""

import os
from pathlib import Path

from firsthand.store.writing import writing

READ_ONLY = 0o444


def sync_file(path: Path) -> None:
    """Put a file's bytes on the disk."""
    _sync(path, os.O_RDONLY)


def sync_folder(folder: Path) -> None:
    """Put a folder's list of names on the disk; nothing where the system has no such call."""
    if hasattr(os, "O_DIRECTORY"):
        _sync(folder, os.O_RDONLY | os.O_DIRECTORY)


def make_folder(folder: Path) -> None:
    """Make a folder and those above it, private to their owner, and put each on the disk."""
    if folder.is_dir():
        return
    if folder.parent != folder:
        make_folder(folder.parent)
    with writing(folder):
        folder.mkdir(mode=0o700, exist_ok=True)
    sync_folder(folder.parent)


def put_in_place(temporary: Path, place: Path) -> None:
    """Move a finished file of the same file system to its place, durably and at one instant."""
    make_folder(place.parent)
    sync_file(temporary)
    with writing(place):
        temporary.replace(place)
    sync_folder(place.parent)


def _sync(path: Path, flags: int) -> None:
    with writing(path):
        descriptor = os.open(path, flags)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
