"""The review tracks of a query and of an item, read as they are needed."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import cv2
import numpy as np
import numpy.typing as npt

from firsthand.media.review import review_gray, review_pictures
from firsthand.recall.register import Features, features, mirror
from firsthand.recall.tracks import Track

_WHOLE_SECONDS = 90.0  # shorter media are read and searched whole

_Key = tuple[float, tuple[float, float, float, float], bool]


@dataclass(slots=True)
class Medium:
    """One side of a comparison: a review file, and what was already read from it.

    `longest_side` is that of its grey tracks in pixels; short media are read whole.
    """

    review: Path
    still: bool
    longest_side: int
    duration_seconds: float | None = None
    _pictures: dict[float, npt.NDArray[np.uint8]] = field(default_factory=dict)
    _features: dict[_Key, Features] = field(default_factory=dict)
    _track: tuple[float, float, Track] | None = None

    def pictures(self, times: Sequence[float]) -> list[npt.NDArray[np.uint8]]:
        """The pictures nearest to `times`, uint8, shape (height, width, 3)."""
        missing = sorted({time for time in times if time not in self._pictures})
        if missing:
            for time, (_, picture) in zip(missing, review_pictures(self.review, missing), strict=True):
                self._pictures[time] = picture
        return [self._pictures[time] for time in times]

    def features(self, time: float, box: tuple[float, float, float, float], *, mirrored: bool = False) -> Features:
        """The local features of the picture at `time` within `box`, mirrored if asked."""
        key = (time, box, mirrored)
        if key not in self._features:
            if mirrored:
                self._features[key] = mirror(self.features(time, box))
            else:
                self._features[key] = features(_region(self.pictures([time])[0], box))
        return self._features[key]

    def track(self, start: float, end: float) -> Track:
        """Grey pictures from `start` to `end` seconds; one picture at time 0 for a still."""
        if self.still:
            return Track(np.zeros(1), _gray(self.pictures([0.0])[0], self.longest_side)[None])
        if self.duration_seconds is not None and self.duration_seconds <= _WHOLE_SECONDS:
            start, end = -_WHOLE_SECONDS, 2 * _WHOLE_SECONDS
        if self._track is None or start < self._track[0] or end > self._track[1]:
            low = min(start, self._track[0]) if self._track else start
            high = max(end, self._track[1]) if self._track else end
            width, height = _size(self.pictures([max(0.0, start)])[0], self.longest_side)
            times, frames = review_gray(self.review, width, height, low, high)
            self._track = low, high, Track(times, frames)
        return self._track[2].between(start, end)


def _size(picture: npt.NDArray[np.uint8], longest_side: int) -> tuple[int, int]:
    height, width = picture.shape[:2]
    scale = min(1.0, longest_side / max(height, width))
    return max(2, round(width * scale)), max(2, round(height * scale))


def _gray(picture: npt.NDArray[np.uint8], longest_side: int) -> npt.NDArray[np.uint8]:
    size = _size(picture, longest_side)
    return np.asarray(cv2.cvtColor(cv2.resize(picture, size, interpolation=cv2.INTER_AREA), cv2.COLOR_RGB2GRAY))


def _region(picture: npt.NDArray[np.uint8], box: tuple[float, float, float, float]) -> npt.NDArray[np.uint8]:
    height, width = picture.shape[:2]
    left, top = int(box[0] * width), int(box[1] * height)
    right, bottom = round((box[0] + box[2]) * width), round((box[1] + box[3]) * height)
    return picture[top : max(top + 2, bottom), left : max(left + 2, right)]


def within(box: tuple[float, float, float, float]) -> npt.NDArray[np.float64]:
    """The matrix, shape (3, 3), from fractions of the region to fractions of the picture."""
    return np.array([[box[2], 0, box[0]], [0, box[3], box[1]], [0, 0, 1.0]])
