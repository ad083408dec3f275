"""What becomes of the packets of one stream."""

import struct
from typing import Protocol

from av import Packet
from av.stream import Stream

from firsthand.media.opening import reason

_PADDING = struct.Struct("<II")  # AV_PKT_DATA_SKIP_SAMPLES: samples to leave out at the start, at the end

type AnyPacket = Packet[Stream]


class Track(Protocol):
    """Takes the packets of one stream in the order of the file."""

    def feed(self, packet: AnyPacket) -> None:
        """Takes one packet; raises `FFmpegError` where it makes no sense, and may be fed the next all the same."""

    def finish(self) -> None:
        """There are no more packets: gives out what was held back."""


class PacketTimes:
    """When the packets of a stream begin and end, in seconds of the file's own clock, and how many there are."""

    def __init__(self) -> None:
        self.count = 0
        self.start: float | None = None
        self.end: float | None = None
        self._padding_samples = 0

    def note(self, packet: AnyPacket) -> None:
        """Takes account of a packet, decoded or not."""
        if packet.pts is None or packet.is_discard:
            return
        self.count += 1
        base = float(packet.time_base)
        start = packet.pts * base
        end = start + max(0, packet.duration or 0) * base
        self.start = start if self.start is None else min(self.start, start)
        self.end = end if self.end is None else max(self.end, end)
        if packet.has_sidedata("skip_samples"):
            padding = bytes(packet.get_sidedata("skip_samples"))
            if len(padding) >= _PADDING.size:
                self._padding_samples += sum(_PADDING.unpack_from(padding))

    def sounding_seconds(self, hertz: int) -> float:
        """The span without the samples that encoders add before and after a sound."""
        return max(0.0, self.span_seconds - self._padding_samples / max(1, hertz))

    @property
    def span_seconds(self) -> float:
        """From the start of the first packet to the end of the last."""
        return 0.0 if self.start is None or self.end is None else self.end - self.start


class Damage:
    """The first thing that could not be decoded, and how much could not."""

    def __init__(self) -> None:
        self.first: str | None = None
        self.count = 0

    def note(self, error: Exception, seconds: float | None) -> None:
        """Keeps the first and counts."""
        self.count += 1
        if self.first is None:
            place = "at the start" if seconds is None else f"from {seconds:.2f} s"
            self.first = f"some data could not be decoded, {place}: {reason(error)}"
