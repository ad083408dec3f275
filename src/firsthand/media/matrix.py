"""From one matrix of Y'CbCr to that of standard television, on small pictures.

Source: ITU-T H.273 (2021), table 4: luma weights of red and blue by matrix; all in limited range.
"""

from functools import cache

import cv2
import numpy as np
import numpy.typing as npt

from firsthand.media.orientation import Orientation

type Planes = tuple[npt.NDArray[np.uint8], npt.NDArray[np.uint8], npt.NDArray[np.uint8]]
"""Y, Cb and Cr of a 4:2:0 picture: uint8, shapes (height, width) and twice (height / 2, width / 2)."""

STANDARD = (0.299, 0.114)  # ITU-R BT.601
WEIGHTS = {1: (0.2126, 0.0722), 2: STANDARD, 4: (0.30, 0.11), 5: STANDARD, 6: STANDARD, 7: (0.212, 0.087)}
"""By matrix; 2 is unspecified. BT.2020 (9), constant luminance and RGB are not among them."""


def planes_of(packed: npt.NDArray[np.uint8]) -> Planes:
    """The planes of a picture as FFmpeg packs it: uint8, shape (1.5 height, width), both even."""
    height, width = packed.shape[0] * 2 // 3, packed.shape[1]
    chroma = packed[height:].reshape(2, height // 2, width // 2)
    return packed[:height], chroma[0], chroma[1]


def packed_of(planes: Planes) -> npt.NDArray[np.uint8]:
    """The reverse of `planes_of`."""
    width = planes[0].shape[1]
    return np.concatenate([plane.reshape(-1, width) for plane in (planes[0], np.stack(planes[1:]))])


def turned(planes: Planes, orientation: Orientation) -> Planes:
    """The planes of the upright picture."""
    luma, blue, red = (orientation.apply(plane) for plane in planes)
    return luma, blue, red


def standardised(planes: Planes, weights: tuple[float, float]) -> Planes:
    """The planes of the same picture by the matrix of BT.601, within a level or two."""
    if weights == STANDARD:
        return planes
    luma, blue, red = planes
    by = _change(weights)
    size = luma.shape[::-1]
    shift = cv2.addWeighted(blue, by[0, 1], red, by[0, 2], 128 - 128 * (by[0, 1] + by[0, 2]))
    wide = cv2.resize(shift, size, interpolation=cv2.INTER_LINEAR)
    return (
        np.asarray(cv2.addWeighted(luma, 1, wide, 1, -128), np.uint8),
        np.asarray(cv2.addWeighted(blue, by[1, 1], red, by[1, 2], 128 - 128 * (by[1, 1] + by[1, 2])), np.uint8),
        np.asarray(cv2.addWeighted(blue, by[2, 1], red, by[2, 2], 128 - 128 * (by[2, 1] + by[2, 2])), np.uint8),
    )


@cache
def _change(weights: tuple[float, float]) -> npt.NDArray[np.float64]:
    """Shape (3, 3): (Y, Cb, Cr) by `weights` to the same by BT.601, in steps of limited range."""
    steps = np.diag([219.0, 224.0, 224.0])
    return np.asarray(steps @ _analysis(*STANDARD) @ np.linalg.inv(_analysis(*weights)) @ np.linalg.inv(steps))


def _analysis(red: float, blue: float) -> npt.NDArray[np.float64]:
    """Shape (3, 3): red, green and blue to luma and colour differences (ITU-T H.273, equations 38 to 40)."""
    luma = np.array([red, 1 - red - blue, blue])
    return np.stack(
        [luma, (np.array([0, 0, 1]) - luma) / (2 * (1 - blue)), (np.array([1, 0, 0]) - luma) / (2 * (1 - red))]
    )
