"""The clips that a folder holds: what each is, and its group (clips of different groups share nothing)."""

import csv
import dataclasses
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import av
import cv2
import numpy as np
import numpy.typing as npt

from benchmarks.recall.footage import IMAGES, SOUND_RATE, read_sound

type Thumbs = npt.NDArray[np.uint8]

SOUNDS = frozenset({".wav", ".mp3", ".m4a", ".ogg", ".flac", ".aac", ".opus"})
VIDEOS = frozenset({".mp4", ".mov", ".m4v", ".mkv", ".webm", ".avi", ".flv", ".ts", ".3gp", ".mpg", ".wmv"})
THUMB = 32


@dataclass(frozen=True, slots=True)
class Clip:
    """A file to make queries from, or to put into the archive.

    Attributes:
        name: path within the folder.
        group: clips of one group may share footage, place or people.
        relation: the manifest's word for its place in the group; empty without a manifest.
        seconds: from the first presented frame to the end of the last, by decoding.
        motion: for every half second, the mean difference of small pictures to the next, in grey levels; below 1 the
            clip stands still, so that no alignment in time can be told from another.
        contrast: for every half second, the standard deviation of the small picture; near 0 it is blank.
        loud_seconds: seconds whose sound is above -45 dB.
    """

    name: str
    kind: Literal["video", "image", "sound"]
    group: str
    relation: str
    seconds: float
    width: int
    height: int
    motion: tuple[float, ...]
    contrast: tuple[float, ...]
    loud_seconds: float

    @property
    def aspect(self) -> float:
        """Width over height of the upright picture."""
        return self.width / self.height if self.height else 1.0

    def liveliness(self, start: float, end: float) -> tuple[float, float]:
        """Median motion and lowest contrast between two seconds."""
        first, last = int(start * 2), max(int(start * 2) + 1, int(end * 2))
        motion = sorted(self.motion[first:last] or self.motion[-1:] or (0.0,))
        return motion[len(motion) // 2], min(self.contrast[first:last] or self.contrast[-1:] or (0.0,))


@dataclass(frozen=True, slots=True)
class Pair:
    """A row of `pairs.csv`."""

    first: str
    second: str
    kind: str
    sound_offset_seconds: float | None


def read_clips(folder: Path, work: Path) -> tuple[Clip, ...]:
    """All readable clips of the folder, by name; what decoding showed is kept in `work`."""
    known = _manifest(folder)
    cache_path = work / "clips-2.json"
    cache: dict[str, dict[str, object]] = json.loads(cache_path.read_text()) if cache_path.exists() else {}
    clips = []
    for name in _names(folder, known):
        key = f"{name}:{(folder / name).stat().st_size}"
        if key not in cache:
            cache[key] = _measure(folder / name)
        group, relation = known.get(name, (name, ""))
        if cache[key]["kind"] != "unreadable":
            facts = {field: tuple(value) if isinstance(value, list) else value for field, value in cache[key].items()}
            clips.append(Clip(name=name, group=group, relation=relation, **facts))  # type: ignore[arg-type]
    work.mkdir(parents=True, exist_ok=True)
    cache_path.write_text(json.dumps(cache, indent=1))
    return tuple(clips)


def read_pairs(folder: Path) -> tuple[Pair, ...]:
    """The rows of `pairs.csv` beside the clips; none without it."""
    path = folder / "pairs.csv"
    if not path.exists():
        return ()
    with path.open(newline="") as file:
        return tuple(
            Pair(row["a"], row["b"], row["kind"], float(row["audio_offset_s"]) if row["audio_offset_s"] else None)
            for row in csv.DictReader(file)
        )


def _manifest(folder: Path) -> Mapping[str, tuple[str, str]]:
    path = folder / "manifest.csv"
    if not path.exists():
        return {}
    with path.open(newline="") as file:
        return {row["path"]: (row["group"], row["relation"]) for row in csv.DictReader(file)}


def _names(folder: Path, known: Mapping[str, tuple[str, str]]) -> Iterator[str]:
    endings = IMAGES | SOUNDS | VIDEOS
    for path in sorted(folder.rglob("*")):
        name = str(path.relative_to(folder))
        if path.is_file() and path.suffix.lower() in endings and (not known or name in known):
            yield name


def _measure(path: Path) -> dict[str, object]:
    try:
        return dataclasses.asdict(_facts(path))
    except (av.FFmpegError, ValueError, IndexError):
        return {"kind": "unreadable"}


@dataclass(frozen=True, slots=True)
class _Facts:
    kind: str
    seconds: float
    width: int
    height: int
    motion: tuple[float, ...]
    contrast: tuple[float, ...]
    loud_seconds: float


def _facts(path: Path) -> _Facts:
    if path.suffix.lower() in IMAGES:
        picture = cv2.imread(str(path))
        if picture is None:
            raise ValueError(f"expected a picture in {path.name}, got none")
        return _Facts("image", 0.0, picture.shape[1], picture.shape[0], (), (), 0.0)
    samples = read_sound(path)
    whole = len(samples) // SOUND_RATE
    level = np.sqrt((samples[: whole * SOUND_RATE].reshape(whole, SOUND_RATE) ** 2).mean(1)) if whole else np.zeros(0)
    loud = float((level > 10 ** (-45 / 20)).sum())
    if path.suffix.lower() in SOUNDS:
        return _Facts("sound", len(samples) / SOUND_RATE, 0, 0, (), (), loud)
    seconds, thumbs, size = read_thumbs(path)
    steps = np.searchsorted(seconds, np.arange(0, seconds[-1], 0.5))
    chosen = thumbs[np.minimum(steps, len(thumbs) - 1)].astype(np.float32)
    moved = np.abs(np.diff(chosen, axis=0)).mean((1, 2)) if len(chosen) > 1 else np.zeros(1)
    frame = float(np.median(np.diff(seconds))) if len(seconds) > 1 else 0.0
    motion = tuple(float(value) for value in moved.round(2))
    contrast = tuple(float(value) for value in chosen.std((1, 2)).round(2))
    return _Facts("video", float(seconds[-1]) + frame, size[0], size[1], motion, contrast, loud)


def read_thumbs(path: Path) -> tuple[npt.NDArray[np.float64], Thumbs, tuple[int, int]]:
    """Seconds and small grey pictures (uint8, shape (n, 32, 32)) of all frames, and the size of the upright picture."""
    seconds: list[float] = []
    thumbs: list[Thumbs] = []
    with av.open(str(path)) as container:
        stream = container.streams.video[0]
        aspect = float(stream.sample_aspect_ratio or 1) or 1.0
        size, quarters = (round(stream.width * aspect), stream.height), 0
        for frame in container.decode(stream):
            if frame.time is None:
                continue
            quarters = round(frame.rotation / 90) % 4
            small = frame.reformat(width=THUMB, height=THUMB, format="gray", interpolation="AREA")
            seconds.append(frame.time)
            thumbs.append(np.rot90(small.to_ndarray(), quarters).astype(np.uint8))
    if not seconds:
        raise ValueError(f"expected pictures in {path.name}, got none")
    upright = (size[1], size[0]) if quarters % 2 else size
    return np.array(seconds) - seconds[0], np.stack(thumbs), upright
