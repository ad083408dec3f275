"""`firsthand.add/1`: what was put into the archive."""

from typing import Literal

import msgspec

from firsthand.desk.documents.common import Problem


class AddedItem(msgspec.Struct, frozen=True):
    """One path that was given and is now in the archive; one line of `--jsonl`.

    `problem` says where reading broke off, `null` where it reached the end.
    """

    id: str
    path: str
    sha256: str
    kind: str
    duration_seconds: float | None
    added: str
    already_held: bool
    problem: str | None


class AddDocument(msgspec.Struct, frozen=True, kw_only=True):
    """The answer of `firsthand add`; `passed_over` counts the files in folders that are no media."""

    schema: Literal["firsthand.add/1"] = "firsthand.add/1"
    version: str
    errors: list[Problem]
    items: list[AddedItem]
    passed_over: int
