"""Which instants of a file the samplings describe, told from thumbnails alone."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import cv2
import numpy as np
import numpy.typing as npt

from firsthand.media.picture import Picture
from firsthand.recall.sampling import OF_ITEM, OF_QUERY, Pace, Sampler

type Times = npt.NDArray[np.float64]

TODAY = "adaptive, 1 to 2.5 a second"
OF_QUERIES = "adaptive, 2 to 5 a second"
FIXED: Mapping[str, float] = {"1 a second": 1.0, "2 a second": 2.0, "5 a second": 5.0}
ADAPTIVE: Mapping[str, Pace] = {
    TODAY: OF_ITEM,
    OF_QUERIES: OF_QUERY,
    "adaptive, 1 to 1.7 a second": replace(OF_ITEM, least_seconds=0.6, change=12.0),
    "adaptive, 1 to 5 a second": replace(OF_QUERY, rest_seconds=1.0),
}
"""The product's sampler, at the pace for items, the one for queries, and others."""
SAMPLINGS = (*FIXED, *ADAPTIVE)
_GLANCE_SIDE = 320


@dataclass(frozen=True, slots=True)
class Glimpse:
    """All that a sampler asks of a picture, from a kept thumbnail."""

    time_seconds: float
    thumbnail: npt.NDArray[np.uint8]
    size: tuple[int, int]

    def luma(self, _longest_side: int) -> npt.NDArray[np.uint8]:
        return self.thumbnail

    def rgb(self, longest_side: int) -> npt.NDArray[np.uint8]:  # noqa: ARG002 - a stand-in
        return np.broadcast_to(np.uint8(0), (self.size[1], self.size[0], 3))


@dataclass(slots=True)
class Glimpses:
    """An observer that keeps a thumbnail of every picture."""

    every: list[Glimpse] = field(default_factory=list)

    def picture(self, picture: Picture) -> None:
        size = (picture.width, picture.height)
        self.every.append(Glimpse(picture.time_seconds, _thumbnail(picture), size))

    def close(self) -> None:
        """There is nothing to finish."""


def _thumbnail(picture: Picture) -> npt.NDArray[np.uint8]:
    """As the sampler makes it: made again of itself it is the same."""
    luma = picture.luma(_GLANCE_SIDE)
    return np.asarray(cv2.resize(luma, (32, 18), interpolation=cv2.INTER_AREA), np.uint8)


def shots(glimpses: Sequence[Glimpse], pace: Pace) -> list[Times]:
    """The instants that the product's sampler keeps at a pace, shot by shot."""
    found: list[Times] = [np.empty(0)] if not glimpses else []
    sampler = Sampler(lambda shot: found.append(np.array(shot.times)), pace, longest_side=1)
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
