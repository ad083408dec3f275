"""Where things lie in an archive's folder."""

from dataclasses import dataclass
from pathlib import Path

from firsthand.model.digest import Digest


@dataclass(frozen=True, slots=True)
class Layout:
    """The paths of one archive.

    The folder holds `archive.sqlite3`, `originals/ab/<sha256>`, `reviews/ab/<sha256>.<ext>`, `descriptors/<method>/`,
    `sounds/<method>/` and `incoming/`, where writers work before anything is in its place.
    """

    folder: Path

    @property
    def database(self) -> Path:
        """The rows that decide what the archive holds."""
        return self.folder / "archive.sqlite3"

    @property
    def originals(self) -> Path:
        """The folder of kept bytes."""
        return self.folder / "originals"

    @property
    def reviews(self) -> Path:
        """The folder of review files."""
        return self.folder / "reviews"

    @property
    def descriptors(self) -> Path:
        """The folder of descriptor files, one folder a method."""
        return self.folder / "descriptors"

    @property
    def sounds(self) -> Path:
        """The folder of sound hashes, one folder a method."""
        return self.folder / "sounds"

    @property
    def incoming(self) -> Path:
        """The folder where writers work."""
        return self.folder / "incoming"

    def original(self, digest: Digest) -> Path:
        """Where the bytes of an item lie, if they are kept."""
        return self.originals / digest.hex[:2] / digest.hex

    def review(self, digest: Digest, suffix: str) -> Path:
        """Where the review file of an item lies; `suffix` starts with a dot or is empty."""
        return self.reviews / digest.hex[:2] / (digest.hex + suffix)

    def method(self, method: str) -> Path:
        """The folder of a method's descriptors: `sscd-distilled/1` lies in `sscd-distilled-1`."""
        return self.descriptors / method.replace("/", "-")
