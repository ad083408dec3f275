"""How a stored picture is turned to stand upright."""

import struct
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

_MATRIX = struct.Struct("=9i")
_EXIF = {
    2: (False, True, False),
    3: (False, True, True),
    4: (False, False, True),
    5: (True, False, False),
    6: (True, True, False),
    7: (True, True, True),
    8: (True, False, True),
}


@dataclass(frozen=True, slots=True)
class Orientation:
    """One of the eight ways to turn and mirror: rows and columns change places first, then the flips."""

    transpose: bool = False
    flip_across: bool = False
    flip_down: bool = False

    @classmethod
    def of_exif(cls, tag: object) -> "Orientation":
        """From the EXIF tag 0x0112 (CIPA DC-008, section 4.6.5); upright where it says nothing sensible."""
        return cls(*_EXIF.get(tag, ())) if isinstance(tag, int) else cls()

    @classmethod
    def of_display_matrix(cls, matrix: bytes) -> "Orientation":
        """From the nine numbers of a display matrix (ISO/IEC 14496-12, section 6.2.2), to the nearest quarter turn."""
        if len(matrix) < _MATRIX.size:
            return cls()
        a, b, _, c, d, *_ = _MATRIX.unpack(matrix[: _MATRIX.size])
        if abs(a) + abs(d) >= abs(b) + abs(c):
            return cls(transpose=False, flip_across=a < 0, flip_down=d < 0)
        return cls(transpose=True, flip_across=c < 0, flip_down=b < 0)

    def size(self, width: int, height: int) -> tuple[int, int]:
        """Width and height after turning; the same call turns them back."""
        return (height, width) if self.transpose else (width, height)

    def apply(self, pixels: npt.NDArray[np.uint8]) -> npt.NDArray[np.uint8]:
        """The upright picture of `pixels`, shape (height, width) or (height, width, channels)."""
        upright = np.swapaxes(pixels, 0, 1) if self.transpose else pixels
        if self.flip_across:
            upright = upright[:, ::-1]
        if self.flip_down:
            upright = upright[::-1]
        return np.ascontiguousarray(upright)
