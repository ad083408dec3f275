"""`firsthand.archive-ls/1`, `-show/1`, `-rm/1`, `-refingerprint/1` and `-stats/1`: the archive itself."""

from typing import Literal

import msgspec

from firsthand.desk.documents.common import Problem


class ArchivedItem(msgspec.Struct, frozen=True, kw_only=True):
    """One item; `width` and `height` are pixels of the upright picture."""

    id: str
    path: str
    sha256: str
    kind: str
    duration_seconds: float | None
    size_bytes: int
    width: int | None
    height: int | None
    video_codec: str | None
    audio_codec: str | None
    problem: str | None
    source: str | None
    url: str | None
    published: str | None
    date_basis: str | None
    collection: str | None
    by: str | None
    keep: str
    added: str


class ArchiveLsDocument(msgspec.Struct, frozen=True, kw_only=True):
    """The answer of `firsthand archive ls`, in the order the items were first added."""

    schema: Literal["firsthand.archive-ls/1"] = "firsthand.archive-ls/1"
    version: str
    errors: list[Problem]
    items: list[ArchivedItem]


class RecordedFingerprint(msgspec.Struct, frozen=True):
    """How many descriptors a method made of the item; `model` is the digest of its model's file."""

    method: str
    model: str | None
    descriptors: int


class FurtherCapture(msgspec.Struct, frozen=True, kw_only=True):
    """Another time at which the same bytes were added."""

    at: str
    path: str
    source: str | None
    url: str | None
    published: str | None
    date_basis: str | None
    collection: str | None
    by: str | None


class ArchiveShowDocument(msgspec.Struct, frozen=True, kw_only=True):
    """The answer of `firsthand archive show`.

    `original` and `review` are where the bytes and the review file lie, `null` where nothing lies there.
    """

    schema: Literal["firsthand.archive-show/1"] = "firsthand.archive-show/1"
    version: str
    errors: list[Problem]
    item: ArchivedItem | None
    original: str | None
    review: str | None
    fingerprints: list[RecordedFingerprint]
    captures: list[FurtherCapture]


class WithdrawnItem(msgspec.Struct, frozen=True):
    """One item that no answer mentions any longer."""

    id: str
    path: str
    sha256: str
    withdrawn: str


class ArchiveRmDocument(msgspec.Struct, frozen=True, kw_only=True):
    """The answer of `firsthand archive rm`."""

    schema: Literal["firsthand.archive-rm/1"] = "firsthand.archive-rm/1"
    version: str
    errors: list[Problem]
    items: list[WithdrawnItem]


class RedescribedItem(msgspec.Struct, frozen=True):
    """One item that has a fingerprint by the method now, of so many descriptors."""

    id: str
    path: str
    sha256: str
    descriptors: int


class ArchiveRefingerprintDocument(msgspec.Struct, frozen=True, kw_only=True):
    """The answer of `firsthand archive refingerprint`; `left` counts the items that still lack the fingerprint."""

    schema: Literal["firsthand.archive-refingerprint/1"] = "firsthand.archive-refingerprint/1"
    version: str
    errors: list[Problem]
    method: str | None
    items: list[RedescribedItem]
    left: int


class MethodCount(msgspec.Struct, frozen=True):
    """How many descriptors of live items a method has made."""

    method: str
    descriptors: int


class ArchiveSums(msgspec.Struct, frozen=True, kw_only=True):
    """Sums over live items; `withdrawn` counts those that no longer answer, `disk_bytes` is the whole folder's size."""

    items: int
    hours: float
    size_bytes: int
    earliest: str | None
    kinds: dict[str, int]
    collections: dict[str, int]
    methods: list[MethodCount]
    withdrawn: int
    disk_bytes: int


class ArchiveStatsDocument(msgspec.Struct, frozen=True, kw_only=True):
    """The answer of `firsthand archive stats`; `sums` is `null` where the archive can't be read."""

    schema: Literal["firsthand.archive-stats/1"] = "firsthand.archive-stats/1"
    version: str
    errors: list[Problem]
    sums: ArchiveSums | None
