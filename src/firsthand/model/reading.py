"""What one reading of a medium yields."""

from dataclasses import dataclass
from pathlib import Path

from firsthand.model.fingerprint import Fingerprint
from firsthand.model.item import Facts
from firsthand.model.sound import SoundPrint


@dataclass(frozen=True, slots=True)
class Reading:
    """The facts of a medium, its fingerprints, and the review files that a match is verified and shown with.

    `review` and `sound_review` lie in the scratch folder that the reader was given, `None` where there is nothing to
    show or hear; no two fingerprints share a method; `sound` is `None` where there is none.
    """

    facts: Facts
    fingerprints: tuple[Fingerprint, ...]
    review: Path | None
    sound: SoundPrint | None = None
    sound_review: Path | None = None

    def __post_init__(self) -> None:
        methods = [fingerprint.method for fingerprint in self.fingerprints]
        if len(set(methods)) != len(methods):
            raise ValueError(f"expected one fingerprint a method, got {methods}")
