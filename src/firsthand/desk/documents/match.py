"""`firsthand.match/1`: where queries have been seen before."""

from typing import Literal

import msgspec

from firsthand.desk.documents.common import Problem

Span = tuple[float, float]
Box = tuple[float, float, float, float]


class EvidencePair(msgspec.Struct, frozen=True):
    """One aligned pair of instants; `inliers` counts local features of pictures, or landmarks of sound, that agree."""

    query: float
    archive: float
    inliers: int


class Segment(msgspec.Struct, frozen=True):
    """One stretch that query and item share.

    `recurs_in_items` is in how many items of the archive, at least, the stretch was found, where these are many that
    share nothing else; `None` elsewhere.
    """

    channel: Literal["picture", "sound"]
    query: Span
    archive: Span
    rate: float | None
    mirrored: bool
    rotation_degrees: float
    query_box: Box | None
    archive_box: Box | None
    confidence: float
    method: str
    evidence: list[EvidencePair]
    differences: None = None
    recurs_in_items: int | None = None


class Witnesses(msgspec.Struct, frozen=True):
    """What pictures and sound say, each for itself; `not_compared` also where a side has none that tells anything."""

    picture: Literal["shared", "not_found", "not_compared"]
    sound: Literal["shared", "not_found", "not_compared"]


class Match(msgspec.Struct, frozen=True):
    """An archived item that shares footage or sound with the query."""

    item: str
    path: str
    source: str | None
    published: str | None
    date_basis: str | None
    confidence: float
    segments: list[Segment]
    witnesses: Witnesses | None = None


class Coverage(msgspec.Struct, frozen=True):
    """Shares of the query that could be compared; `None` where it has no such channel or it was not searched."""

    picture: float | None
    sound: float | None


class NotSearched(msgspec.Struct, frozen=True):
    """A stretch of the query that could not be compared."""

    query: Span
    reason: str


class Query(msgspec.Struct, frozen=True):
    """One thing asked about."""

    path: str
    sha256: str
    kind: str
    duration_seconds: float | None
    coverage: Coverage
    not_searched: list[NotSearched]
    matches: list[Match]


class FalseMatches(msgspec.Struct, frozen=True):
    """How often the default operating point errs on unrelated footage."""

    observed: int
    query_hours: float
    upper_95_per_1000_h: float | None
    basis: str


class Searched(msgspec.Struct, frozen=True):
    """How far the search looked.

    `undated_left_out` counts items that only lack a date to be searched, `None` where no dates were asked for.
    """

    items: int
    hours: float
    collections: list[str] | None
    earliest: str | None
    as_of: str | None
    methods: list[str]
    false_matches: FalseMatches
    kinds: list[str] | None = None
    published_since: str | None = None
    published_until: str | None = None
    undated_left_out: int | None = None


class MatchDocument(msgspec.Struct, frozen=True, kw_only=True):
    """The answer of `firsthand match`."""

    schema: Literal["firsthand.match/1"] = "firsthand.match/1"
    version: str
    errors: list[Problem]
    searched: Searched
    queries: list[Query]
