"""A region's outline, cut to its picture so that every side of it can be drawn."""

import cv2
import numpy as np
import numpy.typing as npt

from firsthand.model.picture import Outline

_INSET = 0.006
"""Distance from the picture's edge, so that an outline of the whole picture stays in sight."""


def drawable(outline: Outline) -> Outline:
    """The part of the region that lies within the picture, as fractions; empty where there is none.

    A region whose sides cross, or that bends inwards, is returned with its corners moved into the picture.
    """
    if len(outline) < 3 or not np.isfinite(outline).all():
        return ()
    corners = np.asarray(outline, np.float32)
    low, high = _INSET, 1 - _INSET
    if not cv2.isContourConvex(corners):
        return _points(corners.clip(low, high))
    frame = np.asarray([(low, low), (high, low), (high, high), (low, high)], np.float32)
    area, shared = cv2.intersectConvexConvex(corners, frame)
    points = _points(np.asarray(shared, np.float32).reshape(-1, 2)) if area > 0 else ()
    return points if len(points) >= 3 else ()


def _points(corners: npt.NDArray[np.float32]) -> Outline:
    return tuple((float(x), float(y)) for x, y in corners)
