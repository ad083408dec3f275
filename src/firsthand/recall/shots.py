"""Do aligned stretches agree in what moves in each of their shots, or only in when they cut?

Over a cut everything changes at once. Two unrelated stretches that share one picture on the same side of a cut (an end
card after somebody who talks, a test card before something) seem to move together, and as strongly as copies do. So
what moves is compared once more shot by shot, where cuts say nothing.
"""

from itertools import pairwise

import numpy as np
import numpy.typing as npt

Rows = npt.NDArray[np.float32]

_CUT_LIKENESS = 0.4  # correlation of neighbouring pictures
_LEAST_PICTURES = 6
_STILL_LEVELS = 3.0  # grey levels of deviation over time: below it nothing moves
_FROZEN_LEVELS = 1.0  # below it a picture is held, or nothing but coding changes it
_AGREES = 0.35  # correlation of what moves in a shot
_CHANCE = 0.2  # the same, that other footage reaches in a brief shot
_OF_BEST = 0.5  # the same, of the shot that agrees best: noise lowers all alike
_LEAST_TOGETHER = 0.25  # correlation: pictures that move together less speak against one another
_SURELY_TOGETHER = 0.5
_APART = 0.3  # of the correlation within the run, beside it
_ROUNDS = 3
_TELLING_CUTS = 3  # shots that stand still, one after the other: so many pictures in one order are no accident


def agreeing_shots(query: Rows, archive: Rows) -> tuple[slice, bool]:
    """The longest run of aligned pictures in which no shot moves unlike the other side's, and whether it moves at all.

    A run is taken whole where no cut is in it, or nothing can be told. It does not move where all its shots stand still
    and are too few to tell by their order.

    Args:
        query: pictures of level brightness, shape (n, pixels).
        archive: those aligned with them.
    """
    bounds = _bounds(query, archive)
    if len(bounds) == 2:
        return slice(0, len(query)), True
    told = [_together(query[low:high], archive[low:high]) for low, high in pairwise(bounds)]
    best = max((value for value in told if value is not None), default=1.0)
    if best == 0.0:  # one side alone moves: pictures of the other are held
        return slice(0, len(query)), False
    least = min(_AGREES, max(_CHANCE, _OF_BEST * best))
    runs: list[tuple[float, int, int]] = []
    weight, first = 0.0, 0
    for place, value in enumerate((*told, -1.0)):
        if value is not None and (value < least or place == len(told)):
            runs.append((weight, first, place))
            weight, first = 0.0, place + 1
        elif place < len(told):
            seconds = bounds[place + 1] - bounds[place]
            weight += seconds * (value if value is not None else 0.01)
    _, first, last = max(runs, key=lambda run: run[0])
    moves = any(value is not None for value in told[first:last]) or last - first >= _TELLING_CUTS
    return slice(int(bounds[first]), int(bounds[last])), moves


def _bounds(query: Rows, archive: Rows) -> list[int]:
    """The first picture of each shot of either side, and the end."""
    cut = (_neighbours(query) < _CUT_LIKENESS) | (_neighbours(archive) < _CUT_LIKENESS)
    return [0, *(np.flatnonzero(cut) + 1).tolist(), len(query)]


def _neighbours(rows: Rows) -> npt.NDArray[np.float64]:
    norms = np.linalg.norm(rows, axis=1)
    products = np.einsum("ij,ij->i", rows[1:], rows[:-1])
    return np.asarray(products / np.maximum(norms[1:] * norms[:-1], 1e-6), np.float64)


def _together(query: Rows, archive: Rows) -> float | None:
    """The correlation of what moves in a shot, 0 where one side alone is held; `None` where it is brief or still."""
    if len(query) < _LEAST_PICTURES:
        return None
    left, right = query - query.mean(axis=0), archive - archive.mean(axis=0)
    less, more = sorted(float(np.percentile(side.std(axis=0), 95)) for side in (left, right))
    if less < _STILL_LEVELS:
        return 0.0 if less < _FROZEN_LEVELS and more >= _STILL_LEVELS else None
    return float(np.vdot(left, right)) / max(1e-6, float(np.linalg.norm(left) * np.linalg.norm(right)))


def moving_run(query: Rows, archive: Rows) -> slice:
    """The run of aligned pictures that move together, without what moves unlike at its ends.

    Where a video jumps within one shot (an excerpt that is looped, another moment of somebody who talks) the pictures
    go on looking alike. All are kept where that gains little.
    """
    whole = slice(0, len(query))
    products, energy = _against_mean(query, archive, whole)
    kept = _best_run(products - _LEAST_TOGETHER * energy)
    for _ in range(_ROUNDS):  # the mean of what is kept tells more than that of both parts
        if kept.stop - kept.start < _LEAST_PICTURES:
            return whole
        products, energy = _against_mean(query, archive, kept)
        kept = _best_run(products - _LEAST_TOGETHER * energy)
    beside = np.ones(len(query), bool)
    beside[kept] = False
    if kept.stop - kept.start < _LEAST_PICTURES or not beside.any():
        return whole
    inner, outer = (float(products[part].sum() / max(1e-6, energy[part].sum())) for part in (~beside, beside))
    return kept if inner >= _SURELY_TOGETHER and outer < _APART * inner else whole


def _against_mean(query: Rows, archive: Rows, part: slice) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    """For each pair of pictures the product of what differs from the mean of a part, and of its sizes."""
    left, right = query - query[part].mean(axis=0), archive - archive[part].mean(axis=0)
    products = np.einsum("ij,ij->i", left, right).astype(np.float64)
    return products, (np.linalg.norm(left, axis=1) * np.linalg.norm(right, axis=1)).astype(np.float64)


def _best_run(gains: npt.NDArray[np.float64]) -> slice:
    """The run with the highest sum."""
    totals = np.concatenate([[0.0], np.cumsum(gains)])
    lowest = np.minimum.accumulate(totals[:-1])
    end = int(np.argmax(totals[1:] - lowest)) + 1
    return slice(int(np.argmin(totals[:end])), end)
