"""Files that hang, crash or mislead readers, each through a child under small limits."""

import gzip
import os
import shutil
import struct
import zlib
from pathlib import Path

import pytest
from media_clips import Look, Looked, clip, look

from firsthand.errors import InputError
from firsthand.sandbox.call import call
from firsthand.sandbox.limits import Limits

LIMITS = Limits(memory_bytes=1500 << 20, cpu_seconds=20, wall_seconds=20, result_bytes=1 << 16)
COLLECTION = Path(__file__).parents[4] / "shared" / "data" / "hostile"
COLLECTED = sorted(COLLECTION.iterdir()) if COLLECTION.is_dir() else []


def outcome(path: Path) -> Looked | str:
    """What reading shows, or the one sentence that refuses it."""
    try:
        return call(look, Look(path), Looked, limits=LIMITS)
    except InputError as error:
        return f"{error.code}: {error}"


def require_bounded(result: Looked | str) -> None:
    if isinstance(result, Looked):
        assert result.peak_bytes < 1500 << 20
    else:
        assert 10 < len(result) < 300
        assert "\n" not in result


@pytest.mark.skipif(not COLLECTED, reason="the collection of hostile files is not here")
@pytest.mark.parametrize("path", COLLECTED, ids=lambda path: path.name)
def test_every_hostile_file_of_the_collection_is_refused_or_survived(path: Path, tmp_path: Path) -> None:
    if path.suffix == ".gz":
        unpacked = tmp_path / path.stem
        with gzip.open(path) as packed, unpacked.open("wb") as file:
            shutil.copyfileobj(packed, file)
        path = unpacked
    require_bounded(outcome(path))


def atom(name: bytes, body: bytes = b"") -> bytes:
    return struct.pack(">I", 8 + len(body)) + name + body


FTYP = atom(b"ftyp", b"isom\0\0\2\0isomiso2mp41")


def png_chunk(name: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))


def png_header(width: int, height: int) -> bytes:
    return b"\x89PNG\r\n\x1a\n" + png_chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))


def nested(depth: int) -> bytes:
    body = b""
    for _ in range(depth):
        body = atom(b"moov", body)
    return FTYP + body


REFUSED = {
    "playlist named .mp4": (b"#EXTM3U\n#EXTINF:1,\nsecret.ts\n#EXT-X-ENDLIST\n", "unsupported-format"),
    "ffconcat named .mp4": (b"ffconcat version 1.0\nfile secret.ts\n", "unsupported-format"),
    "ffconcat behind an mp4 signature": (FTYP + b"\nffconcat version 1.0\nfile secret.ts\n", "unreadable-media"),
    "text named .mp4": (b"just words\n" * 100, "unsupported-format"),
    "moov of 2^63 bytes": (FTYP[:20] + struct.pack(">I4sQ", 1, b"moov", (1 << 63) - 1), "unreadable-media"),
    "moov within moov": (nested(2000), "unreadable-media"),
    "avi without any stream": (b"RIFF" + struct.pack("<I", 100) + b"AVI " + bytes(100), "unreadable-media"),
    "png of 900 million pixels": (
        png_header(30_000, 30_000) + png_chunk(b"IDAT", zlib.compress(bytes(1000))),
        "limit-exceeded",
    ),
    "gif of four thousand million pixels": (
        b"GIF89a\xff\xff\xff\xff\0\0\0" + b"\x2c\0\0\0\0\xff\xff\xff\xff\0\2\1\0\0" * 2 + b";",
        "",
    ),
    "endless id3 tag": (b"ID3\4\0\0\x7f\x7f\x7f\x7f" + bytes(100), "unreadable-media"),
    "matroska header alone": (b"\x1a\x45\xdf\xa3\x9f\x42\x86\x81\1\x42\x82\x84webm" + bytes(20), "unreadable-media"),
    "ogg of rubbish": (b"OggS" + bytes(range(256)) * 20, "unreadable-media"),
    "flv of rubbish": (b"FLV\x01\x05\0\0\0\x09" + b"\xff" * 500, "unreadable-media"),
    "transport stream of nothing": ((b"\x47\x1f\xff\x10" + b"\xff" * 184) * 50, "unreadable-media"),
}


@pytest.mark.parametrize("name", sorted(REFUSED))
def test_made_up_attacks_are_refused_in_one_sentence(name: str, tmp_path: Path) -> None:
    content, code = REFUSED[name]
    path = tmp_path / "clip.mp4"
    path.write_bytes(content)
    result = outcome(path)
    assert isinstance(result, str)
    assert result.startswith(code)
    require_bounded(result)


def test_no_file_beside_a_hostile_one_is_ever_played(tmp_path: Path) -> None:
    clip(tmp_path / "secret.ts", codec="mpeg2video")
    for name, content in (
        ("a.mp4", b"ffconcat version 1.0\nfile secret.ts\n"),
        ("b.m3u8", b"#EXTM3U\n#EXTINF:1,\nsecret.ts\n#EXT-X-ENDLIST\n"),
        ("c.ts", b"#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXTINF:1,\nsecret.ts\n#EXT-X-ENDLIST\n"),
    ):
        (tmp_path / name).write_bytes(content)
        assert isinstance(outcome(tmp_path / name), str)


@pytest.mark.parametrize(
    "name", ["-i.mp4", "%03d.mp4", "a\nb.mp4", "data:,x.mp4", "subfile,,start,0,end,9,,:x.mp4", "\u202e4pm.exe.mp4"]
)
def test_odd_names_are_only_names(name: str, tmp_path: Path) -> None:
    result = outcome(clip(tmp_path / "clip.mp4").rename(tmp_path / name))
    assert isinstance(result, Looked)
    assert result.facts.frame_count_content == 12
    (tmp_path / name).write_bytes(b"words")
    refusal = outcome(tmp_path / name)
    assert isinstance(refusal, str)
    require_bounded(refusal)
    assert "\u202e" not in refusal


def test_names_that_are_no_text_are_read(tmp_path: Path) -> None:
    path = clip(tmp_path / "clip.mp4").rename(tmp_path / os.fsdecode(b"\xff\xfe.mp4"))
    assert isinstance(outcome(path), Looked)


@pytest.mark.parametrize("suffix", ["mp4", "mkv", "avi", "webm", "flv", "ts", "gif", "jpg", "webp", "tiff"])
def test_files_cut_and_bent_anywhere_are_refused_or_survived(suffix: str, tmp_path: Path) -> None:
    import numpy as np
    from media_clips import picture
    from PIL import Image

    whole = tmp_path / f"whole.{suffix}"
    if suffix in ("jpg", "webp", "tiff", "gif"):
        images = [Image.fromarray(picture(index)) for index in range(3)]
        images[0].save(whole, save_all=True, append_images=images[1:]) if suffix == "gif" else images[0].save(whole)
    else:
        clip(whole, codec="flv" if suffix == "flv" else None)
    data = whole.read_bytes()
    random = np.random.default_rng(11)
    for attempt in range(8):
        bent = bytearray(data[: int(random.integers(1, len(data)))] if attempt % 2 else data)
        for at in random.integers(0, len(bent), 12):
            bent[at] = int(random.integers(0, 256))
        path = tmp_path / f"bent{attempt}.{suffix}"
        path.write_bytes(bytes(bent))
        require_bounded(outcome(path))
