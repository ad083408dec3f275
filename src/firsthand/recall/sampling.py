"""Which pictures of a medium are described.

Two a second at least; more, up to five, where the picture changes: at one a second moving footage falls between the
samples of its copy.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from firsthand.media.picture import Picture

_THUMBNAIL = (32, 18)
_REST_SECONDS = 0.5
_LEAST_SECONDS = 0.2
_CHANGE = 7.0  # mean grey levels between thumbnails that call for another sample
_CUT = 28.0
_CUT_SECONDS = 0.07
_SHOT_SAMPLES = 40


@dataclass(frozen=True, slots=True)
class Shot:
    """Samples of a stretch without a hard cut: seconds, and pictures uint8 (height, width, 3) of one size."""

    times: tuple[float, ...]
    pictures: tuple[npt.NDArray[np.uint8], ...]


class Sampler:
    """An observer that hands on the samples of each shot, at most forty at a time."""

    def __init__(self, on_shot: Callable[[Shot], None], *, longest_side: int) -> None:
        self._on_shot = on_shot
        self._longest_side = longest_side
        self._times: list[float] = []
        self._pictures: list[npt.NDArray[np.uint8]] = []
        self._kept: npt.NDArray[np.int16] | None = None
        self._kept_time = 0.0

    def picture(self, picture: Picture) -> None:
        """Keep the picture where it is due."""
        since = picture.time_seconds - self._kept_time
        if self._kept is not None and since < _CUT_SECONDS:
            return
        thumbnail = picture.gray(*_THUMBNAIL).astype(np.int16)
        change = float(np.abs(thumbnail - self._kept).mean()) if self._kept is not None else 255.0
        due = since >= _REST_SECONDS or (since >= _LEAST_SECONDS and change >= _CHANGE) or change >= _CUT
        if self._kept is not None and not due:
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
