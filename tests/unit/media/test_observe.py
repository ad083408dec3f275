import struct
from fractions import Fraction
from itertools import pairwise
from pathlib import Path

import av
import numpy as np
import pytest
from media_clips import HEIGHT, WIDTH, Album, clip, difference, picture, seen, tone
from PIL import Image

from firsthand.errors import FirsthandError, LimitExceededError, UnreadableMediaError
from firsthand.media.budget import Budget
from firsthand.media.decoding import Decoding
from firsthand.media.observe import observe
from firsthand.media.picture import Picture
from firsthand.media.reading import read_pictures
from firsthand.model.item import Kind


def has_encoder(name: str) -> bool:
    try:
        return bool(av.Codec(name, "w"))
    except av.error.FFmpegError:
        return False


PAIRS = [
    ("mp4", "libx264"),
    ("mov", "libx264"),
    ("mkv", "libx264"),
    ("ts", "libx264"),
    ("flv", "libx264"),
    ("mp4", "libx265"),
    ("mkv", "libx265"),
    ("webm", "libvpx"),
    ("webm", "libvpx-vp9"),
    ("mp4", "libsvtav1"),
    ("webm", "libsvtav1"),
    ("mp4", "mpeg4"),
    ("3gp", "mpeg4"),
    ("avi", "mpeg4"),
    ("mpg", "mpeg2video"),
    ("ts", "mpeg2video"),
    ("flv", "flv"),
    ("wmv", "wmv2"),
    ("mkv", "ffv1"),
    ("avi", "mjpeg"),
]
OPTIONS = {
    "libx264": {"preset": "ultrafast", "bf": "2", "x264-params": "log-level=none"},
    "libx265": {"preset": "ultrafast", "x265-params": "log-level=none"},
    "libvpx": {"deadline": "realtime", "cpu-used": "8"},
    "libvpx-vp9": {"deadline": "realtime", "cpu-used": "8"},
    "libsvtav1": {"preset": "12"},
}


@pytest.mark.parametrize(("suffix", "codec"), PAIRS)
def test_every_pair_of_container_and_codec_gives_each_frame_at_its_time(
    suffix: str, codec: str, tmp_path: Path
) -> None:
    if not has_encoder(codec):
        pytest.skip(f"no encoder {codec}")
    pixel_format = "yuvj420p" if codec == "mjpeg" else "yuv420p"
    path = clip(tmp_path / f"clip.{suffix}", codec=codec, pixel_format=pixel_format, options=OPTIONS.get(codec))
    facts, album = seen(path)
    assert (facts.kind, facts.width, facts.height, facts.frame_count_content) == (Kind.VIDEO, WIDTH, HEIGHT, 12)
    assert facts.duration_seconds == pytest.approx(0.48, abs=0.002)
    assert facts.problem is None
    assert album.times == pytest.approx([index / 25 for index in range(12)], abs=0.0011)
    assert [each.index for each in album.pictures] == list(range(12))
    assert max(difference(each.rgb(WIDTH), picture(each.index)) for each in album.pictures) < 25
    assert album.closed == 1


@pytest.mark.parametrize(
    ("pixel_format", "suffix", "codec"),
    [
        ("gray", "mkv", "ffv1"),
        ("gray10le", "mkv", "ffv1"),
        ("yuv420p10le", "mkv", "ffv1"),
        ("yuv422p", "mkv", "ffv1"),
        ("yuv422p10le", "mov", "prores_ks"),
        ("yuv444p", "mkv", "ffv1"),
        ("yuva420p", "mkv", "ffv1"),
        ("rgba", "mov", "png"),
        ("bgr0", "mkv", "ffv1"),
        ("pal8", "mov", "png"),
    ],
)
def test_pictures_of_every_pixel_format_look_alike(pixel_format: str, suffix: str, codec: str, tmp_path: Path) -> None:
    if pixel_format == "pal8":
        path = tmp_path / "clip.gif"
        images = [Image.fromarray(picture(index)).quantize(64) for index in range(3)]
        images[0].save(path, save_all=True, append_images=images[1:], duration=40)
    else:
        path = clip(tmp_path / f"clip.{suffix}", 3, codec=codec, pixel_format=pixel_format)
    _, album = seen(path)
    expected = picture(1)
    luma = expected @ np.array([0.299, 0.587, 0.114])
    assert difference(album.pictures[1].gray(WIDTH, HEIGHT), luma.round()) < 6
    if not pixel_format.startswith("gray"):
        assert difference(album.pictures[1].rgb(WIDTH), expected) < 12


@pytest.mark.parametrize("pixel_format", ["yuv420p", "yuvj420p", "yuv422p10le"])
def test_small_colour_pictures_agree_with_the_large_one(pixel_format: str, tmp_path: Path) -> None:
    codec = "mjpeg" if pixel_format.startswith("yuvj") else "ffv1"
    path = clip(tmp_path / "clip.mkv", 2, codec=codec, pixel_format=pixel_format, size=(640, 480))
    _, album = seen(path)
    large = album.pictures[1].rgb(640).reshape(120, 4, 160, 4, 3).mean(axis=(1, 3))
    assert difference(album.pictures[1].rgb(160), large.round()) < 3


def test_levels_run_from_black_to_white_whatever_the_file_s_range(tmp_path: Path) -> None:
    for codec, pixel_format in (("ffv1", "yuv420p"), ("mjpeg", "yuvj420p")):
        path = tmp_path / f"{codec}.mkv"
        with av.open(str(path), "w") as container:
            stream = container.add_stream(codec, rate=25)
            stream.width, stream.height, stream.pix_fmt = 32, 32, pixel_format
            for level in (0, 255):
                frame = av.VideoFrame.from_ndarray(np.full((32, 32, 3), level, np.uint8), format="rgb24")
                container.mux(stream.encode(frame))
            container.mux(stream.encode(None))
        _, album = seen(path)
        assert [int(each.gray(8, 8).mean()) for each in album.pictures] == pytest.approx([0, 255], abs=2)
        assert [int(each.rgb(8).mean()) for each in album.pictures] == pytest.approx([0, 255], abs=2)


@pytest.mark.parametrize(
    ("degrees", "mirrors", "upright"),
    [
        (0, (False, False), lambda stored: stored),
        (-90, (False, False), lambda stored: np.rot90(stored, -1)),
        (90, (False, False), lambda stored: np.rot90(stored, 1)),
        (180, (False, False), lambda stored: np.rot90(stored, 2)),
        (0, (True, False), lambda stored: stored[:, ::-1]),
        (0, (False, True), lambda stored: stored[::-1]),
    ],
)
def test_pictures_stand_upright(degrees: int, mirrors: tuple[bool, bool], upright: object, tmp_path: Path) -> None:
    path = clip(
        tmp_path / "clip.mp4",
        3,
        prepare=lambda writer: writer.stream.set_display_rotation(degrees, hflip=mirrors[0], vflip=mirrors[1]),
    )
    facts, album = seen(path)
    expected = upright(picture(1))  # type: ignore[operator]
    assert (facts.height, facts.width) == expected.shape[:2]
    assert difference(album.pictures[1].rgb(WIDTH), expected) < 12
    assert album.pictures[1].gray(10, 20).shape == (20, 10)


def test_pixels_are_made_square(tmp_path: Path) -> None:
    def widen(writer: object) -> None:
        writer.stream.codec_context.sample_aspect_ratio = Fraction(4, 3)  # type: ignore[attr-defined]

    facts, album = seen(clip(tmp_path / "clip.mkv", 2, prepare=widen))
    assert (facts.width, facts.height) == (128, 64)
    assert album.pictures[0].rgb(64).shape == (32, 64, 3)


def test_times_of_a_variable_rate_are_kept(tmp_path: Path) -> None:
    times = [0.0, 0.04, 0.5, 0.52, 2.0]
    facts, album = seen(clip(tmp_path / "clip.mkv", 5, times=times))
    assert album.times == pytest.approx(times, abs=0.001)
    assert facts.duration_seconds is not None
    assert facts.duration_seconds >= 2.0


def test_time_starts_with_the_first_frame_that_an_edit_list_presents(tmp_path: Path) -> None:
    path = clip(tmp_path / "clip.mp4", 12, times=[3.0 + index / 25 for index in range(12)])
    facts, album = seen(path)
    assert album.times[:2] == pytest.approx([0.0, 0.04])
    assert facts.duration_seconds == pytest.approx(0.48, abs=0.01)


def test_an_edit_list_that_cuts_the_beginning_hides_those_frames(tmp_path: Path) -> None:
    whole = clip(tmp_path / "clip.mov", 12, codec="mjpeg", pixel_format="yuvj420p")
    data = whole.read_bytes()
    at = data.index(b"elst")
    media_time = at + 4 + 4 + 4 + 4
    cut = tmp_path / "cut.mov"
    ticks = int.from_bytes(data[data.index(b"mdhd") + 16 : data.index(b"mdhd") + 20])
    cut.write_bytes(data[:media_time] + struct.pack(">i", ticks // 25 * 5) + data[media_time + 4 :])
    _, album = seen(cut)
    assert len(album.pictures) == 7
    assert album.times[0] == 0.0
    assert difference(album.pictures[0].rgb(WIDTH), picture(5)) < 20


def test_a_still_is_one_picture_at_the_start(tmp_path: Path) -> None:
    Image.fromarray(picture(0)).save(tmp_path / "still.png")
    facts, album = seen(tmp_path / "still.png")
    assert (facts.kind, facts.container, facts.duration_seconds) == (Kind.IMAGE, "png", None)
    assert (facts.width, facts.height, facts.frame_count_content) == (WIDTH, HEIGHT, 1)
    assert [each.is_still for each in album.pictures] == [True]
    assert np.array_equal(album.pictures[0].rgb(WIDTH), picture(0))


def test_pictures_are_never_enlarged_and_keep_their_shape(tmp_path: Path) -> None:
    _, album = seen(clip(tmp_path / "clip.mp4", 1))
    shown = album.pictures[0]
    assert shown.rgb(1000).shape == (HEIGHT, WIDTH, 3)
    assert shown.rgb(48).shape == (32, 48, 3)
    assert shown.rgb(48) is shown.rgb(48)
    with pytest.raises(ValueError, match="read-only"):
        shown.rgb(48)[0] = 0


def test_sound_alone_is_sound_with_its_duration(tmp_path: Path) -> None:
    path = tmp_path / "sound.wav"
    with av.open(str(path), "w") as container:
        stream = container.add_stream("pcm_s16le", rate=8000, layout="mono")
        samples = (tone(1.5, 8000) * 32767).astype(np.int16)[np.newaxis]
        frame = av.AudioFrame.from_ndarray(samples, format="s16", layout="mono")
        frame.sample_rate = 8000
        container.mux(stream.encode(frame))
    facts, album = seen(path)
    assert (facts.kind, facts.audio_codec, facts.width) == (Kind.SOUND, "pcm_s16le", None)
    assert facts.duration_seconds == pytest.approx(1.5)
    assert (album.pictures, album.closed) == ([], 1)


def test_sound_beside_pictures_is_named(tmp_path: Path) -> None:
    facts, _ = seen(clip(tmp_path / "clip.mp4", sound_seconds=0.48))
    assert (facts.kind, facts.video_codec, facts.audio_codec) == (Kind.VIDEO, "mpeg4", "aac")


def test_a_cover_picture_does_not_make_a_video_of_a_sound(tmp_path: Path) -> None:
    path = tmp_path / "song.mp4"
    with av.open(str(path), "w") as container:
        sound = container.add_stream("aac", rate=48_000, layout="mono")
        cover = container.add_stream("mjpeg", rate=1)
        cover.width, cover.height, cover.pix_fmt = WIDTH, HEIGHT, "yuvj420p"
        cover.disposition = av.stream.Disposition.attached_pic
        image = av.VideoFrame.from_ndarray(picture(0), format="rgb24")
        for packet in [*cover.encode(image), *cover.encode(None)]:
            container.mux(packet)
        samples = tone(0.5)
        for start in range(0, len(samples), 1024):
            frame = av.AudioFrame.from_ndarray(samples[np.newaxis, start : start + 1024], format="fltp", layout="mono")
            frame.sample_rate, frame.pts = 48_000, start
            container.mux(sound.encode(frame))
        container.mux(sound.encode(None))
    facts, album = seen(path)
    assert (facts.kind, album.pictures) == (Kind.SOUND, [])
    assert facts.duration_seconds == pytest.approx(0.5, abs=0.05)


def test_the_larger_of_two_video_streams_is_shown(tmp_path: Path) -> None:
    path = tmp_path / "two.mkv"
    with av.open(str(path), "w") as container:
        streams = []
        for size in ((32, 32), (WIDTH, HEIGHT)):
            stream = container.add_stream("mpeg4", rate=25)
            stream.width, stream.height, stream.pix_fmt = *size, "yuv420p"
            streams.append(stream)
        for index in range(3):
            for stream in streams:
                image = av.VideoFrame.from_ndarray(picture(index, stream.width, stream.height), format="rgb24")
                container.mux(stream.encode(image))
        for stream in streams:
            container.mux(stream.encode(None))
    facts, _ = seen(path)
    assert (facts.width, facts.frame_count_content) == (WIDTH, 3)


def test_a_change_of_size_in_the_middle_is_survived(tmp_path: Path) -> None:
    small = clip(tmp_path / "a.ts", 5, codec="mpeg2video", size=(64, 64))
    large = clip(tmp_path / "b.ts", 5, codec="mpeg2video", size=(128, 64))
    joined = tmp_path / "joined.ts"
    joined.write_bytes(small.read_bytes() + large.read_bytes())
    facts, album = seen(joined)
    assert facts.frame_count_content >= 9  # FFmpeg's decoder lets the last frame before the change go
    assert {(each.width, each.height) for each in album.pictures} == {(64, 64), (128, 64)}
    assert all(earlier < later for earlier, later in pairwise(album.times))


def damaged(path: Path, share: float, size: int) -> Path:
    data = bytearray(path.read_bytes())
    at = round(len(data) * share)
    data[at : at + size] = np.random.default_rng(5).bytes(size)
    path.write_bytes(data)
    return path


def test_damage_in_the_middle_costs_only_what_it_hits(tmp_path: Path) -> None:
    path = clip(tmp_path / "clip.mkv", 50, codec="ffv1", options={"slicecrc": "1", "g": "1"})
    facts, album = seen(damaged(path, 0.5, 4000))
    assert 40 <= len(album.pictures) <= 50
    assert facts.duration_seconds == pytest.approx(2.0, abs=0.1)


def test_a_file_that_breaks_off_keeps_what_could_be_read_and_says_so(tmp_path: Path) -> None:
    for suffix in ("mkv", "avi"):
        whole = clip(tmp_path / f"clip.{suffix}", 100, codec="mjpeg", pixel_format="yuvj420p")
        whole.write_bytes(whole.read_bytes()[: whole.stat().st_size // 2])
        facts, album = seen(whole)
        assert 40 <= len(album.pictures) <= 60
        assert facts.problem is not None
        assert facts.problem.startswith("reading broke off at ")
        assert facts.problem.endswith(" s of the declared 4.00 s")


def test_an_mp4_without_its_index_is_one_clear_refusal(tmp_path: Path) -> None:
    path = clip(tmp_path / "clip.mp4", 50)
    path.write_bytes(path.read_bytes()[:-2000])
    with pytest.raises(UnreadableMediaError, match=r"^clip\.mp4 cannot be opened as mp4"):
        seen(path)


def test_observers_are_closed_where_reading_fails(tmp_path: Path) -> None:
    album = Album()
    (tmp_path / "x.mp4").write_bytes(b"text")
    with pytest.raises(FirsthandError):
        observe(tmp_path / "x.mp4", [album])
    assert album.closed == 1


def test_an_observer_s_own_error_is_not_hidden(tmp_path: Path) -> None:
    class Broken(Album):
        def picture(self, _: Picture) -> None:
            raise ZeroDivisionError

    broken, after = Broken(), Album()
    with pytest.raises(ZeroDivisionError):
        observe(clip(tmp_path / "clip.mp4"), [broken, after])
    assert (broken.closed, after.closed) == (1, 1)


def test_budgets_bound_frames_pixels_and_streams(tmp_path: Path) -> None:
    path = clip(tmp_path / "clip.mp4", sound_seconds=0.4)
    facts, album = seen(path, budget=Budget(frames=5))
    assert len(album.pictures) == 5
    assert facts.problem == "reading stopped at 0.20 s: the file holds more frames than allowed"
    _, album = seen(path, budget=Budget(total_pixels=WIDTH * HEIGHT * 3))
    assert len(album.pictures) == 3
    with pytest.raises(LimitExceededError, match="96 x 64 pixels"):
        seen(path, budget=Budget(video_frame_pixels=WIDTH * HEIGHT - 1))
    with pytest.raises(LimitExceededError, match="more than 1 streams"):
        seen(path, budget=Budget(streams=1))
    Image.fromarray(picture(0)).save(tmp_path / "still.png")
    with pytest.raises(LimitExceededError, match="96 x 64 pixels"):
        seen(tmp_path / "still.png", budget=Budget(still_pixels=WIDTH * HEIGHT - 1))


def test_progress_ends_at_one(tmp_path: Path) -> None:
    heard: list[float] = []
    observe(clip(tmp_path / "clip.mkv", 50), on_progress=heard.append)
    assert heard == sorted(heard)
    assert heard[-1] == 1.0
    assert 0 <= heard[0] <= 1


H264 = {"preset": "veryfast", "bf": "3", "g": "25", "x264-params": "log-level=none:b-adapt=0"}
LARGE = (672, 64)
needs_h264 = pytest.mark.skipif(not has_encoder("libx264"), reason="no encoder of H.264")


@needs_h264
def test_lean_reading_shows_fewer_frames_at_the_same_times(tmp_path: Path) -> None:
    path = clip(tmp_path / "clip.mp4", 48, codec="libx264", size=LARGE, options=H264)
    full_facts, full = seen(path)
    lean_facts, lean = seen(path, decoding=Decoding.LEAN)
    assert len(lean.pictures) < 0.7 * len(full.pictures)
    assert set(lean.times) <= set(full.times)
    assert lean_facts.duration_seconds == pytest.approx(full_facts.duration_seconds, abs=0.05)
    assert lean_facts.frame_count_content == full_facts.frame_count_content == 48


@needs_h264
def test_lean_reading_leaves_small_and_slow_pictures_alone(tmp_path: Path) -> None:
    small = clip(tmp_path / "small.mp4", 12, codec="libx264", options=H264)
    slow = clip(tmp_path / "slow.mp4", 12, codec="libx264", size=LARGE, options=H264, times=[n / 5 for n in range(12)])
    for path in (small, slow):
        assert len(seen(path, decoding=Decoding.LEAN)[1].pictures) == 12


def test_lean_reading_leaves_other_codecs_alone(tmp_path: Path) -> None:
    _, album = seen(clip(tmp_path / "clip.webm", size=LARGE), decoding=Decoding.LEAN)
    assert len(album.pictures) == 12


@pytest.mark.parametrize(
    ("name", "codec"),
    [pytest.param("clip.mp4", "libx264", marks=needs_h264), ("clip.webm", "libvpx"), ("a.mkv", "ffv1")],
)
def test_fast_reading_shows_stretches_that_begin_with_key_frames(name: str, codec: str, tmp_path: Path) -> None:
    options = {**H264, "bf": "2"} if codec == "libx264" else {"g": "25"}
    path = clip(tmp_path / name, 500, codec=codec, options=options)
    full_facts, full = seen(path)
    facts, album = seen(path, decoding=Decoding.FAST)
    assert 0.25 * len(full.pictures) < len(album.pictures) < 0.55 * len(full.pictures)
    assert set(album.times) <= set(full.times)
    assert max(np.diff(album.times)) < 6
    assert facts.duration_seconds == pytest.approx(full_facts.duration_seconds, abs=0.05)
    by_time = dict(zip(full.times, full.pictures, strict=True))
    assert all(
        difference(one.rgb(96), by_time[time].rgb(96)) < 1
        for time, one in zip(album.times, album.pictures, strict=True)
    )


def test_pictures_can_be_pulled_one_by_one(tmp_path: Path) -> None:
    path = clip(tmp_path / "clip.mp4")
    got = list(read_pictures(path, 48))
    assert [round(time, 3) for time, _ in got] == [index / 25 for index in range(12)]
    assert {rgb.shape for _, rgb in got} == {(32, 48, 3)}
    Image.fromarray(picture(0)).save(tmp_path / "still.png")
    ((time, rgb),) = read_pictures(tmp_path / "still.png")
    assert (time, rgb.shape) == (0.0, (HEIGHT, WIDTH, 3))


def test_a_decoder_that_cannot_be_opened_is_one_clear_refusal(tmp_path: Path) -> None:
    path = clip(tmp_path / "clip.mkv", 12, codec="ffv1")
    data = path.read_bytes()
    at = data.index(b"V_MS/VFW/FOURCC") if b"V_MS/VFW/FOURCC" in data else data.index(b"V_FFV1")
    header = data.index(b"\x63\xa2", at)  # CodecPrivate
    path.write_bytes(data[: header + 5] + bytes(24) + data[header + 29 :])
    with pytest.raises(UnreadableMediaError, match=r"^clip\.mkv holds nothing that can be decoded"):
        seen(path)
