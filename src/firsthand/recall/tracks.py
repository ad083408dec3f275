"""Grey pictures over time, brought onto one grid: cut to what they show, and warped onto one another."""

from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from firsthand.model.box import WHOLE, Box

GRID = 72
"""Longer side, in pixels, of the archived picture on which agreement is measured."""

_BAR_LEVELS = 4.0  # grey levels of deviation along a row or column: a bar has less
_LEAST_SIDE = 8
_AT_ONCE = 64  # pictures that are worked on in floating point


@dataclass(frozen=True, slots=True)
class Track:
    """Grey pictures over time: times float64, shape (n,), seconds; frames uint8, shape (n, height, width)."""

    times: npt.NDArray[np.float64]
    frames: npt.NDArray[np.uint8]

    def between(self, low: float, high: float) -> "Track":
        """The part from `low` to `high` seconds."""
        first, last = np.searchsorted(self.times, [low, high + 1e-6])
        return Track(self.times[first:last], self.frames[first:last])

    @property
    def size(self) -> tuple[int, int]:
        """Width and height in pixels."""
        height, width = self.frames.shape[1:]
        return int(width), int(height)


def content(frames: npt.NDArray[np.uint8]) -> Box:
    """What pictures of shape (n, height, width) show besides bars of one colour at their sides."""
    height, width = frames.shape[1:]
    rows = np.flatnonzero(_livest(frames, axis=2) >= _BAR_LEVELS)
    if not rows.size:
        return WHOLE
    top, bottom = int(rows[0]), int(rows[-1]) + 1
    columns = np.flatnonzero(_livest(frames[:, top:bottom], axis=1) >= _BAR_LEVELS)
    if not columns.size:
        return WHOLE
    left, right = int(columns[0]), int(columns[-1]) + 1
    if min(bottom - top, right - left) < _LEAST_SIDE:
        return WHOLE
    return Box(left / width, top / height, (right - left) / width, (bottom - top) / height)


def _livest(frames: npt.NDArray[np.uint8], axis: int) -> npt.NDArray[np.float32]:
    """The largest deviation along `axis` that any of the pictures has, for each row or column."""
    parts = (frames[start : start + _AT_ONCE].astype(np.float32) for start in range(0, len(frames), _AT_ONCE))
    return np.asarray(np.max([part.std(axis=axis).max(axis=0) for part in parts], axis=0), np.float32)


def framed(track: Track, box: Box, longest_side: int = GRID) -> Track:
    """The region of a track, its longer side at most `longest_side` pixels."""
    width, height = track.size
    left, top = round(box.x * width), round(box.y * height)
    right, bottom = round((box.x + box.width) * width), round((box.y + box.height) * height)
    cut = track.frames[:, top:bottom, left:right]
    scale = longest_side / max(cut.shape[1:])
    if scale >= 1:
        return Track(track.times, cut)
    size = max(2, round(cut.shape[2] * scale)), max(2, round(cut.shape[1] * scale))
    frames = [cv2.resize(frame, size, interpolation=cv2.INTER_AREA) for frame in cut]
    return Track(track.times, np.stack(frames) if frames else np.empty((0, size[1], size[0]), np.uint8))


def _shrink(matrix: npt.NDArray[np.float64], width: int, height: int, columns: int, rows: int) -> int:
    """By what whole number a query picture is made smaller first, so that the map onto the grid does not alias."""
    scale = float(np.sqrt(abs(np.linalg.det(pixel_matrix(matrix, width, height, columns, rows)[:2, :2]))))
    return int(np.clip(np.floor(1 / max(scale, 1e-3)), 1, max(1, min(rows, columns) // 8)))


def shrunk(
    picture: npt.NDArray[np.uint8], matrix: npt.NDArray[np.float64], width: int, height: int
) -> npt.NDArray[np.uint8]:
    """A query picture at about the scale at which `matrix` brings it onto a grid of `width` by `height`."""
    rows, columns = picture.shape
    shrink = _shrink(matrix, width, height, columns, rows)
    if shrink == 1:
        return picture
    return np.asarray(cv2.resize(picture, (columns // shrink, rows // shrink), interpolation=cv2.INTER_AREA), np.uint8)


def warped(
    frames: npt.NDArray[np.uint8], matrix: npt.NDArray[np.float64], width: int, height: int
) -> tuple[npt.NDArray[np.float32], npt.NDArray[np.bool_]]:
    """The query's pictures on the archived picture's grid, shape (n, height, width), and where they reach.

    Args:
        frames: uint8, shape (n, rows, columns).
        matrix: shape (3, 3), query to archive in fractions of the upright pictures.
        width: of the grid, pixels.
        height: of the grid, pixels.
    """
    rows, columns = frames.shape[1:]
    shrink = _shrink(matrix, width, height, columns, rows)
    size = (columns // shrink, rows // shrink)
    pixels = pixel_matrix(matrix, width, height, *size)
    moved = np.empty((len(frames), height, width), np.float32)
    for index, frame in enumerate(frames):
        small = frame if shrink == 1 else cv2.resize(frame, size, interpolation=cv2.INTER_AREA)
        moved[index] = cv2.warpPerspective(small, pixels, (width, height), flags=cv2.INTER_LINEAR)
    reach = cv2.warpPerspective(np.ones(size[::-1], np.float32), pixels, (width, height))
    inside = cv2.erode((reach > 0.99).astype(np.uint8), np.ones((3, 3), np.uint8), borderValue=1).astype(bool)
    return moved, inside


def pixel_matrix(
    matrix: npt.NDArray[np.float64], width: int, height: int, columns: int, rows: int
) -> npt.NDArray[np.float64]:
    """The matrix from pixel centres of the query (`columns` by `rows`) to those of the grid (`width` by `height`)."""
    centre = np.array([[1, 0, -0.5], [0, 1, -0.5], [0, 0, 1.0]])
    return np.asarray(
        centre @ np.diag([width, height, 1.0]) @ matrix @ np.diag([1 / columns, 1 / rows, 1.0]) @ np.linalg.inv(centre),
        np.float64,
    )
