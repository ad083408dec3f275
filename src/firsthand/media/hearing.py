"""Decoded sound as one unbroken line of samples on the clock of the medium."""

from collections.abc import Callable, Iterator, Sequence

import numpy as np
from av.audio.frame import AudioFrame
from av.audio.resampler import AudioResampler

from firsthand.media.observer import HERTZ, Listener, Samples

_JITTER_SAMPLES = round(0.04 * HERTZ)
"""Timestamps that stray by less are rounding of the container, not gaps: a packet of MP3 lasts 26 ms."""
_LONGEST_PAUSE_SAMPLES = 3600 * HERTZ
"""A longer pause is taken for a clock that was set anew, and is left out."""
_MOST_WAITING_SAMPLES = 120 * HERTZ
_ZEROS = np.zeros(60 * HERTZ, np.float32)


class Hearing:
    """Mixes frames down to mono at `HERTZ`, fills pauses with zeros, and tells listeners from 0 s on.

    `zero` tells which time of the file is 0 s, as soon as that is known; it may be `None` for a medium without picture,
    whose first sample is at 0 s. What comes before it is known waits, two minutes of it at most.
    """

    def __init__(self, listeners: Sequence[Listener], zero: Callable[[], float | None] | None) -> None:
        self._listeners = listeners
        self._zero = zero
        self._resampler = _resampler()
        self._waiting: list[Samples] = []
        self._first: float | None = None
        self._heard = 0  # samples since the first, pauses included
        self._told = False

    def take(self, frame: AudioFrame) -> None:
        """Takes the next decoded frame; `tell` passes it on.

        Raises:
            FFmpegError, ValueError: it cannot be resampled.
        """
        stamp = None if frame.pts is None or not frame.time_base else float(frame.pts * frame.time_base)
        frame.pts = None  # the resampler is to keep count, not time
        for samples in self._resampled(frame):
            self._place(stamp, samples)
            stamp = None

    def end(self) -> None:
        """Takes what the resampler holds back; raises as `take`."""
        if self._first is not None:
            for samples in self._resampled(None):
                self._add(samples)

    def tell(self, *, last: bool = False) -> None:
        """Passes on what is known to be on the medium's clock; `last` when nothing more comes."""
        if not self._told and not self._aligned(last=last):
            return
        self._told = True
        waiting, self._waiting = self._waiting, []
        for samples in waiting:
            for listener in self._listeners:
                listener.sound(samples)

    def _resampled(self, frame: AudioFrame | None) -> Iterator[Samples]:
        try:
            made = self._resampler.resample(frame)
        except ValueError:  # rate or layout changed on the way
            self._resampler = _resampler()
            made = self._resampler.resample(frame)
        for one in made:
            samples = np.asarray(one.to_ndarray()[0], np.float32)
            yield np.nan_to_num(samples, copy=False, nan=0.0, posinf=0.0, neginf=0.0)

    def _place(self, stamp: float | None, samples: Samples) -> None:
        """Adds samples at the time of the file that they say they have, later than what was heard before."""
        if self._first is None:
            self._first = stamp if stamp is not None else 0.0
        if stamp is not None:
            gap = round((stamp - self._first) * HERTZ) - self._heard
            if _JITTER_SAMPLES < gap <= _LONGEST_PAUSE_SAMPLES:
                self._pause(gap)
            elif gap < -_JITTER_SAMPLES and -gap < len(samples):
                samples = samples[-gap:]
        self._add(samples)

    def _pause(self, count: int) -> None:
        while count > 0:
            self._add(_ZEROS[:count])
            count -= len(_ZEROS)

    def _add(self, samples: Samples) -> None:
        self._heard += len(samples)
        self._waiting.append(samples)

    def _aligned(self, *, last: bool) -> bool:
        """Whether it is known where 0 s lies; then what waits begins there."""
        zero = None if self._zero is None else self._zero()
        late = self._heard > _MOST_WAITING_SAMPLES
        if zero is None and self._zero is not None and not last and not late:
            return False
        if zero is None or self._first is None:
            return True
        lead = round((self._first - zero) * HERTZ)
        waiting = np.concatenate([np.zeros(0, np.float32), *self._waiting])
        if lead < 0:
            if len(waiting) < -lead and not last and not late:
                return False
            self._waiting = [waiting[-lead:]]
            return True
        self._waiting = [_ZEROS[: lead - start] for start in range(0, min(lead, _LONGEST_PAUSE_SAMPLES), len(_ZEROS))]
        self._waiting.append(waiting)
        return True


def _resampler() -> AudioResampler:
    return AudioResampler(format="flt", layout="mono", rate=HERTZ)
