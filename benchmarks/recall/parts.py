"""What an archive item consists of."""

from dataclasses import dataclass

from benchmarks.recall.plan import Plan


@dataclass(frozen=True, slots=True)
class Part:
    """A stretch of an archive item: from its second `at` it shows `clip` from `start` for `seconds`."""

    at: float
    clip: str
    start: float
    seconds: float


@dataclass(frozen=True, slots=True)
class Item:
    """A file of the archive folder; `plan` is `None` where it is the clip itself."""

    name: str
    parts: tuple[Part, ...]
    plan: Plan | None = None
