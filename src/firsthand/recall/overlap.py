"""The region that two registered pictures share."""

from typing import cast

import cv2
import numpy as np
import numpy.typing as npt

from firsthand.model.box import Box
from firsthand.model.picture import Outline

_UNIT = np.array([[0, 0], [1, 0], [1, 1], [0, 1]], np.float32)


def _moved(corners: npt.NDArray[np.float32], matrix: npt.NDArray[np.float64]) -> npt.NDArray[np.float32]:
    return np.asarray(cv2.perspectiveTransform(corners[None].astype(np.float64), matrix)[0], np.float32)


def outlines(matrix: npt.NDArray[np.float64]) -> tuple[Outline, Outline] | None:
    """The shared region in the query's and in the archived picture; `None` where they share nothing.

    Args:
        matrix: shape (3, 3), query to archive in fractions of the pictures.
    """
    reach = _moved(_UNIT, matrix)
    if not np.isfinite(reach).all():
        return None
    area, shared = cv2.intersectConvexConvex(cv2.convexHull(reach), _UNIT)
    if area < 1e-6 or shared is None:
        return None
    archive = cv2.approxPolyDP(shared.astype(np.float32), 1e-4, closed=True).reshape(-1, 2)
    corners = np.asarray(archive, np.float32)
    return _outline(_moved(corners, np.linalg.inv(matrix))), _outline(corners)


def _outline(corners: npt.NDArray[np.float32]) -> Outline:
    return cast("Outline", tuple((float(x), float(y)) for x, y in corners))


def hull(outline: Outline) -> Box | None:
    """The axis-aligned box around an outline, within the picture."""
    corners = np.array(outline)
    (left, top), (right, bottom) = corners.min(axis=0), corners.max(axis=0)
    return Box.clipped(float(left), float(top), float(right), float(bottom))
