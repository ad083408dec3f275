"""An archive of any size: real rows first, then rows that arithmetic makes out of real ones.

A made clip has the *centre* of two real clips of different groups, mixed by a weight drawn from 0.3 to 0.7 and brought
to the length of a third clip's centre, and around it the *residuals* of that third clip, picture after picture in their
own order. So two moments are kept: mixing independent clips keeps how similarity spreads among unrelated pictures
(cos(q, wa + (1 - w)b) has the variance of cos(q, a) once the length is restored), and residuals keep how pictures of
one clip hang together. What is not kept: mixtures are smoother than scenes, so the far tail of similarity, where false
candidates come from, may be thinner than in ten million real pictures; the report says how far it is.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

import numpy as np
import numpy.typing as npt

from benchmarks.scale.described import Described
from firsthand.model.digest import Digest
from firsthand.model.fingerprint import Fingerprint
from firsthand.model.item import Facts, Item, Keep, Kind, Provenance
from firsthand.store import fingerprints, items
from firsthand.store.database import open_for_writing, transaction
from firsthand.store.layout import Layout

METHOD = "sscd-distilled/1"
SCALE = 512.0
SHOTS_OF_ITEM = 6
_STEP_SECONDS = 0.4
_BLOCK_CLIPS = 1500
_GROUP = -1


@dataclass(frozen=True, slots=True)
class _Clips:
    """Real clips taken apart: unit rows, where each begins, and the mean of each with its length."""

    units: npt.NDArray[np.float32]
    starts: npt.NDArray[np.int64]
    counts: npt.NDArray[np.int64]
    groups: npt.NDArray[np.int64]
    means: npt.NDArray[np.float32]


def units(vectors: npt.NDArray[np.int8]) -> npt.NDArray[np.float32]:
    """The stored vectors at length 1."""
    made = vectors.astype(np.float32)
    made /= np.maximum(np.linalg.norm(made, axis=1, keepdims=True), 1e-6)
    return made


def _taken_apart(real: Described) -> _Clips:
    starts = np.flatnonzero(np.append(True, real.clips[1:] != real.clips[:-1]))
    counts = np.diff(np.append(starts, len(real.clips)))
    rows = units(real.vectors)
    means = np.add.reduceat(rows, starts, axis=0) / counts[:, None].astype(np.float32)
    return _Clips(rows, starts, counts, real.groups[starts], means.astype(np.float32))


def grown(real: Described, wanted: int, seed: int = 1) -> Iterator[Described]:
    """Blocks of made clips, `wanted` rows in all or a few more."""
    clips, random, made, number = _taken_apart(real), np.random.default_rng(seed), 0, 0
    while made < wanted:
        block = _block(clips, random, number)
        number += _BLOCK_CLIPS
        made += len(block.times)
        yield block


def _block(clips: _Clips, random: np.random.Generator, number: int) -> Described:
    total = len(clips.starts)
    first, second, third = random.integers(total, size=(3, _BLOCK_CLIPS))
    same = clips.groups[first] == clips.groups[second]
    while same.any():
        second[same] = random.integers(total, size=int(same.sum()))
        same = clips.groups[first] == clips.groups[second]
    weight = random.uniform(0.3, 0.7, (_BLOCK_CLIPS, 1)).astype(np.float32)
    centres = weight * clips.means[first] + (1 - weight) * clips.means[second]
    lengths = np.linalg.norm(clips.means[third], axis=1) / np.maximum(np.linalg.norm(centres, axis=1), 1e-6)
    shifts = centres * lengths[:, None] - clips.means[third]
    counts = clips.counts[third]
    of_clip = np.repeat(np.arange(_BLOCK_CLIPS), counts)
    offsets = np.arange(len(of_clip)) - np.repeat(np.cumsum(counts) - counts, counts)
    rows = clips.units[clips.starts[third][of_clip] + offsets] + shifts[of_clip]
    rows /= np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-6)
    return Described(
        np.clip(np.rint(rows * SCALE), -127, 127).astype(np.int8),
        of_clip + number,
        np.full(len(of_clip), _GROUP),
        offsets * _STEP_SECONDS,
    )


def similarities_of_unrelated(
    one: npt.NDArray[np.int8], other: npt.NDArray[np.int8], count: int, seed: int = 3
) -> npt.NDArray[np.float32]:
    """Cosines of `count` pictures of `one` with as many of `other`, each with each."""
    random = np.random.default_rng(seed)
    left = units(one[random.integers(len(one), size=count)])
    right = units(other[random.integers(len(other), size=count)])
    return np.asarray(left @ right.T, np.float32)


@dataclass(slots=True)
class Builder:
    """Writes an archive in one transaction, without media: rows and descriptor files alone.

    `shots_of_item` clips in a row make one item, as a video has several shots; planted clips are items of their own.
    """

    layout: Layout
    rows: int = 0
    items: int = 0

    def add(self, blocks: Iterator[tuple[Described, int]]) -> None:
        """Append blocks, each with how many of its clips make an item."""
        with open_for_writing(self.layout) as db, transaction(db):
            for block, shots_of_item in blocks:
                self._append(db, block, shots_of_item)

    def _append(self, db, block: Described, shots_of_item: int) -> None:  # type: ignore[no-untyped-def]  # noqa: ANN001
        _, clips = np.unique(block.clips, return_inverse=True)
        of_item = clips // shots_of_item
        firsts = np.flatnonzero(np.append(True, of_item[1:] != of_item[:-1]))
        counts = np.diff(np.append(firsts, len(of_item)))
        count = len(block.times)
        boxes = np.tile(np.array([0, 0, 1, 1], np.float32), (count, 1))
        times = block.times if shots_of_item == 1 else _running(counts)
        fingerprint = Fingerprint(METHOD, None, times, boxes, block.codes, block.vectors)
        files = fingerprints.files(db, self.layout, METHOD)
        if files is None:
            db.execute("INSERT INTO method VALUES (?, 64, 512)", (METHOD,))
            files = fingerprints.files(db, self.layout, METHOD)
        assert files is not None
        files.append(fingerprint, self.rows)
        for first, rows in zip(firsts.tolist(), counts.tolist(), strict=True):
            self.items += 1
            key = items.insert(db, _item(self.items, rows * _STEP_SECONDS), None)
            db.execute(
                "INSERT INTO fingerprint (item, method, model, start, count) VALUES (?, ?, NULL, ?, ?)",
                (key, METHOD, self.rows + first, rows),
            )
        self.rows += count


def _running(counts: npt.NDArray[np.int64]) -> npt.NDArray[np.float64]:
    offsets = np.arange(int(counts.sum())) - np.repeat(np.cumsum(counts) - counts, counts)
    return offsets * _STEP_SECONDS


def _item(number: int, seconds: float) -> Item:
    return Item(
        digest=Digest(f"{number:064x}"),
        size_bytes=1,
        path=f"made/{number}.mp4",
        facts=Facts(Kind.VIDEO, "mp4", seconds, 640, 360, round(seconds * 25), "h264", None),
        provenance=Provenance(published=f"{2010 + number % 15}-{1 + number % 12:02}", collection=f"c{number % 10}"),
        keep=Keep.COPY,
        added=datetime.now(UTC),
    )
