"""The region that two registered pictures share."""

from typing import cast

import cv2
import numpy as np
import numpy.typing as npt

from firsthand.model.box import WHOLE, Box
from firsthand.model.picture import Outline

_LEAST_OF_MAP = 0.4  # of the mapped area: a pane that holds less of it is another rectangle
_MOST_OF_REGION = 0.9  # of what agrees: where more lies outside, the copy is not confined to the pane
_UNIT = np.array([[0, 0], [1, 0], [1, 1], [0, 1]], np.float32)


def _moved(corners: npt.NDArray[np.float32], matrix: npt.NDArray[np.float64]) -> npt.NDArray[np.float32]:
    return np.asarray(cv2.perspectiveTransform(corners[None].astype(np.float64), matrix)[0], np.float32)


def outlines(matrix: npt.NDArray[np.float64], pane: Box = WHOLE) -> tuple[Outline, Outline] | None:
    """The shared region in the query's and in the archived picture; `None` where they share nothing.

    Args:
        matrix: shape (3, 3), query to archive in fractions of the pictures.
        pane: the part of the query's picture in which the copy lies.
    """
    reach = _moved(_corners(pane), matrix)
    if not np.isfinite(reach).all():
        return None
    area, shared = cv2.intersectConvexConvex(cv2.convexHull(reach), _UNIT)
    if area < 1e-6 or shared is None:
        return None
    archive = cv2.approxPolyDP(shared.astype(np.float32), 1e-4, closed=True).reshape(-1, 2)
    corners = np.asarray(archive, np.float32)
    return _outline(_moved(corners, np.linalg.inv(matrix))), _outline(corners)


def _corners(box: Box) -> npt.NDArray[np.float32]:
    return (_UNIT * [box.width, box.height] + [box.x, box.y]).astype(np.float32)


def pane_of(candidate: Box, matrix: npt.NDArray[np.float64], region: Box) -> Box:
    """The pane of the query's picture that holds the copy: `candidate` where the pictures bear it out, else the whole.

    Where a copy is cropped to fit a pane, the map of pictures goes on beyond it. What agrees then lies within the pane.

    Args:
        candidate: the rectangle by which the copy was found.
        matrix: shape (3, 3), query to archive in fractions of the pictures.
        region: of the archived picture, that agrees.
    """
    whole, part = outlines(matrix), outlines(matrix, candidate)
    if whole is None or part is None:
        return WHOLE
    reach, shown = hull(whole[0]), hull(part[1])
    if reach is None or shown is None or not _LEAST_OF_MAP * reach.area <= _shared(reach, candidate):
        return WHOLE
    return candidate if _shared(region, shown) >= _MOST_OF_REGION * region.area else WHOLE


def _shared(one: Box, other: Box) -> float:
    width = min(one.x + one.width, other.x + other.width) - max(one.x, other.x)
    height = min(one.y + one.height, other.y + other.height) - max(one.y, other.y)
    return max(0.0, width) * max(0.0, height)


def _outline(corners: npt.NDArray[np.float32]) -> Outline:
    return cast("Outline", tuple((float(x), float(y)) for x, y in corners))


def hull(outline: Outline) -> Box | None:
    """The axis-aligned box around an outline, within the picture."""
    corners = np.array(outline)
    (left, top), (right, bottom) = corners.min(axis=0), corners.max(axis=0)
    return Box.clipped(float(left), float(top), float(right), float(bottom))
