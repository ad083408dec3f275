"""What recall asks of a store of descriptors."""

from typing import Protocol

import numpy as np
import numpy.typing as npt

from firsthand.model.neighbours import Located, Neighbours

__all__ = ["DescriptorIndex", "Located", "Neighbours"]


class DescriptorIndex(Protocol):
    """The live descriptors of one method, searched exhaustively."""

    @property
    def method(self) -> str:
        """The method and version of the descriptors, such as `sscd-distilled/1`."""
        ...

    @property
    def size(self) -> int:
        """How many descriptors are live."""
        ...

    def nearest(self, codes: npt.NDArray[np.uint8], k: int) -> Neighbours:
        """The k live descriptors nearest to each row of `codes` (uint8, shape (queries, bytes))."""
        ...

    def locate(self, rows: npt.NDArray[np.int64]) -> Located:
        """What `rows` (int64, shape (n,), all from `nearest`) stand for."""
        ...

    def without(self, items: frozenset[int]) -> "DescriptorIndex":
        """The same but for the descriptors of these items."""
        ...

    def between(self, item: int, low: float, high: float) -> Located:
        """The descriptors of an item at times from `low` to `high` seconds, in order of rows."""
        ...
