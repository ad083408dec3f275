"""The map of pictures to a fraction of a pixel, by the correlation of aligned pictures themselves.

Local features leave the map a pixel or two off where the picture is small or blurred, and what moves is then compared
beside its place. Source: Evangelidis and Psarakis, "Parametric Image Alignment using Enhanced Correlation Coefficient
Maximization" (PAMI 2008), as OpenCV has it.
"""

from collections.abc import Sequence

import cv2
import numpy as np
import numpy.typing as npt

from firsthand.recall.tracks import pixel_matrix, shrunk

_ROUNDS = 40
_PRECISION = 1e-4
_BLUR = 3  # pixels
_LARGEST_MOVE = 0.08  # of the picture: further away it has lost its hold


def refined_maps(
    pairs: Sequence[tuple[npt.NDArray[np.uint8], npt.NDArray[np.uint8]]], matrix: npt.NDArray[np.float64]
) -> list[npt.NDArray[np.float64]]:
    """The maps (3, 3), query to archive in fractions, that single pairs of grey pictures lead to from `matrix`."""
    found = []
    for query, archive in pairs:
        better = _refined(query, archive, matrix)
        if better is not None:
            found.append(better)
    return found


def _refined(
    query: npt.NDArray[np.uint8], archive: npt.NDArray[np.uint8], matrix: npt.NDArray[np.float64]
) -> npt.NDArray[np.float64] | None:
    height, width = archive.shape
    small = shrunk(query, matrix, width, height)
    back = np.linalg.inv(pixel_matrix(matrix, width, height, small.shape[1], small.shape[0]))
    back /= back[2, 2]
    affine = bool(np.abs(back[2, :2]).max() * max(width, height) < 0.02)
    start = back[:2].astype(np.float32) if affine else back.astype(np.float32)
    kind = cv2.MOTION_AFFINE if affine else cv2.MOTION_HOMOGRAPHY
    stop = (cv2.TERM_CRITERIA_EPS | cv2.TERM_CRITERIA_COUNT, _ROUNDS, _PRECISION)
    everywhere = np.full(small.shape, 255, np.uint8)
    try:
        _, warp = cv2.findTransformECC(archive, small, start, kind, stop, everywhere, _BLUR)
    except cv2.error:
        return None  # it did not converge
    whole = np.vstack([warp, [0.0, 0.0, 1.0]]) if affine else warp
    if not np.isfinite(whole).all() or abs(np.linalg.det(whole[:2, :2])) < 1e-6:
        return None
    better = _fractions(whole.astype(np.float64), archive, small)
    return better if _near(better, matrix) else None


def _fractions(
    warp: npt.NDArray[np.float64], archive: npt.NDArray[np.uint8], query: npt.NDArray[np.uint8]
) -> npt.NDArray[np.float64]:
    """From a warp of the archive's pixel centres onto the query's to the map of fractions the other way."""
    centre = np.array([[1, 0, 0.5], [0, 1, 0.5], [0, 0, 1.0]])
    sides = [np.diag([1 / picture.shape[1], 1 / picture.shape[0], 1.0]) for picture in (query, archive)]
    there = sides[0] @ centre @ warp @ np.linalg.inv(centre) @ np.linalg.inv(sides[1])
    back = np.linalg.inv(there)
    return np.asarray(back / back[2, 2], np.float64)


def _near(better: npt.NDArray[np.float64], matrix: npt.NDArray[np.float64]) -> bool:
    """Whether the archive's corners come from about the same place."""
    corners = np.array([[[0, 0], [1, 0], [1, 1], [0, 1]]], np.float64)
    before = cv2.perspectiveTransform(corners, np.linalg.inv(matrix))
    after = cv2.perspectiveTransform(corners, np.linalg.inv(better))
    size = float(np.ptp(before[0], axis=0).max())
    return bool(np.isfinite(after).all() and np.abs(after - before).max() < _LARGEST_MOVE * size)
