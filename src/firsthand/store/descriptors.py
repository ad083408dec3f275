"""Descriptors in flat files, one folder a method: appended to by one writer, mapped into memory by readers.

SQLite alone decides which rows are there: a writer appends after the last committed row, puts the bytes on the disk,
and only then commits. What a killed writer left behind that row is overwritten by the next one.
"""

import mmap
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from firsthand.errors import ArchiveDamagedError
from firsthand.model.fingerprint import Fingerprint
from firsthand.store.durable import make_folder, sync_folder
from firsthand.store.writing import writing

_TIMES = np.dtype("<f8")
_BOXES = np.dtype("<f4")


_GATHERED_AT_ONCE = 1 << 12


@dataclass(frozen=True, slots=True)
class Columns:
    """Rows of the files, mapped; shapes and types as in `Fingerprint`.

    `codes` are for reading from end to end; single rows of any column are for `gathered`.
    """

    times: npt.NDArray[np.float64]
    boxes: npt.NDArray[np.float32]
    codes: npt.NDArray[np.uint8]
    vectors: npt.NDArray[np.int8]

    def gathered(self, rows: npt.NDArray[np.int64]) -> "Columns":
        """A copy of these rows, in their order.

        The system maps the 64 KiB around each row that is read: a rerank would make gigabytes of vectors resident. So
        few are read at once, and what was mapped for them is let go; it stays in the system's cache.
        """
        return Columns(
            times=_gathered(self.times, rows),
            boxes=_gathered(self.boxes, rows),
            codes=_gathered(self.codes, rows),
            vectors=_gathered(self.vectors, rows),
        )


def _gathered[Kept: np.generic](column: npt.NDArray[Kept], rows: npt.NDArray[np.int64]) -> npt.NDArray[Kept]:
    copied = np.empty((len(rows), *column.shape[1:]), column.dtype)
    for start in range(0, len(rows), _GATHERED_AT_ONCE):
        part = slice(start, start + _GATHERED_AT_ONCE)
        copied[part] = column[rows[part]]
        _let_go(column)
    return copied


def _let_go(column: npt.NDArray[Any]) -> None:
    """Unmap the pages of a mapped array; they are mapped again when they are read."""
    owner: Any = column
    while isinstance(owner, np.ndarray):
        owner = owner.base
    if isinstance(owner, mmap.mmap) and hasattr(mmap, "MADV_DONTNEED"):
        owner.madvise(mmap.MADV_DONTNEED)


@dataclass(frozen=True, slots=True)
class DescriptorFiles:
    """The files of one method: `times.bin`, `boxes.bin`, `codes.bin` and `vectors.bin`, row after row, no header.

    `code_bytes` and `dimensions` are the widths of a row of codes and of vectors.
    """

    folder: Path
    code_bytes: int
    dimensions: int

    def append(self, fingerprint: Fingerprint, start: int) -> None:
        """Write all rows of `fingerprint` from row `start` on, durably; the caller holds the write lock.

        Raises:
            ArchiveReadOnlyError, DiskFullError: they can't be written.
        """
        make_folder(self.folder)
        self._write("times", fingerprint.times.astype(_TIMES), start)
        self._write("boxes", fingerprint.boxes.astype(_BOXES), start)
        self._write("codes", fingerprint.codes, start)
        self._write("vectors", fingerprint.vectors, start)
        sync_folder(self.folder)

    def mapped(self, count: int) -> Columns:
        """The first `count` rows, read-only.

        Raises:
            ArchiveDamagedError: the files hold fewer.
        """
        return Columns(
            times=self._map("times", _TIMES, count, ()),
            boxes=self._map("boxes", _BOXES, count, (4,)),
            codes=self._map("codes", np.dtype(np.uint8), count, (self.code_bytes,)),
            vectors=self._map("vectors", np.dtype(np.int8), count, (self.dimensions,)),
        )

    def _path(self, name: str) -> Path:
        return self.folder / f"{name}.bin"

    def _write(self, name: str, rows: npt.NDArray[Any], start: int) -> None:
        path = self._path(name)
        row_bytes = rows.dtype.itemsize * int(np.prod(rows.shape[1:], dtype=np.int64))
        with writing(path), os.fdopen(os.open(path, os.O_RDWR | os.O_CREAT, 0o600), "r+b") as file:
            file.seek(start * row_bytes)
            file.write(np.ascontiguousarray(rows).tobytes())
            file.flush()
            os.fsync(file.fileno())

    def _map(self, name: str, dtype: np.dtype[Any], count: int, row: tuple[int, ...]) -> npt.NDArray[Any]:
        shape = (count, *row)
        if 0 in shape:
            return np.empty(shape, dtype)
        try:
            return np.asarray(np.memmap(self._path(name), dtype, "r", shape=shape))
        except (OSError, ValueError) as error:
            raise ArchiveDamagedError(
                f"{self._path(name)}: expected {count} rows of descriptors, and they can't be read ({error})"
            ) from error
