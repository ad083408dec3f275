"""One presented picture, scaled only as far as somebody asks."""

from fractions import Fraction

import numpy as np
import numpy.typing as npt
from av import VideoFrame
from av.video.reformatter import ColorRange, Interpolation, VideoReformatter

from firsthand.media.matrix import STANDARD, WEIGHTS, packed_of, planes_of, standardised, turned
from firsthand.media.orientation import Orientation

type Pixels = npt.NDArray[np.uint8]

_MAX_SCALERS = 16
_WHITE = 255


class Scaler:
    """Scales frames by area averaging; keeps one context of the scaler per size, for setting one up is slow."""

    def __init__(self) -> None:
        self._contexts: dict[tuple[int, int, str, str], VideoReformatter] = {}

    def pixels(self, frame: VideoFrame, width: int, height: int, pixel_format: str) -> Pixels:
        """The whole frame at exactly this size: uint8, shape (height, width) for `gray`, else (height, width, n).

        RGB of less than half the size goes by way of small YUV, which leaves large chroma planes untouched: a third
        of the cost, one level of 255 away on average (measured at 1280 x 720 to 320 x 180).
        """
        if pixel_format == "rgb24" and is_planar_yuv(frame) and 2 * width <= frame.width and 2 * height <= frame.height:
            frame = self.scaled(frame, width, height, "yuv422p", ColorRange.UNSPECIFIED)
        return np.asarray(self.scaled(frame, width, height, pixel_format).to_ndarray(), dtype=np.uint8)

    def scaled(
        self, frame: VideoFrame, width: int, height: int, pixel_format: str, levels: ColorRange = ColorRange.JPEG
    ) -> VideoFrame:
        """The whole frame at exactly this size and in this format of FFmpeg's."""
        key = (width, height, pixel_format, frame.format.name)
        if key not in self._contexts:
            if len(self._contexts) >= _MAX_SCALERS:
                self._contexts.clear()
            self._contexts[key] = VideoReformatter()
        return self._contexts[key].reformat(
            frame,
            width=width,
            height=height,
            format=pixel_format,
            interpolation=Interpolation.AREA,
            dst_color_range=levels,
            threads=1,
        )


class Picture:
    """One presented picture of a medium, upright and at square pixels.

    Attributes:
        time_seconds: from the first presented frame, strictly increasing; 0 for a still.
        index: how many pictures came before.
        width, height: pixels of the upright picture.
        is_still: the medium is a still image, so this is the only picture.
    """

    __slots__ = (
        "_cache",
        "_frame",
        "_orientation",
        "_scaler",
        "_small",
        "height",
        "index",
        "is_still",
        "time_seconds",
        "width",
    )

    def __init__(
        self,
        frame: VideoFrame,
        scaler: Scaler,
        *,
        time_seconds: float,
        index: int,
        orientation: Orientation,
        pixel_aspect: Fraction = Fraction(1),
        true_size: tuple[int, int] | None = None,
        is_still: bool = False,
    ) -> None:
        stored = true_size or (frame.width, frame.height)
        square = (max(1, round(stored[0] * pixel_aspect)), stored[1])
        self.time_seconds = time_seconds
        self.index = index
        self.width, self.height = orientation.size(*square)
        self.is_still = is_still
        self._frame = frame
        self._scaler = scaler
        self._orientation = orientation
        self._cache: dict[tuple[int, int, str], Pixels] = {}
        self._small: VideoFrame | None = None

    def rgb(self, longest_side: int) -> Pixels:
        """The picture with at most `longest_side` pixels along its longer side, never enlarged.

        Returns:
            uint8, shape (height, width, 3), read-only; the same array for the same size.
        """
        return self.rgb_sized(*self.fitted(longest_side))

    def rgb_sized(self, width: int, height: int) -> Pixels:
        """The whole picture at exactly this size, stretched where the shape differs: uint8, (height, width, 3)."""
        return self._scaled(width, height, "rgb24")

    def gray(self, width: int, height: int) -> Pixels:
        """The luma of the whole picture at exactly this size, 0 black to 255 white: uint8, (height, width)."""
        return self._scaled(width, height, "gray")

    def small_yuv(self, width: int, height: int) -> VideoFrame:
        """The whole picture at exactly this even size as YUV 4:2:0, BT.601, limited range: what VP8 takes.

        The same frame for the same size.
        """
        if self._small is None or (self._small.width, self._small.height) != (width, height):
            self._small = self._shrunk(width, height)
        return self._small

    def luma(self, longest_side: int) -> Pixels:
        """The luma of `small_yuv` at `fitted_even`: uint8, shape (height, width), 16 black to 235 white, read-only."""
        frame = self.small_yuv(*self.fitted_even(longest_side))
        plane = frame.planes[0]
        return np.frombuffer(plane, np.uint8).reshape(-1, plane.line_size)[: frame.height, : frame.width]

    def _shrunk(self, width: int, height: int) -> VideoFrame:
        weights = WEIGHTS.get(self._frame.colorspace) if is_planar_yuv(self._frame) else None
        if weights is None:
            rgb = VideoFrame.from_ndarray(self.rgb_sized(width, height), format="rgb24")
            return self._scaler.scaled(rgb, width, height, "yuv420p", ColorRange.MPEG)
        stored = self._orientation.size(width, height)
        small = self._scaler.scaled(self._frame, *stored, "yuv420p", ColorRange.MPEG)
        if self._orientation == Orientation() and weights == STANDARD:
            return small
        planes = standardised(turned(planes_of(np.asarray(small.to_ndarray(), np.uint8)), self._orientation), weights)
        return VideoFrame.from_ndarray(packed_of(planes), format="yuv420p")

    def fitted(self, longest_side: int) -> tuple[int, int]:
        """Width and height of the picture within a square of `longest_side` pixels, never enlarged."""
        held = max(self._frame.width, self._frame.height)
        share = min(1.0, min(longest_side, held) / max(self.width, self.height))
        return max(1, round(self.width * share)), max(1, round(self.height * share))

    def fitted_even(self, longest_side: int) -> tuple[int, int]:
        """As `fitted`, in even numbers of pixels, which 4:2:0 needs: not larger where that is possible."""
        width, height = self.fitted(longest_side)
        return max(2, width - width % 2), max(2, height - height % 2)

    def _scaled(self, width: int, height: int, pixel_format: str) -> Pixels:
        key = (width, height, pixel_format)
        if key not in self._cache:
            stored = self._orientation.size(width, height)
            if has_alpha(self._frame):
                pixels = _over_white(self._scaler.pixels(self._frame, *stored, "rgba"), gray=pixel_format == "gray")
            else:
                pixels = self._scaler.pixels(self._frame, *stored, pixel_format)
            upright = self._orientation.apply(pixels)
            upright.flags.writeable = False
            self._cache[key] = upright
        return self._cache[key]


def is_planar_yuv(frame: VideoFrame) -> bool:
    """Whether the frame is opaque Y'CbCr; the old formats that mean full range by their name are left out."""
    return frame.format.name.startswith(("yuv4", "nv12")) and not has_alpha(frame)


def has_alpha(frame: VideoFrame) -> bool:
    """Whether pixels of the frame may be transparent."""
    return frame.format.name == "pal8" or any(component.is_alpha for component in frame.format.components)


def _over_white(rgba: Pixels, *, gray: bool) -> Pixels:
    """The picture as it looks on a white page."""
    alpha = rgba[:, :, 3:].astype(np.uint16)
    blended = ((rgba[:, :, :3] * alpha + _WHITE * (_WHITE - alpha) + _WHITE // 2) // _WHITE).astype(np.uint8)
    if not gray:
        return blended
    weights = np.array([77, 150, 29], dtype=np.uint16)  # BT.601 luma in 256ths
    luma: Pixels = ((blended @ weights + 128) >> 8).astype(np.uint8)
    return luma
