"""Follows one sound stream; only its beginning is decoded, until somebody listens."""

import av
from av.audio.stream import AudioStream

from firsthand.media.track import AnyPacket, Damage, PacketTimes

_PROOF_PACKETS = 16


class SoundTrack:
    """A `Track` of sound.

    Attributes:
        is_decodable: some of its first packets gave samples.
    """

    def __init__(self, stream: AudioStream) -> None:
        self.is_decodable = False
        self.damage = Damage()
        self.times = PacketTimes()
        self._stream = stream
        self._tried = 0

    @property
    def codec(self) -> str:
        """FFmpeg's name of the codec."""
        return self._stream.codec_context.codec.canonical_name

    @property
    def duration_seconds(self) -> float:
        """From the first sample to the end of the last."""
        return self.times.sounding_seconds(self._stream.codec_context.sample_rate)

    def feed(self, packet: AnyPacket) -> None:
        """Notes when the packet sounds; decodes the first few as a proof that the rest can be."""
        if packet.size == 0:
            return
        self.times.note(packet)
        if not self.is_decodable and self._tried < _PROOF_PACKETS:
            self._tried += 1
            self._decode(packet)

    def finish(self) -> None:
        """Asks the decoder for what a very short sound left in it."""
        if not self.is_decodable and self._tried:
            self._decode(None)

    def _decode(self, packet: AnyPacket | None) -> None:
        try:
            self.is_decodable = bool(self._stream.codec_context.decode(packet))
        except av.error.MemoryError:
            raise
        except (av.error.FFmpegError, ValueError) as error:  # ValueError: its decoder could not even be opened
            self.damage.note(error, None)
