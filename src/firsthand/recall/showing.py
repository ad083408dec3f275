"""The picture pairs that show a segment, taken from the review tracks in a sandboxed child."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from firsthand.model.match import Evidence
from firsthand.model.picture import PicturePair
from firsthand.recall.children import Track
from firsthand.recall.medium import Medium, within
from firsthand.recall.overlap import outlines
from firsthand.recall.register import agreeing
from firsthand.recall.segments import Found
from firsthand.recall.tracks import GRID
from firsthand.sandbox.call import call

_PAIRS = 6
_FEWEST = 4


@dataclass(frozen=True, slots=True)
class _Request:
    query: Track
    item: Track
    found: Found


@dataclass(frozen=True, slots=True)
class _Shown:
    pairs: tuple[PicturePair, ...]


def _show(request: _Request, report: Callable[[float], None]) -> _Shown:  # noqa: ARG001
    regions = outlines(request.found.matrix, request.found.pane)
    if not request.found.segment.evidence or regions is None:
        return _Shown(())
    query = Medium(request.query.review, request.query.still, GRID)
    item = Medium(request.item.review, request.item.still, GRID)
    evidence = _evidence(request.found, query, item)
    left = query.pictures([pair.query for pair in evidence])
    right = item.pictures([pair.archive for pair in evidence])
    return _Shown(
        tuple(
            PicturePair(pair.query, pair.archive, shown, held, *regions, pair.inliers)
            for pair, shown, held in zip(evidence, left, right, strict=True)
        )
    )


def _evidence(found: Found, query: Medium, item: Medium) -> tuple[Evidence, ...]:
    """The instants at which the segment was verified, and more between them where those are few."""
    segment = found.segment
    known = segment.evidence[:_PAIRS]
    if segment.rate is None or len(known) >= _FEWEST:
        return known
    start, duration = float(segment.query.start), float(segment.query.duration)
    begin = float(segment.archive.start if segment.rate > 0 else segment.archive.end)
    more = []
    for share in (np.arange(_FEWEST) + 0.5) / _FEWEST:
        time = start + float(share) * duration
        if all(abs(time - pair.query) > duration / (3 * _FEWEST) for pair in known):
            archive = begin + segment.rate * (time - start)
            more.append(Evidence(time, archive, _agreeing(found, query, item, time, archive)))
    lacking = max(0, _FEWEST - len(known))
    chosen = [more[place] for place in np.unique(np.linspace(0, len(more) - 1, lacking).astype(int))] if more else []
    return tuple(sorted((*known, *chosen), key=lambda pair: pair.query))


def _agreeing(found: Found, query: Medium, item: Medium, time: float, archive: float) -> int:
    """The places that agree on the segment's map at an instant."""
    boxes = [
        (box.x, box.y, box.width, box.height) for box in (found.segment.query_box, found.segment.archive_box) if box
    ]
    if len(boxes) < 2:
        return 0
    mirrored = found.segment.mirrored
    matrix = np.linalg.inv(within(boxes[1])) @ found.matrix @ within(boxes[0])
    return agreeing(
        query.features(time, boxes[0], mirrored=mirrored), item.features(archive, boxes[1]), matrix, mirrored=mirrored
    )


def picture_pairs(query: Track, item: Track, found: Sequence[Found]) -> tuple[tuple[PicturePair, ...], ...]:
    """Four to six aligned pairs for each of the segments `found` of one item; fewer where a side is a still.

    Raises:
        InputError: a track could not be read.
    """
    return tuple(call(_show, _Request(query, item, one), _Shown).pairs for one in found)
