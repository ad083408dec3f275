"""Pictures that show how two stretches line up without showing anyone's face or any writing.

What a person covered is filled before anything else touches the picture, so that nothing under it reaches the average;
then the picture is averaged to a grid too coarse to undo, and drawn up again softly. Nothing else of it is kept.
"""

from collections.abc import Sequence

import cv2
import numpy as np
import numpy.typing as npt

from firsthand.model.box import WHOLE, Box
from firsthand.model.picture import Outline

Picture = npt.NDArray[np.uint8]
Corners = npt.NDArray[np.float64]

GRID = 24
"""Cells along the longer side: eight to a face that fills a third of the picture, so pose and light, no features."""
_LEAST_AVERAGED = 8
_DRAWN_LONG_SIDE = 320
_CLEAR_LONG_SIDE = 720
_FILL = (26, 29, 33)
_MARGIN = 0.02
"""How far a mapped box is widened, since an alignment errs by a little."""
_FLATTEST = 1e-6
_FARTHEST = 6.0
"""Picture widths beyond which a mapped corner says more about the alignment than about the box."""


def blurred(picture: Picture, covered: Sequence[Corners] = ()) -> Picture:
    """The redacted derivative: covered regions filled, the rest averaged to `GRID` cells and softened.

    Args:
        picture: uint8, shape (height, width, 3), RGB.
        covered: polygons, shape (n, 2), as fractions of the picture.
    """
    filled = _filled(picture, covered)
    height, width = filled.shape[:2]
    longer = max(height, width)
    cells = min(GRID, max(1, longer // _LEAST_AVERAGED))
    coarse = cv2.resize(filled, _scaled(width, height, cells / longer), interpolation=cv2.INTER_AREA)
    soft = cv2.GaussianBlur(coarse, (0, 0), 0.7)
    size = _scaled(width, height, _DRAWN_LONG_SIDE / longer)
    drawn = cv2.resize(soft, size, interpolation=cv2.INTER_CUBIC)
    return _filled(drawn.astype(np.uint8, copy=False), covered)


def clear(picture: Picture, covered: Sequence[Corners] = ()) -> Picture:
    """The picture as it is, at most 720 pixels long, with covered regions filled."""
    filled = _filled(picture, covered)
    height, width = filled.shape[:2]
    scale = min(1.0, _CLEAR_LONG_SIDE / max(height, width))
    small = cv2.resize(filled, _scaled(width, height, scale), interpolation=cv2.INTER_AREA)
    return _filled(small.astype(np.uint8, copy=False), covered)


def corners_of(box: Box) -> Corners:
    """The corners of a box, clockwise from its top left."""
    left, top, right, bottom = box.x, box.y, box.x + box.width, box.y + box.height
    return np.array([(left, top), (right, top), (right, bottom), (left, bottom)], np.float64)


def carried_over(box: Box, query_outline: Outline, archive_outline: Outline) -> Corners:
    """What a box drawn on the query covers in the archived picture, a little widened.

    Where the outlines do not say how the pictures lie on one another, the whole archived picture is covered: a person
    asked for something to be hidden, and a guess could show it.
    """
    if query_outline == archive_outline:
        return corners_of(box)
    homography = _homography(query_outline, archive_outline)
    if homography is None:
        return corners_of(WHOLE)
    mapped = np.hstack([corners_of(box), np.ones((4, 1))]) @ homography.T
    depth = mapped[:, 2:]
    if not (np.isfinite(mapped).all() and (depth > _FLATTEST).all()):
        return corners_of(WHOLE)
    flat = mapped[:, :2] / depth
    centre = flat.mean(axis=0)
    outwards = np.sign(flat - centre) * _MARGIN
    return np.asarray(flat + outwards, np.float64) if abs(flat).max() < _FARTHEST else corners_of(WHOLE)


def _homography(query_outline: Outline, archive_outline: Outline) -> Corners | None:
    """The map of query to archive fractions, with depth 1 at the region's centre; `None` if there is none."""
    if len(query_outline) != 4 or len(archive_outline) != 4:
        return None
    query, archive = (np.asarray(outline, np.float32) for outline in (query_outline, archive_outline))
    if min(abs(cv2.contourArea(query)), abs(cv2.contourArea(archive))) < _FLATTEST:
        return None
    matrix = np.asarray(cv2.getPerspectiveTransform(query, archive), np.float64)
    depth = float(matrix[2] @ np.array([*query.mean(axis=0), 1.0]))
    return matrix / depth if np.isfinite(matrix).all() and abs(depth) > _FLATTEST else None


def _scaled(width: int, height: int, scale: float) -> tuple[int, int]:
    return max(1, round(width * scale)), max(1, round(height * scale))


def _filled(picture: Picture, covered: Sequence[Corners]) -> Picture:
    canvas = np.ascontiguousarray(picture).copy()
    height, width = canvas.shape[:2]
    for polygon in covered:
        pixels = np.rint(polygon * (width, height)).astype(np.int32)
        cv2.fillPoly(canvas, [pixels], _FILL)
    return canvas
