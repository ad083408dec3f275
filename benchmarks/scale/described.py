"""Descriptors of real pictures under changes: the archive's rows that no arithmetic has made."""

import hashlib
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from benchmarks.scale import changes
from benchmarks.scale.footage import Clip, Part, Picture, Sampled, sampled
from firsthand.recall.sscd import SscdDescriptor
from firsthand.recall.windows import window_boxes, window_rows

INSET = "inset"
_INSET_SIDE = 0.45
_INSET_PICTURES = 4


@dataclass(frozen=True, slots=True)
class Described:
    """Rows in order of clip and time.

    Attributes:
        vectors: int8, shape (n, 512).
        clips: int64, shape (n,), one number a clip (or a version of a clip); rows of a clip are neighbours.
        groups: int64, shape (n,), one number a group; -1 where arithmetic has made the row.
        times: float64, shape (n,), seconds.
    """

    vectors: npt.NDArray[np.int8]
    clips: npt.NDArray[np.int64]
    groups: npt.NDArray[np.int64]
    times: npt.NDArray[np.float64]

    @property
    def codes(self) -> npt.NDArray[np.uint8]:
        """The signs, uint8, shape (n, 64)."""
        return np.packbits(self.vectors > 0, axis=1)

    def save(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        unfinished = path.with_suffix(".part.npz")
        np.savez(unfinished, vectors=self.vectors, clips=self.clips, groups=self.groups, times=self.times)
        unfinished.replace(path)


def load(path: Path) -> Described:
    with np.load(path) as held:
        return Described(held["vectors"], held["clips"], held["groups"], held["times"])


def joined(parts: Sequence[Described]) -> Described:
    """Everything, with clips numbered anew."""
    offset, clips = 0, []
    for part in parts:
        _, numbers = np.unique(part.clips, return_inverse=True)
        clips.append(numbers.astype(np.int64) + offset)
        offset += int(numbers.max()) + 1 if len(numbers) else 0
    return Described(
        np.concatenate([part.vectors for part in parts]),
        np.concatenate(clips),
        np.concatenate([part.groups for part in parts]),
        np.concatenate([part.times for part in parts]),
    )


def group_number(group: str) -> int:
    """The same number for the same group in every run."""
    return int(hashlib.sha256(group.encode()).hexdigest()[:12], 16)


def _rows(
    descriptor: SscdDescriptor,
    pictures: Sequence[Picture],
    sample: Sampled,
    number: int,
    times: npt.NDArray[np.float64],
) -> Described:
    vectors = descriptor.describe(pictures, query=False).vectors
    count = len(pictures)
    return Described(vectors, np.full(count, number), np.full(count, group_number(sample.clip.group)), times)


def planted(every: Sequence[Clip], work: Path) -> Described:
    """The unchanged pictures of the planted clips, as an archive holds them."""
    file = work / "planted.npz"
    if not file.exists():
        descriptor = SscdDescriptor()
        _of_part(every, work, descriptor, Part.PLANTED).save(file)
    return load(file)


def _of_part(every: Sequence[Clip], work: Path, descriptor: SscdDescriptor, part: Part) -> Described:
    rows = []
    for number, clip in enumerate(every):
        sample = sampled(clip, work) if clip.part is part else None
        if sample is not None:
            rows.append(_rows(descriptor, list(sample.pictures), sample, number, sample.times))
    return _stacked(rows)


def filling(every: Sequence[Clip], work: Path, wanted: int, seconds: float) -> Described:
    """Changed versions of the filling clips: at least `wanted` rows, unless `seconds` of work are over before.

    What an earlier run has made is kept in `work` and counts.
    """
    folder, descriptor, began = work / "filling", SscdDescriptor(), time.monotonic()
    clips = [clip for clip in every if clip.part is Part.FILLING]
    made = [load(path) for path in sorted(folder.glob("v*[0-9].npz"))]
    held = sum(len(one.times) for one in made)
    while held < wanted and time.monotonic() - began < seconds:
        version = _version(clips, work, descriptor, len(made))
        version.save(folder / f"v{len(made):05}.npz")
        made.append(version)
        held += len(version.times)
    return joined(made)


def _version(clips: Sequence[Clip], work: Path, descriptor: SscdDescriptor, version: int) -> Described:
    """Every filling clip once, each under a change of its own; version 0 leaves them as they are."""
    rows = []
    other: Picture | None = None
    for number, clip in enumerate(clips):
        sample = sampled(clip, work)
        if sample is None:
            continue
        random = np.random.default_rng([version, number])
        if other is None:
            other = sample.pictures[0]
        change = changes.drawn(random, changes.shrunk(other)) if version else changes.shrunk
        pictures = [change(picture) for picture in sample.pictures]
        rows.append(_rows(descriptor, pictures, sample, number, sample.times))
        other = sample.pictures[int(random.integers(len(sample.pictures)))]
    return joined(rows)


def queries(every: Sequence[Clip], work: Path) -> dict[str, Described]:
    """Edited copies of planted and absent clips by the name of the edit; numbers of clips are those of `every`."""
    file = work / "queries.npz"
    if not file.exists():
        _save_queries(file, _made_queries(every, work))
    with np.load(file) as held:
        names = sorted({key.split("|")[0] for key in held})
        fields = ("vectors", "clips", "groups", "times")
        return {name: Described(*(held[f"{name}|{field}"] for field in fields)) for name in names}


def _save_queries(file: Path, made: dict[str, Described]) -> None:
    arrays = {
        f"{name}|{field}": getattr(one, field)
        for name, one in made.items()
        for field in ("vectors", "clips", "groups", "times")
    }
    np.savez(file, **arrays)


def _made_queries(every: Sequence[Clip], work: Path) -> dict[str, Described]:
    descriptor = SscdDescriptor()
    parts: dict[str, list[Described]] = {name: [] for name in (*changes.EDITS, INSET)}
    asked = [(number, clip) for number, clip in enumerate(every) if clip.part is not Part.FILLING]
    others = [sample for clip in every if clip.part is Part.ABSENT and (sample := sampled(clip, work)) is not None]
    for number, clip in asked:
        sample = sampled(clip, work)
        if sample is None:
            continue
        random = np.random.default_rng([7, number])
        for name, draw in changes.EDITS.items():
            change = draw(random)
            pictures = [changes.shrunk(change(picture)) for picture in sample.pictures]
            parts[name].append(_rows(descriptor, pictures, sample, number, sample.times))
        parts[INSET].append(_inset(sample, number, others, random, descriptor))
    return {name: _stacked(rows) for name, rows in parts.items()}


def _inset(
    sample: Sampled, number: int, others: Sequence[Sampled], random: np.random.Generator, descriptor: SscdDescriptor
) -> Described:
    """All windows of a few pictures that show the clip small inside another, absent one."""
    host = others[int(random.integers(len(others)))]
    while host.clip.group == sample.clip.group:
        host = others[int(random.integers(len(others)))]
    change = changes.inset(host.pictures[len(host.pictures) // 2], random, _INSET_SIDE)
    places = np.unique(np.linspace(0, len(sample.pictures) - 1, _INSET_PICTURES).astype(int))
    pictures = [change(sample.pictures[place]) for place in places]
    rows = window_rows([float(sample.times[place]) for place in places], pictures, descriptor)
    count = len(rows.times)
    return Described(
        rows.described.vectors,
        np.full(count, number),
        np.full(count, group_number(sample.clip.group)),
        rows.times,
    )


def _stacked(rows: Sequence[Described]) -> Described:
    """Everything, with clips numbered as they are."""
    return Described(*(np.concatenate([getattr(one, name) for one in rows]) for name in Described.__slots__))


WINDOWS_A_PICTURE = len(window_boxes())
