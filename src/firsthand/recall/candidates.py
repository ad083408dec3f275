"""Which archived pictures are like those of the query, item by item."""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from firsthand.recall.align import Candidates, Line, lines
from firsthand.recall.describing import Rows
from firsthand.recall.descriptors import Descriptor
from firsthand.recall.index import DescriptorIndex

_NEIGHBOURS = 96
_PICTURES_OF_ITEM = 24  # archived pictures of one item that one query picture may vote for
_LEAST_VOTES = 0.10
_LINES_OF_ITEM = 6
_LINES = 48
_NEXT = 0.75  # of its votes: what a further line of the same item promises, and again for each after it


@dataclass(frozen=True, slots=True)
class ItemLine:
    """A line, the key of the item it leads to, the method that found it, and its place among the item's lines.

    `place` is 0 for the item's strongest line. Most further lines say the same another way, so that they stand back
    where many items hold the footage.
    """

    key: int
    method: str
    line: Line
    place: int = 0

    @property
    def promise(self) -> float:
        """What sorts lines: votes, less for each stronger line of the item."""
        return float(self.line.votes * _NEXT**self.place)


@dataclass(frozen=True, slots=True)
class _OfItem:
    """The candidate pairs of one item, and what its lines can have in votes at most."""

    key: int
    candidates: Candidates
    most_votes: float


def _grouped(rows: Rows, descriptor: Descriptor, index: DescriptorIndex) -> list[_OfItem]:
    """The candidate pairs of each item above the method's candidate similarity, those that promise most votes first."""
    count = len(rows.times)
    if not count or not index.size:
        return []
    found = [index.nearest(codes, _NEIGHBOURS).rows for codes in rows.described.codes]
    neighbours = np.stack(found)  # (forms, n, k)
    forms, pictures, _ = np.nonzero(neighbours >= 0)
    located = index.locate(neighbours[neighbours >= 0])
    similarities = descriptor.similarity(rows.described, forms, pictures, located.codes, located.vectors)
    keep = np.flatnonzero(similarities >= descriptor.candidate_similarity)
    order = keep[np.lexsort((pictures[keep], located.items[keep]))]
    every = Candidates(
        rows.times[pictures[order]],
        located.times[order],
        similarities[order],
        rows.boxes[pictures[order]],
        located.boxes[order],
    )
    keys, firsts = np.unique(located.items[order], return_index=True)
    most = _most_votes(every, firsts, descriptor.candidate_similarity)
    ends = np.append(firsts[1:], len(order))
    return [
        _OfItem(int(keys[place]), every.where(np.arange(firsts[place], ends[place])), float(most[place]))
        for place in np.argsort(-most, kind="stable")
    ]


def _most_votes(every: Candidates, firsts: npt.NDArray[np.intp], floor: float) -> npt.NDArray[np.float64]:
    """For each item the votes of a line on which all its query pictures lie, each with its most similar pair.

    Args:
        every: pairs in order of item.
        firsts: where each item begins.
        floor: the similarity that counts nothing.
    """
    if not len(firsts):
        return np.zeros(0)
    item = np.repeat(np.arange(len(firsts)), np.diff(np.append(firsts, len(every.similarities))))
    weights = np.maximum(every.similarities - floor, 0.0) + 0.02  # as lines count them
    order = np.lexsort((-weights, every.query_times, item))
    same = (item[order][1:] == item[order][:-1]) & (every.query_times[order][1:] == every.query_times[order][:-1])
    best = order[np.append(True, ~same)]
    return np.bincount(item[best], weights[best], len(firsts))


def _thinned(candidates: Candidates) -> Candidates:
    """At most so many pairs for each query picture: the most similar ones."""
    order = np.lexsort((-candidates.similarities, candidates.query_times))
    times = candidates.query_times[order]
    first = np.searchsorted(times, times)
    return candidates.where(order[np.arange(len(order)) - first < _PICTURES_OF_ITEM])


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
    for of_item in _grouped(rows, descriptor, index):
        enough = len(promises) == _LINES and of_item.most_votes < promises[0]
        if enough or of_item.most_votes < _LEAST_VOTES:
            break  # neither this item nor any after it can have a line that would be verified
        if only is not None and of_item.key not in only:
            continue
        pairs = _thinned(of_item.candidates)
        every = lines(pairs, descriptor.candidate_similarity, most=_LINES_OF_ITEM, least_votes=_LEAST_VOTES)
        more = [ItemLine(of_item.key, descriptor.method, line, place) for place, line in enumerate(every)]
        found += more
        promises = sorted([*promises, *(one.promise for one in more)])[-_LINES:]
    return strongest(sorted(found, key=lambda one: one.key))


def strongest(found: Iterable[ItemLine]) -> list[ItemLine]:
    """The lines that promise most, as many as are verified for one query."""
    return sorted(found, key=lambda one: -one.promise)[:_LINES]
