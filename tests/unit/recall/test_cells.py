"""Likeness in all parts of the pictures."""

import cv2
import numpy as np
import numpy.typing as npt
import pytest
from recall_footage import painting

from firsthand.recall.cells import cell_likeness

PIXELS = np.ones((40, 72), bool)


def picture(seed: int) -> npt.NDArray[np.float32]:
    """A bright place, grey, one picture."""
    small = cv2.resize(painting(seed), (72, 40), interpolation=cv2.INTER_AREA)
    return 80 + 0.6 * cv2.cvtColor(small, cv2.COLOR_RGB2GRAY)[None].astype(np.float32)


def barred(frames: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
    """The pictures in the middle of a wide canvas, black at both sides."""
    out = frames.copy()
    side = out.shape[2] // 4
    out[:, :, :side] = 0
    out[:, :, -side:] = 0
    return out


def test_the_same_picture_is_alike_whatever_its_brightness() -> None:
    assert cell_likeness(picture(1), 40 + 0.5 * picture(1), PIXELS)[0] > 0.95


@pytest.mark.parametrize("seed", [20, 21, 22])
def test_bars_at_the_sides_do_not_make_unlike_pictures_alike(seed: int) -> None:
    ours, theirs = barred(picture(seed)), barred(picture(seed + 10))
    plain = np.corrcoef(ours.ravel(), theirs.ravel())[0, 1]
    assert plain > 0.5
    assert cell_likeness(ours, theirs, PIXELS)[0] < 0.5 * cell_likeness(ours, ours, PIXELS)[0]


def test_where_nothing_is_shown_nothing_is_alike() -> None:
    flat = np.full((1, *PIXELS.shape), 90, np.float32)
    assert cell_likeness(flat, flat, PIXELS).tolist() == [0.0]


def test_only_the_pixels_that_are_asked_for_count() -> None:
    half = PIXELS.copy()
    half[:, half.shape[1] // 2 :] = False
    mixed = picture(1)
    mixed[:, :, mixed.shape[2] // 2 :] = picture(25)[:, :, mixed.shape[2] // 2 :]
    assert cell_likeness(mixed, picture(1), half)[0] > 0.9
    assert cell_likeness(mixed, picture(1), PIXELS)[0] < 0.8
