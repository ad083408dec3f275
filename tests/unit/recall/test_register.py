"""The geometry between two pictures."""

import cv2
import numpy as np
import numpy.typing as npt
import pytest

from firsthand.recall.overlap import hull, outlines
from firsthand.recall.register import features, mirror, register


def textured(seed: int) -> npt.NDArray[np.uint8]:
    rng = np.random.default_rng(seed)
    picture = cv2.resize(rng.integers(0, 256, (18, 32, 3), np.uint8), (320, 180), interpolation=cv2.INTER_CUBIC)
    for _ in range(60):
        x, y, size = int(rng.integers(0, 320)), int(rng.integers(0, 180)), int(rng.integers(3, 16))
        colour = tuple(int(value) for value in rng.integers(0, 256, 3))
        cv2.rectangle(picture, (x, y), (x + size, y + size // 2 + 2), colour, -1)
    return np.asarray(picture, np.uint8)


@pytest.mark.parametrize("degrees", [0.0, 10.0, -15.0])
def test_a_turned_picture_is_described_from_the_archive_to_the_query(degrees: float) -> None:
    archive = textured(1)
    turn = cv2.getRotationMatrix2D((160, 90), -degrees, 1.0)  # OpenCV's angle is counter-clockwise
    query = np.asarray(cv2.warpAffine(archive, turn, (320, 180)), np.uint8)
    found = register([(features(query), features(archive))])
    assert found is not None
    assert found.rotation_degrees == pytest.approx(degrees, abs=1)
    assert not found.mirrored


def test_a_mirrored_picture_is_found_mirrored() -> None:
    archive = textured(2)
    query = np.ascontiguousarray(archive[:, ::-1])
    found = register([(mirror(features(query)), features(archive))], mirrored=True)
    assert found is not None
    left = found.matrix @ np.array([0.0, 0.5, 1.0])
    assert left[0] / left[2] == pytest.approx(1.0, abs=0.02)


def test_a_crop_is_the_hull_of_what_is_shared() -> None:
    archive = textured(3)
    query = np.ascontiguousarray(archive[45:135, 80:240])
    found = register([(features(query), features(archive))])
    assert found is not None
    shared = outlines(found.matrix)
    assert shared is not None
    box = hull(shared[1])
    assert box is not None
    assert (box.x, box.y, box.width, box.height) == pytest.approx((0.25, 0.25, 0.5, 0.5), abs=0.02)


def test_unrelated_pictures_share_no_geometry() -> None:
    assert register([(features(textured(4)), features(textured(5)))], least=9) is None


def test_pictures_without_features_share_no_geometry() -> None:
    flat = np.full((90, 160, 3), 90, np.uint8)
    assert register([(features(flat), features(textured(6)))]) is None
