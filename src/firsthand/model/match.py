"""Confirmed overlaps of a query with archived items."""

from dataclasses import dataclass
from enum import StrEnum

from firsthand.model.box import Box
from firsthand.model.digest import Digest
from firsthand.model.span import Span


class Channel(StrEnum):
    """The witness that a segment rests on."""

    PICTURE = "picture"
    SOUND = "sound"


class Witness(StrEnum):
    """What pictures, or sound, say of a query and an item: they share some, none was found, or it was not compared."""

    SHARED = "shared"
    NOT_FOUND = "not_found"
    NOT_COMPARED = "not_compared"


@dataclass(frozen=True, slots=True)
class Witnesses:
    """What each of the two says; `not_compared` also where a side has none, or none that tells anything."""

    picture: Witness
    sound: Witness


@dataclass(frozen=True, slots=True)
class Alignment:
    """The map of query time to archive time: `archive = offset + rate * query`, all in seconds; never rate 0."""

    rate: float
    offset: float

    def __post_init__(self) -> None:
        if self.rate == 0:
            raise ValueError("expected a rate other than 0")

    def archive_time(self, query: float) -> float:
        """The archive time that shows what the query shows at `query`."""
        return self.offset + self.rate * query


@dataclass(frozen=True, slots=True)
class Evidence:
    """One aligned pair of instants in seconds, and what agrees there: local features of pictures, or landmarks."""

    query: float
    archive: float
    inliers: int


@dataclass(frozen=True, slots=True)
class Segment:
    """One stretch that query and item share.

    `rate` is archive seconds per query second, negative when the query runs backwards, `None` where a side is a
    still. `rotation_degrees` is clockwise, archive to query, after mirroring. Boxes are the hulls of the shared region.
    `recurs_in` is in how many items the stretch was found, where they are many that share nothing else (an end card, a
    title, a jingle); `None` elsewhere.
    """

    channel: Channel
    query: Span
    archive: Span
    rate: float | None
    mirrored: bool
    rotation_degrees: float
    query_box: Box | None
    archive_box: Box | None
    confidence: float
    method: str
    evidence: tuple[Evidence, ...]
    recurs_in: int | None = None


@dataclass(frozen=True, slots=True)
class Match:
    """An archived item that shares footage with the query; segments in order of query time.

    `confidence` is that of its surest segment; less where every segment recurs in many items.
    """

    item: Digest
    confidence: float
    segments: tuple[Segment, ...]

    def __post_init__(self) -> None:
        if not self.segments:
            raise ValueError("expected at least one segment")


@dataclass(frozen=True, slots=True)
class NotSearched:
    """A stretch of the query that could not be compared, and why."""

    query: Span
    reason: str
