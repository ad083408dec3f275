"""Which straight lines of archive time over query time do the candidate pairs of pictures lie on?

A vote over (rate, offset): every candidate pair votes, for each rate on a logarithmic grid and both directions, for the
offset that would explain it; a query picture counts once a line, with its most similar pair. The best line is refined
by weighted least squares, its votes are removed, and the next is looked for.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from firsthand.model.box import WHOLE, Box
from firsthand.model.match import Alignment

_RATES = np.exp(np.linspace(np.log(0.45), np.log(2.2), 41))
_BIN_SECONDS = 0.25
_TOLERANCE_SECONDS = 0.4
_GAP_SECONDS = 4.0
_ROUNDS = 4
_CHANGED = 0.03  # of the rate: within it a line is at rate 1
_STEADY = 0.7  # of a line's votes: with so many a line at rate 1 is looked at too
_REVERSED = 0.8  # the same at rate -1
_PREFERENCE = 0.04  # by so much is rate 1 preferred: a line must explain more to be read as a change of speed


@dataclass(frozen=True, slots=True)
class Candidates:
    """Pairs of alike pictures of a query and one item.

    Attributes:
        query_times: float64, shape (n,), seconds.
        archive_times: float64, shape (n,), seconds.
        similarities: float64, shape (n,), above the method's candidate similarity.
        query_boxes: float32, shape (n, 4), the regions compared.
        archive_boxes: float32, shape (n, 4), the same.
        rarities: float64, shape (n,), what a pair tells of where the query comes from, from 0 to 1: less, the more
            items hold pictures that are more like the query's.
    """

    query_times: npt.NDArray[np.float64]
    archive_times: npt.NDArray[np.float64]
    similarities: npt.NDArray[np.float64]
    query_boxes: npt.NDArray[np.float32]
    archive_boxes: npt.NDArray[np.float32]
    rarities: npt.NDArray[np.float64]

    def where(self, keep: npt.NDArray[np.bool_] | npt.NDArray[np.intp]) -> "Candidates":
        """The pairs that `keep` selects."""
        return Candidates(
            self.query_times[keep],
            self.archive_times[keep],
            self.similarities[keep],
            self.query_boxes[keep],
            self.archive_boxes[keep],
            self.rarities[keep],
        )

    def weights(self, floor: float) -> npt.NDArray[np.float64]:
        """What each pair counts for as a vote, shape (n,): its similarity above the floor, and a little for itself."""
        return np.maximum(self.similarities - floor, 0.0) + 0.02


def commonest(boxes: npt.NDArray[np.float32], weights: npt.NDArray[np.float64]) -> npt.NDArray[np.bool_]:
    """Which rows of boxes, shape (n, any), are those (to a hundredth) that gather the most weight."""
    names, group = np.unique(np.round(boxes, 2), axis=0, return_inverse=True)
    gathered = np.bincount(group.ravel(), weights, len(names))
    return np.asarray(group.ravel() == int(np.argmax(gathered)), np.bool_)


@dataclass(frozen=True, slots=True)
class Line:
    """A line and what supports it; `votes` is the sum over query pictures of their best similarity above the floor."""

    alignment: Alignment
    votes: float
    support: Candidates

    @property
    def query_pictures(self) -> int:
        """How many query pictures lie on it."""
        return len(np.unique(self.support.query_times))

    @property
    def commonest_query_box(self) -> Box:
        """The region of the query's picture that most of its similarity lies in."""
        there = commonest(self.support.query_boxes, self.support.similarities)
        x, y, width, height = self.support.query_boxes[there][0].tolist()
        return Box.clipped(x, y, x + width, y + height) or WHOLE


def _rates() -> npt.NDArray[np.float64]:
    forward = np.unique(np.append(_RATES, 1.0))
    return np.concatenate([forward, -forward])


def _tallies(
    rate: float,
    query: npt.NDArray[np.intp],
    times: npt.NDArray[np.float64],
    archive: npt.NDArray[np.float64],
    weights: npt.NDArray[np.float64],
) -> tuple[float, float]:
    """The best offset for one rate and its votes."""
    offsets = archive - rate * times
    bins = np.floor(offsets / _BIN_SECONDS).astype(np.int64)
    bins -= bins.min()
    count = int(bins.max()) + 2
    key = query.astype(np.int64) * count + bins
    order = np.lexsort((-weights, key))
    first = np.ones(len(order), bool)
    first[1:] = key[order][1:] != key[order][:-1]
    best = order[first]
    tally = np.bincount(bins[best], weights[best], count)
    pairs = tally[:-1] + tally[1:]  # two neighbouring bins: no line falls on a boundary
    peak = int(np.argmax(pairs))
    offset = (peak + 1 + np.floor(offsets / _BIN_SECONDS).min()) * _BIN_SECONDS
    return float(offset), float(pairs[peak])


def _refined(candidates: Candidates, weights: npt.NDArray[np.float64], start: Alignment) -> Alignment:
    """Weighted least squares over the pairs near the line, the line being followed as it moves."""
    rate, offset = start.rate, start.offset
    for _ in range(_ROUNDS):
        distance = np.abs(candidates.archive_times - offset - rate * candidates.query_times)
        near = distance < _TOLERANCE_SECONDS
        times = candidates.query_times[near]
        if len(np.unique(times)) < 2:
            break
        weight = weights[near] ** 2
        mean = np.average(times, weights=weight)
        target = np.average(candidates.archive_times[near], weights=weight)
        spread = np.average((times - mean) ** 2, weights=weight)
        if len(np.unique(times)) >= 4 and spread > 0.25:
            slope = np.average((times - mean) * (candidates.archive_times[near] - target), weights=weight) / spread
            if np.sign(slope) == np.sign(rate) and 0.4 < abs(slope) < 2.5:
                rate = float(slope)
        offset = float(target - rate * mean)
    return Alignment(rate, offset)


def _best_lines(candidates: Candidates, floor: float) -> list[Line]:
    """The line with the most votes; after it the best at rate 1 and at rate -1 where they have nearly as many.

    Where pictures look alike for long, any rate explains them, and copies at their own speed are the commonest.
    """
    weights = candidates.weights(floor)
    _, query = np.unique(candidates.query_times, return_inverse=True)
    tried: dict[float, tuple[float, Alignment]] = {}
    for rate in _rates().tolist():
        offset, votes = _tallies(rate, query, candidates.query_times, candidates.archive_times, weights)
        votes *= 1 - _PREFERENCE * min(1.0, abs(np.log(abs(rate))) / 0.1) - (_PREFERENCE if rate < 0 else 0)
        tried[rate] = votes, Alignment(rate, offset)
    votes, peak = max(tried.values(), key=lambda one: one[0])
    found = [Line(*_on(candidates, _refined(candidates, weights, peak), votes))]
    for rate, share in ((1.0, _STEADY), (-1.0, _REVERSED)):
        votes, steady = tried[rate]
        if abs(found[0].alignment.rate - rate) > _CHANGED and votes > share * found[0].votes:
            found.append(Line(*_on(candidates, _shifted(candidates, weights, steady), votes)))
    return [line for line in found if len(line.support.similarities)]


def _on(candidates: Candidates, alignment: Alignment, votes: float) -> tuple[Alignment, float, Candidates]:
    distance = np.abs(candidates.archive_times - alignment.offset - alignment.rate * candidates.query_times)
    return alignment, votes, candidates.where(distance < _TOLERANCE_SECONDS)


def _shifted(candidates: Candidates, weights: npt.NDArray[np.float64], start: Alignment) -> Alignment:
    """The line moved to the middle of the pairs near it, at its own rate."""
    apart = candidates.archive_times - start.offset - start.rate * candidates.query_times
    near = np.abs(apart) < _TOLERANCE_SECONDS
    moved = float(np.average(apart[near], weights=weights[near] ** 2)) if near.any() else 0.0
    return Alignment(start.rate, start.offset + moved)


def _runs(line: Line, floor: float) -> Iterator[Line]:
    """The line cut where its support has long gaps: each part is a segment of its own."""
    order = np.argsort(line.support.query_times, kind="stable")
    times = line.support.query_times[order]
    breaks = np.flatnonzero(np.diff(times) > _GAP_SECONDS) + 1
    for part in np.split(order, breaks):
        support = line.support.where(part)
        yield Line(line.alignment, each_once(support.query_times, support.weights(floor)), support)


def each_once(times: npt.NDArray[np.float64], weights: npt.NDArray[np.float64]) -> float:
    """The sum over the different times of the greatest weight at each."""
    order = np.lexsort((-weights, times))
    first = np.append(True, times[order][1:] != times[order][:-1])[: len(order)]
    return float(weights[order][first].sum())


def lines(candidates: Candidates, floor: float, *, most: int = 12, least_votes: float = 0.0) -> tuple[Line, ...]:
    """The lines that the pairs of one item support, strongest first.

    Args:
        candidates: pairs of alike pictures.
        floor: the similarity that counts nothing.
        most: how many lines at most.
        least_votes: votes below which there is none.
    """
    found: list[Line] = []
    remaining = candidates
    while len(remaining.similarities) and len(found) < most:
        best = _best_lines(remaining, floor)
        if not best or best[0].votes < least_votes:
            break
        for one in best:
            found.extend(_runs(one, floor))
        line = best[0]
        distance = np.abs(remaining.archive_times - line.alignment.offset - line.alignment.rate * remaining.query_times)
        remaining = remaining.where(distance >= 1.5 * _TOLERANCE_SECONDS)
    strong = [line for line in found if line.votes >= least_votes]
    return tuple(sorted(strong, key=lambda line: -line.votes)[:most])
