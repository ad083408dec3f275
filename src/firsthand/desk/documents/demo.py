"""`firsthand.demo/1`: the main job on footage whose truth is known."""

from typing import Literal

import msgspec

from firsthand.desk.documents.add import AddDocument
from firsthand.desk.documents.check import CheckDocument
from firsthand.desk.documents.common import Problem


class DemoTruth(msgspec.Struct, frozen=True):
    """What the repost was made of: the item, the stretch of it, and that it was mirrored."""

    path: str
    archive: tuple[float, float]
    mirrored: bool


class DemoDocument(msgspec.Struct, frozen=True, kw_only=True):
    """The answer of `firsthand demo`; `alignment_error_seconds` is `null` where the repost was not found."""

    schema: Literal["firsthand.demo/1"] = "firsthand.demo/1"
    version: str
    errors: list[Problem]
    commands: list[str]
    truth: DemoTruth
    alignment_error_seconds: float | None
    added: list[AddDocument]
    checked: CheckDocument
    report: str
