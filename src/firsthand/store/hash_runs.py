"""Sorted runs of sound hashes: immutable files that readers map into memory, merged as they become many.

A run holds entries of eight bytes in rising order: a hash in the high bits, a tick of the archive's sound clock in the
low ones. A hash is looked up by bisection in every run, so there must be few of them: sixteen runs of one level are
merged into one of the next (a log-structured merge, O'Neil et al., Acta Informatica 33, 1996), which writes each entry
about once a level. SQLite alone decides which runs there are; a file that no row names is none of ours.
"""

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from firsthand.errors import ArchiveDamagedError
from firsthand.model.sound import HASH_BITS
from firsthand.store.durable import make_folder, sync_folder
from firsthand.store.writing import writing

TICK_BITS = 64 - HASH_BITS
"""Ticks of 4 ms: enough for 490 years of sound."""

type Entries = npt.NDArray[np.uint64]

_STORED = np.dtype("<u8")
_MERGED_AT_ONCE = 1 << 22
"""Entries that a merge holds in memory, about."""


@dataclass(frozen=True, slots=True)
class Run:
    """One file of `count` entries; a higher level has seen more merges."""

    key: int
    level: int
    count: int


def packed(hashes: npt.NDArray[np.uint32], ticks: npt.NDArray[np.int64]) -> Entries:
    """Entries in rising order; `ticks` are those of the archive's sound clock."""
    entries: Entries = np.sort((hashes.astype(np.uint64) << np.uint64(TICK_BITS)) | ticks.astype(np.uint64))
    return entries


def ticks_of(entries: Entries) -> npt.NDArray[np.int64]:
    """Their ticks of the archive's sound clock."""
    return (entries & np.uint64((1 << TICK_BITS) - 1)).astype(np.int64)


@dataclass(frozen=True, slots=True)
class RunFiles:
    """The runs of one method, each in a file of its own in `folder`."""

    folder: Path

    def path(self, key: int) -> Path:
        """Where the run of this key lies."""
        return self.folder / f"{key}.run"

    def write(self, key: int, blocks: Iterator[Entries]) -> None:
        """Write a run durably, block after block in rising order; the caller holds the write lock.

        Raises:
            ArchiveReadOnlyError, DiskFullError: it can't be written.
        """
        make_folder(self.folder)
        path = self.path(key)
        flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC
        with writing(path), os.fdopen(os.open(path, flags, 0o600), "wb") as file:
            for block in blocks:
                file.write(block.astype(_STORED, copy=False).tobytes())
            file.flush()
            os.fsync(file.fileno())
        sync_folder(self.folder)

    def mapped(self, run: Run) -> Entries:
        """The entries of a run, read-only.

        Raises:
            ArchiveDamagedError: the file is gone or holds fewer.
        """
        if not run.count:
            return np.zeros(0, np.uint64)
        try:
            return np.asarray(np.memmap(self.path(run.key), _STORED, "r", shape=(run.count,)))
        except (OSError, ValueError) as error:
            raise ArchiveDamagedError(
                f"{self.path(run.key)}: expected {run.count} sound hashes, and they can't be read ({error})"
            ) from error


def merged(runs: Sequence[Entries]) -> Iterator[Entries]:
    """All entries of the runs in rising order, in blocks that fit into memory."""
    longest = max(runs, key=len)
    pieces = max(1, -(-sum(len(run) for run in runs) // _MERGED_AT_ONCE))
    borders = longest[np.arange(1, pieces) * len(longest) // pieces] if len(longest) else longest
    cuts = np.stack([np.concatenate([[0], np.searchsorted(run, borders), [len(run)]]) for run in runs])
    for piece in range(len(borders) + 1):
        parts = [run[cut[piece] : cut[piece + 1]] for run, cut in zip(runs, cuts, strict=True)]
        yield np.sort(np.concatenate(parts))
