"""Stretches that recur in many items which share nothing else: end cards, titles, jingles.

Such a stretch is shared, and is told; but it says little of where the query's footage comes from. Copies of one
footage are not meant: what two items hold around the stretch tells them from items that merely end alike.
"""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from firsthand.model.match import Segment

MANY = 6
"""Items without anything else in common in which a stretch recurs, from which on it is told and loses weight."""
_SAME_STRETCH = 0.8  # of the shorter of two stretches of the query
_WHOLE = 0.8  # of an item, or of a query: there the stretch is the footage itself
_AROUND_SECONDS = 10.0
_MARGIN_SECONDS = 0.5
_MOST_PICTURES = 48  # on each side of the stretch
_SAME_BITS = 0.33  # of a code: pictures that differ in fewer are the same but for encoding (unrelated ones: half)
_RELATED = 0.3  # of the pictures around the stretch: with so many the same, two items share more than the stretch

type Around = Callable[[int, float, float], npt.NDArray[np.uint8]]
"""The codes, uint8, shape (n, bytes), of an item's pictures between two times in seconds."""


@dataclass(frozen=True, slots=True)
class Shared:
    """A listed segment, the key of its item, and the item's seconds (`None` for an image)."""

    key: int
    segment: Segment
    item_seconds: float | None

    @property
    def is_whole(self) -> bool:
        """Whether the item holds hardly anything but the stretch."""
        if self.item_seconds is None:
            return True
        return float(self.segment.archive.duration) >= _WHOLE * self.item_seconds


def recurring(every: Sequence[Shared], around: Around) -> tuple[int | None, ...]:
    """For each segment in how many items its stretch recurs, where these share nothing else and are many; else `None`.

    Args:
        every: the listed segments of one query.
        around: what items hold around a stretch.
    """
    known: dict[int, npt.NDArray[np.uint8]] = {}
    told: list[int | None] = []
    for one in every:
        holders = {other.key: other for other in every if _holds(other, one)}
        if len(holders) < MANY:
            told.append(None)
            continue
        for key, other in holders.items():
            if key not in known:
                known[key] = _beside(other, around)
        told.append(len(holders) if _families(list(holders.values()), known) >= MANY else None)
    return tuple(told)


def weight(one: Shared, query_seconds: float | None) -> float:
    """By what the confidence of a match is multiplied that rests on a segment: 1 where it is rare.

    It falls with the logarithm of the number of items, as the rarity of words does in search (Spärck Jones 1972). A
    segment that is all there is of the query or of the item keeps its weight: there is no other footage to be found.
    """
    recurs_in = one.segment.recurs_in
    if recurs_in is None or one.is_whole or query_seconds is None:
        return 1.0
    if float(one.segment.query.duration) >= _WHOLE * query_seconds:
        return 1.0
    return 1 / (1 + math.log2(recurs_in / (MANY - 1)))


def _holds(other: Shared, one: Shared) -> bool:
    """Whether another segment, of the same channel, holds nearly all of the query's stretch that one has."""
    if other.segment.channel is not one.segment.channel:
        return False
    return other.segment.query.overlap(one.segment.query) >= _SAME_STRETCH * one.segment.query.duration


def _beside(one: Shared, around: Around) -> npt.NDArray[np.uint8]:
    """The codes of what the item shows before and after the stretch."""
    start, end = float(one.segment.archive.start), float(one.segment.archive.end)
    before = around(one.key, start - _AROUND_SECONDS, start - _MARGIN_SECONDS)
    after = around(one.key, end + _MARGIN_SECONDS, end + _AROUND_SECONDS)
    parts = [part for part in (before[-_MOST_PICTURES:], after[:_MOST_PICTURES]) if len(part)]
    return np.concatenate(parts) if parts else np.zeros((0, 1), np.uint8)


def _families(holders: Sequence[Shared], known: Mapping[int, npt.NDArray[np.uint8]]) -> int:
    """Into how many groups the items fall that share more than the stretch; those that are nothing else are one."""
    groups: list[list[Shared]] = []
    for one in holders:
        near = [group for group in groups if any(_related(one, other, known) for other in group)]
        groups = [group for group in groups if group not in near]
        groups.append([one, *(member for group in near for member in group)])
    return len(groups)


def _related(one: Shared, other: Shared, known: Mapping[int, npt.NDArray[np.uint8]]) -> bool:
    if one.is_whole or other.is_whole:
        return one.is_whole and other.is_whole
    left, right = known[one.key], known[other.key]
    if not len(left) or not len(right) or left.shape[1] != right.shape[1]:
        return False
    few, many = sorted((left, right), key=len)
    apart = np.bitwise_count(few[:, None] ^ many[None]).sum(axis=2, dtype=np.int32)
    same = apart.min(axis=1) < _SAME_BITS * 8 * few.shape[1]
    return bool(same.mean() >= _RELATED)
