"""Descriptors by PDQ: the floor that needs no model."""

import numpy as np
import numpy.typing as npt

from firsthand.recall.descriptors import Described, Pictures
from firsthand.recall.pdq import pdq, pdq_dihedral

_BITS = 256
_AT_ONCE = 1 << 16  # pairs that are compared at once


class PdqDescriptor:
    """PDQ behind the Protocol `Descriptor`; eight forms at query time find mirrored and turned pictures."""

    @property
    def method(self) -> str:
        """Name and version."""
        return "pdq/1"

    @property
    def model(self) -> str | None:
        """There is none."""
        return None

    @property
    def candidate_similarity(self) -> float:
        """A distance of 90 bits of 256."""
        return 1 - 2 * 90 / _BITS

    def describe(self, pictures: Pictures, *, query: bool) -> Described:
        """The hashes of `pictures`, 32 bytes each: eight forms for a query, one for an archive."""
        if query:
            forms = [pdq_dihedral(picture)[0] for picture in pictures]
            codes = np.stack(forms, axis=1) if forms else np.empty((8, 0, 32), np.uint8)
        else:
            hashes = [pdq(picture)[0] for picture in pictures]
            codes = np.stack(hashes)[None] if hashes else np.empty((1, 0, 32), np.uint8)
        return Described(codes, np.empty((len(pictures), 0), np.int8))

    def similarity(
        self,
        query: Described,
        form: npt.NDArray[np.intp],
        row: npt.NDArray[np.intp],
        codes: npt.NDArray[np.uint8],
        vectors: npt.NDArray[np.int8],  # noqa: ARG002
    ) -> npt.NDArray[np.float64]:
        """1 less twice the share of bits that differ."""
        different = np.empty(len(row), np.int64)
        for start in range(0, len(row), _AT_ONCE):
            part = slice(start, start + _AT_ONCE)
            different[part] = np.bitwise_count(query.codes[form[part], row[part]] ^ codes[part]).sum(axis=1)
        return np.asarray(1 - 2 * different / _BITS, np.float64)
