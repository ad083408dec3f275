"""Which archived pictures are like those of the query, item by item."""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from firsthand.recall.align import Candidates, Line, each_once, lines
from firsthand.recall.alike import PICTURES_OF_ITEM, alike_rows
from firsthand.recall.describing import Rows
from firsthand.recall.descriptors import Descriptor
from firsthand.recall.index import DescriptorIndex

_LEAST_VOTES = 0.10
_LINES_OF_ITEM = 6
_LINES = 48
_NEXT = 0.75  # of its votes: what a further line of the same item promises, and again for each after it
_HALVED_BY = 12.0  # items that hold a picture more like the query's: by so many is what a pair tells halved


@dataclass(frozen=True, slots=True)
class ItemLine:
    """A line, the key of the item it leads to, the method that found it, and its place among the item's lines.

    `place` is 0 for the item's strongest line. Most further lines say the same another way, so that they stand back
    where many items hold the footage. `rarity` is the share of the line's votes that is left where a picture tells
    less, the more items hold others that are more like it.
    """

    key: int
    method: str
    line: Line
    place: int = 0
    rarity: float = 1.0

    @property
    def promise(self) -> float:
        """What sorts lines: votes that tell something, less for each stronger line of the item."""
        return float(self.line.votes * self.rarity * _NEXT**self.place)


@dataclass(frozen=True, slots=True)
class _OfItem:
    """The candidate pairs of one item, and what its lines can have in votes, and can promise, at most."""

    key: int
    candidates: Candidates
    most_votes: float
    most_promise: float


def _grouped(rows: Rows, descriptor: Descriptor, index: DescriptorIndex) -> list[_OfItem]:
    """The candidate pairs of each item above the method's candidate similarity, those that promise most first."""
    if not len(rows.times) or not index.size:
        return []
    alike = alike_rows(rows, descriptor, index)
    order = np.lexsort((alike.pictures, alike.located.items))
    items, pictures = alike.located.items[order], alike.pictures[order]
    every = Candidates(
        rows.times[pictures],
        alike.located.times[order],
        alike.similarities[order],
        rows.boxes[pictures],
        alike.located.boxes[order],
        rarities(pictures, items, alike.similarities[order]),
    )
    keys, firsts = np.unique(items, return_index=True)
    weights = every.weights(descriptor.candidate_similarity)
    votes, promise = (_at_most(every, firsts, weight) for weight in (weights, weights * every.rarities))
    ends = np.append(firsts[1:], len(order))
    return [
        _OfItem(int(keys[n]), every.where(np.arange(firsts[n], ends[n])), float(votes[n]), float(promise[n]))
        for n in np.argsort(-promise, kind="stable")
    ]


def rarities(
    pictures: npt.NDArray[np.intp], items: npt.NDArray[np.int64], similarities: npt.NDArray[np.float64]
) -> npt.NDArray[np.float64]:
    """What each pair tells of where a query comes from, shape (n,): halved by every dozen items that are more alike.

    A picture that many items hold (an end card, a title, a test card) votes for all of them, and would leave no place
    among the lines that are verified to footage that one item holds and that was changed more on its way.

    Args:
        pictures: shape (n,), the query's picture of each pair.
        items: shape (n,), the item of each pair.
        similarities: shape (n,), how alike they are.
    """
    order = np.lexsort((-similarities, items, pictures))
    new = np.append(True, (np.diff(pictures[order]) != 0) | (np.diff(items[order]) != 0))[: len(order)]
    best = order[new]  # of each picture and item
    falling = np.lexsort((-similarities[best], pictures[best]))
    place = np.empty(len(best))
    place[falling] = np.arange(len(best)) - np.searchsorted(pictures[best][falling], pictures[best][falling])
    told = np.empty(len(order))
    told[order] = 0.5 ** (place[np.cumsum(new) - 1] / _HALVED_BY)
    return told


def _at_most(
    every: Candidates, firsts: npt.NDArray[np.intp], weights: npt.NDArray[np.float64]
) -> npt.NDArray[np.float64]:
    """For each item the sum of a line on which all its query pictures lie, each with its weightiest pair.

    Args:
        every: pairs in order of item.
        firsts: where each item begins.
        weights: of the pairs.
    """
    if not len(firsts):
        return np.zeros(0)
    item = np.repeat(np.arange(len(firsts)), np.diff(np.append(firsts, len(every.similarities))))
    order = np.lexsort((-weights, every.query_times, item))
    same = (item[order][1:] == item[order][:-1]) & (every.query_times[order][1:] == every.query_times[order][:-1])
    best = order[np.append(True, ~same)]
    return np.bincount(item[best], weights[best], len(firsts))


def _thinned(candidates: Candidates) -> Candidates:
    """At most so many pairs for each query picture: the most similar ones."""
    order = np.lexsort((-candidates.similarities, candidates.query_times))
    times = candidates.query_times[order]
    first = np.searchsorted(times, times)
    return candidates.where(order[np.arange(len(order)) - first < PICTURES_OF_ITEM])


def item_lines(
    rows: Rows, descriptor: Descriptor, index: DescriptorIndex, *, only: frozenset[int] | None = None
) -> list[ItemLine]:
    """The lines of all items worth verifying, strongest first.

    Args:
        rows: the query's descriptors by the method of `descriptor` and `index`.
        descriptor: what compares them.
        index: the archive's descriptors.
        only: keys of the items to look at; all where `None`.
    """
    found: list[ItemLine] = []
    promises: list[float] = []  # of the strongest lines so far, as many as are verified, weakest first
    floor = descriptor.candidate_similarity
    for of_item in _grouped(rows, descriptor, index):
        if len(promises) == _LINES and of_item.most_promise < promises[0]:
            break  # neither this item nor any after it can have a line that would be verified
        if of_item.most_votes < _LEAST_VOTES or (only is not None and of_item.key not in only):
            continue
        every = lines(_thinned(of_item.candidates), floor, most=_LINES_OF_ITEM, least_votes=_LEAST_VOTES)
        more = [
            ItemLine(of_item.key, descriptor.method, line, place, _rarity(line, floor))
            for place, line in enumerate(every)
        ]
        found += more
        promises = sorted([*promises, *(one.promise for one in more)])[-_LINES:]
    return strongest(sorted(found, key=lambda one: one.key))


def _rarity(line: Line, floor: float) -> float:
    """The share of a line's votes that is left once each picture counts for what it tells."""
    support = line.support
    weights = support.weights(floor)
    return each_once(support.query_times, weights * support.rarities) / each_once(support.query_times, weights)


def strongest(found: Iterable[ItemLine]) -> list[ItemLine]:
    """The lines that promise most, as many as are verified for one query."""
    return sorted(found, key=lambda one: -one.promise)[:_LINES]
