"""`firsthand.check/1`: all that can be said about each thing."""

from typing import Literal

import msgspec

from firsthand.desk.documents.common import Problem
from firsthand.desk.documents.match import Query, Searched


class Thing(msgspec.Struct, frozen=True):
    """One thing checked; a part is `None` where it does not apply or failed (then `errors` says why)."""

    path: str
    sha256: str | None
    kind: str | None
    match: Query | None
    examination: None = None
    statements: None = None
    media: None = None


class CheckDocument(msgspec.Struct, frozen=True, kw_only=True):
    """The answer of `firsthand check`."""

    schema: Literal["firsthand.check/1"] = "firsthand.check/1"
    version: str
    errors: list[Problem]
    searched: Searched | None
    things: list[Thing]
