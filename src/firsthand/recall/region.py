"""Where in the picture do two registered, aligned stretches show the same?

A copy may fill only a part of the picture it lies in, and be partly covered: an inset, a pane, a caption, bars. Cells
of the picture are compared apart; the rectangle that gathers the most agreement is where the copy lies, and cells in it
where one side stands still over the other's movement are covered by something drawn on top.
"""

from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

_DETAIL_SIGMA = 3.0  # pixels: coarser light and shade is not compared
_WINDOW = 7  # pixels a side over which likeness is pooled
_CELL = 4  # pixels
_LIKENESS = 0.3  # correlation at which a cell speaks neither for nor against
_LEAST_SHARE = 0.06  # of the compared pixels: a smaller rectangle is chance
_COVERED = 0.12  # of the other side's movement


@dataclass(frozen=True, slots=True)
class Region:
    """The pixels that are compared, and what they show.

    Attributes:
        pixels: bool, shape (height, width).
        left, top, right, bottom: the rectangle, pixels of the grid.
        likeness: correlation of detail over the rectangle's pixels that are not covered.
    """

    pixels: npt.NDArray[np.bool_]
    left: int
    top: int
    right: int
    bottom: int
    likeness: float


def _detail(frames: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
    return np.stack([frame - cv2.GaussianBlur(frame, (0, 0), _DETAIL_SIGMA) for frame in frames])


def _pooled(values: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
    return np.asarray(cv2.blur(values, (_WINDOW, _WINDOW)), np.float32)


def _best_rectangle(scores: npt.NDArray[np.float64]) -> tuple[int, int, int, int] | None:
    """Left, top, right, bottom of the rectangle with the highest sum; `None` where no cell is positive."""
    best, place = 0.0, None
    for top in range(len(scores)):
        sums = np.zeros(scores.shape[1])
        for bottom in range(top, len(scores)):
            sums += scores[bottom]
            totals = np.concatenate([[0.0], np.cumsum(sums)])
            lowest = np.minimum.accumulate(totals[:-1])
            gains = totals[1:] - lowest
            right = int(np.argmax(gains))
            if gains[right] > best + 1e-12:
                left = int(np.argmin(totals[: right + 1]))
                best, place = float(gains[right]), (left, top, right + 1, bottom + 1)
    return place


def agreeing_region(
    query: npt.NDArray[np.float32], archive: npt.NDArray[np.float32], inside: npt.NDArray[np.bool_]
) -> Region | None:
    """The rectangle in which aligned pictures agree; `None` where they agree nowhere.

    Args:
        query: aligned pictures, shape (n, height, width), on the archive's grid.
        archive: the same.
        inside: bool, shape (height, width), where the query reaches.
    """
    left, right = _detail(query), _detail(archive)
    both = _pooled((left * right).sum(axis=0))
    energies = _pooled((left**2).sum(axis=0)), _pooled((right**2).sum(axis=0))
    likeness = both / np.sqrt(np.maximum(energies[0] * energies[1], 1e-6))
    typical = float(np.median(energies[1][inside]))
    weight = np.clip(energies[1] / max(typical, 1e-6), 0, 1)
    scores = np.where(inside, (likeness - _LIKENESS) * weight, -0.1)
    rectangle = _best_rectangle(_cells(scores))
    if rectangle is None:
        return None
    x0, y0, x1, y1 = (edge * _CELL for edge in rectangle)
    height, width = inside.shape
    x1, y1 = min(x1, width), min(y1, height)
    pixels = np.zeros_like(inside)
    pixels[y0:y1, x0:x1] = True
    pixels &= inside & ~_covered(query, archive, likeness)
    if pixels.sum() < _LEAST_SHARE * inside.sum():
        return None
    shown = left[:, pixels], right[:, pixels]
    norm = float(np.sqrt((shown[0] ** 2).sum() * (shown[1] ** 2).sum()))
    return Region(pixels, x0, y0, x1, y1, float((shown[0] * shown[1]).sum()) / max(norm, 1e-6))


def _cells(scores: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    height, width = scores.shape
    padded = np.pad(scores, ((0, -height % _CELL), (0, -width % _CELL)))
    return np.asarray(padded.reshape(padded.shape[0] // _CELL, _CELL, -1, _CELL).sum(axis=(1, 3)), np.float64)


def _covered(
    query: npt.NDArray[np.float32], archive: npt.NDArray[np.float32], likeness: npt.NDArray[np.float32]
) -> npt.NDArray[np.bool_]:
    """Where one side stands still, unlike the other, which moves: something is drawn on top."""
    moves = _pooled(query.var(axis=0)), _pooled(archive.var(axis=0))
    still = (moves[0] < _COVERED * moves[1]) | (moves[1] < _COVERED * moves[0])
    return np.asarray(still & (likeness < _LIKENESS), np.bool_)
