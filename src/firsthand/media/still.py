"""Reads a still image as one upright picture."""

import importlib
import importlib.util
import struct
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
from av import VideoFrame
from PIL import Image, ImageFile, UnidentifiedImageError, features

from firsthand.errors import LimitExceededError, UnreadableMediaError, UnsupportedFormatError
from firsthand.media.budget import Budget
from firsthand.media.formats import Format
from firsthand.media.observer import Observer
from firsthand.media.orientation import Orientation
from firsthand.media.picture import Picture, Scaler
from firsthand.model.item import Facts, Kind

_ORIENTATION_TAG = 0x0112
_HELD_PIXELS = 32_000_000
_MOVING_FORMATS = frozenset(["PNG", "WEBP", "AVIF"])

# What decoders of damaged images are known to raise.
_DECODER_ERRORS = (
    OSError,
    ValueError,
    SyntaxError,
    TypeError,
    IndexError,
    KeyError,
    EOFError,
    OverflowError,
    ZeroDivisionError,
    AttributeError,
    RuntimeError,
    struct.error,
)

Image.MAX_IMAGE_PIXELS = None  # `Budget.still_pixels` is the bound, and is an error rather than a warning


@dataclass(frozen=True, slots=True)
class _Still:
    """A decoded image: pixels as stored, perhaps fewer than there are; its true size; how to turn it; how many."""

    pixels: npt.NDArray[np.uint8]
    size: tuple[int, int]
    orientation: Orientation
    frames: int


def read_still(path: Path, known: Format, observers: Sequence[Observer], budget: Budget) -> Facts:
    """What the image shows; `observers` see it as one picture at time 0.

    Raises:
        UnreadableMediaError: it cannot be decoded.
        UnsupportedFormatError: a part that reads it is not installed.
        LimitExceededError: it has more pixels than the budget allows.
    """
    _require(known, path)
    problem = None
    try:
        still = _decoded(path, known, budget)
    except _DECODER_ERRORS as error:
        still = _decoded_as_far_as_it_goes(path, known, budget, error)
        problem = "reading broke off before the end of the picture"
    if still.frames > 1:
        problem = problem or f"only the first of {still.frames} pictures was read"
    picture = Picture(
        VideoFrame.from_ndarray(still.pixels, format="rgb24"),
        Scaler(),
        time_seconds=0.0,
        index=0,
        orientation=still.orientation,
        true_size=still.size,
        is_still=True,
    )
    for observer in observers:
        observer.picture(picture)
    return Facts(
        kind=Kind.IMAGE,
        container=known.name,
        duration_seconds=None,
        width=picture.width,
        height=picture.height,
        frame_count_content=1,
        video_codec=None,
        audio_codec=None,
        problem=problem,
    )


def _require(known: Format, path: Path) -> None:
    if known.demuxer == "HEIF":
        if importlib.util.find_spec("pillow_heif") is None:
            raise UnsupportedFormatError(f"{path.name} is an HEIC picture; install the package pillow-heif to read it")
        importlib.import_module("pillow_heif").register_heif_opener()
    if known.demuxer == "AVIF" and not features.check("avif"):
        raise UnsupportedFormatError(f"{path.name} is an AVIF picture, which this build of Pillow does not read")


def _decoded(path: Path, known: Format, budget: Budget) -> _Still:
    with _quiet(), Image.open(path, formats=[known.demuxer]) as image:
        width, height = image.size
        if width * height > budget.still_pixels:
            raise LimitExceededError(
                f"{path.name} has {width} x {height} pixels, more than the {budget.still_pixels} allowed"
            )
        if width * height > _HELD_PIXELS:
            image.draft("RGB", (width // 2, height // 2))
        image.load()
        return _Still(
            pixels=_pixels(image),
            size=(width, height),
            orientation=_orientation(image),  # after loading: TIFF is turned by then, and has no more to say
            frames=getattr(image, "n_frames", 1) if known.demuxer in _MOVING_FORMATS else 1,
        )


def _decoded_as_far_as_it_goes(path: Path, known: Format, budget: Budget, why: Exception) -> _Still:
    ImageFile.LOAD_TRUNCATED_IMAGES = True
    try:
        return _decoded(path, known, budget)
    except _DECODER_ERRORS:
        raise UnreadableMediaError(f"{path.name} cannot be decoded as {known.name}: {_plain(why)}") from why
    finally:
        ImageFile.LOAD_TRUNCATED_IMAGES = False


def _plain(why: Exception) -> str:
    """What Pillow says, without the path that it may repeat."""
    return "its beginning makes no sense" if isinstance(why, UnidentifiedImageError) else str(why)


@contextmanager
def _quiet() -> Iterator[None]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield


def _orientation(image: Image.Image) -> Orientation:
    try:
        return Orientation.of_exif(image.getexif().get(_ORIENTATION_TAG))
    except _DECODER_ERRORS:
        return Orientation()


def _pixels(image: Image.Image) -> npt.NDArray[np.uint8]:
    """The picture as it looks on a white page: uint8, shape (height, width, 3)."""
    if image.width * image.height > _HELD_PIXELS:
        image = _eight_bits(image).reduce(2)
    image = _eight_bits(image)
    if image.mode in ("RGBA", "LA", "PA", "RGBa", "La") or "transparency" in image.info:
        image = image.convert("RGBA")
        page = Image.new("RGBA", image.size, (255, 255, 255, 255))
        image = Image.alpha_composite(page, image)
    return np.asarray(image.convert("RGB"))


def _eight_bits(image: Image.Image) -> Image.Image:
    """Deep gray images scaled to 8 bits, of which Pillow would keep the wrong ones."""
    if image.mode.startswith("I"):
        values = np.asarray(image).astype(np.int64)
        return Image.fromarray((np.clip(values, 0, 65535) >> 8).astype(np.uint8))
    if image.mode == "F":
        numbers = np.nan_to_num(np.asarray(image), posinf=255.0)
        top = 1.0 if numbers.size and float(numbers.max()) <= 1 else 255.0
        return Image.fromarray((np.clip(numbers / top, 0, 1) * 255).astype(np.uint8))
    return image
