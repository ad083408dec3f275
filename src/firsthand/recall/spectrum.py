"""The short-time spectrum of sound, and the background against which something stands out in it."""

import cv2
import numpy as np
import numpy.typing as npt

from firsthand.media.observer import HERTZ, Samples

type Powers = npt.NDArray[np.float32]
"""Power by time and frequency: float32, shape (frames, BINS); a full-scale sine has a power of about 1."""

WINDOW = 512
"""Samples of a frame: 64 ms, in which speech and music stand about still, and 16 Hz from bin to bin."""
HOP = 128
"""Samples from frame to frame: 16 ms."""
BINS = WINDOW // 2
FRAMES_A_SECOND = HERTZ / HOP

_SHAPE = np.hanning(WINDOW + 1)[:WINDOW].astype(np.float32)
_FULL_SCALE = (WINDOW / 4) ** 2


def frames_at(samples: Samples, starts: npt.NDArray[np.int64]) -> Powers:
    """The powers of the frames that begin at these samples; all of a frame has to lie within `samples`."""
    if not len(starts):
        return np.zeros((0, BINS), np.float32)
    pieces = np.lib.stride_tricks.sliding_window_view(samples, WINDOW)[starts]
    spectrum = np.fft.rfft(pieces * _SHAPE, axis=1)[:, :BINS]
    powers: Powers = ((spectrum.real**2 + spectrum.imag**2) / _FULL_SCALE).astype(np.float32)
    return powers


def frame_count(samples: int) -> int:
    """How many whole frames so many samples give."""
    return max(0, (samples - WINDOW) // HOP + 1)


def smoothed(powers: Powers, frames: int, bins: int) -> Powers:
    """The mean over `frames` to both sides in time and `bins` to both sides in frequency, mirrored at the borders."""
    size = (2 * bins + 1, 2 * frames + 1)
    mean = cv2.blur(powers, size, borderType=cv2.BORDER_REFLECT_101)
    return np.asarray(mean, np.float32)
