"""A small review track of each item, so that a match can be verified and shown when the original is lost.

A video becomes a WebM with VP8 (libvpx: no patents asserted, a licence that lets it ship) at the true times of its
pictures; a still becomes a WebP. Boxes and outlines are fractions of the upright picture, so they fit the small one.
"""

from collections.abc import Iterator, Sequence
from contextlib import suppress
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import numpy.typing as npt
from av import VideoFrame
from av.container import InputContainer, OutputContainer
from av.video.frame import PictureType
from av.video.stream import VideoStream

from firsthand.errors import UnreadableMediaError
from firsthand.media.cadence import Cadence
from firsthand.media.container import main_video
from firsthand.media.encode import webp_bytes
from firsthand.media.formats import identify
from firsthand.media.opening import open_container
from firsthand.media.picture import Picture, Pixels, Scaler
from firsthand.media.reading import pictures, read_pictures
from firsthand.model.item import Kind

METHOD = "review-vp8/1"

_TICKS = 1000  # a second; WebM's own clock
_SECONDS_BETWEEN_KEYFRAMES = 2.0
_OPTIONS = {
    "deadline": "realtime",
    "cpu-used": "16",
    "lag-in-frames": "0",
    "auto-alt-ref": "0",
    "crf": "18",
    "qmin": "4",
    "qmax": "48",
}
_BITS_PER_PIXEL = 0.3
_QUALITY = 85


class ReviewWriter:
    """An observer that writes a review track to `path`.

    The first picture, then one at most every `interval_seconds`, and the last. Times are kept to 1/1000 s. Nothing
    is written where no picture came.
    """

    def __init__(self, path: Path, longest_side: int = 320, interval_seconds: float = 0.1) -> None:
        self._path = path
        self._longest_side = longest_side
        self._interval = interval_seconds
        self._cadence = Cadence(interval_seconds)
        self._track: _Track | None = None
        self._skipped: Picture | None = None

    def picture(self, picture: Picture) -> None:
        """Writes the picture if it is due."""
        if picture.is_still:
            self._path.write_bytes(webp_bytes(picture.rgb(self._longest_side), _QUALITY))
            return
        if self._cadence.is_due(picture.time_seconds):
            self._write(picture)
        else:
            self._skipped = picture

    def close(self) -> None:
        """Adds the last picture and finishes the file."""
        if self._track is None:
            return
        try:
            if self._skipped is not None:
                self._write(self._skipped)
        finally:
            self._track.close()
            self._track = None

    def _write(self, picture: Picture) -> None:
        if self._track is None:
            self._track = _Track(self._path, picture.fitted_even(self._longest_side), self._interval)
        self._track.add(picture)
        self._skipped = None


class _Track:
    """A WebM being written; the first picture decides its size, later ones are stretched to it."""

    def __init__(self, path: Path, size: tuple[int, int], interval: float) -> None:
        self._size = size
        self._last = -1
        self._container: OutputContainer = av.open(str(path), "w", format="webm")
        self._stream: VideoStream = self._container.add_stream("libvpx", rate=max(1, round(1 / interval)))
        context = self._stream.codec_context
        context.width, context.height = self._size
        context.pix_fmt = "yuv420p"
        context.time_base = Fraction(1, _TICKS)
        context.thread_count = 1
        context.gop_size = max(1, round(_SECONDS_BETWEEN_KEYFRAMES / interval))
        context.bit_rate = round(_BITS_PER_PIXEL * self._size[0] * self._size[1] / interval)
        context.options = dict(_OPTIONS)

    def add(self, picture: Picture) -> None:
        frame = picture.small_yuv(*self._size)
        frame.pict_type = PictureType.NONE  # else every key frame of the source becomes one here
        frame.time_base = Fraction(1, _TICKS)
        frame.pts = self._last = max(self._last + 1, round(picture.time_seconds * _TICKS))
        self._container.mux(self._stream.encode(frame))

    def close(self) -> None:
        try:
            if self._stream.codec_context.is_open:  # flushing one that could not be opened crashes FFmpeg
                self._container.mux(self._stream.encode(None))
        finally:
            self._container.close()


def read_review(path: Path, longest_side: int | None = None) -> Iterator[tuple[float, Pixels]]:
    """Each picture of a review track as its time in seconds and RGB, uint8 of shape (height, width, 3).

    Raises:
        InputError: the file is missing or no review track.
    """
    return read_pictures(path, longest_side)


def review_gray(
    path: Path, width: int, height: int, start: float = 0.0, end: float = float("inf")
) -> tuple[npt.NDArray[np.float64], Pixels]:
    """The luma of the pictures in `[start, end)` seconds: times, shape (n,), and uint8, shape (n, height, width).

    Raises:
        InputError: the file is missing or no review track.
    """
    times, frames = [], []
    for picture in pictures(path):
        if picture.time_seconds >= end:
            break
        if picture.time_seconds >= start:
            times.append(picture.time_seconds)
            frames.append(picture.gray(width, height))
    shape = (len(times), height, width)
    return np.array(times, dtype=np.float64), np.array(frames, dtype=np.uint8).reshape(shape)


def review_pictures(path: Path, times: Sequence[float]) -> list[tuple[float, Pixels]]:
    """For each of `times`, in their order, the picture nearest to it: its own time and RGB, (height, width, 3).

    Seeks, so a few instants of a long track cost little.

    Raises:
        InputError: the file is missing or no review track.
    """
    known = identify(path)
    if known.kind_hint is Kind.IMAGE:
        still = next(iter(read_pictures(path)))
        return [still for _ in times]
    with open_container(path, known) as container:
        lookup = _Lookup(container, path)
        found = {time: lookup.nearest(time) for time in sorted(set(times))}
    return [found[time] for time in times]


class _Lookup:
    """Finds pictures of an open review track by time; asked in increasing order it seldom seeks."""

    def __init__(self, container: InputContainer, path: Path) -> None:
        stream = main_video(container)
        if stream is None:
            raise UnreadableMediaError(f"{path.name} is no review track")
        self._container, self._stream, self._path = container, stream, path
        self._scaler = Scaler()
        self._frames = self._decoded()
        self._before: VideoFrame | None = None
        self._after: VideoFrame | None = None

    def nearest(self, time: float) -> tuple[float, Pixels]:
        if self._after is None or not self._after.time <= time <= self._after.time + _SECONDS_BETWEEN_KEYFRAMES:
            self._seek(time)
        self._advance(time)
        if self._before is None and self._after is None:  # nothing decodes from there on
            self._rewind(0)
            self._advance(time)
        around = [frame for frame in (self._before, self._after) if frame is not None]
        if not around:
            raise UnreadableMediaError(f"{self._path.name} holds no picture")
        best = min(around, key=lambda frame: abs(frame.time - time))
        return best.time, self._scaler.pixels(best, best.width, best.height, "rgb24")

    def _advance(self, time: float) -> None:
        while self._after is None or self._after.time < time:
            frame = next(self._frames, None)
            if frame is None:
                break
            self._before, self._after = self._after, frame

    def _decoded(self) -> Iterator[VideoFrame]:
        """Pictures from here on; what cannot be decoded is passed over."""
        with suppress(av.error.InvalidDataError):  # what follows cannot even be found
            for packet in self._container.demux(self._stream):
                with suppress(av.error.InvalidDataError):
                    yield from packet.decode()

    def _seek(self, time: float) -> None:
        if self._before is not None and self._after is not None and self._before.time <= time <= self._after.time:
            return
        self._rewind(max(0, int(time / float(self._stream.time_base))))

    def _rewind(self, ticks: int) -> None:
        with suppress(av.error.FFmpegError):  # past the end, say: decoding goes on from where it is
            self._container.seek(ticks, stream=self._stream)
            self._frames = self._decoded()
            self._before = self._after = None
