"""Pictures made from a seed: a camera that wanders over a painted place, and things that move in it."""

from collections.abc import Sequence

import cv2
import numpy as np
import numpy.typing as npt

from firsthand.recall.tracks import Track

type Pixels = npt.NDArray[np.uint8]


def painting(seed: int, width: int = 640, height: int = 360) -> Pixels:
    """A place with coarse and fine detail, RGB."""
    rng = np.random.default_rng(seed)
    picture = cv2.resize(rng.integers(30, 226, (7, 12, 3), np.uint8), (width, height), interpolation=cv2.INTER_CUBIC)
    for _ in range(150):
        x, y, radius = int(rng.integers(0, width)), int(rng.integers(0, height)), int(rng.integers(3, 18))
        colour = tuple(int(value) for value in rng.integers(0, 256, 3))
        cv2.circle(picture, (x, y), radius, colour, -1, cv2.LINE_AA)
    return np.asarray(picture, np.uint8)


def footage(seed: int, count: int = 10, width: int = 320, height: int = 180) -> list[Pixels]:
    """What a camera sees that wanders over a painting, RGB of the size asked for."""
    rng = np.random.default_rng(seed)
    place = painting(seed, 2 * width, 2 * height)
    start, way = rng.uniform(0, 6, 2), rng.uniform(0.7, 1.3, 2)
    seen = []
    for step in range(count):
        x, y = (np.sin(start + way * step) + 1) / 2 * (width, height)
        seen.append(np.ascontiguousarray(place[int(y) : int(y) + height, int(x) : int(x) + width]))
    return seen


def laid(  # noqa: PLR0917 -- a rectangle reads best as four numbers
    under: Sequence[Pixels], over: Sequence[Pixels], left: int, top: int, width: int, height: int
) -> list[Pixels]:
    """The pictures `over`, scaled to the rectangle, on top of those `under`."""
    made = []
    for below, above in zip(under, over, strict=True):
        picture = below.copy()
        picture[top : top + height, left : left + width] = cv2.resize(
            above, (width, height), interpolation=cv2.INTER_AREA
        )
        made.append(picture)
    return made


def movers(seed: int, times: npt.NDArray[np.float64], *, place: int = 7, count: int = 6) -> Track:
    """Blobs that wander over a place as a fixed camera sees them, grey; paths hang on `seed`, the ground on `place`."""
    ground = cv2.resize(np.random.default_rng(place).integers(40, 200, (10, 18), np.uint8), (72, 40))
    rng = np.random.default_rng(seed)
    phase, speed = rng.uniform(0, 6, (count, 2)), rng.uniform(0.4, 1.6, (count, 2))
    frames = []
    for time in times:
        frame = ground.copy()
        for start, pace in zip(phase, speed, strict=True):
            x, y = (np.sin(start + pace * time) + 1) / 2 * (64, 32)
            cv2.circle(frame, (round(16 * (x + 4)), round(16 * (y + 4))), 5 * 16, 250, -1, cv2.LINE_AA, 4)
        frames.append(frame)
    return Track(np.asarray(times, np.float64), np.stack(frames))
