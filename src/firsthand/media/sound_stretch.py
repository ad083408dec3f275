"""A stretch of the sound of a review track, without decoding all that comes before it."""

from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import av
import numpy as np
from av.audio.frame import AudioFrame
from av.audio.resampler import AudioResampler
from av.audio.stream import AudioStream
from av.container import InputContainer

from firsthand.errors import UnreadableMediaError
from firsthand.media.formats import identify
from firsthand.media.observer import HERTZ, Samples
from firsthand.media.opening import open_container
from firsthand.media.sound_review import RAW_SUFFIX, SAMPLE_BYTES, samples_of

_LEAD_SECONDS = 1.0
"""A decoder of Opus needs 80 ms to come into its own (RFC 7845, section 4.6), and pages are found by the second."""


def read_stretch(path: Path, start: float, end: float) -> Samples:
    """The samples in `[start, end)` seconds of a track written by `media.sound_review`; zeros where it holds none.

    Raises:
        InputError: the file is missing or no such track.
    """
    first, count = round(start * HERTZ), max(0, round((end - start) * HERTZ))
    out = np.zeros(count, np.float32)
    pieces = _raw(path, first, count) if path.suffix == RAW_SUFFIX else _decoded(path, start, end)
    for at, samples in pieces:
        low, high = max(at, first), min(at + len(samples), first + count)
        if low < high:
            out[low - first : high - first] = samples[low - at : high - at]
    return out


def _raw(path: Path, first: int, count: int) -> Iterator[tuple[int, Samples]]:
    begin = max(0, first)
    try:
        with path.open("rb") as file:
            file.seek(begin * SAMPLE_BYTES)
            yield begin, samples_of(file.read(max(0, first + count - begin) * SAMPLE_BYTES))
    except OSError as error:
        raise UnreadableMediaError(f"{path.name} cannot be read: {error.strerror}") from error


def _decoded(path: Path, start: float, end: float) -> Iterator[tuple[int, Samples]]:
    """Runs of samples, each with the number of its first one."""
    with open_container(path, identify(path)) as container:
        stream = next(iter(container.streams.audio), None)
        if stream is None:
            raise UnreadableMediaError(f"{path.name} is no sound track")
        resampler = AudioResampler(format="flt", layout="mono", rate=HERTZ)
        at: int | None = None
        for frame in _frames(container, stream, start):
            if frame.time is not None and frame.time > end + _LEAD_SECONDS:
                break
            if at is None:
                at = round((frame.time or 0.0) * HERTZ)
            frame.pts = None
            for made in resampler.resample(frame):
                samples = np.asarray(made.to_ndarray()[0], np.float32)
                yield at, samples
                at += len(samples)
        for made in resampler.resample(None) if at is not None else ():
            yield at or 0, np.asarray(made.to_ndarray()[0], np.float32)


def _frames(container: InputContainer, stream: AudioStream, start: float) -> Iterator[AudioFrame]:
    """Decoded frames from well before `start` on; what cannot be decoded is passed over."""
    if start > 2 * _LEAD_SECONDS:
        with suppress(av.error.FFmpegError):
            container.seek(int((start - _LEAD_SECONDS) * 1_000_000))
    with suppress(av.error.InvalidDataError):
        for packet in container.demux(stream):
            with suppress(av.error.InvalidDataError):
                yield from packet.decode()
