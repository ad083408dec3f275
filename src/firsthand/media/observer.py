"""Who is shown a medium, and who hears it, while it is read once."""

from typing import Protocol

import numpy as np
import numpy.typing as npt

from firsthand.media.picture import Picture

HERTZ = 8_000
"""Samples a second of the sound that listeners hear: up to 4 kHz, where speech and most of what tells sounds apart
lies, and what a telephone leaves."""

type Samples = npt.NDArray[np.float32]
"""Mono sound at `HERTZ`, within about ±1: float32, shape (n,)."""


class Observer(Protocol):
    """Sees every presented picture of a medium, in order."""

    def picture(self, picture: Picture) -> None:
        """Looks at a picture; keeping it keeps its frame in memory."""

    def close(self) -> None:
        """No more pictures will come, whether the end was reached or not."""


class Listener(Protocol):
    """Hears the main sound of a medium, in order."""

    def sound(self, samples: Samples) -> None:
        """Hears what follows on what was heard before; the first sample sounds at 0 s of the medium's own clock.

        That is when its first frame is presented, or where it has no picture, when its sound begins. Where sound
        begins later, is missing or pauses there are zeros; what sounds before the first frame is left out.
        """

    def close(self) -> None:
        """No more sound will come, whether the end was reached or not."""
