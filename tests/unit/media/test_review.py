from pathlib import Path

import av
import numpy as np
import pytest
from media_clips import HEIGHT, WIDTH, clip, difference, picture
from PIL import Image

from firsthand.errors import InputError
from firsthand.media.encode import jpeg_bytes, png_bytes, webp_bytes
from firsthand.media.matrix import WEIGHTS, packed_of, planes_of, standardised
from firsthand.media.observe import observe
from firsthand.media.review import ReviewWriter, read_review, review_gray, review_pictures


def reviewed(path: Path, **settings: float) -> Path:
    out = path.with_suffix(".review")
    observe(path, [ReviewWriter(out, **settings)])  # type: ignore[arg-type]
    return out


def test_pictures_are_kept_at_their_true_times_with_the_first_and_the_last(tmp_path: Path) -> None:
    out = reviewed(clip(tmp_path / "clip.mp4", 12))
    got = list(read_review(out))
    assert [round(time, 3) for time, _ in got] == [0.0, 0.12, 0.24, 0.36, 0.44]
    assert all(difference(rgb, picture(round(time * 25))) < 25 for time, rgb in got)


def test_odd_times_are_kept_to_the_millisecond(tmp_path: Path) -> None:
    times = [0.0, 0.123, 0.3, 1.234, 7.777, 60.001]
    out = reviewed(clip(tmp_path / "clip.mkv", 6, times=times))
    assert [round(time, 3) for time, _ in read_review(out)] == pytest.approx(times, abs=0.0011)


@pytest.mark.parametrize(
    ("size", "longest", "kept"), [((96, 64), 320, (96, 64)), ((96, 64), 48, (48, 32)), ((72, 56), 32, (32, 24))]
)
def test_tracks_are_small_and_never_enlarged(
    size: tuple[int, int], longest: int, kept: tuple[int, int], tmp_path: Path
) -> None:
    out = reviewed(clip(tmp_path / "clip.mp4", 3, size=size), longest_side=longest)
    _, rgb = next(read_review(out))
    assert rgb.shape == (kept[1], kept[0], 3)


def test_a_track_is_free_of_other_people_s_codecs_and_has_frequent_key_frames(tmp_path: Path) -> None:
    out = reviewed(clip(tmp_path / "clip.mp4", 150))
    with av.open(str(out)) as container:
        stream = container.streams.video[0]
        keys = [float(packet.pts * packet.time_base) for packet in container.demux(stream) if packet.is_keyframe]
        assert (container.format.name, stream.codec_context.name) == ("matroska,webm", "vp8")
    assert 2 <= len(keys) <= 4
    assert max(np.diff(keys)) <= 3.0


def test_key_frames_of_the_source_are_not_copied(tmp_path: Path) -> None:
    out = reviewed(clip(tmp_path / "clip.mkv", 50, codec="ffv1", options={"g": "1"}))
    with av.open(str(out)) as container:
        assert sum(packet.is_keyframe for packet in container.demux(container.streams.video[0])) <= 2


@pytest.mark.parametrize("pixel_format", ["yuv420p", "yuvj420p", "yuva420p", "gray"])
def test_levels_survive_whatever_the_source_s_pixels(pixel_format: str, tmp_path: Path) -> None:
    codec = "mjpeg" if pixel_format == "yuvj420p" else "ffv1"
    source = clip(tmp_path / "clip.mkv", 3, codec=codec, pixel_format=pixel_format)
    _, rgb = next(read_review(reviewed(source)))
    luma = picture(0) @ np.array([0.299, 0.587, 0.114])
    assert difference((rgb @ np.array([0.299, 0.587, 0.114])).round(), luma.round()) < 6


def test_tagged_colours_survive(tmp_path: Path) -> None:
    path = tmp_path / "clip.mkv"
    with av.open(str(path), "w") as container:
        stream = container.add_stream("ffv1", rate=25)
        stream.width, stream.height, stream.pix_fmt = 64, 64, "yuv420p"
        stream.codec_context.colorspace = 1  # BT.709
        green = av.VideoFrame.from_ndarray(np.full((64, 64, 3), (20, 200, 40), np.uint8), format="rgb24")
        frame = green.reformat(format="yuv420p", dst_colorspace="ITU709")
        container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    _, rgb = next(read_review(reviewed(path)))
    assert rgb.mean(axis=(0, 1)) == pytest.approx([20, 200, 40], abs=6)


@pytest.mark.parametrize("matrix", [1, 4, 5, 7])
@pytest.mark.parametrize("colour", [(20, 200, 40), (210, 60, 30), (40, 50, 190), (128, 128, 128), (235, 235, 20)])
def test_colours_are_turned_to_those_of_standard_television(matrix: int, colour: tuple[int, int, int]) -> None:
    red, blue = WEIGHTS[matrix]
    signal = np.array(colour) / 255
    luma = signal @ [red, 1 - red - blue, blue]
    yuv = (16 + 219 * luma, 128 + 112 * (signal[2] - luma) / (1 - blue), 128 + 112 * (signal[0] - luma) / (1 - red))
    planes = tuple(
        np.full(shape, round(level), np.uint8) for shape, level in zip(((8, 8), (4, 4), (4, 4)), yuv, strict=True)
    )
    frame = av.VideoFrame.from_ndarray(packed_of(standardised(planes, WEIGHTS[matrix])), format="yuv420p")
    assert frame.to_ndarray(format="rgb24").mean(axis=(0, 1)) == pytest.approx(colour, abs=4)


def test_planes_are_packed_as_ffmpeg_packs_them() -> None:
    packed = np.random.default_rng(1).integers(0, 256, (24, 12), np.uint8)
    luma, blue, red = planes_of(packed)
    frame = av.VideoFrame.from_ndarray(packed, format="yuv420p")
    assert [plane.shape for plane in (luma, blue, red)] == [(16, 12), (8, 6), (8, 6)]
    for plane, own in zip((luma, blue, red), frame.planes, strict=True):
        rows = np.frombuffer(own, np.uint8).reshape(own.height, own.line_size)[:, : own.width]
        assert np.array_equal(plane, rows)
    assert np.array_equal(packed_of((luma, blue, red)), packed)


def test_a_turned_recording_has_an_upright_track(tmp_path: Path) -> None:
    source = clip(tmp_path / "clip.mp4", 3, prepare=lambda writer: writer.stream.set_display_rotation(-90))
    _, rgb = next(read_review(reviewed(source)))
    assert difference(rgb, np.rot90(picture(0), -1)) < 15


def test_pictures_are_found_by_time_in_any_order(tmp_path: Path) -> None:
    out = reviewed(clip(tmp_path / "clip.mp4", 150))
    wanted = [5.99, 0.0, 3.01, 3.01, 0.17, 4.5, 99.0, 4.56, 0.14]
    everything = list(read_review(out))
    for asked, (time, rgb) in zip(wanted, review_pictures(out, wanted), strict=True):
        nearest, expected = min(everything, key=lambda pair: abs(pair[0] - asked))
        assert time == pytest.approx(nearest, abs=0.0005)
        assert np.array_equal(rgb, expected)


def test_gray_pictures_come_as_one_array(tmp_path: Path) -> None:
    out = reviewed(clip(tmp_path / "clip.mp4", 50))
    times, frames = review_gray(out, 24, 16, 0.5, 1.0)
    assert times.tolist() == pytest.approx([0.6, 0.72, 0.84, 0.96])
    assert (frames.shape, frames.dtype) == ((4, 16, 24), np.uint8)
    times, frames = review_gray(out, 24, 16, 50.0, 60.0)
    assert (times.shape, frames.shape) == ((0,), (0, 16, 24))


def test_a_still_keeps_one_small_picture(tmp_path: Path) -> None:
    Image.fromarray(picture(0, 640, 480)).save(tmp_path / "still.png")
    out = reviewed(tmp_path / "still.png")
    ((time, rgb),) = read_review(out)
    assert (time, rgb.shape) == (0.0, (240, 320, 3))
    assert [found[0] for found in review_pictures(out, [3.0, 0.0])] == [0.0, 0.0]
    assert review_gray(out, 8, 6)[1].shape == (1, 6, 8)


def test_sound_leaves_no_track(tmp_path: Path) -> None:
    writer = ReviewWriter(tmp_path / "none.webm")
    writer.close()
    assert not (tmp_path / "none.webm").exists()


def test_a_damaged_track_is_an_error_of_its_input(tmp_path: Path) -> None:
    out = reviewed(clip(tmp_path / "clip.mp4", 12))
    out.write_bytes(out.read_bytes()[:100])
    with pytest.raises(InputError):
        review_pictures(out, [0.0])
    with pytest.raises(InputError):
        list(read_review(tmp_path / "missing"))


def test_a_track_with_damage_in_the_middle_gives_what_it_has(tmp_path: Path) -> None:
    out = reviewed(clip(tmp_path / "clip.mp4", 100))
    data = bytearray(out.read_bytes())
    data[len(data) // 2 : len(data) * 3 // 4] = np.random.default_rng(2).bytes(len(data) * 3 // 4 - len(data) // 2)
    out.write_bytes(data)
    assert [rgb.shape for _, rgb in review_pictures(out, [0.0, 2.5])] == [(HEIGHT, WIDTH, 3)] * 2
    assert len(list(read_review(out))) > 5


def test_pictures_become_image_files(tmp_path: Path) -> None:
    for made, name in (
        (jpeg_bytes(picture(0)), "JPEG"),
        (png_bytes(picture(0)), "PNG"),
        (webp_bytes(picture(0)), "WEBP"),
        (png_bytes(picture(0)[:, :, 0]), "PNG"),
    ):
        (tmp_path / "image").write_bytes(made)
        with Image.open(tmp_path / "image") as image:
            assert (image.format, image.size) == (name, (WIDTH, HEIGHT))
