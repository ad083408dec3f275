"""The pictures that an archive would describe of each clip, and the part that each clip plays.

Clips of one group, and clips that `pairs.csv` relates, play one part: **planted** clips are in the archive and are
asked for by edited copies, **absent** clips are asked for and are not in it, **filling** clips make the rest of it.
"""

import csv
import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

import numpy as np
import numpy.typing as npt

from benchmarks.recall.clips import VIDEOS
from benchmarks.recall.footage import IMAGES
from firsthand.errors import InputError
from firsthand.media.observe import observe
from firsthand.recall.sampling import OF_ITEM, Sampler, Shot

type Picture = npt.NDArray[np.uint8]

_LONGEST_SIDE = 448  # as the archive describes them


class Part(StrEnum):
    PLANTED = "planted"
    ABSENT = "absent"
    FILLING = "filling"


@dataclass(frozen=True, slots=True)
class Clip:
    """A file: its name within the folder, its path, and the name of all that may share footage with it."""

    name: str
    path: Path
    group: str

    @property
    def part(self) -> Part:
        """What it does here, settled by its group alone: 3 in 10 planted, 2 absent, 5 filling."""
        place = int(hashlib.sha256(f"scale/{self.group}".encode()).hexdigest()[:8], 16) % 10
        return Part.PLANTED if place < 3 else Part.ABSENT if place < 5 else Part.FILLING


@dataclass(frozen=True, slots=True)
class Sampled:
    """The samples of a clip: float64 seconds, shape (n,), and RGB pictures, uint8, shape (n, height, width, 3)."""

    clip: Clip
    times: npt.NDArray[np.float64]
    pictures: npt.NDArray[np.uint8]


def clips(folder: Path) -> list[Clip]:
    """The videos and images below `folder`, in order of name."""
    found = [
        path for path in sorted(folder.rglob("*")) if path.suffix.lower() in VIDEOS | IMAGES and path.stat().st_size
    ]
    names = [path.relative_to(folder).as_posix() for path in found]
    groups = _groups(folder, names)
    return [Clip(name, path, groups[name]) for name, path in zip(names, found, strict=True)]


def _groups(folder: Path, names: list[str]) -> dict[str, str]:
    """The first group of all that are related, directly or through others; a clip by itself where nothing is known."""
    stated = {row["path"]: row["group"] or row["path"] for row in _rows(folder / "manifest.csv")}
    groups = {name: stated.get(name, name) for name in names}
    for row in _rows(folder / "pairs.csv"):
        if row["a"] in groups and row["b"] in groups:
            kept, other = sorted((groups[row["a"]], groups[row["b"]]))
            groups = {name: kept if group == other else group for name, group in groups.items()}
    return groups


def _rows(path: Path) -> Iterator[dict[str, str]]:
    if path.exists():
        with path.open(newline="") as file:
            yield from csv.DictReader(file)


def sampled(clip: Clip, work: Path) -> Sampled | None:
    """What the archive's own sampler keeps of the clip, from a cache in `work`; `None` where it can't be read."""
    cache = work / "frames" / f"{hashlib.sha256(clip.name.encode()).hexdigest()[:16]}.npz"
    if not cache.exists():
        cache.parent.mkdir(parents=True, exist_ok=True)
        times, pictures = _read(clip.path)
        np.savez(cache, times=times, pictures=pictures)
    with np.load(cache) as held:
        return Sampled(clip, held["times"], held["pictures"]) if len(held["times"]) else None


def _read(path: Path) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.uint8]]:
    shots: list[Shot] = []
    try:
        observe(path, [Sampler(shots.append, OF_ITEM, longest_side=_LONGEST_SIDE)])
    except InputError:
        shots = []
    every = [(time, picture) for shot in shots for time, picture in zip(shot.times, shot.pictures, strict=True)]
    alike = [(time, picture) for time, picture in every if picture.shape == every[0][1].shape]
    if not alike:
        return np.zeros(0), np.zeros((0, 1, 1, 3), np.uint8)
    return np.array([time for time, _ in alike]), np.stack([picture for _, picture in alike])
