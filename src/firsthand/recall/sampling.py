"""Which pictures of a medium are described.

At one a second on both sides moving footage falls between the samples of its copy. So a query is sampled two to five
times a second, as much as it changes; the archive, where each descriptor is paid for once and kept for ever, once to
two and a half times.
"""

from collections.abc import Callable
from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from firsthand.media.cadence import Cadence
from firsthand.media.picture import Picture

_THUMBNAIL = (32, 18)
_LIMITED_RANGE = 219 / 255
_CUT = 28.0  # mean grey levels between thumbnails
_SHOT_SAMPLES = 40
_JITTER_SECONDS = 0.05  # half of the time between looks


@dataclass(frozen=True, slots=True)
class Pace:
    """How often a medium is sampled.

    Attributes:
        rest_seconds: between samples where nothing changes.
        least_seconds: between samples where much does; half of it where the picture is another one.
        change: mean grey levels between thumbnails that call for another sample.
    """

    rest_seconds: float
    least_seconds: float
    change: float


OF_QUERY = Pace(rest_seconds=0.5, least_seconds=0.2, change=7.0)
OF_ITEM = Pace(rest_seconds=1.0, least_seconds=0.4, change=9.0)


@dataclass(frozen=True, slots=True)
class Shot:
    """Samples of a stretch without a hard cut: seconds, and pictures uint8 (height, width, 3) of one size."""

    times: tuple[float, ...]
    pictures: tuple[npt.NDArray[np.uint8], ...]


class Sampler:
    """An observer that hands on the samples of each shot, at most forty at a time."""

    def __init__(
        self, on_shot: Callable[[Shot], None], pace: Pace, *, longest_side: int, glance_side: int = 320
    ) -> None:
        """Looks at ten pictures a second, at `glance_side` pixels; what is kept has `longest_side`."""
        self._on_shot = on_shot
        self._pace = pace
        self._longest_side = longest_side
        self._glance_side = glance_side
        self._cadence = Cadence()
        self._times: list[float] = []
        self._pictures: list[npt.NDArray[np.uint8]] = []
        self._kept: npt.NDArray[np.int16] | None = None
        self._kept_time = 0.0

    def picture(self, picture: Picture) -> None:
        """Keep the picture where it is due."""
        if not self._cadence.is_due(picture.time_seconds):
            return
        thumbnail = _thumbnail(picture.luma(self._glance_side))
        change = 255.0 if self._kept is None else float(np.abs(thumbnail - self._kept).mean()) / _LIMITED_RANGE
        since, pace = picture.time_seconds - self._kept_time, self._pace
        changed = since >= pace.least_seconds - _JITTER_SECONDS and change >= pace.change
        is_cut = since >= pace.least_seconds / 2 - _JITTER_SECONDS and change >= _CUT
        if self._kept is not None and not (changed or is_cut or since >= pace.rest_seconds - _JITTER_SECONDS):
            return
        rgb = picture.rgb(self._longest_side)
        resized = bool(self._pictures) and self._pictures[-1].shape != rgb.shape
        if change >= _CUT or resized or len(self._times) == _SHOT_SAMPLES:
            self._hand_on()
        self._times.append(picture.time_seconds)
        self._pictures.append(rgb)
        self._kept, self._kept_time = thumbnail, picture.time_seconds

    def close(self) -> None:
        """Hand on what is left."""
        self._hand_on()

    def _hand_on(self) -> None:
        if self._times:
            self._on_shot(Shot(tuple(self._times), tuple(self._pictures)))
        self._times, self._pictures = [], []


def _thumbnail(luma: npt.NDArray[np.uint8]) -> npt.NDArray[np.int16]:
    return np.asarray(cv2.resize(luma, _THUMBNAIL, interpolation=cv2.INTER_AREA), np.int16)
