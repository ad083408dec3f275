"""Reads a container once, from its first packet to its last."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import av
from av.audio.stream import AudioStream
from av.container import InputContainer
from av.stream import Discard, Disposition, Stream
from av.video.stream import VideoStream

from firsthand.errors import LimitExceededError, UnreadableMediaError
from firsthand.media.budget import Budget
from firsthand.media.codecs import AUDIO_DECODERS, VIDEO_DECODERS
from firsthand.media.decoding import Decoding
from firsthand.media.formats import Format
from firsthand.media.observer import Listener, Observer
from firsthand.media.opening import open_container, reason
from firsthand.media.sound_track import SoundTrack
from firsthand.media.track import AnyPacket, Track
from firsthand.media.video_track import VideoTrack
from firsthand.model.item import Facts, Kind

_NO_PICTURES = Disposition.attached_pic | Disposition.timed_thumbnails
_MAX_BROKEN_READS = 64
_MISSING_SHARE = 0.05
_MISSING_SECONDS = 1.0
_LONGEST_SECONDS = 30 * 24 * 3600.0


@dataclass(frozen=True, slots=True)
class _Tracks:
    video: VideoTrack | None
    sound: SoundTrack | None
    by_index: Mapping[int, Track]


def read_container(
    path: Path,
    known: Format,
    observers: Sequence[Observer],
    *,
    listeners: Sequence[Listener] = (),
    decoding: Decoding,
    budget: Budget,
    report: Callable[[float], None],
) -> Facts:
    """What the container holds.

    Each presented frame of its main video stream is shown to `observers`, its main sound is heard by `listeners`.

    Raises:
        UnreadableMediaError: nothing in it can be decoded.
        LimitExceededError: it has more streams or larger frames than the budget allows.
    """
    with open_container(path, known) as container:
        tracks = _tracks(container, path, _Audience(observers, listeners), budget, decoding)
        broke_off = _read(container, tracks, report)
        return _facts(path, known, tracks, _shortfall(container, known, tracks, broke_off))


@dataclass(frozen=True, slots=True)
class _Audience:
    observers: Sequence[Observer]
    listeners: Sequence[Listener]


def _tracks(container: InputContainer, path: Path, audience: _Audience, budget: Budget, decoding: Decoding) -> _Tracks:
    if len(container.streams) > budget.streams:
        raise LimitExceededError(f"{path.name} holds more than {budget.streams} streams")
    picture, sound = main_video(container), _main_sound(container)
    if picture is None and sound is None:
        raise UnreadableMediaError(f"{path.name} holds no picture and no sound that can be read")
    if picture is not None:
        _require_bounded(picture, path, budget)
    video_track = None if picture is None else VideoTrack(picture, audience.observers, budget, decoding)
    sound_track = None if sound is None else SoundTrack(sound, audience.listeners, _zero(video_track))
    by_index: dict[int, Track] = {}
    if picture is not None and video_track is not None:
        by_index[picture.index] = video_track
    if sound is not None and sound_track is not None:
        by_index[sound.index] = sound_track
    for stream in container.streams:
        if stream.index not in by_index:
            stream.discard = Discard.all
    return _Tracks(video_track, sound_track, by_index)


def _zero(video: VideoTrack | None) -> Callable[[], float | None] | None:
    """Tells when the first frame is presented, on the file's own clock; `None` where there are no frames."""
    return None if video is None else lambda: video.clock.origin_seconds


def _require_bounded(stream: VideoStream, path: Path, budget: Budget) -> None:
    width, height = stream.codec_context.width, stream.codec_context.height
    if width * height > budget.video_frame_pixels:
        raise LimitExceededError(
            f"frames of {path.name} have {width} x {height} pixels, more than the {budget.video_frame_pixels} allowed"
        )


def main_video(container: InputContainer) -> VideoStream | None:
    """The stream that a player would show: a default one before others, the larger picture before the smaller."""
    candidates = [
        stream
        for stream in container.streams.video
        if _is_allowed(stream, VIDEO_DECODERS) and not Disposition(stream.disposition) & _NO_PICTURES
    ]
    return max(candidates, key=_preference, default=None)


def _preference(stream: VideoStream) -> tuple[bool, int, int]:
    is_default = bool(Disposition(stream.disposition) & Disposition.default)
    return is_default, stream.codec_context.width * stream.codec_context.height, -stream.index


def _main_sound(container: InputContainer) -> AudioStream | None:
    candidates = [stream for stream in container.streams.audio if _is_allowed(stream, AUDIO_DECODERS)]
    return max(candidates, key=lambda stream: bool(Disposition(stream.disposition) & Disposition.default), default=None)


def _is_allowed(stream: Stream, decoders: frozenset[str]) -> bool:
    context = stream.codec_context
    return context is not None and context.name in decoders  # type: ignore[redundant-expr] # None without a decoder


def _read(container: InputContainer, tracks: _Tracks, report: Callable[[float], None]) -> str | None:
    """Feeds all packets to their tracks; why the demuxer gave up before the end, `None` where it did not."""
    size = container.size or 0
    furthest = 0
    broke_off = None
    for packet in _packets(container, sorted(tracks.by_index)):
        if isinstance(packet, str):
            broke_off = packet
            break
        if tracks.video is not None and tracks.video.spent:
            break
        tracks.by_index[packet.stream.index].feed(packet)  # its own `stream_index` is 0 in markers of the end
        if size and packet.pos is not None and packet.pos > furthest:
            furthest = packet.pos
            report(min(1.0, furthest / size))
    for track in tracks.by_index.values():
        track.finish()
    report(1.0)
    return broke_off


def _packets(container: InputContainer, indexes: Sequence[int]) -> Iterator[AnyPacket | str]:
    """The packets of the streams, past damage where the demuxer finds its way; at last why it did not, if so."""
    streams = [container.streams[index] for index in indexes]
    failed, why = 0, ""
    while failed < _MAX_BROKEN_READS:
        try:
            for packet in container.demux(*streams):
                failed = 0
                yield packet
        except av.error.MemoryError:
            raise
        except av.error.FFmpegError as error:
            failed, why = failed + 1, reason(error)
        else:
            return
    yield why


def _shortfall(container: InputContainer, known: Format, tracks: _Tracks, broke_off: str | None) -> str | None:
    """The sentence on what was not read, `None` where all was."""
    read = max(track.times.span_seconds for track in (tracks.video, tracks.sound) if track is not None)
    shown = tracks.video.duration_seconds if tracks.video is not None else read
    declared = _declared_seconds(container, known)
    missing = declared is not None and declared - read > max(_MISSING_SECONDS, _MISSING_SHARE * declared)
    if tracks.video is not None and tracks.video.spent:
        return tracks.video.spent
    if missing and declared is not None:
        return f"reading broke off at {shown:.2f} s of the declared {declared:.2f} s"
    if broke_off is not None:
        return f"reading broke off at {shown:.2f} s: {broke_off}"
    return None


def _declared_seconds(container: InputContainer, known: Format) -> float | None:
    """How long the header says it is; FFmpeg corrects the duration of an AVI by the size that the file has."""
    seconds = container.duration / 1e6 if container.duration and known.declares_duration else None
    stream = main_video(container) if known.name == "avi" else None
    if stream is not None and stream.average_rate:
        seconds = stream.frames / float(stream.average_rate)
    return seconds if seconds is not None and seconds < _LONGEST_SECONDS else None


def _facts(path: Path, known: Format, tracks: _Tracks, shortfall: str | None) -> Facts:
    video, sound = tracks.video, tracks.sound
    audio_codec = sound.codec if sound is not None else None
    if video is not None and video.frames and video.size is not None:
        return Facts(
            kind=Kind.VIDEO,
            container=known.name,
            duration_seconds=video.duration_seconds,
            width=video.size[0],
            height=video.size[1],
            frame_count_content=video.frame_count,
            video_codec=video.codec,
            audio_codec=audio_codec,
            problem=shortfall or video.damage.first,
        )
    if sound is None or not sound.is_decodable:
        damage = next((track.damage.first for track in (video, sound) if track and track.damage.first), None)
        raise UnreadableMediaError(f"{path.name} holds nothing that can be decoded" + (f": {damage}" if damage else ""))
    no_picture = None if video is None else f"the picture ({video.codec}) could not be decoded"
    return Facts(
        kind=Kind.SOUND,
        container=known.name,
        duration_seconds=sound.duration_seconds,
        width=None,
        height=None,
        frame_count_content=0,
        video_codec=None if video is None else video.codec,
        audio_codec=audio_codec,
        problem=no_picture or shortfall,
    )
