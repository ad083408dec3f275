"""An exhaustive search among the live descriptors of one method.

Every live code is compared with every query code by Hamming distance (faiss, `hammings_knn_hc`), so that nothing is
missed, whatever the archive looks like.
"""

import sqlite3
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from firsthand.model.neighbours import Located, Neighbours
from firsthand.model.selection import EVERYTHING, Selection
from firsthand.store import fingerprints
from firsthand.store.descriptors import Columns
from firsthand.store.fingerprints import Stretches
from firsthand.store.layout import Layout

_GATHERED_ROWS = 1 << 18
_LONG_RUN = 1 << 16
_SCAN_ROWS = 1 << 12
"""Rows that faiss compares with all queries before it goes on: as many as stay in the processor's cache (256 KiB)."""
_ROW_BITS = 40
_NOTHING = np.iinfo(np.int64).max


@dataclass(frozen=True, slots=True)
class _Block:
    """Codes that are scanned in one go: a stretch of the file as it lies, or several short ones gathered.

    Attributes:
        codes: uint8, shape (n, bytes), contiguous.
        rows: int64, shape (n,), rows of the files; the first one alone where the block lies as in the file.
    """

    codes: npt.NDArray[np.uint8]
    rows: npt.NDArray[np.int64] | int

    def keys(self, distances: npt.NDArray[np.int32], places: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
        """Sortable numbers: distance in the high bits, row in the low ones."""
        rows = self.rows + places if isinstance(self.rows, int) else self.rows[places]
        return (distances.astype(np.int64) << _ROW_BITS) | rows


@dataclass(frozen=True, slots=True)
class ExhaustiveIndex:
    """The descriptors that one snapshot of an archive holds; rows are those of the method's files.

    `threads` is how many processors one search uses. Equal distances are ordered by row.
    """

    method: str
    columns: Columns
    stretches: Stretches
    threads: int = 1

    @property
    def size(self) -> int:
        """How many descriptors are live."""
        return int(self.stretches.counts.sum())

    def nearest(self, codes: npt.NDArray[np.uint8], k: int) -> Neighbours:
        """The k live descriptors nearest to each row of `codes` (uint8, shape (queries, bytes)).

        Raises:
            ValueError: the codes are not as wide as those of the index.
        """
        if codes.ndim != 2 or codes.shape[1] != self.columns.codes.shape[1]:
            raise ValueError(f"expected codes of {self.columns.codes.shape[1]} bytes, got shape {codes.shape}")
        best = np.full((len(codes), k), _NOTHING)
        queries = np.ascontiguousarray(codes)
        for block in self._blocks():
            found = _scan(queries, block, min(k, len(block.codes)), self.threads)
            best = np.sort(np.concatenate([best, found], axis=1), axis=1)[:, :k]
        none = best == _NOTHING
        return Neighbours(
            rows=np.where(none, -1, best & ((1 << _ROW_BITS) - 1)),
            distances=np.where(none, -1, best >> _ROW_BITS).astype(np.int32),
        )

    def locate(self, rows: npt.NDArray[np.int64]) -> Located:
        """What `rows` (int64, shape (n,), all from `nearest`) stand for.

        Raises:
            ValueError: a row is not live.
        """
        places = np.searchsorted(self.stretches.starts, rows, side="right") - 1
        if np.any(places < 0) or np.any(rows >= (self.stretches.starts + self.stretches.counts)[places]):
            raise ValueError("expected rows of live descriptors")
        found = self.columns.gathered(rows)
        return Located(
            items=self.stretches.items[places],
            times=found.times,
            boxes=found.boxes,
            vectors=found.vectors,
            codes=found.codes,
        )

    def without(self, items: frozenset[int]) -> "ExhaustiveIndex":
        """The same but for the descriptors of these items."""
        kept = ~np.isin(self.stretches.items, sorted(items))
        stretches = Stretches(self.stretches.items[kept], self.stretches.starts[kept], self.stretches.counts[kept])
        return replace(self, stretches=stretches)

    def between(self, item: int, low: float, high: float) -> Located:
        """The descriptors of an item at times from `low` to `high` seconds, in order of rows."""
        places = np.flatnonzero(self.stretches.items == item)
        runs = [
            np.arange(self.stretches.starts[n], self.stretches.starts[n] + self.stretches.counts[n]) for n in places
        ]
        rows = np.concatenate([np.zeros(0, np.int64), *runs])
        times = self.columns.times[rows]
        return self.locate(rows[(times >= low) & (times <= high)])

    def _blocks(self) -> Iterator[_Block]:
        """Every live row once: long runs as they lie, short ones gathered, so that few scans see them all."""
        short: list[npt.NDArray[np.int64]] = []
        waiting = 0
        for start, end in _runs(self.stretches):
            if end - start >= _LONG_RUN:
                yield _Block(self.columns.codes[start:end], start)
                continue
            short.append(np.arange(start, end))
            waiting += end - start
            if waiting >= _GATHERED_ROWS:
                yield self._gathered(short)
                short, waiting = [], 0
        if short:
            yield self._gathered(short)

    def _gathered(self, runs: list[npt.NDArray[np.int64]]) -> _Block:
        rows = np.concatenate(runs)
        return _Block(self.columns.codes[rows], rows)


def open_index(
    db: sqlite3.Connection,
    layout: Layout,
    method: str,
    selection: Selection = EVERYTHING,
    *,
    lacking: Sequence[str] = (),
    threads: int = 1,
) -> ExhaustiveIndex | None:
    """The index of a method as the snapshot `db` has it; `None` where the method has made no descriptors.

    Only rows of the selection are scanned, and of those only the rows of items that all of `lacking` lack.

    Raises:
        ArchiveDamagedError: the files hold fewer rows than the database says.
    """
    files = fingerprints.files(db, layout, method)
    if files is None:
        return None
    return ExhaustiveIndex(
        method=method,
        columns=files.mapped(fingerprints.rows_committed(db, method)),
        stretches=fingerprints.live_stretches(db, method, selection, lacking=lacking),
        threads=threads,
    )


def _runs(stretches: Stretches) -> Iterator[tuple[int, int]]:
    """The live rows as half-open runs, neighbours joined."""
    ends = stretches.starts + stretches.counts
    breaks = np.flatnonzero(stretches.starts[1:] != ends[:-1]) + 1
    firsts = np.concatenate([[0], breaks]) if len(ends) else breaks
    lasts = np.concatenate([breaks, [len(ends)]]) - 1 if len(ends) else breaks
    for first, last in zip(firsts, lasts, strict=True):
        yield int(stretches.starts[first]), int(ends[last])


def _scan(queries: npt.NDArray[np.uint8], block: _Block, k: int, threads: int) -> npt.NDArray[np.int64]:
    """The k nearest of a block as sortable numbers."""
    import faiss  # noqa: PLC0415 (heavy, and needed only to search)

    faiss.omp_set_num_threads(threads)
    faiss.cvar.hamming_batch_size = _SCAN_ROWS  # type: ignore[attr-defined]  # a global of the library
    return block.keys(*faiss.knn_hamming(queries, block.codes, k))
