"""What a search among descriptors answers."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt


@dataclass(frozen=True, slots=True)
class Neighbours:
    """The nearest archived descriptors of each query descriptor, nearest first.

    Attributes:
        rows: int64, shape (queries, k), rows of the index; -1 where fewer than k are live.
        distances: int32, shape (queries, k), Hamming distances; -1 beside a row of -1.
    """

    rows: npt.NDArray[np.int64]
    distances: npt.NDArray[np.int32]


@dataclass(frozen=True, slots=True)
class Located:
    """What some rows of the index stand for, one entry a row.

    Attributes:
        items: int64, shape (n,), keys of items.
        times: float64, shape (n,), seconds.
        boxes: float32, shape (n, 4), x, y, width, height.
        vectors: int8, shape (n, dimensions).
        codes: uint8, shape (n, bytes).
    """

    items: npt.NDArray[np.int64]
    times: npt.NDArray[np.float64]
    boxes: npt.NDArray[np.float32]
    vectors: npt.NDArray[np.int8]
    codes: npt.NDArray[np.uint8]
