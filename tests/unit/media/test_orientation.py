import struct

import numpy as np
import pytest
from PIL import Image, ImageOps

from firsthand.media.orientation import Orientation

STORED = np.random.default_rng(3).integers(0, 256, (4, 6, 3), dtype=np.uint8)


@pytest.mark.parametrize("tag", range(1, 9))
def test_every_exif_orientation_is_what_pillow_makes_of_it(tag: int) -> None:
    image = Image.fromarray(STORED)
    image.getexif()[0x0112] = tag
    orientation = Orientation.of_exif(tag)
    upright = orientation.apply(STORED)
    assert np.array_equal(upright, np.asarray(ImageOps.exif_transpose(image)))
    assert orientation.size(6, 4) == (upright.shape[1], upright.shape[0])


@pytest.mark.parametrize("tag", [0, 9, None, "6", 1e9])
def test_senseless_exif_orientations_leave_the_picture_alone(tag: object) -> None:
    assert Orientation.of_exif(tag) == Orientation()


ONE = 1 << 16


@pytest.mark.parametrize(
    ("matrix", "upright"),
    [
        ((ONE, 0, 0, ONE), STORED),
        ((0, ONE, -ONE, 0), np.rot90(STORED, -1)),
        ((-ONE, 0, 0, -ONE), np.rot90(STORED, 2)),
        ((0, -ONE, ONE, 0), np.rot90(STORED)),
        ((-ONE, 0, 0, ONE), STORED[:, ::-1]),
        ((ONE, 0, 0, -ONE), STORED[::-1]),
        ((0, ONE, ONE, 0), np.swapaxes(STORED, 0, 1)),
        ((0, 0, 0, 0), STORED),
    ],
)
def test_display_matrices_turn_and_mirror(matrix: tuple[int, int, int, int], upright: np.ndarray) -> None:
    a, b, c, d = matrix
    packed = struct.pack("=9i", a, b, 0, c, d, 0, 0, 0, 1 << 30)
    assert np.array_equal(Orientation.of_display_matrix(packed).apply(STORED), upright)


def test_a_short_display_matrix_leaves_the_picture_alone() -> None:
    assert Orientation.of_display_matrix(b"\0" * 35) == Orientation()
