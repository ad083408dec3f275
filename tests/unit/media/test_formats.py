import os
import struct
from pathlib import Path

import av
import numpy as np
import pytest
from media_clips import clip, picture, tone
from PIL import Image

from firsthand.errors import EmptyFileError, MissingPathError, UnsupportedFormatError
from firsthand.media.formats import identify, is_media_name
from firsthand.model.item import Kind


@pytest.mark.parametrize(
    ("suffix", "codec", "name"),
    [
        ("mp4", "mpeg4", "mp4"),
        ("mov", "mpeg4", "mov"),
        ("3gp", "mpeg4", "3gp"),
        ("mkv", "mpeg4", "matroska"),
        ("webm", "libvpx", "webm"),
        ("avi", "mpeg4", "avi"),
        ("ts", "mpeg2video", "mpegts"),
        ("mpg", "mpeg2video", "mpegps"),
        ("flv", "flv", "flv"),
        ("wmv", "wmv2", "asf"),
        ("ogv", "libvpx", "ogg"),
    ],
)
def test_video_is_told_by_its_bytes_and_not_its_name(suffix: str, codec: str, name: str, tmp_path: Path) -> None:
    made = clip(tmp_path / f"clip.{suffix}", codec=codec)
    found = identify(made.rename(tmp_path / "disguised.txt"))
    assert (found.name, found.kind_hint) == (name, Kind.VIDEO)


@pytest.mark.parametrize("name", ["JPEG", "PNG", "WEBP", "TIFF", "BMP", "AVIF"])
def test_images_are_told_by_their_bytes(name: str, tmp_path: Path) -> None:
    path = tmp_path / "picture.mp4"
    Image.fromarray(picture(0)).save(path, name)
    found = identify(path)
    assert (found.name, found.kind_hint) == (name.lower(), Kind.IMAGE)


def test_a_gif_that_moves_is_a_video_and_one_that_does_not_an_image(tmp_path: Path) -> None:
    images = [Image.fromarray(picture(index)) for index in range(3)]
    images[0].save(tmp_path / "still.gif")
    images[0].save(tmp_path / "moving.gif", save_all=True, append_images=images[1:])
    assert identify(tmp_path / "still.gif").kind_hint is Kind.IMAGE
    assert identify(tmp_path / "moving.gif").kind_hint is Kind.VIDEO


def sound(path: Path, codec: str, hertz: int = 48_000) -> Path:
    with av.open(str(path), "w") as container:
        stream = container.add_stream(codec, rate=hertz, layout="mono")
        frame = av.AudioFrame.from_ndarray(
            (tone(1.0, hertz) * 32767).astype(np.int16)[np.newaxis], format="s16", layout="mono"
        )
        frame.sample_rate = hertz
        resampler = av.AudioResampler(stream.codec_context.format, "mono", hertz, stream.codec_context.frame_size)
        for piece in [*resampler.resample(frame), *resampler.resample(None)]:
            container.mux(stream.encode(piece))
        container.mux(stream.encode(None))
    return path


@pytest.mark.parametrize(
    ("suffix", "codec", "name"),
    [
        ("wav", "pcm_s16le", "wav"),
        ("flac", "flac", "flac"),
        ("mp3", "libmp3lame", "mp3"),
        ("aac", "aac", "aac"),
        ("m4a", "aac", "m4a"),
        ("ogg", "libopus", "ogg"),
        ("aiff", "pcm_s16be", "aiff"),
    ],
)
def test_sound_is_told_by_its_bytes(suffix: str, codec: str, name: str, tmp_path: Path) -> None:
    assert identify(sound(tmp_path / f"sound.{suffix}", codec)).name == name


def test_sound_behind_a_large_tag_is_told_by_what_follows(tmp_path: Path) -> None:
    tagged = b"ID3\4\0\0" + bytes((0, 0, 64, 0)) + b"\0" * (64 << 7)
    (tmp_path / "a.mp3").write_bytes(tagged + b"fLaC" + bytes(40))
    assert identify(tmp_path / "a.mp3").name == "flac"
    (tmp_path / "b.mp3").write_bytes(tagged)
    assert identify(tmp_path / "b.mp3").name == "mp3"


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"#EXTM3U\n#EXTINF:1,\nhttp://127.0.0.1/a.ts\n", "a playlist"),
        (b"\xef\xbb\xbf\n#EXTM3U\n", "a playlist"),
        (b"ffconcat version 1.0\nfile 'a.ts'\n", "a concatenation script"),
        (b'<?xml version="1.0"?>\n<MPD xmlns="urn:mpeg:dash:schema:mpd:2011">', "a DASH manifest"),
        (b"v=0\r\no=- 0 0 IN IP4 127.0.0.1\r\n", "a session description"),
        (b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"/>', "an SVG drawing"),
        (b"<!DOCTYPE html><html></html>", "a web page"),
        (b"%PDF-1.7\n", "a PDF document"),
        (b"PK\x03\x04\0\0\0\0", "a ZIP archive"),
        (b"Dear reader,\n", "text, not a medium"),
        (b"\0\1\2\3\4\5\6\7", "of no format that is read here"),
        (b"RIFF\0\0\0\0RMID", "of no format that is read here"),
        (b"\xff\xfeh\0e\0l\0l\0o\0", "of no format that is read here"),
        (b"G", "text, not a medium"),
    ],
)
def test_everything_else_is_refused_in_one_sentence_that_names_it(content: bytes, says: str, tmp_path: Path) -> None:
    path = tmp_path / "clip.mp4"
    path.write_bytes(content)
    with pytest.raises(UnsupportedFormatError, match=rf"^clip\.mp4 is {says}"):
        identify(path)


def test_what_is_no_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(MissingPathError, match="does not exist"):
        identify(tmp_path / "nothing.mp4")
    (tmp_path / "empty.mp4").touch()
    with pytest.raises(EmptyFileError, match=r"empty\.mp4"):
        identify(tmp_path / "empty.mp4")
    with pytest.raises(UnsupportedFormatError, match="not a regular file"):
        identify(tmp_path)
    if hasattr(os, "mkfifo"):
        os.mkfifo(tmp_path / "pipe.mp4")
        with pytest.raises(UnsupportedFormatError, match="not a regular file"):
            identify(tmp_path / "pipe.mp4")


def test_a_gif_of_endless_blocks_is_told_in_bounded_time(tmp_path: Path) -> None:
    path = tmp_path / "blocks.gif"
    path.write_bytes(b"GIF89a" + struct.pack("<HHBBB", 9, 9, 0, 0, 0) + b"\x21\xfe\0" * 400_000)
    assert identify(path).kind_hint is Kind.IMAGE


def test_names_of_media_are_known_by_their_suffix() -> None:
    assert is_media_name(Path("a/Clip.MP4"))
    assert not is_media_name(Path("a/notes.txt"))
