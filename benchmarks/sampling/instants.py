"""Which instants of a file the samplings describe, told from thumbnails alone."""

from collections.abc import Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, field
from unittest import mock

import numpy as np
import numpy.typing as npt

from firsthand.media.picture import Picture
from firsthand.recall import sampling
from firsthand.recall.sampling import Sampler

type Times = npt.NDArray[np.float64]

TODAY = "adaptive"
FIXED: Mapping[str, float] = {"1 a second": 1.0, "2 a second": 2.0, "5 a second": 5.0}
ADAPTIVE: Mapping[str, Mapping[str, float]] = {
    TODAY: {},
    "adaptive, 1 to 5 a second": {"_REST_SECONDS": 1.0},
    "adaptive, from 4 levels on": {"_CHANGE": 4.0},
    "adaptive, from 12 levels on": {"_CHANGE": 12.0},
}
"""The product's sampler, as it is and with other values of its constants."""
SAMPLINGS = (*FIXED, *ADAPTIVE)
_THUMBNAIL = (32, 18)


@dataclass(frozen=True, slots=True)
class Glimpse:
    """All that a sampler asks of a picture, from a kept thumbnail."""

    time_seconds: float
    thumbnail: npt.NDArray[np.uint8]
    size: tuple[int, int]

    def gray(self, width: int, height: int) -> npt.NDArray[np.uint8]:
        if (width, height) != _THUMBNAIL:
            raise ValueError(f"expected a thumbnail of {_THUMBNAIL} to be asked for, got {(width, height)}")
        return self.thumbnail

    def rgb(self, longest_side: int) -> npt.NDArray[np.uint8]:  # noqa: ARG002 - a stand-in
        return np.broadcast_to(np.uint8(0), (self.size[1], self.size[0], 3))


@dataclass(slots=True)
class Glimpses:
    """An observer that keeps a thumbnail of every picture."""

    every: list[Glimpse] = field(default_factory=list)

    def picture(self, picture: Picture) -> None:
        size = (picture.width, picture.height)
        self.every.append(Glimpse(picture.time_seconds, picture.gray(*_THUMBNAIL), size))

    def close(self) -> None:
        """There is nothing to finish."""


def shots(glimpses: Sequence[Glimpse], constants: Mapping[str, float]) -> list[Times]:
    """The instants that the product's sampler keeps, shot by shot, under other constants."""
    found: list[Times] = [np.empty(0)] if not glimpses else []
    with mock.patch.multiple(sampling, **constants) if constants else nullcontext():
        sampler = Sampler(lambda shot: found.append(np.array(shot.times)), longest_side=1)
        for glimpse in glimpses:
            sampler.picture(glimpse)  # type: ignore[arg-type] - all that it asks for
        sampler.close()
    return found


def evenly(glimpses: Sequence[Glimpse], a_second: float) -> Times:
    """The first picture at or after each beat."""
    times = np.array([glimpse.time_seconds for glimpse in glimpses])
    if not times.size:
        return times
    beats = np.arange(0, times[-1] + 1e-6, 1 / a_second)
    places = np.unique(np.searchsorted(times, beats - 1e-6))
    return times[places[places < len(times)]]
