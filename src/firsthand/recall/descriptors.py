"""What turns pictures into descriptors: one Protocol, so that a model can be replaced."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
import numpy.typing as npt

Pictures = Sequence[npt.NDArray[np.uint8]]


@dataclass(frozen=True, slots=True)
class Described:
    """The descriptors of some pictures, in their order.

    Attributes:
        codes: uint8, shape (forms, n, bytes), for the Hamming scan. One form in an archive; a query has as many as the
            method needs to recognise mirrored and turned pictures.
        vectors: int8, shape (n, dimensions), for the rerank; no columns where the codes are all there is.
    """

    codes: npt.NDArray[np.uint8]
    vectors: npt.NDArray[np.int8]


class Descriptor(Protocol):
    """A method that describes pictures (uint8, shape (height, width, 3), RGB, each of its own size)."""

    @property
    def method(self) -> str:
        """Name and version, such as `sscd-distilled/1`: the same method gives comparable descriptors."""
        ...

    @property
    def model(self) -> str | None:
        """The digest of the model's file, where there is one."""
        ...

    @property
    def candidate_similarity(self) -> float:
        """The similarity from which a pair of pictures is worth a closer look."""
        ...

    def describe(self, pictures: Pictures, *, query: bool) -> Described:
        """The descriptors of `pictures`; `query` asks for all forms."""
        ...

    def similarity(
        self,
        query: Described,
        form: npt.NDArray[np.intp],
        row: npt.NDArray[np.intp],
        codes: npt.NDArray[np.uint8],
        vectors: npt.NDArray[np.int8],
    ) -> npt.NDArray[np.float64]:
        """How alike pairs of pictures are, from -1 to 1, 1 for the same.

        Args:
            query: what was asked.
            form: shape (n,), the form of each pair's query.
            row: shape (n,), the picture of each pair's query.
            codes: uint8, shape (n, bytes), the archived side of each pair.
            vectors: int8, shape (n, dimensions), the same.
        """
        ...
