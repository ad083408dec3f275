"""Pictures that show a match."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Outline = tuple[tuple[float, float], ...]
"""Corners of a region, in order, as fractions of the upright picture (x, y); may reach beyond it."""


@dataclass(frozen=True, slots=True)
class PicturePair:
    """The same instant in query and item, with the shared region outlined in each.

    Times are seconds; pictures are uint8, shape (height, width, 3), RGB, upright.
    """

    query_time: float
    archive_time: float
    query_picture: npt.NDArray[np.uint8]
    archive_picture: npt.NDArray[np.uint8]
    query_outline: Outline
    archive_outline: Outline
    inliers: int
