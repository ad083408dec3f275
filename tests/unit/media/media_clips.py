"""Media made from a seed, and what children are asked to do with files."""

import resource
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import numpy as np
import numpy.typing as npt

from firsthand.media.budget import Budget
from firsthand.media.decoding import Decoding
from firsthand.media.observe import observe
from firsthand.media.picture import Picture
from firsthand.media.write import VideoWriter
from firsthand.model.item import Facts

type Pixels = npt.NDArray[np.uint8]

WIDTH, HEIGHT = 96, 64


def picture(index: int, width: int = WIDTH, height: int = HEIGHT) -> Pixels:
    """Coarse colours that wander to the right, eight pixels a frame; no two of the first twelve are alike."""
    coarse = np.random.default_rng(7).integers(0, 256, (height // 8, width // 8, 3), dtype=np.uint8)
    return np.roll(np.kron(coarse, np.ones((8, 8, 1), np.uint8)), 8 * index, axis=1)


def clip(
    path: Path,
    count: int = 12,
    *,
    rate: int = 25,
    codec: str | None = None,
    pixel_format: str = "yuv420p",
    times: Sequence[float] | None = None,
    size: tuple[int, int] = (WIDTH, HEIGHT),
    sound_seconds: float = 0.0,
    prepare: Callable[[VideoWriter], None] | None = None,
    options: dict[str, str] | None = None,
) -> Path:
    """Writes `picture(0)`, `picture(1)`, … to `path`."""
    with VideoWriter(
        path, *size, Fraction(rate), codec, pixel_format=pixel_format, bit_rate=2_000_000, options=options
    ) as writer:
        if prepare is not None:
            prepare(writer)
        if sound_seconds:
            writer.add_sound(tone(sound_seconds), 48_000)
        for index in range(count):
            writer.write(picture(index, *size), None if times is None else times[index])
    return path


def tone(seconds: float, hertz: int = 48_000) -> npt.NDArray[np.float32]:
    return (0.3 * np.sin(np.arange(round(seconds * hertz)) * 2 * np.pi * 440 / hertz)).astype(np.float32)


def difference(one: npt.NDArray[np.generic], other: npt.NDArray[np.generic]) -> float:
    """Mean absolute difference of two pictures, in levels of 255."""
    assert one.shape == other.shape
    return float(np.abs(one.astype(int) - other.astype(int)).mean())


class Album:
    """An observer that keeps everything."""

    def __init__(self) -> None:
        self.pictures: list[Picture] = []
        self.closed = 0

    def picture(self, picture: Picture) -> None:
        self.pictures.append(picture)

    def close(self) -> None:
        self.closed += 1

    @property
    def times(self) -> list[float]:
        return [round(picture.time_seconds, 6) for picture in self.pictures]


def seen(path: Path, *, decoding: Decoding = Decoding.FULL, budget: Budget | None = None) -> tuple[Facts, Album]:
    album = Album()
    return observe(path, [album], decoding=decoding, budget=budget), album


@dataclass(frozen=True)
class Look:
    path: Path


@dataclass(frozen=True)
class Looked:
    facts: Facts
    peak_bytes: int


def look(request: Look, report: Callable[[float], None]) -> Looked:
    """What a child does in the tests of hostile files."""
    facts = observe(request.path, on_progress=report)
    return Looked(facts, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024)
