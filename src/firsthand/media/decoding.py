"""How much of a video is decoded."""

from dataclasses import dataclass
from enum import Enum

from av.video.stream import VideoStream

_SKIPPING_CODECS = frozenset(["h264", "hevc"])
_LEAN_SIDE = 640
"""Pixels along the longer side: smaller pictures are kept at nearly their own size, and a missing filter shows."""
_LEAN_RATE = 18.0  # frames a second: of fewer, too few would be left

_SHARE = 0.35
_SHORTEST_SECONDS = 0.5
_FIRST_CREDIT_SECONDS = 1.0


class Decoding(Enum):
    """How much of a video is decoded.

    `LEAN` reads large pictures of H.264 and HEVC without the frames that no other frame needs and without the loop
    filter: half to two thirds of the cost, half of the frames; shrunk to 320 pixels they are within 37 dB and more of
    the full ones. `FAST` reads besides, in any codec, only stretches that begin with a key frame and make up about
    a third of the footage; what lies between is not seen.
    """

    FULL = "full"
    LEAN = "lean"
    FAST = "fast"


def is_lean(stream: VideoStream, decoding: Decoding) -> bool:
    """Whether frames and filters of the stream are left out."""
    context = stream.codec_context
    rate = float(stream.average_rate or stream.guessed_rate or 0)
    return (
        decoding is not Decoding.FULL
        and context.codec.canonical_name in _SKIPPING_CODECS
        and max(context.width, context.height) > _LEAN_SIDE
        and rate >= _LEAN_RATE
    )


@dataclass
class Stretches:
    """Chooses stretches from key frames on, so that about a third of the footage is decoded however far they lie apart.

    Footage that passes earns credit, decoding spends it. A stretch begins at a key frame and ends when no credit is
    left, though not within half a second.
    """

    _credit: float = _FIRST_CREDIT_SECONDS
    _last: float | None = None
    _begun: float | None = None

    def takes(self, seconds: float | None, *, is_key: bool) -> bool:
        """Whether the packet of that presentation time is decoded; packets come in the order of decoding."""
        if seconds is None:
            return True
        passed = 0.0 if self._last is None else max(0.0, seconds - self._last)
        self._last = seconds if self._last is None else max(self._last, seconds)
        self._credit += _SHARE * passed
        if self._begun is not None:
            self._credit -= passed
            if self._credit <= 0 and seconds - self._begun >= _SHORTEST_SECONDS:
                self._begun = None
        if self._begun is None and is_key and self._credit > 0:
            self._begun = seconds
        return self._begun is not None
