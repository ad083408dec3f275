"""What a report says of an archived item beside its matches."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class ArchivedItem:
    """The facts of one archived item; `id` is `sha256:` and 64 digits, `duration_seconds` is `None` for a still.

    `published` keeps the precision that was stated and `date_basis` is one of INTERFACE's words; `added` is aware.
    """

    id: str
    path: str
    kind: str
    duration_seconds: float | None
    added: datetime
    source: str | None
    url: str | None
    published: str | None
    date_basis: str | None
    collection: str | None
