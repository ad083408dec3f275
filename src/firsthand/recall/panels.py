"""Rectangles inside a picture that hold another picture: insets, panes, bars, the band between two stacked videos.

A border between two pictures is a straight edge that stays where it is while both sides change. Edges that persist over
the sampled pictures are collected, the strongest columns and rows become candidate sides, and rectangles are kept whose
four sides are all covered by persistent edges (or lie on the border of the picture). Bars of one colour are trimmed
from every rectangle, and from the picture as a whole: described, they would be alike in all letterboxed footage.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

import cv2
import numpy as np
import numpy.typing as npt

from firsthand.model.box import WHOLE, Box

_WIDTH = 192
_LINES = 14  # candidate sides in each direction, beside the picture's own border
_PERSISTENCE = 30  # percentile over time of the gradient: an edge must be there most of the time
_STRENGTH = 6.0  # grey levels between neighbours
_COVERAGE = 0.72  # share of each inner side that must be edge
_SMALLEST = 0.12  # side of a panel as a share of the picture's side
_LARGEST_AREA = 0.93
_LIMIT = 6
_BAR_LEVELS = 4.0  # grey levels of deviation along a row or column: a bar has less
_LEAST_CONTENT = 0.5  # of a rectangle: where bars take more, it borders on a picture rather than holding one
_SIZE_BONUS = 0.25


@dataclass(frozen=True, slots=True)
class _Sides:
    """Candidate positions, and for each the running sum of edge pixels along it."""

    positions: npt.NDArray[np.intp]
    covered: npt.NDArray[np.float64]


def _persistent_edges(grays: npt.NDArray[np.float32]) -> tuple[npt.NDArray[np.bool_], npt.NDArray[np.bool_]]:
    """Edges that stay, between columns (shape (h, w - 1)) and between rows (shape (h - 1, w))."""
    across = np.percentile(np.abs(np.diff(grays, axis=2)), _PERSISTENCE, axis=0)
    down = np.percentile(np.abs(np.diff(grays, axis=1)), _PERSISTENCE, axis=0)
    return _peaks(across, axis=1), _peaks(down, axis=0)


def _peaks(gradient: npt.NDArray[np.float64], axis: int) -> npt.NDArray[np.bool_]:
    size = (9, 1) if axis == 1 else (1, 9)
    around = cv2.blur(gradient.astype(np.float32), size)
    strong = (gradient >= _STRENGTH) & (gradient >= 1.6 * around)
    kernel = np.ones((1, 3) if axis == 1 else (3, 1), np.uint8)  # an edge between pixels may fall one to the side
    return cv2.dilate(strong.astype(np.uint8), kernel).astype(bool)


def _sides(edges: npt.NDArray[np.bool_], smallest: int) -> _Sides:
    """The columns of `edges` with the longest covered stretches, thinned to one of each neighbourhood."""
    length, count = edges.shape
    sums = np.vstack([np.zeros(count), np.cumsum(edges, axis=0)])
    window = min(length, max(smallest, length // 6))
    best = (sums[window:] - sums[:-window]).max(axis=0) / window
    chosen: list[int] = []
    for position in np.argsort(-(best + edges.mean(axis=0)), kind="stable"):
        if best[position] < _COVERAGE or len(chosen) == _LINES:
            break
        if all(abs(int(position) - other) > 2 for other in chosen):
            chosen.append(int(position))
    ordered = np.array(sorted(chosen), np.intp)
    return _Sides(ordered, sums[:, ordered])


def _coverage(sides: _Sides, index: int | None, low: int, high: int) -> float:
    """The share of a side between `low` and `high` that is edge; 1 on the border of the picture (`None`)."""
    if index is None:
        return 1.0
    return float(sides.covered[high, index] - sides.covered[low, index]) / max(1, high - low)


def _ends(sides: _Sides, length: int) -> list[tuple[int, int | None]]:
    inner = [(int(position) + 1, index) for index, position in enumerate(sides.positions)]
    return [(0, None), *inner, (length, None)]


def _rectangles(columns: _Sides, rows: _Sides, width: int, height: int) -> list[tuple[float, Box]]:
    found = []
    for (left, left_index), (right, right_index) in combinations(_ends(columns, width), 2):
        for (top, top_index), (bottom, bottom_index) in combinations(_ends(rows, height), 2):
            if right - left < _SMALLEST * width or bottom - top < _SMALLEST * height:
                continue
            share = (right - left) * (bottom - top) / (width * height)
            inner = [
                _coverage(columns, left_index, top, bottom),
                _coverage(columns, right_index, top, bottom),
                _coverage(rows, top_index, left, right),
                _coverage(rows, bottom_index, left, right),
            ]
            if share <= _LARGEST_AREA and min(inner) >= _COVERAGE:
                box = Box(left / width, top / height, (right - left) / width, (bottom - top) / height)
                drawn = sum(index is not None for index in (left_index, right_index, top_index, bottom_index))
                found.append((float(np.mean(inner)) + 0.1 * drawn + _SIZE_BONUS * share**0.5, box))
    return found


def _detail(lines: npt.NDArray[np.float32]) -> npt.NDArray[np.float64]:
    """How much each line of pixels varies along itself: shape (times, lines, pixels) to (lines,)."""
    return np.asarray(np.percentile(lines.std(axis=2), 80, axis=0), np.float64)


def _content(grays: npt.NDArray[np.float32], box: Box) -> Box | None:
    """The box without bars of one colour at its sides; `None` where little else is in it."""
    height, width = grays.shape[1:]
    left, right = round(box.x * width), round((box.x + box.width) * width)
    top, bottom = round(box.y * height), round((box.y + box.height) * height)
    whole = (right - left) * (bottom - top)
    for _ in range(2):  # bars on all sides: the columns tell more once the rows are trimmed
        rows = np.flatnonzero(_detail(grays[:, top:bottom, left:right]) >= _BAR_LEVELS)
        if not rows.size:
            return None
        top, bottom = top + int(rows[0]), top + int(rows[-1]) + 1
        columns = np.flatnonzero(_detail(grays[:, top:bottom, left:right].transpose(0, 2, 1)) >= _BAR_LEVELS)
        if not columns.size:
            return None
        left, right = left + int(columns[0]), left + int(columns[-1]) + 1
    if (right - left) * (bottom - top) < _LEAST_CONTENT * whole and whole < _LARGEST_AREA * width * height:
        return None
    if right - left < _SMALLEST * width or bottom - top < _SMALLEST * height:
        return None
    return Box(left / width, top / height, (right - left) / width, (bottom - top) / height)


def _alike(left: Box, right: Box) -> bool:
    width = min(left.x + left.width, right.x + right.width) - max(left.x, right.x)
    height = min(left.y + left.height, right.y + right.height) - max(left.y, right.y)
    shared = max(0.0, width) * max(0.0, height)
    return shared > 0.8 * (left.area + right.area - shared)


def panels(pictures: Sequence[npt.NDArray[np.uint8]]) -> tuple[Box, ...]:
    """The rectangles in `pictures` that may hold another picture, likeliest first, at most seven.

    The first is the picture without its bars, where it has any.

    Args:
        pictures: uint8, shape (height, width, 3), one size, spread over the stretch in which the layout holds. One
            picture works, with less certainty.
    """
    if not pictures:
        return ()
    height, width = pictures[0].shape[:2]
    size = (_WIDTH, max(16, round(_WIDTH * height / width)))
    if height > width:
        size = (max(16, round(_WIDTH * width / height)), _WIDTH)
    grays = np.stack(
        [
            cv2.cvtColor(cv2.resize(picture, size, interpolation=cv2.INTER_AREA), cv2.COLOR_RGB2GRAY)
            for picture in pictures
        ]
    ).astype(np.float32)
    between_columns, between_rows = _persistent_edges(grays)
    columns = _sides(between_columns, round(_SMALLEST * size[1]))
    rows = _sides(between_rows.T, round(_SMALLEST * size[0]))
    whole = _content(grays, WHOLE)
    kept: list[Box] = [whole] if whole is not None and whole.area <= _LARGEST_AREA else []
    for _, box in sorted(_rectangles(columns, rows, *size), key=lambda entry: -entry[0]):
        content = _content(grays, box)
        if content is None or content.area > _LARGEST_AREA or any(_alike(content, other) for other in kept):
            continue
        kept.append(content)
        if len(kept) > _LIMIT:
            break
    return tuple(kept)
