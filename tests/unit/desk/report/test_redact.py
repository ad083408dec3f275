import cv2
import numpy as np
import pytest

from firsthand.desk.report.redact import blurred, carried_over, clear, corners_of
from firsthand.model.box import Box

WHOLE = ((0.0, 0.0), (1.0, 0.0), (1.0, 1.0), (0.0, 1.0))
MIRRORED = ((1.0, 0.0), (0.0, 0.0), (0.0, 1.0), (1.0, 1.0))


def noise(seed: int, height: int = 360, width: int = 640) -> np.ndarray:
    return np.random.default_rng(seed).integers(0, 256, (height, width, 3), np.uint8)


def fine_detail(picture: np.ndarray) -> float:
    return float(cv2.Laplacian(picture.astype(np.float32), cv2.CV_32F).var())


def test_a_blurred_picture_keeps_less_than_a_thousandth_of_the_fine_detail() -> None:
    picture = noise(1)
    assert fine_detail(blurred(picture)) < fine_detail(clear(picture)) / 1000


def test_writing_of_the_usual_size_leaves_no_trace_that_tells_two_texts_apart() -> None:
    pictures = [np.full((720, 1280, 3), 128, np.uint8) for _ in range(2)]
    for picture, text in zip(pictures, ("HELP US NOW", "HELP US NWO"), strict=True):
        cv2.putText(picture, text, (400, 600), cv2.FONT_HERSHEY_SIMPLEX, 1.0, (255, 255, 255), 2)
    one, other = (blurred(picture).astype(int) for picture in pictures)
    assert abs(one - other).max() <= 8


def test_pictures_that_differ_only_within_a_cell_come_out_the_same() -> None:
    rows, columns = np.indices((480, 480))
    board = (((rows // 2 + columns // 2) % 2) * 255).astype(np.uint8)
    one, other = np.dstack([board] * 3), 255 - np.dstack([board] * 3)
    assert abs(blurred(one).astype(int) - blurred(other)).max() <= 1


@pytest.mark.parametrize(("height", "width"), [(1, 1), (3, 900), (900, 3), (12, 9), (2160, 3840)])
def test_pictures_of_any_shape_are_redacted(height: int, width: int) -> None:
    drawn = blurred(noise(2, height, width))
    assert drawn.dtype == np.uint8
    assert max(drawn.shape[:2]) == 320


@pytest.mark.parametrize("redaction", [blurred, clear])
def test_nothing_under_a_box_reaches_the_picture_or_its_surroundings(redaction: object) -> None:
    box = Box(0.25, 0.25, 0.5, 0.5)
    one, other = noise(3), noise(3)
    other[90:270, 160:480] = 255
    assert (redaction(one, [corners_of(box)]) == redaction(other, [corners_of(box)])).all()


def test_a_box_stays_solid_after_blurring() -> None:
    drawn = blurred(noise(4), [corners_of(Box(0.25, 0.25, 0.5, 0.5))])
    assert np.unique(drawn[50:130, 85:235].reshape(-1, 3), axis=0).tolist() == [[26, 29, 33]]


def test_a_box_follows_the_picture_when_it_is_mirrored() -> None:
    corners = carried_over(Box(0.1, 0.2, 0.2, 0.2), WHOLE, MIRRORED)
    assert (corners.min(axis=0) <= (0.7, 0.2)).all()
    assert (corners.max(axis=0) >= (0.9, 0.4)).all()
    assert corners.min(axis=0)[0] > 0.65


def test_a_box_is_not_moved_where_both_outlines_are_the_same() -> None:
    box = Box(0.1, 0.2, 0.2, 0.2)
    assert (carried_over(box, WHOLE, WHOLE) == corners_of(box)).all()


@pytest.mark.parametrize(
    "outline",
    [
        (),
        WHOLE[:3],
        ((0.5, 0.5),) * 4,
        ((0.0, 0.0), (1.0, 1.0), (0.5, 0.5), (0.2, 0.2)),
        ((0.0, 0.0), (9.0, 0.0), (9.0, 9.0), (0.0, 9.0)),
    ],
)
def test_the_whole_archived_picture_is_covered_where_the_place_of_a_box_is_unsure(outline: tuple) -> None:
    corners = carried_over(Box(0.7, 0.7, 0.3, 0.3), WHOLE, outline)
    assert corners.tolist() == [[0, 0], [1, 0], [1, 1], [0, 1]]


def test_a_box_beyond_the_horizon_of_the_alignment_covers_the_whole_picture() -> None:
    steep = ((0.4, 0.1), (0.6, 0.1), (1.0, 1.0), (0.0, 1.0))
    corners = carried_over(Box(0.0, 0.9, 1.0, 0.1), ((0.3, 0.8), (0.7, 0.8), (0.7, 0.9), (0.3, 0.9)), steep)
    assert corners.tolist() == [[0, 0], [1, 0], [1, 1], [0, 1]]


def test_the_picture_that_was_handed_in_is_left_as_it_was() -> None:
    picture = noise(5)
    picture.setflags(write=False)
    before = picture.copy()
    blurred(picture, [corners_of(Box(0, 0, 0.5, 0.5))])
    assert (picture == before).all()


@pytest.mark.parametrize("side", [16, 40, 200])
def test_small_pictures_are_averaged_as_coarsely(side: int) -> None:
    rows, columns = np.indices((side, side))
    board = np.dstack([((rows // 2 + columns // 2) % 2 * 255).astype(np.uint8)] * 3)
    assert fine_detail(blurred(board)) < 1
