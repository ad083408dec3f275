"""Long queries are looked up part by part: what a look-up takes in memory depends on the part, and time on the length.

Lines that go on from one part to the next become one.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np
import numpy.typing as npt

from firsthand.model.match import Alignment
from firsthand.recall.align import Candidates, Line
from firsthand.recall.alike import NEIGHBOURS
from firsthand.recall.candidates import ItemLine
from firsthand.recall.describing import Rows
from firsthand.recall.descriptors import Described

_SHORT_SECONDS = 120.0  # never parted
_LEAST_SECONDS = 60.0  # of a part
_OVERLAP_SECONDS = 8.0  # to both sides: what two parts halve would be strong in neither
_MOST_BYTES = 200_000_000  # of the neighbours of a part's descriptors
_NEIGHBOUR_BYTES = 100  # beside its codes and vectors
_GAP_SECONDS = 4.0
_NEAR_SECONDS = 0.6
_NEAR_RATE = 0.03


def joined(by_part: Sequence[Sequence[ItemLine]]) -> list[ItemLine]:
    """The lines of all parts of a query, in their order; one that goes on in the next part becomes one with it."""
    found: list[ItemLine] = []
    for lines in by_part:
        for line in lines:
            found = _with(found, line)
    return found


def parts(rows: Rows) -> Iterator[Rows]:
    """The rows in parts of a bounded size, overlapping."""
    span = float(np.ptp(rows.times)) if len(rows.times) else 0.0
    count = min(int(np.ceil(_bytes(rows) / _MOST_BYTES)), int(span / _LEAST_SECONDS))
    if span <= _SHORT_SECONDS or count < 2:
        yield rows
        return
    borders = np.quantile(rows.times, np.linspace(0, 1, count + 1))
    for low, high in zip(borders[:-1].tolist(), borders[1:].tolist(), strict=True):
        yield _where(rows, (rows.times >= low - _OVERLAP_SECONDS) & (rows.times <= high + _OVERLAP_SECONDS))


def _bytes(rows: Rows) -> int:
    """What the neighbours of all rows take."""
    forms, count, code_bytes = (int(size) for size in rows.described.codes.shape)
    return forms * count * NEIGHBOURS * (_NEIGHBOUR_BYTES + code_bytes + int(rows.described.vectors.shape[1]))


def _where(rows: Rows, keep: npt.NDArray[np.bool_]) -> Rows:
    described = Described(rows.described.codes[:, keep], rows.described.vectors[keep])
    return Rows(rows.times[keep], rows.boxes[keep], described)


def _with(found: list[ItemLine], line: ItemLine) -> list[ItemLine]:
    """The lines with one more, joined to the one that it goes on from."""
    for place, known in enumerate(found):
        if known.key == line.key and known.method == line.method and _goes_on(known.line, line.line):
            return [*found[:place], _joined(known, line), *found[place + 1 :]]
    return [*found, line]


def _goes_on(known: Line, line: Line) -> bool:
    """Whether a line of a later part runs along an earlier one and begins where that ends, or before."""
    start, end = float(line.support.query_times.min()), float(known.support.query_times.max())
    if start - end > _GAP_SECONDS or float(line.support.query_times.max()) <= end:
        return False
    if abs(known.alignment.rate - line.alignment.rate) > _NEAR_RATE:
        return False
    meeting = (start + end) / 2
    return abs(known.alignment.archive_time(meeting) - line.alignment.archive_time(meeting)) < _NEAR_SECONDS


def _joined(known: ItemLine, line: ItemLine) -> ItemLine:
    """One line of both, through what supports them."""
    end = float(known.line.support.query_times.max())
    later = line.line.support.where(line.line.support.query_times > end)
    support = _both(known.line.support, later)
    share = len(np.unique(later.query_times)) / line.line.query_pictures
    votes = known.line.votes + share * line.line.votes
    rarity = (known.rarity * known.line.votes + line.rarity * share * line.line.votes) / votes
    course = _through(support, known.line.alignment)
    return replace(known, line=Line(course, votes, support), place=min(known.place, line.place), rarity=rarity)


def _both(first: Candidates, second: Candidates) -> Candidates:
    return Candidates(
        np.concatenate([first.query_times, second.query_times]),
        np.concatenate([first.archive_times, second.archive_times]),
        np.concatenate([first.similarities, second.similarities]),
        np.concatenate([first.query_boxes, second.query_boxes]),
        np.concatenate([first.archive_boxes, second.archive_boxes]),
        np.concatenate([first.rarities, second.rarities]),
    )


def _through(support: Candidates, start: Alignment) -> Alignment:
    """The least squares line through the pairs, the more similar ones counting more."""
    times, weights = support.query_times, support.similarities**2
    middle, target = (
        float(np.average(times, weights=weights)),
        float(np.average(support.archive_times, weights=weights)),
    )
    spread = float(np.average((times - middle) ** 2, weights=weights))
    if spread <= 0:
        return start
    rate = float(np.average((times - middle) * (support.archive_times - target), weights=weights)) / spread
    return Alignment(rate, target - rate * middle)
