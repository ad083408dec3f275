"""What a file is, told from its first bytes and never from its name.

Magic numbers: the formats' own specifications, as collected in the `file` database and in FFmpeg's probes. What is
not on the list is refused: playlists, scripts and manifests name other files, and a reader that follows them reads
what the sender likes.
"""

import re
import stat
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from firsthand.errors import EmptyFileError, MissingPathError, UnreadableMediaError, UnsupportedFormatError
from firsthand.media.animated_gif import is_animated_gif
from firsthand.model.item import Kind

_HEAD_BYTES = 4096
_MAX_TAG_BYTES = 64 << 20


@dataclass(frozen=True, slots=True)
class Format:
    """A format that is read here.

    Attributes:
        name: what people call it, such as `mp4`.
        demuxer: FFmpeg's demuxer, or Pillow's format for stills, the only one that may open the file.
        kind_hint: what it usually holds; an MP4 without picture is a sound in the end.
        declares_duration: its header says how long it is, rather than a guess from the bit rate.
    """

    name: str
    demuxer: str
    kind_hint: Kind
    declares_duration: bool = False


_MP4 = "mov,mp4,m4a,3gp,3g2,mj2"
_MOV_ATOMS = (b"moov", b"mdat", b"free", b"skip", b"wide", b"pnot")
_AVIF_BRANDS = (b"avif", b"avis")
_HEIF_BRANDS = (b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1")

_GIF = Format("gif", "gif", Kind.VIDEO)
_STILL_GIF = Format("gif", "GIF", Kind.IMAGE)
_MP3 = Format("mp3", "mp3", Kind.SOUND)
_ADTS = Format("aac", "aac", Kind.SOUND)
_TS = Format("mpegts", "mpegts", Kind.VIDEO)

_STARTS: tuple[tuple[bytes, Format], ...] = (
    (b"\xff\xd8\xff", Format("jpeg", "JPEG", Kind.IMAGE)),
    (b"\x89PNG\r\n\x1a\n", Format("png", "PNG", Kind.IMAGE)),
    (b"II*\0", Format("tiff", "TIFF", Kind.IMAGE)),
    (b"MM\0*", Format("tiff", "TIFF", Kind.IMAGE)),
    (b"II+\0", Format("tiff", "TIFF", Kind.IMAGE)),
    (b"MM\0+", Format("tiff", "TIFF", Kind.IMAGE)),
    (b"fLaC", Format("flac", "flac", Kind.SOUND, declares_duration=True)),
    (b"OggS", Format("ogg", "ogg", Kind.VIDEO)),
    (b"FLV\x01", Format("flv", "flv", Kind.VIDEO, declares_duration=True)),
    (b"\x30\x26\xb2\x75\x8e\x66\xcf\x11", Format("asf", "asf", Kind.VIDEO, declares_duration=True)),
    (b"\x00\x00\x01\xba", Format("mpegps", "mpeg", Kind.VIDEO)),
    (b"#!AMR\n", Format("amr", "amr", Kind.SOUND)),
    (b"#!AMR-WB\n", Format("amr", "amr", Kind.SOUND)),
)

_RIFF: dict[bytes, Format] = {
    b"AVI ": Format("avi", "avi", Kind.VIDEO, declares_duration=True),
    b"WAVE": Format("wav", "wav", Kind.SOUND, declares_duration=True),
    b"WEBP": Format("webp", "WEBP", Kind.IMAGE),
}

_REFUSED_TEXTS: tuple[tuple[re.Pattern[bytes], str], ...] = (
    (re.compile(rb"#EXTM3U|\[playlist\]", re.IGNORECASE), "a playlist, which names other files and is never followed"),
    (re.compile(rb"ffconcat"), "a concatenation script, which names other files and is never followed"),
    (re.compile(rb"(<\?xml[^>]*>\s*)?(<!--.*?-->\s*)*<MPD"), "a DASH manifest, which names other files"),
    (re.compile(rb"v=0\r?\no="), "a session description, which names a network address"),
    (re.compile(rb".{0,512}?<svg", re.DOTALL), "an SVG drawing, which is a program rather than a picture"),
    (re.compile(rb"<!doctype html|<html", re.IGNORECASE), "a web page, not a medium"),
    (re.compile(rb"<\?xml"), "an XML document, not a medium"),
    (re.compile(rb"%PDF-"), "a PDF document, not a medium"),
    (re.compile(rb"PK\x03\x04"), "a ZIP archive, not a medium"),
    (re.compile(rb"\x00\x00\x00\x0cJXL \r\n|\xff\x0a"), "a JPEG XL picture, which is not read here"),
)


def identify(path: Path) -> Format:
    """What the bytes of the file at `path` say it is; reads a few kilobytes and parses nothing.

    Raises:
        MissingPathError: there is nothing.
        EmptyFileError: it has no bytes.
        UnsupportedFormatError: it is no regular file, or of no format that is read here.
        UnreadableMediaError: the system does not let it be read.
    """
    try:
        status = path.stat()
        if not stat.S_ISREG(status.st_mode):
            raise UnsupportedFormatError(f"{path.name} is not a regular file")
        if status.st_size == 0:
            raise EmptyFileError(f"{path.name} is empty")
        with path.open("rb") as file:
            return _identified(file, path.name)
    except (FileNotFoundError, NotADirectoryError) as error:
        raise MissingPathError(f"{path} does not exist") from error
    except (OSError, ValueError) as error:
        raise UnreadableMediaError(f"{path.name} cannot be opened: {_reason(error)}") from error


def is_media_name(path: Path) -> bool:
    """Whether the suffix is one that media usually have; says nothing about the bytes."""
    return path.suffix.lower() in _SUFFIXES


def _reason(error: Exception) -> str:
    return (error.strerror or str(error)) if isinstance(error, OSError) else str(error)


def _identified(file: BinaryIO, name: str) -> Format:
    head = file.read(_HEAD_BYTES)
    if head.startswith((b"GIF87a", b"GIF89a")):
        return _GIF if is_animated_gif(file) else _STILL_GIF
    found = _told_by(head)
    if found is None and head.startswith(b"ID3") and len(head) >= 10:
        found = _behind_tag(file, head)
    if found is None:
        raise UnsupportedFormatError(f"{name} is {_refusal(head)}")
    return found


def _told_by(head: bytes) -> Format | None:
    for start, known in _STARTS:
        if head.startswith(start):
            return known
    for tell in _TELLERS:
        found = tell(head)
        if found is not None:
            return found
    return None


def _behind_tag(file: BinaryIO, head: bytes) -> Format:
    """What follows an ID3v2 tag (id3.org, ID3v2.4.0 section 3.1: four bytes of seven bits each)."""
    size = sum((byte & 0x7F) << shift for byte, shift in zip(head[6:10], (21, 14, 7, 0), strict=True))
    file.seek(min(size, _MAX_TAG_BYTES) + 10)
    return _told_by(file.read(_HEAD_BYTES).lstrip(b"\0")) or _MP3


def _riff(head: bytes) -> Format | None:
    if head[:4] in (b"RIFF", b"RF64", b"RIFX"):
        return _RIFF.get(head[8:12])
    if head[:4] == b"FORM" and head[8:12] in (b"AIFF", b"AIFC"):
        return Format("aiff", "aiff", Kind.SOUND, declares_duration=True)
    return None


def _iso(head: bytes) -> Format | None:
    """ISO base media files by their brand (ISO/IEC 14496-12, section 4.3), QuickTime by its first atom."""
    if head[4:8] in _MOV_ATOMS:
        return Format("mov", _MP4, Kind.VIDEO, declares_duration=True)
    if head[4:8] != b"ftyp":
        return None
    brand = head[8:12]
    brands = {head[at : at + 4] for at in range(16, min(int.from_bytes(head[:4]), 256), 4)} | {brand}
    if brand in _AVIF_BRANDS or (brand in _HEIF_BRANDS and brands & set(_AVIF_BRANDS)):
        return Format("avif", "AVIF", Kind.IMAGE)
    if brand in _HEIF_BRANDS:
        return Format("heic", "HEIF", Kind.IMAGE)
    if brand in (b"M4A ", b"M4B "):
        return Format("m4a", _MP4, Kind.SOUND, declares_duration=True)
    name = {b"qt  ": "mov", b"M4V ": "m4v"}.get(brand, "3gp" if brand[:2] == b"3g" else "mp4")
    return Format(name, _MP4, Kind.VIDEO, declares_duration=True)


def _matroska(head: bytes) -> Format | None:
    if not head.startswith(b"\x1a\x45\xdf\xa3"):
        return None
    return Format("webm" if b"webm" in head[:64] else "matroska", "matroska,webm", Kind.VIDEO, declares_duration=True)


def _bitmap(head: bytes) -> Format | None:
    known = head[:2] == b"BM" and head[14:18] in (bytes((size, 0, 0, 0)) for size in (12, 40, 52, 56, 64, 108, 124))
    return Format("bmp", "BMP", Kind.IMAGE) if known else None


def _transport_stream(head: bytes) -> Format | None:
    """Packets of 188 bytes that begin with 0x47, also with 4 bytes before (M2TS) or 16 after each."""
    for size, first in ((188, 0), (192, 4), (204, 0)):
        beats = head[first::size][:8]
        if len(beats) >= 2 and set(beats) == {0x47}:
            return _TS
    return None


def _adts(head: bytes) -> Format | None:
    """Two ADTS headers in a row (ISO/IEC 13818-7, section 6.2)."""
    if len(head) < 7 or head[0] != 0xFF or head[1] & 0xF6 != 0xF0:
        return None
    length = (head[3] & 3) << 11 | head[4] << 3 | head[5] >> 5
    follower = head[length : length + 2]
    regular = length >= 7 and (len(follower) < 2 or (follower[0] == 0xFF and follower[1] & 0xF6 == 0xF0))
    return _ADTS if regular else None


def _mp3(head: bytes) -> Format | None:
    """Two MPEG audio headers in a row (ISO/IEC 11172-3, section 2.4.1.3)."""
    length = _mpeg_audio_length(head)
    if length is None:
        return None
    follower = head[length : length + 4]
    return _MP3 if len(follower) < 4 or _mpeg_audio_length(follower) is not None else None


_MPEG1_KILOBITS = {
    3: (0, 32, 64, 96, 128, 160, 192, 224, 256, 288, 320, 352, 384, 416, 448),
    2: (0, 32, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 384),
    1: (0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320),
}
_MPEG2_KILOBITS = {
    3: (0, 32, 48, 56, 64, 80, 96, 112, 128, 144, 160, 176, 192, 224, 256),
    2: (0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160),
    1: (0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160),
}
_HERTZ = {3: (44100, 48000, 32000), 2: (22050, 24000, 16000), 0: (11025, 12000, 8000)}


def _mpeg_audio_length(header: bytes) -> int | None:
    """The bytes of the frame that `header` begins; `None` where it begins none."""
    if len(header) < 4 or header[0] != 0xFF or header[1] & 0xE0 != 0xE0 or header[1] == 0xFE:
        return None  # 0xFFFE is how UTF-16 text begins, and a kind of sound that nobody writes
    version, layer = header[1] >> 3 & 3, header[1] >> 1 & 3
    rate_index, hertz_index, padding = header[2] >> 4, header[2] >> 2 & 3, header[2] >> 1 & 1
    if version == 1 or layer == 0 or rate_index in (0, 15) or hertz_index == 3:
        return None
    bits = 1000 * (_MPEG1_KILOBITS if version == 3 else _MPEG2_KILOBITS)[layer][rate_index]
    hertz = _HERTZ[version][hertz_index]
    if layer == 3:
        return (12 * bits // hertz + padding) * 4
    return (72 if layer == 1 and version != 3 else 144) * bits // hertz + padding


_TELLERS: tuple[Callable[[bytes], Format | None], ...] = (
    _riff,
    _iso,
    _matroska,
    _bitmap,
    _adts,
    _mp3,
    _transport_stream,
)


def _refusal(head: bytes) -> str:
    text = head.lstrip(b"\xef\xbb\xbf \t\r\n")
    for pattern, what in _REFUSED_TEXTS:
        if pattern.match(text):
            return what
    if b"\0" not in head and not _has_controls(head):
        return "text, not a medium"
    return "of no format that is read here"


def _has_controls(head: bytes) -> bool:
    return any(byte < 32 and byte not in b"\t\n\r\f\x1b" for byte in head)


# fmt: off
_SUFFIXES = frozenset([
    ".mp4", ".m4v", ".mov", ".qt", ".3gp", ".3g2", ".mkv", ".webm", ".avi", ".ts", ".mts", ".m2ts", ".mpg",
    ".mpeg", ".vob", ".flv", ".gif", ".wmv", ".asf", ".ogv", ".ogg", ".oga", ".opus", ".wav", ".flac", ".mp3",
    ".aac", ".m4a", ".m4b", ".aif", ".aiff", ".aifc", ".amr", ".wma", ".jpg", ".jpeg", ".jpe", ".jfif", ".png",
    ".webp", ".tif", ".tiff", ".bmp", ".avif", ".heic", ".heif",
])
# fmt: on
