"""Which archived pictures are like those of the query, item by item."""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from firsthand.recall.align import Candidates, Line, lines
from firsthand.recall.describing import Rows
from firsthand.recall.descriptors import Descriptor
from firsthand.recall.index import DescriptorIndex

_NEIGHBOURS = 96
_PICTURES_OF_ITEM = 24  # archived pictures of one item that one query picture may vote for
_LEAST_VOTES = 0.10
_LINES_OF_ITEM = 6
_LINES = 48


@dataclass(frozen=True, slots=True)
class ItemLine:
    """A line, the key of the item it leads to, and the method that found it."""

    key: int
    method: str
    line: Line


def _grouped(rows: Rows, descriptor: Descriptor, index: DescriptorIndex) -> dict[int, Candidates]:
    """The candidate pairs of each item above the method's candidate similarity."""
    count = len(rows.times)
    if not count or not index.size:
        return {}
    found = [index.nearest(codes, _NEIGHBOURS).rows for codes in rows.described.codes]
    neighbours = np.stack(found)  # (forms, n, k)
    forms, pictures, _ = np.nonzero(neighbours >= 0)
    located_rows = neighbours[neighbours >= 0]
    located = index.locate(located_rows)
    similarities = descriptor.similarity(rows.described, forms, pictures, located.codes, located.vectors)
    keep = similarities >= descriptor.candidate_similarity
    candidates = Candidates(
        rows.times[pictures[keep]],
        located.times[keep],
        similarities[keep],
        rows.boxes[pictures[keep]],
        located.boxes[keep],
    )
    items = located.items[keep]
    return {int(key): _thinned(candidates.where(items == key)) for key in np.unique(items)}


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
    found = [
        ItemLine(key, descriptor.method, line)
        for key, candidates in _grouped(rows, descriptor, index).items()
        if only is None or key in only
        for line in lines(candidates, descriptor.candidate_similarity, most=_LINES_OF_ITEM, least_votes=_LEAST_VOTES)
    ]
    return strongest(found)


def strongest(found: Iterable[ItemLine]) -> list[ItemLine]:
    """The lines with the most votes, as many as are verified for one query."""
    return sorted(found, key=lambda one: -one.line.votes)[:_LINES]
