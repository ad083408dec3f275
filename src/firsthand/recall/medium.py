"""The review tracks of a query and of an item, read as they are needed and kept as far as memory allows."""

from collections import OrderedDict
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import cv2
import numpy as np
import numpy.typing as npt

from firsthand.media.review import review_gray, review_pictures
from firsthand.media.review_stretch import read_gray
from firsthand.recall.register import Features, features, mirror
from firsthand.recall.tracks import Track

_WHOLE_SECONDS = 90.0  # shorter media are read and searched whole
_BLOCK_SECONDS = 20.0
_KEPT_BYTES = 48 << 20  # of blocks: 7 of a query's largest track, 28 of an item's
_KEPT_PICTURES = 48
_KEPT_FEATURES = 96

_Key = tuple[float, tuple[float, float, float, float], bool]


class _Kept[Name: Hashable, Value]:
    """Values by name, up to a total size; what was not asked for the longest makes room, and is made anew if needed."""

    def __init__(self, most: int, size: Callable[[Value], int] = lambda _: 1) -> None:
        self._most, self._size = most, size
        self._values: OrderedDict[Name, Value] = OrderedDict()
        self._total = 0

    @property
    def total(self) -> int:
        return self._total

    def get(self, name: Name) -> Value | None:
        if name in self._values:
            self._values.move_to_end(name)
        return self._values.get(name)

    def put(self, name: Name, value: Value) -> None:
        self._values[name] = value
        self._total += self._size(value)
        while self._total > self._most and len(self._values) > 1:
            self._total -= self._size(self._values.popitem(last=False)[1])


def _bytes(track: Track) -> int:
    return int(track.frames.nbytes)


@dataclass(slots=True)
class Medium:
    """One side of a comparison: a review file, and what was already read from it.

    `longest_side` is that of its grey tracks in pixels. Short media are read whole; of others some blocks are kept, so
    that neither the length of a medium nor how far apart its stretches lie decides what they take in memory.
    """

    review: Path
    still: bool
    longest_side: int
    duration_seconds: float | None = None
    _pictures: _Kept[float, npt.NDArray[np.uint8]] = field(default_factory=lambda: _Kept(_KEPT_PICTURES))
    _features: _Kept[_Key, Features] = field(default_factory=lambda: _Kept(_KEPT_FEATURES))
    _blocks: _Kept[int, Track] = field(default_factory=lambda: _Kept(_KEPT_BYTES, _bytes))
    _whole: Track | None = None
    _gray_size: tuple[int, int] | None = None

    @property
    def kept_bytes(self) -> int:
        """What is kept of a long medium's grey pictures."""
        return self._blocks.total

    def pictures(self, times: Sequence[float]) -> list[npt.NDArray[np.uint8]]:
        """The pictures nearest to `times`, uint8, shape (height, width, 3)."""
        known = {time: picture for time in times if (picture := self._pictures.get(time)) is not None}
        missing = sorted(set(times) - set(known))
        if missing:
            for time, (_, picture) in zip(missing, review_pictures(self.review, missing), strict=True):
                known[time] = picture
                self._pictures.put(time, picture)
        return [known[time] for time in times]

    def features(self, time: float, box: tuple[float, float, float, float], *, mirrored: bool = False) -> Features:
        """The local features of the picture at `time` within `box`, mirrored if asked."""
        key = (time, box, mirrored)
        found = self._features.get(key)
        if found is None:
            found = mirror(self.features(time, box)) if mirrored else features(_region(self.pictures([time])[0], box))
            self._features.put(key, found)
        return found

    def track(self, start: float, end: float) -> Track:
        """Grey pictures from `start` to `end` seconds; one picture at time 0 for a still."""
        if self.still:
            return Track(np.zeros(1), _gray(self.pictures([0.0])[0], self.longest_side)[None])
        if self.duration_seconds is not None and self.duration_seconds <= _WHOLE_SECONDS:
            if self._whole is None:
                width, height = self._track_size(0.0)
                times, frames = review_gray(self.review, width, height, -_WHOLE_SECONDS, 2 * _WHOLE_SECONDS)
                self._whole = Track(times, frames)
            return self._whole
        first, last = int(max(0.0, start) // _BLOCK_SECONDS), int(self._bounded(end) // _BLOCK_SECONDS)
        parts = [self._block(number).between(start, end) for number in range(first, last + 1)]
        if not parts:
            width, height = self._track_size(0.0)
            return Track(np.zeros(0), np.zeros((0, height, width), np.uint8))
        return Track(np.concatenate([one.times for one in parts]), np.concatenate([one.frames for one in parts]))

    def _bounded(self, end: float) -> float:
        """`end`, or where the medium ends, if that is known."""
        return end if self.duration_seconds is None else min(end, self.duration_seconds + _BLOCK_SECONDS)

    def _block(self, number: int) -> Track:
        kept = self._blocks.get(number)
        if kept is None:
            start = number * _BLOCK_SECONDS
            kept = Track(*read_gray(self.review, *self._track_size(start), start, start + _BLOCK_SECONDS))
            self._blocks.put(number, kept)
        return kept

    def _track_size(self, time: float) -> tuple[int, int]:
        """Width and height of the grey pictures; those of a review track are all of one size."""
        if self._gray_size is None:
            self._gray_size = _size(self.pictures([time])[0], self.longest_side)
        return self._gray_size


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
