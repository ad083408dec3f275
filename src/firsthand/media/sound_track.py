"""Follows one sound stream; only its beginning is decoded, unless somebody listens."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

import av
from av.audio.stream import AudioStream

from firsthand.media.hearing import Hearing
from firsthand.media.observer import Listener
from firsthand.media.track import AnyPacket, Damage, PacketTimes

_PROOF_PACKETS = 16


class SoundTrack:
    """A `Track` of sound, heard by `listeners`; `zero` as in `Hearing`. What can't be decoded costs the sound alone.

    Attributes:
        is_decodable: some of its first packets gave samples.
    """

    def __init__(
        self,
        stream: AudioStream,
        listeners: Sequence[Listener] = (),
        zero: Callable[[], float | None] | None = None,
    ) -> None:
        self.is_decodable = False
        self.damage = Damage()
        self.times = PacketTimes()
        self._stream = stream
        self._tried = 0
        self._hearing = Hearing(listeners, zero) if listeners else None

    @property
    def codec(self) -> str:
        """FFmpeg's name of the codec."""
        return self._stream.codec_context.codec.canonical_name

    @property
    def duration_seconds(self) -> float:
        """From the first sample to the end of the last."""
        return self.times.sounding_seconds(self._stream.codec_context.sample_rate)

    def feed(self, packet: AnyPacket) -> None:
        """Notes when the packet sounds; decodes it for who listens, else the first few as a proof that all can be."""
        if packet.size == 0:
            return
        self.times.note(packet)
        wanted = not self.is_decodable and self._tried < _PROOF_PACKETS
        if wanted or self._hearing is not None:
            self._tried += 1
            self._decode(packet)

    def finish(self) -> None:
        """Asks the decoder for what is left in it."""
        if self._tried and (self._hearing is not None or not self.is_decodable):
            self._decode(None)
        if self._hearing is not None:
            with self._noted():
                self._hearing.end()
            self._hearing.tell(last=True)

    def _decode(self, packet: AnyPacket | None) -> None:
        with self._noted():
            for frame in self._stream.codec_context.decode(packet):
                self.is_decodable = True
                if self._hearing is not None:
                    self._hearing.take(frame)
        if self._hearing is not None:
            self._hearing.tell()

    @contextmanager
    def _noted(self) -> Iterator[None]:
        try:
            yield
        except av.error.MemoryError:
            raise
        except (av.error.FFmpegError, ValueError) as error:  # ValueError: its decoder could not even be opened
            self.damage.note(error, None)
