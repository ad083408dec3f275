"""How the picture of a query lies on the picture of an item: local features that agree on one geometry.

SIFT (Lowe, IJCV 2004) with the ratio test, then RANSAC for a similarity (shift, scale, turn), refined to a homography
where the pictures support it (footage filmed off a screen). The query is tried mirrored too. Inliers are counted as
distinct places on both sides, and the scale must be plausible: without these two checks a degenerate collapse of many
features on one place passes for a match.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from typing import Any

import cv2
import numpy as np
import numpy.typing as npt

_FEATURES = 500
_RATIO = 0.78
_TOLERANCE = 0.012  # of the longer side of the archived picture
_SCALES = (0.12, 8.0)
_CELL = 4.0  # pixels: inliers within it count once
_LONGEST = 320.0  # pixels at which features are looked for


@dataclass(frozen=True, slots=True)
class Features:
    """Local features of one picture: places in pixels of `width` by `height`, shape (n, 2); RootSIFT, (n, 128)."""

    places: npt.NDArray[np.float32]
    descriptions: npt.NDArray[np.float32]
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class Registration:
    """A map of the query's upright picture onto the archived one, both in fractions of their sides.

    `matrix` is float64, shape (3, 3); `mirrored` and `rotation_degrees` (clockwise, archive to query, after mirroring)
    describe it; `inliers` are the distinct places that agree, summed over the pairs of pictures.
    """

    matrix: npt.NDArray[np.float64]
    mirrored: bool
    rotation_degrees: float
    inliers: int
    inliers_of_pairs: tuple[int, ...]


@cache
def _sift() -> Any:  # noqa: ANN401 -- OpenCV's types lack it
    return cv2.SIFT_create(_FEATURES, contrastThreshold=0.02)  # type: ignore[attr-defined]


_MIRRORED_BINS = np.arange(128).reshape(4, 4, 8)[::-1, :, (-np.arange(8)) % 8].ravel()
"""Where each component of a description lies in that of the mirrored picture: rows and turns run the other way."""


def mirror(found: Features) -> Features:
    """The features that the mirrored picture has."""
    places = found.places * np.array([-1, 1], np.float32) + np.array([found.width, 0], np.float32)
    return Features(places, np.ascontiguousarray(found.descriptions[:, _MIRRORED_BINS]), found.width, found.height)


def features(picture: npt.NDArray[np.uint8]) -> Features:
    """The local features of a picture (uint8, shape (height, width, 3) or (height, width))."""
    gray = cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY) if picture.ndim == 3 else picture
    scale = _LONGEST / max(gray.shape)
    if scale < 0.9 or scale > 1.1:
        way = cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC
        gray = cv2.resize(gray, None, fx=min(scale, 3.0), fy=min(scale, 3.0), interpolation=way)
    height, width = gray.shape
    points, descriptions = _sift().detectAndCompute(gray, None)
    if descriptions is None or not points:
        return Features(np.empty((0, 2), np.float32), np.empty((0, 128), np.float32), width, height)
    places = np.array([point.pt for point in points], np.float32)
    root = np.sqrt(descriptions / np.maximum(descriptions.sum(axis=1, keepdims=True), 1e-6))
    return Features(places, root.astype(np.float32), width, height)


def _pairs(query: Features, archive: Features) -> tuple[npt.NDArray[np.float32], npt.NDArray[np.float32]]:
    if len(query.places) < 2 or len(archive.places) < 2:
        return np.empty((0, 2), np.float32), np.empty((0, 2), np.float32)
    similarity = query.descriptions @ archive.descriptions.T
    rows = np.arange(len(similarity))
    nearest = similarity.argmax(axis=1)
    first = similarity[rows, nearest]
    similarity[rows, nearest] = -1.0
    second = similarity.max(axis=1)
    near = np.sqrt(np.maximum(2 - 2 * first, 0)) < _RATIO * np.sqrt(np.maximum(2 - 2 * second, 1e-9))
    return query.places[near], archive.places[nearest[near]]


def _distinct(places: npt.NDArray[np.float32]) -> int:
    return len(np.unique(np.floor(places / _CELL), axis=0))


def _inliers(left: npt.NDArray[np.float32], right: npt.NDArray[np.float32], within: npt.NDArray[np.bool_]) -> int:
    return min(_distinct(left[within]), _distinct(right[within])) if within.any() else 0


@dataclass(frozen=True, slots=True)
class _Fit:
    matrix: npt.NDArray[np.float64]
    within: npt.NDArray[np.bool_]


def _similarity(left: npt.NDArray[np.float32], right: npt.NDArray[np.float32], tolerance: float) -> _Fit | None:
    cv2.setRNGSeed(1)
    matrix, mask = cv2.estimateAffinePartial2D(
        left, right, method=cv2.RANSAC, ransacReprojThreshold=tolerance, maxIters=3000, confidence=0.999
    )
    if matrix is None:
        return None
    scale = float(np.hypot(matrix[0, 0], matrix[1, 0]))
    if not _SCALES[0] <= scale <= _SCALES[1]:
        return None
    return _Fit(np.vstack([matrix, [0.0, 0.0, 1.0]]).astype(np.float64), mask.ravel().astype(bool))


def _homography(left: npt.NDArray[np.float32], right: npt.NDArray[np.float32], tolerance: float, start: _Fit) -> _Fit:
    """The homography near the similarity, where it explains clearly more."""
    moved = cv2.perspectiveTransform(left[None], start.matrix)[0]
    near = np.linalg.norm(moved - right, axis=1) < 6 * tolerance
    if near.sum() < 20:
        return start
    cv2.setRNGSeed(1)
    matrix, mask = cv2.findHomography(left[near], right[near], cv2.RANSAC, tolerance, maxIters=2000, confidence=0.999)
    if matrix is None or mask is None:
        return start
    within = np.zeros(len(left), bool)
    within[np.flatnonzero(near)[mask.ravel().astype(bool)]] = True
    perspective = np.abs(matrix[2, :2]) * np.abs(left).max()
    if within.sum() < 1.2 * start.within.sum() + 8 or perspective.max() > 0.7 or np.linalg.det(matrix[:2, :2]) <= 0:
        return start
    return _Fit(matrix.astype(np.float64), within)


def agreeing(query: Features, archive: Features, matrix: npt.NDArray[np.float64], *, mirrored: bool = False) -> int:
    """How many distinct places of two pictures agree on a known map, (3, 3), query to archive in fractions.

    Args:
        query: features of the query's picture, mirrored if `mirrored`.
        archive: features of the archived one.
        matrix: from the picture as it is, not mirrored.
        mirrored: that the query's features were taken from the mirrored picture.
    """
    left, right = _pairs(query, archive)
    if not len(left):
        return 0
    flip = np.array([[-1.0, 0, query.width], [0, 1, 0], [0, 0, 1]]) if mirrored else np.eye(3)
    whole = _scaled(archive) @ matrix @ np.linalg.inv(_scaled(query)) @ flip
    moved = cv2.perspectiveTransform(left[None].astype(np.float64), whole)[0]
    within = np.linalg.norm(moved - right, axis=1) < _TOLERANCE * max(archive.width, archive.height)
    return _inliers(left, right, within)


def _scaled(features_: Features) -> npt.NDArray[np.float64]:
    return np.diag([features_.width, features_.height, 1.0])


def register(
    pairs: Sequence[tuple[Features, Features]], *, mirrored: bool = False, least: int = 6
) -> Registration | None:
    """The one geometry that explains the most local features over all `pairs` of aligned pictures.

    Args:
        pairs: features of the query's picture (all of one size, mirrored if `mirrored`) and of the archived one (same).
        mirrored: that the query's features were taken from the mirrored picture.
        least: distinct inliers below which there is none.
    """
    matched = [_pairs(query, archive) for query, archive in pairs]
    left = np.concatenate([pair[0] for pair in matched])
    right = np.concatenate([pair[1] for pair in matched])
    if len(left) < max(4, least):
        return None
    query, archive = pairs[0]
    tolerance = _TOLERANCE * max(archive.width, archive.height)
    fit = _similarity(left, right, tolerance)
    if fit is None:
        return None
    fit = _homography(left, right, tolerance, fit)
    bounds = np.cumsum([0, *(len(pair[0]) for pair in matched)])
    counts = tuple(_inliers(left[low:high], right[low:high], fit.within[low:high]) for low, high in pairwise(bounds))
    if sum(counts) < least:
        return None
    turn = float(np.degrees(np.arctan2(fit.matrix[1, 0], fit.matrix[0, 0])))
    flip = np.array([[-1.0, 0, query.width], [0, 1, 0], [0, 0, 1]]) if mirrored else np.eye(3)
    fractions = np.linalg.inv(_scaled(archive)) @ fit.matrix @ flip @ _scaled(query)
    # the query's mirrored picture turned by -turn gives the archived one; seen from the archive, after mirroring:
    rotation = turn if mirrored else -turn
    return Registration(fractions / fractions[2, 2], mirrored, rotation, sum(counts), counts)
