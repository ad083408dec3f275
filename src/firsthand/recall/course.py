"""The straight course of time through alignments that were measured apart, at many instants."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from firsthand.model.match import Alignment

_SPAN_SECONDS = 30.0  # points less far apart do not tell the rate
_STRAY_SECONDS = 0.15  # from the course of the others
_STEADY_SECONDS = 0.01  # so much worse may rate 1 (or -1) explain the points and still be taken


@dataclass(frozen=True, slots=True)
class Point:
    """An instant of the query and of the item that show the same, in seconds, and how many pictures say so."""

    query: float
    archive: float
    pictures: int


def fitted(points: Sequence[Point], start: Alignment) -> Alignment:
    """The course through the points, weighted by their pictures; `start` without any, and its rate where they are near.

    Points that lie off the course of the others are left out. Rate 1 or -1 is taken where it explains the points as
    well, for copies at their own speed are the commonest.
    """
    if not points:
        return start
    times = np.array([point.query for point in points])
    archive = np.array([point.archive for point in points])
    weights = np.array([float(point.pictures) for point in points])
    kept = np.ones(len(points), bool)
    if len(points) >= 3:
        apart = archive - start.offset - start.rate * times
        for _ in range(2):
            course = _line(times[kept], apart[kept], weights[kept])
            left = np.abs(apart - course[0] - course[1] * times)
            kept = left <= max(_STRAY_SECONDS, 2 * float(np.median(left)))
    times, archive, weights = times[kept], archive[kept], weights[kept]
    if np.ptp(times) < _SPAN_SECONDS:
        return _at_rate(start.rate, times, archive, weights)[0]
    shift, slope = _line(times, archive - start.offset - start.rate * times, weights)
    free = Alignment(start.rate + slope, start.offset + shift)
    steady, error = _at_rate(float(np.sign(free.rate)), times, archive, weights)
    return steady if error <= _error(free, times, archive, weights) + _STEADY_SECONDS else free


type _Floats = np.ndarray[tuple[int], np.dtype[np.float64]]


def _line(times: _Floats, values: _Floats, weights: _Floats) -> tuple[float, float]:
    """Value at 0 and slope of the weighted least squares line."""
    middle = float(np.average(times, weights=weights))
    spread = float(np.average((times - middle) ** 2, weights=weights))
    mean = float(np.average(values, weights=weights))
    slope = float(np.average((times - middle) * (values - mean), weights=weights)) / spread if spread > 0 else 0.0
    return mean - slope * middle, slope


def _at_rate(rate: float, times: _Floats, archive: _Floats, weights: _Floats) -> tuple[Alignment, float]:
    """The best course at one rate, and its error."""
    course = Alignment(rate, float(np.average(archive - rate * times, weights=weights)))
    return course, _error(course, times, archive, weights)


def _error(course: Alignment, times: _Floats, archive: _Floats, weights: _Floats) -> float:
    """The weighted mean distance of the points, seconds."""
    return float(np.average(np.abs(archive - course.offset - course.rate * times), weights=weights))
