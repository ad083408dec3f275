"""Writes video, for the demonstration, the benchmark and tests; nothing here meets a stranger's bytes."""

from collections.abc import Mapping
from fractions import Fraction
from pathlib import Path
from types import TracebackType
from typing import Self, cast

import av
import numpy as np
import numpy.typing as npt
from av import AudioFrame, VideoFrame
from av.audio.stream import AudioStream
from av.container import OutputContainer
from av.video.stream import VideoStream

_TICKS = 60_000  # a second; MPEG-4 part 2 has 16 bits for it
_SOUND_BLOCK = 1024


class VideoWriter:
    """Writes pictures at a steady rate, or at stated times, into a file whose suffix names the container.

    Use it as a context; the file is finished on leaving. Without a codec WebM gets VP8 and everything else MPEG-4
    part 2, which libraries may ship.
    """

    def __init__(
        self,
        path: Path,
        width: int,
        height: int,
        rate: Fraction | int,
        codec: str | None = None,
        *,
        pixel_format: str = "yuv420p",
        bit_rate: int | None = None,
        options: Mapping[str, str] | None = None,
        container_format: str | None = None,
    ) -> None:
        self._rate = Fraction(rate)
        self._count = 0
        self._container: OutputContainer = av.open(str(path), "w", format=container_format)
        chosen = codec or ("libvpx" if path.suffix == ".webm" else "mpeg4")
        self._stream = cast("VideoStream", self._container.add_stream(chosen, rate=self._rate))
        self._stream.width, self._stream.height = width, height
        self._stream.pix_fmt = pixel_format
        self._stream.codec_context.thread_count = 1
        self._stream.codec_context.bit_rate = bit_rate or round(width * height * float(self._rate) * 0.15)
        if options:
            self._stream.codec_context.options = dict(options)
        self._sound: _Sound | None = None

    @property
    def stream(self) -> VideoStream:
        """FFmpeg's stream, for what tests set on it before the first picture."""
        return self._stream

    def add_sound(self, samples: npt.NDArray[np.float32], hertz: int, codec: str | None = None) -> None:
        """Sets the sound, before the first picture: float32 in [-1, 1], shape (n,), one channel at `hertz`."""
        chosen = codec or ("libopus" if "webm" in self._container.format.name else "aac")
        stream = cast("AudioStream", self._container.add_stream(chosen, rate=hertz))
        stream.codec_context.layout = "mono"
        self._sound = _Sound(self._container, stream, samples, hertz)

    def write(self, rgb: npt.NDArray[np.uint8], time_seconds: float | None = None) -> None:
        """Adds a picture, uint8 of shape (height, width, 3), at `time_seconds` or one frame after the last."""
        frame = VideoFrame.from_ndarray(np.ascontiguousarray(rgb), format="rgb24")
        if time_seconds is None:
            frame.time_base, frame.pts = 1 / self._rate, self._count
        else:
            self._stream.codec_context.time_base = Fraction(1, _TICKS)
            frame.time_base, frame.pts = Fraction(1, _TICKS), round(time_seconds * _TICKS)
        if self._sound is not None:
            self._sound.write(float(frame.pts * frame.time_base))
        self._count += 1
        self._container.mux(self._stream.encode(frame))

    def close(self) -> None:
        """Writes what is left and finishes the file."""
        try:
            if self._stream.codec_context.is_open:  # flushing one that could not be opened crashes FFmpeg
                self._container.mux(self._stream.encode(None))
            if self._sound is not None:
                self._sound.close()
        finally:
            self._container.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


class _Sound:
    """Sound on its way into a container, a little at a time, so that it lies beside its pictures."""

    def __init__(
        self, container: OutputContainer, stream: AudioStream, samples: npt.NDArray[np.float32], hertz: int
    ) -> None:
        self._container, self._stream, self._hertz = container, stream, hertz
        self._samples = samples.astype(np.float32)
        self._done = 0

    def write(self, until_seconds: float) -> None:
        until = min(len(self._samples), round(until_seconds * self._hertz))
        while self._done < until:
            block = self._samples[np.newaxis, self._done : self._done + _SOUND_BLOCK]
            frame = AudioFrame.from_ndarray(np.ascontiguousarray(block), format="fltp", layout="mono")
            frame.sample_rate, frame.pts, frame.time_base = self._hertz, self._done, Fraction(1, self._hertz)
            self._container.mux(self._stream.encode(frame))
            self._done += _SOUND_BLOCK

    def close(self) -> None:
        self.write(len(self._samples) / self._hertz)
        self._container.mux(self._stream.encode(None))
