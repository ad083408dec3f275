"""Decodes one video stream and shows its frames to observers."""

from collections.abc import Sequence
from fractions import Fraction

import av
from av import VideoFrame
from av.codec.context import ThreadType
from av.video.stream import VideoStream

from firsthand.errors import LimitExceededError
from firsthand.media.budget import Budget
from firsthand.media.clock import DEFAULT_STEP_SECONDS, PresentationClock
from firsthand.media.decoding import Decoding, Stretches, is_lean
from firsthand.media.observer import Observer
from firsthand.media.orientation import Orientation
from firsthand.media.picture import Picture, Scaler
from firsthand.media.track import AnyPacket, Damage, PacketTimes

_MAX_PIXEL_ASPECT = 16


class VideoTrack:
    """A `Track` of pictures.

    Attributes:
        frames: decoded so far.
        size: width and height of the first upright picture, `None` before it.
        spent: the sentence on the budget that ran out, `None` while it lasts.
    """

    def __init__(
        self, stream: VideoStream, observers: Sequence[Observer], budget: Budget, decoding: Decoding = Decoding.FULL
    ) -> None:
        self.frames = 0
        self.size: tuple[int, int] | None = None
        self.spent: str | None = None
        self.damage = Damage()
        self.times = PacketTimes()
        self.clock = PresentationClock(_step_seconds(stream))
        self._stream = stream
        self._observers = observers
        self._budget = budget
        self._pixels = 0
        self._scaler = Scaler()
        self._stretches = Stretches() if decoding is Decoding.FAST else None
        self._paused = False
        self._is_lean = is_lean(stream, decoding)
        _prepare(stream, budget, lean=self._is_lean)

    @property
    def codec(self) -> str:
        """FFmpeg's name of the codec."""
        return self._stream.codec_context.codec.canonical_name

    @property
    def frame_count(self) -> int:
        """How many frames the stream has: those decoded, or its packets where some are left out."""
        return self.times.count if self._is_lean or self._stretches is not None else self.frames

    def feed(self, packet: AnyPacket) -> None:
        """Shows the frames that the packet completes."""
        if packet.size == 0:
            return  # the marker of the end; `finish` is what ends
        self.times.note(packet)
        if self._stretches is not None and not self._takes(packet, self._stretches):
            return
        self._decode(packet)

    def _takes(self, packet: AnyPacket, stretches: Stretches) -> bool:
        stamp = packet.pts if packet.pts is not None else packet.dts
        seconds = None if stamp is None else float(stamp * packet.time_base)
        taken = stretches.takes(seconds, is_key=packet.is_keyframe)
        if not taken and not self._paused:  # out with what the decoder holds back, before it loses the thread
            self._decode(None)
            self._stream.codec_context.flush_buffers()
        self._paused = not taken
        return taken

    def finish(self) -> None:
        """Shows the frames that the decoder still holds."""
        if not self._paused:
            self._decode(None)

    @property
    def duration_seconds(self) -> float:
        """From the first presented frame to the end of the last, undecoded ones between kept packets included."""
        if self.clock.repaired or self.damage.count:
            return self.clock.end_seconds
        beyond = float("inf") if self._stretches is not None else self.clock.end_seconds + 1.0
        return max(self.clock.end_seconds, min(self.times.span_seconds, beyond))

    def _decode(self, packet: AnyPacket | None) -> None:
        try:
            frames = self._stream.codec_context.decode(packet)
        except av.error.MemoryError:
            raise
        except (av.error.FFmpegError, ValueError) as error:  # ValueError: its decoder could not even be opened
            self.damage.note(error, self.clock.end_seconds if self.frames else None)
            return
        for frame in frames:
            if self.spent is None:
                self._show(frame)

    def _show(self, frame: VideoFrame) -> None:
        pixels = frame.width * frame.height
        if pixels > self._budget.video_frame_pixels:
            raise LimitExceededError(
                f"a frame has {frame.width} x {frame.height} pixels, more than the "
                f"{self._budget.video_frame_pixels} allowed"
            )
        self._pixels += pixels
        if self.frames >= self._budget.frames or self._pixels > self._budget.total_pixels:
            self.spent = f"reading stopped at {self.clock.end_seconds:.2f} s: the file holds more frames than allowed"
            return
        picture = self._picture(frame)
        for observer in self._observers:
            observer.picture(picture)

    def _picture(self, frame: VideoFrame) -> Picture:
        base = float(frame.time_base) if frame.time_base else 0.0
        stamp = frame.pts if frame.pts is not None else frame.dts
        time = self.clock.present(None if stamp is None else stamp * base, (frame.duration or 0) * base)
        picture = Picture(
            frame,
            self._scaler,
            time_seconds=time,
            index=self.frames,
            orientation=_orientation(frame),
            pixel_aspect=_pixel_aspect(self._stream),
        )
        self.frames += 1
        self.size = self.size or (picture.width, picture.height)
        return picture


def _prepare(stream: VideoStream, budget: Budget, *, lean: bool) -> None:
    context = stream.codec_context
    context.thread_type = ThreadType.NONE
    context.thread_count = 1
    options = {"max_pixels": str(budget.video_frame_pixels)}
    if lean:
        context.skip_frame = "NONREF"
        options["skip_loop_filter"] = "all"
    context.options = {**context.options, **options}


def _step_seconds(stream: VideoStream) -> float:
    for rate in (stream.average_rate, stream.guessed_rate):
        if rate and 0.001 <= float(rate) <= 1000:
            return 1 / float(rate)
    return DEFAULT_STEP_SECONDS


def _pixel_aspect(stream: VideoStream) -> Fraction:
    """Width of a pixel over its height; 1 where the file says nothing sensible."""
    told = stream.sample_aspect_ratio
    if not told or told.numerator <= 0 or told.denominator <= 0:
        return Fraction(1)
    aspect = Fraction(told.numerator, told.denominator)
    return aspect if 1 / Fraction(_MAX_PIXEL_ASPECT) <= aspect <= _MAX_PIXEL_ASPECT else Fraction(1)


def _orientation(frame: VideoFrame) -> Orientation:
    matrix = frame.side_data.get("DISPLAYMATRIX")
    return Orientation() if matrix is None else Orientation.of_display_matrix(bytes(matrix))
