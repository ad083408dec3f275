"""What a sound is found by."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

TICKS_A_SECOND = 250
"""A tick, the unit of time of sound hashes, is 4 ms."""
HASH_BITS = 22


@dataclass(frozen=True, slots=True)
class SoundPrint:
    """All hashes of the sound of one item.

    Attributes:
        method: name and version, such as `landmarks/1`.
        ticks: how long the sound lasts.
        hashes: uint32, shape (n,), below 2 ** `HASH_BITS`.
        times: int64, shape (n,), ticks from 0 s of the medium, not decreasing, below `ticks`.
    """

    method: str
    ticks: int
    hashes: npt.NDArray[np.uint32]
    times: npt.NDArray[np.int64]

    def __post_init__(self) -> None:
        if len(self.hashes) != len(self.times):
            raise ValueError(f"expected a time for each hash, got {len(self.hashes)} and {len(self.times)}")
        if len(self.hashes) and int(self.hashes.max()) >> HASH_BITS:
            raise ValueError(f"expected hashes of {HASH_BITS} bits")
        if len(self.times) and not 0 <= int(self.times.min()) <= int(self.times.max()) < self.ticks:
            raise ValueError(f"expected times within {self.ticks} ticks")


@dataclass(frozen=True, slots=True)
class SoundHits:
    """Where some hashes lie in an archive; every row is one hash that was asked for at one place.

    Attributes:
        asked: int64, shape (n,), which of the hashes asked for.
        items: int64, shape (n,), keys of items.
        times: int64, shape (n,), ticks from 0 s of the item.
    """

    asked: npt.NDArray[np.int64]
    items: npt.NDArray[np.int64]
    times: npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class LevelPair:
    """How loud query and item are over a stretch that they share.

    Attributes:
        query: its start and end in the query, seconds.
        archive: the same in the item.
        query_levels: float32, shape (n,), 0 to 1, the loudest sample of each of n equal parts.
        archive_levels: the same for the item.
    """

    query: tuple[float, float]
    archive: tuple[float, float]
    query_levels: npt.NDArray[np.float32]
    archive_levels: npt.NDArray[np.float32]
