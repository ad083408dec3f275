"""What a system says, in the form in which all systems are compared."""

from dataclasses import dataclass

from benchmarks.recall.truth import BoxOrNone, Channel


@dataclass(frozen=True, slots=True)
class Prediction:
    """A stretch that a system says a query shares with an archive item.

    `rate`, `mirrored`, `rotation_degrees` and boxes are `None` where the system doesn't say.
    """

    query_id: str
    item: str
    channel: Channel
    query: tuple[float, float]
    archive: tuple[float, float]
    score: float
    rate: float | None = None
    mirrored: bool | None = None
    rotation_degrees: float | None = None
    query_box: BoxOrNone = None
    archive_box: BoxOrNone = None


@dataclass(frozen=True, slots=True)
class Usage:
    """What a process and its children took: CPU (user and system), time by the clock, and peak memory."""

    cpu_seconds: float
    wall_seconds: float
    peak_megabytes: float


@dataclass(frozen=True, slots=True)
class Outcome:
    """A system's run. `absent` says why it could not run, and how to install it; then nothing else counts.

    `predictions` are all that it ranks, for the curves; it lists those with a score of at least `listed_from`, and what
    is counted is counted over these. `add` and `match` are what fingerprinting the archive and asking took; `note` says
    what a reader has to know.
    """

    system: str
    version: str = ""
    predictions: tuple[Prediction, ...] = ()
    add: Usage | None = None
    match: Usage | None = None
    note: str = ""
    absent: str | None = None
    listed_from: float = 0.0
