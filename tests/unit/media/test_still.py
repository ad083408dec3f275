from pathlib import Path

import numpy as np
import pytest
from media_clips import HEIGHT, WIDTH, difference, picture, seen
from PIL import Image

from firsthand.errors import UnreadableMediaError, UnsupportedFormatError


@pytest.mark.parametrize("name", ["JPEG", "PNG", "WEBP", "GIF", "TIFF", "BMP", "AVIF"])
def test_every_format_shows_the_picture(name: str, tmp_path: Path) -> None:
    Image.fromarray(picture(0)).save(tmp_path / "image", name)
    facts, album = seen(tmp_path / "image")
    assert (facts.container, facts.problem) == (name.lower(), None)
    assert difference(album.pictures[0].rgb(WIDTH), picture(0)) < 12


@pytest.mark.parametrize("name", ["JPEG", "WEBP", "TIFF", "PNG", "AVIF"])
def test_a_photograph_held_upright_is_upright(name: str, tmp_path: Path) -> None:
    image = Image.fromarray(picture(0))
    exif = image.getexif()
    exif[0x0112] = 6
    image.save(tmp_path / "image", name, exif=exif)
    facts, album = seen(tmp_path / "image")
    assert (facts.width, facts.height) == (HEIGHT, WIDTH)
    assert difference(album.pictures[0].rgb(WIDTH), np.rot90(picture(0), -1)) < 12


def test_transparent_pictures_lie_on_white(tmp_path: Path) -> None:
    rgba = np.dstack([picture(0), np.zeros((HEIGHT, WIDTH), np.uint8)])
    Image.fromarray(rgba).save(tmp_path / "image.png")
    _, album = seen(tmp_path / "image.png")
    assert (album.pictures[0].rgb(WIDTH) == 255).all()


def test_deep_gray_pictures_keep_their_highest_bits(tmp_path: Path) -> None:
    gray = picture(0)[:, :, 0]
    Image.fromarray(gray.astype(np.uint16) * 257).save(tmp_path / "image.png")
    _, album = seen(tmp_path / "image.png")
    assert difference(album.pictures[0].rgb(WIDTH)[:, :, 0], gray) < 1


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "CMYK", "YCbCr", "I", "F"])
def test_every_mode_of_pixels_is_read(mode: str, tmp_path: Path) -> None:
    Image.fromarray(picture(0)).convert(mode).save(tmp_path / "image.tiff")
    _, album = seen(tmp_path / "image.tiff")
    assert album.pictures[0].rgb(WIDTH).shape == (HEIGHT, WIDTH, 3)


def test_a_picture_that_breaks_off_shows_what_there_is(tmp_path: Path) -> None:
    path = tmp_path / "image.jpg"
    Image.fromarray(picture(0, 320, 240)).save(path, quality=95)
    path.write_bytes(path.read_bytes()[: path.stat().st_size * 2 // 3])
    facts, album = seen(path)
    assert facts.problem == "reading broke off before the end of the picture"
    assert difference(album.pictures[0].rgb(320)[:100], picture(0, 320, 240)[:100]) < 10


@pytest.mark.parametrize("name", ["PNG", "WEBP", "AVIF"])
def test_only_the_first_picture_of_an_animation_is_read_and_the_facts_say_so(name: str, tmp_path: Path) -> None:
    images = [Image.fromarray(picture(index)) for index in range(3)]
    images[0].save(tmp_path / "image", name, save_all=True, append_images=images[1:])
    facts, album = seen(tmp_path / "image")
    assert facts.problem == "only the first of 3 pictures was read"
    assert difference(album.pictures[0].rgb(WIDTH), picture(0)) < 12


def test_very_large_pictures_are_held_smaller_and_their_true_size_is_told(tmp_path: Path) -> None:
    for name in ("JPEG", "PNG"):
        Image.new("RGB", (8000, 4100), (10, 200, 30)).save(tmp_path / "image", name)
        facts, album = seen(tmp_path / "image")
        assert (facts.width, facts.height) == (8000, 4100)
        assert album.pictures[0].rgb(9000).shape == (2050, 4000, 3)
        assert album.pictures[0].rgb(16)[4, 8].tolist() == pytest.approx([10, 200, 30], abs=3)


@pytest.mark.parametrize(
    "content",
    [
        b"\xff\xd8\xff" + bytes(50),
        b"\x89PNG\r\n\x1a\n" + bytes(50),
        b"GIF89a" + bytes(50),
        b"RIFF\x20\0\0\0WEBPVP8 " + bytes(50),
        b"II*\0\x08\0\0\0" + b"\xff" * 50,
        b"BM" + bytes(12) + b"\x28\0\0\0" + bytes(50),
        b"\0\0\0\x1cftypavif\0\0\0\0avifmif1miaf" + bytes(50),
    ],
)
def test_rubbish_behind_a_good_beginning_is_refused_in_one_sentence(content: bytes, tmp_path: Path) -> None:
    (tmp_path / "image.jpg").write_bytes(content)
    with pytest.raises(UnreadableMediaError, match=r"^image\.jpg cannot be decoded as "):
        seen(tmp_path / "image.jpg")


def test_what_is_missing_for_a_format_is_named(tmp_path: Path) -> None:
    (tmp_path / "image.heic").write_bytes(b"\0\0\0\x18ftypheic\0\0\0\0mif1heic" + bytes(50))
    with pytest.raises((UnsupportedFormatError, UnreadableMediaError), match=r"HEIC|heic"):
        seen(tmp_path / "image.heic")
