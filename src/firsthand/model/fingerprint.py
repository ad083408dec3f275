"""All descriptors of an item, with the method that made them."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt


@dataclass(frozen=True, slots=True)
class Fingerprint:
    """The descriptors of one item by one method.

    Attributes:
        method: name and version, such as `sscd-distilled/1`.
        model: digest of the model's file, `None` where the method has none.
        times: float64, shape (n,), seconds from the first presented frame, not decreasing.
        boxes: float32, shape (n, 4), the region of the upright picture that each descriptor saw (x, y, width, height).
        codes: uint8, shape (n, bytes), what the exhaustive scan compares by Hamming distance.
        vectors: int8, shape (n, dimensions), what the rerank compares; no columns where the codes are all there is.
    """

    method: str
    model: str | None
    times: npt.NDArray[np.float64]
    boxes: npt.NDArray[np.float32]
    codes: npt.NDArray[np.uint8]
    vectors: npt.NDArray[np.int8]

    def __post_init__(self) -> None:
        count = len(self.times)
        if not (self.boxes.shape == (count, 4) and len(self.codes) == count and len(self.vectors) == count):
            raise ValueError(f"expected {count} rows everywhere, got {self.boxes.shape}, {len(self.codes)}")
