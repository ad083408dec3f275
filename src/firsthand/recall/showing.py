"""The picture pairs that show a segment, taken from the review tracks in a sandboxed child."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from firsthand.model.picture import PicturePair
from firsthand.recall.children import Track
from firsthand.recall.medium import Medium
from firsthand.recall.overlap import outlines
from firsthand.recall.segments import Found
from firsthand.recall.tracks import GRID
from firsthand.sandbox.call import call

_PAIRS = 6


@dataclass(frozen=True, slots=True)
class _Request:
    query: Track
    item: Track
    found: Found


@dataclass(frozen=True, slots=True)
class _Shown:
    pairs: tuple[PicturePair, ...]


def _show(request: _Request, report: Callable[[float], None]) -> _Shown:  # noqa: ARG001
    evidence = request.found.segment.evidence[:_PAIRS]
    regions = outlines(request.found.matrix)
    if not evidence or regions is None:
        return _Shown(())
    left = Medium(request.query.review, request.query.still, GRID).pictures([pair.query for pair in evidence])
    right = Medium(request.item.review, request.item.still, GRID).pictures([pair.archive for pair in evidence])
    return _Shown(
        tuple(
            PicturePair(pair.query, pair.archive, shown, held, *regions, pair.inliers)
            for pair, shown, held in zip(evidence, left, right, strict=True)
        )
    )


def picture_pairs(query: Track, item: Track, found: Sequence[Found]) -> tuple[tuple[PicturePair, ...], ...]:
    """Up to six aligned pairs for each of the segments `found` of one item.

    Raises:
        InputError: a track could not be read.
    """
    return tuple(call(_show, _Request(query, item, one), _Shown).pairs for one in found)
