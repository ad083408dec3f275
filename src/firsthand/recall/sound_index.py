"""What recall asks of a store of sound hashes."""

from typing import Protocol

import numpy as np
import numpy.typing as npt

from firsthand.model.sound import SoundHits

__all__ = ["SoundHits", "SoundIndex"]


class SoundIndex(Protocol):
    """The sound hashes of live items by one method."""

    @property
    def method(self) -> str:
        """The method and version of the hashes, such as `landmarks/1`."""
        ...

    @property
    def size(self) -> int:
        """How many items can be found."""
        ...

    @property
    def items(self) -> frozenset[int]:
        """The keys of the items that can be found."""
        ...

    def lookup(self, hashes: npt.NDArray[np.uint32], most: int) -> SoundHits:
        """The live places of the hashes (uint32, shape (n,)); those of the rarest where all are more than `most`."""
        ...
