"""The loudness of both sides of a shared stretch of sound, one above the other."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from firsthand.desk.report.clock import stretch
from firsthand.model.sound import LevelPair

_HEIGHT = 28.0
"""Half the height of each drawing, whose canvas is as wide as there are levels."""


@dataclass(frozen=True, slots=True)
class Wave:
    """Two outlines as SVG points in a canvas of `width` by 56, with what they are in words."""

    width: int
    query: str
    archive: str
    query_label: str
    archive_label: str
    words: str


def wave(pair: LevelPair) -> Wave:
    """What the page draws of a pair."""
    here, there = stretch(pair.query), stretch(pair.archive)
    return Wave(
        len(pair.query_levels),
        _outline(pair.query_levels),
        _outline(pair.archive_levels),
        f"This sound, {here}",
        f"Archived item, {there}",
        f"Loudness of this sound at {here}, and below it that of the archived item at {there}",
    )


def _outline(levels: npt.NDArray[np.float32]) -> str:
    """The corners of a shape as high as the sound is loud, mirrored about the middle."""
    heights = np.clip(np.nan_to_num(levels), 0, 1) * (_HEIGHT - 1) + 0.5
    upper = [f"{x},{_HEIGHT - height:.1f}" for x, height in enumerate(heights.tolist())]
    lower = [f"{x},{_HEIGHT + height:.1f}" for x, height in enumerate(heights.tolist())]
    return " ".join(upper + lower[::-1])
