"""Pictures as the bytes of image files, for reports."""

import io

import numpy as np
import numpy.typing as npt
from PIL import Image


def jpeg_bytes(rgb: npt.NDArray[np.uint8], quality: int = 85) -> bytes:
    """A JPEG of `rgb`, uint8 of shape (height, width, 3); `quality` from 1 to 95."""
    return _bytes(rgb, "JPEG", quality=quality, optimize=True)


def png_bytes(pixels: npt.NDArray[np.uint8]) -> bytes:
    """A PNG of `pixels`, uint8 of shape (height, width, 3) or (height, width)."""
    return _bytes(pixels, "PNG", optimize=True)


def webp_bytes(rgb: npt.NDArray[np.uint8], quality: int = 85) -> bytes:
    """A WebP of `rgb`, uint8 of shape (height, width, 3); `quality` from 1 to 100."""
    return _bytes(rgb, "WEBP", quality=quality, method=4)


def _bytes(pixels: npt.NDArray[np.uint8], name: str, **options: int) -> bytes:
    file = io.BytesIO()
    Image.fromarray(pixels).save(file, format=name, **options)
    return file.getvalue()
