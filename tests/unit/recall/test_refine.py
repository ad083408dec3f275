"""The map of pictures, refined by the pictures themselves."""

import cv2
import numpy as np
import numpy.typing as npt
import pytest
from recall_footage import Pixels, painting

from firsthand.recall.refine import refined_maps
from firsthand.recall.tracks import pixel_matrix

WIDTH, HEIGHT = 72, 40


def grey(seed: int, width: int, height: int) -> Pixels:
    return np.asarray(cv2.cvtColor(painting(seed, width, height), cv2.COLOR_RGB2GRAY), np.uint8)


def pair(seed: int, matrix: npt.NDArray[np.float64], query_size: tuple[int, int]) -> tuple[Pixels, Pixels]:
    """A query, and the archived picture that `matrix` takes it to."""
    whole = grey(seed, 1280, 720)
    query = cv2.resize(whole, query_size, interpolation=cv2.INTER_AREA)
    large = cv2.warpPerspective(whole, pixel_matrix(matrix, 8 * WIDTH, 8 * HEIGHT, 1280, 720), (8 * WIDTH, 8 * HEIGHT))
    return np.asarray(query, np.uint8), np.asarray(cv2.resize(large, (WIDTH, HEIGHT), interpolation=cv2.INTER_AREA))


def off(found: npt.NDArray[np.float64], true: npt.NDArray[np.float64]) -> float:
    """Largest error, in pixels of the archived picture, over a grid in the middle of the query."""
    places = np.array([[[x, y] for x in (0.3, 0.5, 0.7) for y in (0.3, 0.5, 0.7)]])
    moved = cv2.perspectiveTransform(places, found) - cv2.perspectiveTransform(places, true)
    return float(np.abs(moved * (WIDTH, HEIGHT)).max())


@pytest.mark.parametrize("size", [(72, 40), (40, 24), (320, 180), (300, 200)])
@pytest.mark.parametrize("shift", [(1.0, 0.0), (0.0, -1.5), (2.0, 1.0)])
def test_a_shift_of_a_pixel_or_two_is_recovered(shift: tuple[float, float], size: tuple[int, int]) -> None:
    true = np.array([[1, 0, shift[0] / WIDTH], [0, 1, shift[1] / HEIGHT], [0, 0, 1.0]])
    [found] = refined_maps([pair(1, true, size)], np.eye(3))
    assert off(found, true) < 0.15
    assert off(np.eye(3), true) >= 1.0


def test_scale_and_turn_are_recovered() -> None:
    turn = cv2.getRotationMatrix2D((0.5, 0.5), 1.0, 1.04)
    true = np.vstack([turn, [0, 0, 1.0]])
    [found] = refined_maps([pair(2, true, (160, 90))], np.eye(3))
    assert off(found, true) < 0.2


def test_perspective_is_kept_where_the_map_has_it() -> None:
    true = np.array([[1.0, 0.03, 0.0], [0.02, 1.0, 0.0], [0.12, 0.06, 1.0]])
    start = np.array([[1, 0, 1 / WIDTH], [0, 1, -1 / HEIGHT], [0, 0, 1.0]]) @ true
    [found] = refined_maps([pair(3, true, (160, 90))], start)
    assert off(found, true) < 0.25
    assert np.abs(found[2, :2]).max() > 0.05


def test_a_brighter_picture_is_refined_as_well() -> None:
    true = np.array([[1, 0, 1.5 / WIDTH], [0, 1, 0], [0, 0, 1.0]])
    query, archive = pair(4, true, (160, 90))
    [found] = refined_maps([(np.asarray(80 + 0.5 * query, np.uint8), archive)], np.eye(3))
    assert off(found, true) < 0.2


def test_each_pair_is_refined_by_itself() -> None:
    true = np.array([[1, 0, 1.0 / WIDTH], [0, 1, 0], [0, 0, 1.0]])
    found = refined_maps([pair(seed, true, (160, 90)) for seed in (5, 6, 7)], np.eye(3))
    assert [off(one, true) < 0.2 for one in found] == [True] * 3


def test_a_map_does_not_run_away_to_a_place_far_off() -> None:
    far = np.array([[1, 0, 0.12], [0, 1, 0], [0, 0, 1.0]])
    whole = cv2.GaussianBlur(grey(8, 1280, 720), (0, 0), 60)
    query = np.asarray(cv2.resize(whole, (WIDTH, HEIGHT), interpolation=cv2.INTER_AREA), np.uint8)
    archive = np.asarray(cv2.warpPerspective(query, pixel_matrix(far, WIDTH, HEIGHT, WIDTH, HEIGHT), (WIDTH, HEIGHT)))
    assert refined_maps([(query, archive)], np.eye(3)) == []


def test_pictures_without_detail_refine_nothing() -> None:
    flat = np.full((HEIGHT, WIDTH), 90, np.uint8)
    assert refined_maps([(flat, flat), (grey(9, WIDTH, HEIGHT), flat)], np.eye(3)) == []


def test_unrelated_pictures_move_the_map_little_or_not_at_all() -> None:
    pairs = [(grey(seed, WIDTH, HEIGHT), grey(seed + 50, WIDTH, HEIGHT)) for seed in range(10, 20)]
    corners = np.array([[[0, 0], [1, 0], [1, 1], [0, 1]]], np.float64)
    for found in refined_maps(pairs, np.eye(3)):
        assert np.abs(cv2.perspectiveTransform(corners, np.linalg.inv(found)) - corners).max() < 0.1
