"""How alike aligned pictures are in all their parts.

The plain likeness of two pictures lives on their coarse light and shade: bars at the sides of two unrelated pictures,
or a bright middle, are enough for it. Here fine detail is compared cell by cell, and no cell counts for more than
another that shows something.
"""

import cv2
import numpy as np
import numpy.typing as npt

_SIGMA = 2.0  # pixels of the grid: coarser light and shade is not compared
_CELL = 4  # pixels of the grid
_FLAT = 4.0  # squared grey levels of detail: a cell with less shows nothing


def cell_likeness(
    query: npt.NDArray[np.float32], archive: npt.NDArray[np.float32], pixels: npt.NDArray[np.bool_]
) -> npt.NDArray[np.float64]:
    """The mean over cells of the correlation of detail, shape (n,), from -1 to 1; 0 where nothing is shown.

    Args:
        query: aligned pictures on the archive's grid, shape (n, height, width).
        archive: the same.
        pixels: bool, shape (height, width), which are compared.
    """
    return np.array([_one(left, right, pixels) for left, right in zip(query, archive, strict=True)], np.float64)


def _one(left: npt.NDArray[np.float32], right: npt.NDArray[np.float32], pixels: npt.NDArray[np.bool_]) -> float:
    ours, theirs = _detail(left) * pixels, _detail(right) * pixels
    both, own, other = (_pooled(values) for values in (ours * theirs, ours * ours, theirs * theirs))
    shows = np.maximum(own, other) >= _FLAT * np.maximum(_pooled(pixels.astype(np.float32)), 0.1)
    if not shows.any():
        return 0.0
    return float((both / np.sqrt(np.maximum(own * other, 1e-3)))[shows].mean())


def _detail(picture: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
    return np.asarray(picture - cv2.GaussianBlur(picture, (0, 0), _SIGMA), np.float32)


def _pooled(values: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
    height, width = values.shape
    size = (max(1, round(width / _CELL)), max(1, round(height / _CELL)))
    return np.asarray(cv2.resize(values, size, interpolation=cv2.INTER_AREA), np.float32)
