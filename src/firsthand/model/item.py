"""What an archive holds."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from firsthand.model.digest import Digest


class Kind(StrEnum):
    """What an item is to a person."""

    VIDEO = "video"
    IMAGE = "image"
    SOUND = "sound"
    PAGE = "page"


class Keep(StrEnum):
    """How the bytes of an item are kept."""

    COPY = "copy"
    LINK = "link"
    REFERENCE = "reference"


class DateBasis(StrEnum):
    """What a date of publication rests on."""

    TYPED = "typed"
    DECLARED = "declared"
    POST_ID = "post_id"
    CAPTURE = "capture"
    TIMESTAMPED = "timestamped"


@dataclass(frozen=True, slots=True)
class Facts:
    """What reading a medium to its end showed.

    `width` and `height` are pixels of the upright picture at square pixels; `duration_seconds` runs from the first
    presented frame (sound only: first sample) to the end of the last, `None` for a still; `frame_count_content`
    counts decoded frames; `problem` says where reading broke off, `None` where it reached the end.
    """

    kind: Kind
    container: str
    duration_seconds: float | None
    width: int | None
    height: int | None
    frame_count_content: int
    video_codec: str | None
    audio_codec: str | None
    problem: str | None = None


@dataclass(frozen=True, slots=True)
class Provenance:
    """What a person said of where an item came from; `published` keeps the precision that was typed."""

    source: str | None = None
    url: str | None = None
    published: str | None = None
    date_basis: DateBasis | None = None
    collection: str | None = None
    by: str | None = None


@dataclass(frozen=True, slots=True)
class Item:
    """One archived thing, named by its digest; `path` is the one given when it was first added."""

    digest: Digest
    size_bytes: int
    path: str
    facts: Facts
    provenance: Provenance
    keep: Keep
    added: datetime
