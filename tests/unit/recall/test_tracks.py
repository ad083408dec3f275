"""Grey pictures over time on one grid."""

import cv2
import numpy as np
import pytest
from recall_footage import Pixels, painting

from firsthand.model.box import WHOLE, Box
from firsthand.recall.tracks import GRID, Track, content, framed, pixel_matrix, shrunk, warped


def grey(seed: int, width: int = 160, height: int = 90) -> Pixels:
    return np.asarray(cv2.cvtColor(painting(seed, width, height), cv2.COLOR_RGB2GRAY), np.uint8)


def track(*frames: Pixels) -> Track:
    return Track(np.arange(len(frames), dtype=np.float64), np.stack(frames))


def test_a_part_of_a_track_has_both_its_ends() -> None:
    part = track(*(grey(seed) for seed in range(5))).between(1.0, 3.0)
    assert part.times.tolist() == [1.0, 2.0, 3.0]
    assert np.array_equal(part.frames[0], grey(1))


@pytest.mark.parametrize(("left", "top"), [(0, 15), (30, 0), (30, 15)])
def test_content_leaves_bars_out(left: int, top: int) -> None:
    barred = np.full((3, 90, 160), 16, np.uint8)
    barred[:, top : 90 - top, left : 160 - left] = grey(1, 160 - 2 * left, 90 - 2 * top)
    box = content(barred)
    assert (box.x, box.y) == pytest.approx((left / 160, top / 90), abs=0.015)
    assert (box.width, box.height) == pytest.approx((1 - 2 * left / 160, 1 - 2 * top / 90), abs=0.015)


def test_a_side_that_is_dark_for_a_while_is_no_bar() -> None:
    frames = np.stack([grey(2)] * 3)
    frames[0, :, :40] = 0
    frames[1, :20] = 0
    assert content(frames) == WHOLE


def test_pictures_of_one_colour_are_content_whole() -> None:
    assert content(np.full((2, 90, 160), 80, np.uint8)) == WHOLE


def test_a_framed_track_is_its_region_made_small_and_never_enlarged() -> None:
    whole = track(grey(3), grey(4))
    small = framed(whole, Box(0.5, 0.0, 0.5, 1.0), longest_side=45)
    assert small.size == (40, 45)
    expected = cv2.resize(grey(4)[:, 80:], (40, 45), interpolation=cv2.INTER_AREA)
    assert np.array_equal(small.frames[1], expected)
    assert framed(whole, Box(0.5, 0.5, 0.25, 0.5)).size == (40, 45)
    assert max(framed(whole, WHOLE).size) == GRID


def test_a_picture_under_no_change_lies_where_it_lay_up_to_the_border() -> None:
    moved, inside = warped(grey(5)[None], np.eye(3), 160, 90)
    assert np.abs(moved[0] - grey(5)).max() < 1e-3
    assert inside.all()


def test_a_picture_is_brought_onto_its_part_of_the_grid() -> None:
    archive = grey(6, 160, 90)
    query = np.ascontiguousarray(archive[30:60, 40:120])
    matrix = np.array([[0.5, 0, 0.25], [0, 1 / 3, 1 / 3], [0, 0, 1]])
    moved, inside = warped(query[None], matrix, 160, 90)
    assert np.abs(moved[0, 32:58, 42:118] - archive[32:58, 42:118]).max() < 1
    assert inside[32:58, 42:118].all()
    assert not inside[:30].any()
    assert not inside[:, 121:].any()


def test_a_large_picture_is_averaged_and_not_picked_from() -> None:
    stripes = np.zeros((360, 640), np.uint8)
    stripes[:, ::2] = 200
    moved, _ = warped(stripes[None], np.eye(3), 40, 24)
    assert np.abs(moved - 100).max() < 12
    assert shrunk(stripes, np.eye(3), 40, 24).shape[1] < 100
    assert shrunk(stripes, np.eye(3), 640, 360) is stripes


def test_pixel_centres_map_onto_pixel_centres() -> None:
    found = pixel_matrix(np.eye(3), 80, 45, 160, 90) @ np.array([0.5, 0.5, 1])
    assert found[:2] / found[2] == pytest.approx((0.0, 0.0))
