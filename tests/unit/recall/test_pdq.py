"""PDQ against hashes of the reference implementation (pdqhash 0.2.8, Facebook's C++ code)."""

import numpy as np
import numpy.typing as npt
import pytest

from firsthand.recall.pdq import pdq, pdq_dihedral


def made(seed: int, height: int, width: int) -> npt.NDArray[np.uint8]:
    small = np.random.default_rng(seed).integers(0, 256, (40, 50, 3)).astype(float)
    y, x = np.linspace(0, 39, height), np.linspace(0, 49, width)
    row, column = np.minimum(y.astype(int), 38), np.minimum(x.astype(int), 48)
    down, right = (y - row)[:, None, None], (x - column)[None, :, None]
    above = (1 - right) * small[row][:, column] + right * small[row][:, column + 1]
    below = (1 - right) * small[row + 1][:, column] + right * small[row + 1][:, column + 1]
    return np.ascontiguousarray(((1 - down) * above + down * below).astype(np.uint8))


@pytest.mark.parametrize(
    ("seed", "height", "width", "expected"),
    [
        (1, 64, 64, "18fea528c66b102c1f5257125ec9af5096fa7b9c1919a6be8d2efacf382b1816"),
        (2, 97, 131, "999843d2edd7ccb199a9272c321de0af3b2a7c8314d9a0f42e92879869c37eb9"),
        (3, 240, 320, "c7425495d8e4d5f9af0cdb21100897b7c5bccf77ba6c0dc60e647aea2742066b"),
        (4, 270, 480, "07c38d9d5779794f101f8f15d3d03b6463a64063e614c633ce8ed529dcc8d0f6"),
    ],
)
def test_a_hash_is_that_of_the_reference_to_the_bit(seed: int, height: int, width: int, expected: str) -> None:
    code, quality = pdq(made(seed, height, width))
    assert code.tobytes().hex() == expected
    assert quality == 100


def test_the_forms_are_the_hashes_of_turned_and_mirrored_pictures() -> None:
    picture = made(5, 512, 512)
    forms, _ = pdq_dihedral(picture)
    for place, side in enumerate((picture, picture[:, ::-1])):
        for turns in range(4):
            turned = np.ascontiguousarray(np.rot90(side, -turns))
            distances = np.bitwise_count(forms ^ pdq(turned)[0]).sum(axis=1)
            assert distances.argmin() == 4 * place + turns  # not 0: samples lie half a pixel off the middle
            assert distances.min() <= 32


def test_a_flat_picture_has_no_quality() -> None:
    assert pdq(np.full((80, 80, 3), 120, np.uint8))[1] == 0
