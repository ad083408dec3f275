"""From a line of candidate pairs to a verified overlap: geometry by local features, then agreement of what moves."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from firsthand.model.match import Alignment
from firsthand.recall.agree import Agreement, agreement
from firsthand.recall.align import Line, commonest
from firsthand.recall.following import followed
from firsthand.recall.medium import Medium, within
from firsthand.recall.register import Registration, agreeing, register
from firsthand.recall.still import StillAgreement, still_agreement
from firsthand.recall.tracks import content, framed

BoxTuple = tuple[float, float, float, float]
_WHOLE: BoxTuple = (0.0, 0.0, 1.0, 1.0)
_PAIRS = 4
_MARGIN = 0.12  # of a region's side: its borders are known only roughly
_REACH_SECONDS = 6.0
_FIRST_PAIRS = 2
_FIRST_INLIERS = 4  # over the first pairs: with fewer the others are not looked at
_CLEAR_INLIERS = 14
_LEAST_INLIERS = 9  # over all pairs: noise reaches six now and then
_EXTENSIONS = 4
_STILL_SECONDS = 6.0
_WORTHWHILE = 0.25  # correlation of what moves from which the geometry is looked at once more
_SURE = 0.93  # and from which there is nothing to gain
_CHANGED, _SLIGHTLY = 0.03, 0.15  # of the rate
_ALIKE = 0.05  # of similarity: pairs that differ by less are as good as one another
_LONG_MEDIUM_SECONDS = 120.0  # of both: shorter media are compared as a whole
_LONG_LINE_SECONDS = 30.0
_ANCHORS = (0.5, 0.25, 0.75, 0.1, 0.9)
_ANCHOR_SECONDS = 24.0
_SURE_ANCHOR = 0.75  # correlation of what moves: a surer place is not looked for
_NEXT_SECONDS = 1.0
_TICKS = 5  # a second: instants of the query are told apart by so much


@dataclass(frozen=True, slots=True)
class Verified:
    """An overlap that the pictures bear out, with what was measured of it.

    Attributes:
        registration: the map of pictures.
        agreement: of moving stretches; `None` where a side is a still or nothing moves.
        still: of stills; `None` where both sides move.
        pairs: aligned instants (query, archive) in seconds, with the inliers of each.
    """

    registration: Registration
    agreement: Agreement | None
    still: StillAgreement | None
    pairs: tuple[tuple[float, float, int], ...]


def _grown(box: npt.NDArray[np.float32]) -> BoxTuple:
    x, y, width, height = (float(value) for value in box)
    left, top = max(0.0, x - _MARGIN * width), max(0.0, y - _MARGIN * height)
    right, bottom = min(1.0, x + (1 + _MARGIN) * width), min(1.0, y + (1 + _MARGIN) * height)
    return (left, top, right - left, bottom - top)


def _region(box: npt.NDArray[np.float32]) -> BoxTuple:
    return _WHOLE if box[2] * box[3] > 0.6 else _grown(box)


@dataclass(frozen=True, slots=True)
class _Pair:
    query: float
    archive: float
    query_box: BoxTuple
    archive_box: BoxTuple


def _best_pairs(line: Line) -> list[_Pair]:
    """The most similar pairs, spread over the line, all of the commonest regions of both sides."""
    support = line.support
    boxes = np.hstack([support.query_boxes, support.archive_boxes])
    chosen = support.where(commonest(boxes, support.similarities))
    regions = _region(chosen.query_boxes[0]), _region(chosen.archive_boxes[0])
    order = np.lexsort((-chosen.similarities, _rank(chosen.query_times), -np.floor(chosen.similarities / _ALIKE)))
    duration = float(np.ptp(chosen.query_times))
    apart = duration / (2 * _PAIRS)
    pairs: list[_Pair] = []
    for index in order:
        time = float(chosen.query_times[index])
        if len(pairs) == _PAIRS:
            break
        if all(abs(time - pair.query) > apart for pair in pairs):
            pairs.append(_Pair(time, float(chosen.archive_times[index]), *regions))
    return pairs


def _rank(times: npt.NDArray[np.float64]) -> npt.NDArray[np.intp]:
    """An order of instants in which the first ones are spread, the same for all lines, so that they share features."""
    ticks = np.rint(times * _TICKS).astype(np.int64)
    return np.array([int(f"{tick & 0xFFFF:016b}"[::-1], 2) for tick in ticks.tolist()], np.intp)


def _registered(
    query: Medium, item: Medium, pairs: Sequence[_Pair], *, mirrored: bool, least: int = _LEAST_INLIERS
) -> Registration | None:
    found = register(
        [
            (
                query.features(pair.query, pair.query_box, mirrored=mirrored),
                item.features(pair.archive, pair.archive_box),
            )
            for pair in pairs
        ],
        mirrored=mirrored,
        least=least,
    )
    if found is None:
        return None
    matrix = within(pairs[0].archive_box) @ found.matrix @ np.linalg.inv(within(pairs[0].query_box))
    return Registration(matrix / matrix[2, 2], mirrored, found.rotation_degrees, found.inliers, found.inliers_of_pairs)


def _better(query: Medium, item: Medium, pairs: Sequence[_Pair], least: int) -> Registration | None:
    """The better of plain and mirrored."""
    plain = _registered(query, item, pairs, mirrored=False, least=least)
    if plain is not None and plain.inliers >= _CLEAR_INLIERS * len(pairs):
        return plain
    mirrored = _registered(query, item, pairs, mirrored=True, least=least)
    found = [one for one in (plain, mirrored) if one is not None]
    return max(found, key=lambda one: one.inliers) if found else None


def _registration(query: Medium, item: Medium, pairs: Sequence[_Pair]) -> tuple[Registration, Sequence[_Pair]] | None:
    """The map that the most similar pairs bear out; all are looked at where the first leave it open."""
    few = pairs[:_FIRST_PAIRS]
    first = _better(query, item, few, _FIRST_INLIERS)
    if first is not None and first.inliers >= _CLEAR_INLIERS * len(few):
        return first, few
    if first is None or len(pairs) == len(few):
        return (first, few) if first is not None and first.inliers >= _LEAST_INLIERS else None
    every = _better(query, item, pairs, _LEAST_INLIERS)
    return (every, pairs) if every is not None else None


def _dense(
    query: Medium,
    item: Medium,
    matrix: npt.NDArray[np.float64],
    alignment: Alignment,
    stretch: tuple[float, float],
    *,
    search: bool = False,
) -> Agreement | None:
    """Agreement around a stretch, looked for further out until its ends lie inside what was read."""
    found: Agreement | None = None
    for turn in range(_EXTENSIONS):
        start, end = stretch[0] - _REACH_SECONDS, stretch[1] + _REACH_SECONDS
        archive = sorted((alignment.archive_time(start), alignment.archive_time(end)))
        found = agreement(
            query.track(start, end),
            item.track(archive[0] - 1.0, archive[1] + 1.0),
            matrix,
            alignment,
            stretch,
            search=search and turn == 0,
        )
        if found is None or (found.start > start + 0.5 and found.end < end - 0.5):
            break
        if abs(found.start - stretch[0]) < 0.3 and abs(found.end - stretch[1]) < 0.3:
            break
        alignment, stretch, matrix = found.alignment, (found.start, found.end), found.matrix
    return found


def _steadied(query: Medium, item: Medium, found: Agreement) -> Agreement:
    """The agreement at the item's own speed, where it was found close to that and agrees as well there."""
    rate = found.alignment.rate
    steady = float(np.sign(rate))
    if not _CHANGED < abs(rate - steady) < _SLIGHTLY:
        return found
    middle = (found.start + found.end) / 2
    alignment = Alignment(steady, found.alignment.archive_time(middle) - steady * middle)
    other = _dense(query, item, found.matrix, alignment, (found.start, found.end))
    return found if other is None or other.motion < found.motion else other


def _again(
    query: Medium, item: Medium, first: Registration, found: Agreement, pairs: Sequence[_Pair]
) -> tuple[Registration, list[_Pair]]:
    """The geometry once more, from pairs that the refined alignment names."""
    times = np.linspace(found.start, found.end, 2 * _PAIRS + 1)[1::2]
    aligned = [
        _Pair(float(time), found.alignment.archive_time(float(time)), pairs[0].query_box, pairs[0].archive_box)
        for time in times
    ]
    second = _registered(query, item, aligned, mirrored=first.mirrored)
    if second is None or second.inliers < first.inliers:
        return first, list(pairs)
    return second, aligned


def verify(query: Medium, item: Medium, line: Line) -> tuple[Verified, ...]:
    """What query and item share along a line, and exactly how; nothing where the pictures don't bear it out.

    One overlap; several, in order of time, where a long one has breaks.
    """
    registered = _registration(query, item, _best_pairs(line))
    if registered is None:
        return ()
    stretch = float(line.support.query_times.min()), float(line.support.query_times.max())
    if query.still or item.still:
        found = _verified_still(query, item, *registered)
    elif _is_long(query, item, stretch):
        return _verified_long(query, item, line, registered)
    else:
        found = _verified_moving(query, item, registered, line.alignment, stretch)
    return () if found is None else (found,)


def _verified_moving(
    query: Medium,
    item: Medium,
    registered: tuple[Registration, Sequence[_Pair]],
    alignment: Alignment,
    stretch: tuple[float, float],
) -> Verified | None:
    registration, pairs = registered
    found = _dense(query, item, registration.matrix, alignment, stretch, search=True)
    if found is None:
        return None
    if found.motion == 0.0:
        return _verified_still(query, item, registration, pairs)
    found = _steadied(query, item, found)
    if not _WORTHWHILE <= found.motion < _SURE:
        return _verified(registration, found, pairs)
    better, aligned = _again(query, item, registration, found, pairs)
    if better is not registration:
        again = _dense(query, item, better.matrix, found.alignment, (found.start, found.end))
        registration, pairs = better, aligned
        if again is not None and again.motion >= found.motion:
            found = again
    return _verified(registration, found, pairs)


def _is_long(query: Medium, item: Medium, stretch: tuple[float, float]) -> bool:
    """Whether the overlap is followed stretch by stretch, rather than compared as a whole."""
    durations = query.duration_seconds, item.duration_seconds
    both = all(one is None or one > _LONG_MEDIUM_SECONDS for one in durations)
    return both and stretch[1] - stretch[0] > _LONG_LINE_SECONDS


def _verified_long(
    query: Medium, item: Medium, line: Line, registered: tuple[Registration, Sequence[_Pair]]
) -> tuple[Verified, ...]:
    """The overlap where it is surest, and from there as far as it goes."""
    best: Verified | None = None
    for stretch in _anchors(line):
        found = _verified_moving(query, item, registered, line.alignment, stretch)
        if found is not None and (best is None or _moves(found) > _moves(best)):
            best = found
        if best is not None and _moves(best) >= _SURE_ANCHOR:
            break
    if best is None or best.agreement is None or best.agreement.motion < _WORTHWHILE:
        return () if best is None else (best,)
    pairs = registered[1]
    return tuple(_within(query, item, best, one, pairs[0]) for one in followed(query, item, best.agreement))


def _anchors(line: Line) -> list[tuple[float, float]]:
    """Stretches of the line that are compared first."""
    times = line.support.query_times
    middles = np.quantile(times, _ANCHORS)
    low, high = float(times.min()), float(times.max())
    half = _ANCHOR_SECONDS / 2
    return [(max(low, float(middle) - half), min(high, float(middle) + half)) for middle in middles]


def _shown_at(query: Medium, time: float) -> float:
    """When the next picture of the query is shown: between two pictures either side may show the other one."""
    later = query.track(time, time + _NEXT_SECONDS).times
    return float(later[0]) if len(later) else time


def _moves(verified: Verified) -> float:
    return 0.0 if verified.agreement is None else verified.agreement.motion


def _within(query: Medium, item: Medium, sure: Verified, found: Agreement, boxes: _Pair) -> Verified:
    """A part of a followed overlap, with the places that agree at some of its instants."""
    times = [_shown_at(query, time) for time in np.linspace(found.start, found.end, 2 * _PAIRS + 1)[1::2].tolist()]
    registration = sure.registration
    matrix = np.linalg.inv(within(boxes.archive_box)) @ found.matrix @ within(boxes.query_box)
    told = []
    for time in times:
        archive = found.alignment.archive_time(time)
        sides = (
            query.features(time, boxes.query_box, mirrored=registration.mirrored),
            item.features(archive, boxes.archive_box),
        )
        told.append((time, archive, agreeing(*sides, matrix, mirrored=registration.mirrored)))
    counts = tuple(inliers for _, _, inliers in told)
    counted = replace(registration, matrix=found.matrix, inliers=sum(counts), inliers_of_pairs=counts)
    return Verified(counted, found, None, tuple(told))


def _verified(registration: Registration, found: Agreement, pairs: Sequence[_Pair]) -> Verified:
    counted = zip(pairs, registration.inliers_of_pairs, strict=True)
    told = tuple((pair.query, pair.archive, inliers) for pair, inliers in counted)
    return Verified(replace(registration, matrix=found.matrix), found, None, told)


def _verified_still(query: Medium, item: Medium, registration: Registration, pairs: Sequence[_Pair]) -> Verified | None:
    best = int(np.argmax(registration.inliers_of_pairs))
    pair = pairs[best]
    held = item.track(pair.archive - _STILL_SECONDS, pair.archive + _STILL_SECONDS)
    box = content(held.frames)
    inner = np.linalg.inv(within((box.x, box.y, box.width, box.height)))
    found = still_agreement(
        query.track(pair.query - _STILL_SECONDS, pair.query + _STILL_SECONDS),
        framed(held, box),
        inner @ registration.matrix,
        (pair.query, pair.archive),
    )
    if found is None:
        return None
    return Verified(registration, None, found, ((*found.instant, registration.inliers_of_pairs[best]),))
