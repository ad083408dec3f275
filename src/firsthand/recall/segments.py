"""Verified overlaps as segments, each once."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from firsthand.model.box import WHOLE, Box
from firsthand.model.item import Facts
from firsthand.model.match import Channel, Evidence, Segment
from firsthand.model.span import Span
from firsthand.recall.candidates import ItemLine
from firsthand.recall.confidence import curve_name, judge, measured
from firsthand.recall.overlap import hull, outlines, pane_of
from firsthand.recall.verifying import Verified

_AS_MUCH = 0.9


@dataclass(frozen=True, slots=True)
class Found:
    """A segment of the item `key`, whether it reaches the operating point, the map of pictures, and what was measured.

    `matrix` is float64, shape (3, 3), query to archive in fractions of the pictures; it holds within `pane` of the
    query's picture.
    """

    key: int
    segment: Segment
    listed: bool
    matrix: npt.NDArray[np.float64]
    curve: str
    features: dict[str, float]
    pane: Box = WHOLE


def _spans(verified: Verified, query: Facts, duration: float | None) -> tuple[Span, Span, float | None]:
    """The stretch of the query, that of the item, and the rate between them."""
    if verified.agreement is not None:
        found = verified.agreement
        shown = _clipped(found.start, found.end, query.duration_seconds)
        ends = sorted(found.alignment.archive_time(float(time)) for time in (shown.start, shown.end))
        return shown, _clipped(ends[0], ends[1], duration), found.alignment.rate
    if verified.still is None:
        raise ValueError("expected an agreement of one kind")
    return (
        _clipped(*verified.still.query, query.duration_seconds),
        _clipped(*verified.still.archive, duration),
        None,
    )


def _clipped(start: float, end: float, duration: float | None) -> Span:
    if duration is None:
        return Span.of(0, 0)
    low = min(max(0.0, start), duration)
    return Span.of(low, max(low, min(end, duration)))


def found(line: ItemLine, verified: Verified, query: Facts, duration: float | None, archive_pictures: int) -> Found:
    """The segment that a verified line stands for.

    Args:
        line: what led to it.
        verified: what its pictures bear out.
        query: the query's facts.
        duration: seconds of the item, `None` for an image.
        archive_pictures: how many descriptors it was found among.
    """
    judgement = judge(verified, line.line, archive_pictures)
    query_span, archive_span, rate = _spans(verified, query, duration)
    matrix = verified.registration.matrix
    agreement = verified.agreement
    confined = agreement is not None and agreement.confined
    pane = pane_of(line.line.commonest_query_box, matrix, agreement.region) if agreement and confined else WHOLE
    regions = outlines(matrix, pane)
    evidence = tuple(
        Evidence(max(0.0, at), max(0.0, held), inliers) for at, held, inliers in verified.pairs if inliers > 0
    )
    segment = Segment(
        channel=Channel.PICTURE,
        query=query_span,
        archive=archive_span,
        rate=rate,
        mirrored=verified.registration.mirrored,
        rotation_degrees=_turn(verified.registration.rotation_degrees),
        query_box=hull(regions[0]) if regions else None,
        archive_box=hull(regions[1]) if regions else None,
        confidence=judgement.confidence,
        method=line.method,
        evidence=evidence,
    )
    return Found(
        line.key,
        segment,
        judgement.listed and regions is not None and not _unclear(verified, query, duration),
        matrix,
        curve_name(verified),
        measured(verified, line.line),
        pane,
    )


def _unclear(verified: Verified, query: Facts, duration: float | None) -> bool:
    """Whether both sides are footage in which nothing moves: the same place at another time would look the same."""
    moves = query.duration_seconds is not None and duration is not None
    return moves and curve_name(verified) == "still"


def _turn(degrees: float) -> float:
    """The angle from -180 to 180; a turn of less than a degree is none."""
    turned = (degrees + 180) % 360 - 180
    return 0.0 if abs(turned) < 1 else round(turned, 1)


def _same(left: Segment, right: Segment) -> bool:
    """Whether two segments of one item tell of the same stretch."""
    if left.rate is None or right.rate is None:
        apart = max(float(left.query.start - right.query.end), float(right.query.start - left.query.end))
        beside = max(float(left.archive.start - right.archive.end), float(right.archive.start - left.archive.end))
        return apart <= 0.5 and beside <= 0.5
    shared = left.query.overlap(right.query)
    if shared < min(left.query.duration, right.query.duration) / 2:
        return False
    middle = float(max(left.query.start, right.query.start) + shared / 2)
    return abs(_at(left, middle) - _at(right, middle)) < 1.0


def _at(segment: Segment, time: float) -> float:
    """The archive time of a moving segment at a query time."""
    rate = segment.rate or 1.0
    start = segment.archive.start if rate > 0 else segment.archive.end
    return float(start) + rate * (time - float(segment.query.start))


def _better(one: Found) -> tuple[bool, float, float]:
    """What sorts overlaps: listed ones first, then by confidence, then by what moves."""
    return one.listed, round(one.segment.confidence, 2), one.features.get("motion", 0.0)


def without_repeats(every: Sequence[Found]) -> tuple[Found, ...]:
    """The overlaps with the better one of each pair that tells of the same stretch, best first.

    Another place of the same item for the same stretch of the query is kept only where it moves about as much alike:
    footage that the item holds twice, and not footage that looks like it.
    """
    kept: list[Found] = []
    for one in sorted(every, key=_better, reverse=True):
        others = [other for other in kept if other.key == one.key]
        if not any(_same(one.segment, other.segment) or _outdone(one, other) for other in others):
            kept.append(one)
    return tuple(kept)


def _outdone(one: Found, other: Found) -> bool:
    shared = one.segment.query.overlap(other.segment.query)
    if shared <= one.segment.query.duration / 2:
        return False
    return one.features.get("motion", 0.0) < _AS_MUCH * other.features.get("motion", 0.0)


def covered(every: Iterable[Found]) -> list[Span]:
    """The stretches of the query that overlaps explain."""
    return [one.segment.query for one in every]
