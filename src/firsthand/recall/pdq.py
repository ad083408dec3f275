"""PDQ, a 256-bit perceptual hash of a picture, and its eight dihedral forms.

Source: Facebook, "The TMK+PDQF Video-Hashing Algorithm and the PDQ Image-Hashing Algorithm" (2019), sections on PDQ:
luminance, two passes of a tent filter, 64 x 64 samples, the 16 x 16 lowest frequencies but the constant one of a
DCT-II, and one bit for each that lies above their median.
"""

from functools import lru_cache

import cv2
import numpy as np
import numpy.typing as npt

_SIDE = 64
_LOW = 16
_QUALITY_SCALE = 90  # sum of quantised gradients that counts as one point of quality: from the reference code


def _dct_rows() -> npt.NDArray[np.float64]:
    frequency = np.arange(1, _LOW + 1)[:, None]
    sample = np.arange(_SIDE)[None, :]
    return np.asarray(np.sqrt(2 / _SIDE) * np.cos(np.pi / 2 / _SIDE * frequency * (2 * sample + 1)), np.float64)


_DCT = _dct_rows()


def _box(luma: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
    return np.asarray(_sums(luma) / _counts(luma.shape[0], luma.shape[1]), np.float32)


@lru_cache(maxsize=64)
def _counts(height: int, width: int) -> npt.NDArray[np.float32]:
    return _sums(np.ones((height, width), np.float32))


def _sums(luma: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
    height, width = luma.shape
    size = ((width + 127) // 128, (height + 127) // 128)
    anchor = tuple(window - (window + 2) // 2 for window in size)
    summed = cv2.boxFilter(luma, cv2.CV_32F, size, anchor=anchor, normalize=False, borderType=cv2.BORDER_CONSTANT)
    return np.asarray(summed, np.float32)


def _samples(picture: npt.NDArray[np.uint8]) -> npt.NDArray[np.float32]:
    levels = picture.astype(np.float32)
    luma = _box(_box(np.asarray(cv2.cvtColor(levels, cv2.COLOR_RGB2GRAY)) if picture.ndim == 3 else levels))
    height, width = luma.shape
    rows = ((np.arange(_SIDE) + 0.5) * height / _SIDE).astype(int)
    columns = ((np.arange(_SIDE) + 0.5) * width / _SIDE).astype(int)
    return luma[np.ix_(rows, columns)]


def _quality(samples: npt.NDArray[np.float32]) -> int:
    gradients = [np.trunc(np.diff(samples, axis=axis) * 100 / 255) for axis in (0, 1)]
    return min(100, int(sum(np.abs(gradient).sum() for gradient in gradients) / _QUALITY_SCALE))


def _bits(frequencies: npt.NDArray[np.float64]) -> npt.NDArray[np.uint8]:
    ordered = np.sort(frequencies, axis=None)
    median = ordered[(ordered.size - 1) // 2]
    return np.packbits((frequencies > median).ravel()[::-1])


def _frequencies(samples: npt.NDArray[np.float32]) -> npt.NDArray[np.float64]:
    return np.asarray(_DCT @ samples.astype(np.float64) @ _DCT.T, np.float64)


def pdq(picture: npt.NDArray[np.uint8]) -> tuple[npt.NDArray[np.uint8], int]:
    """The hash of a picture and its quality.

    Args:
        picture: uint8, shape (height, width, 3) RGB or (height, width); taken as it is, not resized.

    Returns:
        The hash as uint8, shape (32,), in the order of its published hexadecimal form, and the quality from 0 to 100
        (how much detail it rests on; the reference calls less than 50 unreliable).
    """
    samples = _samples(picture)
    return _bits(_frequencies(samples)), _quality(samples)


def pdq_dihedral(picture: npt.NDArray[np.uint8]) -> tuple[npt.NDArray[np.uint8], int]:
    """The hashes of a picture in its eight orientations, from one transform.

    Returns:
        uint8, shape (8, 32): turned clockwise by 0, 90, 180 and 270 degrees, then the same of the mirrored picture; and
        the quality.
    """
    samples = _samples(picture)
    plain = _frequencies(samples)
    sign = np.where(np.arange(_LOW) % 2 == 0, -1.0, 1.0)  # odd frequencies (index 0 is frequency 1) change sign
    mirrored = plain * sign[None, :]
    forms = []
    for form in (plain, mirrored):
        quarter = form.T * sign[None, :]
        half = form * sign[:, None] * sign[None, :]
        forms += [form, quarter, half, form.T * sign[:, None]]
    return np.stack([_bits(form) for form in forms]), _quality(samples)
