"""Rectangles that hold another picture."""

from collections.abc import Sequence
from itertools import combinations

import cv2
import numpy as np
import pytest
from recall_footage import Pixels, footage, laid

from firsthand.model.box import Box
from firsthand.recall.panels import panels

WIDTH, HEIGHT = 320, 180


def share(one: Box, other: Box) -> float:
    width = min(one.x + one.width, other.x + other.width) - max(one.x, other.x)
    height = min(one.y + one.height, other.y + other.height) - max(one.y, other.y)
    shared = max(0.0, width) * max(0.0, height)
    return shared / (one.area + other.area - shared)


def best(found: Sequence[Box], left: float, top: float, width: float, height: float) -> float:
    return max((share(box, Box(left, top, width, height)) for box in found), default=0.0)


@pytest.mark.parametrize("seed", range(5))
def test_plain_footage_holds_no_panel(seed: int) -> None:
    assert panels(footage(seed)) == ()


def test_blinds_are_no_panels() -> None:
    blinds = np.zeros((HEIGHT, WIDTH, 3), np.uint8)
    blinds[:, np.arange(WIDTH) % 8 < 4] = 200
    assert panels([blinds] * 10) == ()


@pytest.mark.parametrize("seed", range(3))
def test_a_pole_of_half_the_height_bounds_no_panel(seed: int) -> None:
    pictures = footage(seed)
    for picture in pictures:
        picture[90:, 150:160] = 255
    assert panels(pictures) == ()


@pytest.mark.parametrize(
    ("left", "top", "width", "height"), [(200, 100, 100, 60), (24, 20, 128, 72), (100, 60, 64, 96)]
)
def test_an_inset_is_found(left: int, top: int, width: int, height: int) -> None:
    found = panels(laid(footage(11), footage(12), left, top, width, height))
    assert best(found, left / WIDTH, top / HEIGHT, width / WIDTH, height / HEIGHT) > 0.85


def test_an_inset_in_a_corner_of_the_picture_is_found() -> None:
    found = panels(laid(footage(13), footage(14), 220, 110, 100, 70))
    assert best(found, 220 / WIDTH, 110 / HEIGHT, 100 / WIDTH, 70 / HEIGHT) > 0.85


def test_panes_side_by_side_are_found_both() -> None:
    found = panels(laid(footage(15), footage(16), 160, 0, 160, 180))
    assert best(found, 0, 0, 0.5, 1) > 0.9
    assert best(found, 0.5, 0, 0.5, 1) > 0.9
    assert max(share(one, other) for one, other in combinations(found, 2)) < 0.85


def test_four_panes_are_found_all() -> None:
    pictures = footage(17)
    for seed, (left, top) in ((18, (160, 0)), (19, (0, 90)), (20, (160, 90))):
        pictures = laid(pictures, footage(seed), left, top, 160, 90)
    found = panels(pictures)
    assert all(best(found, left, top, 0.5, 0.5) > 0.85 for left in (0, 0.5) for top in (0, 0.5))


@pytest.mark.parametrize(("left", "top"), [(0, 24), (50, 0), (40, 20)])
def test_the_picture_without_its_bars_comes_first(left: int, top: int) -> None:
    black = [np.zeros((HEIGHT, WIDTH, 3), np.uint8)] * 10
    found = panels(laid(black, footage(21), left, top, WIDTH - 2 * left, HEIGHT - 2 * top))
    assert best(found[:1], left / WIDTH, top / HEIGHT, 1 - 2 * left / WIDTH, 1 - 2 * top / HEIGHT) > 0.9


def test_bars_that_the_picture_fades_into_are_left_out_too() -> None:
    fade = np.clip((np.abs(np.arange(HEIGHT) - 89.5) - 60) / -25 + 1, 0, 1)[:, None, None]
    found = panels([np.asarray(picture * fade, np.uint8) for picture in footage(28)])
    assert best(found[:1], 0, 12 / HEIGHT, 1, 156 / HEIGHT) > 0.9


def test_the_picture_without_its_bars_comes_before_what_lies_in_it() -> None:
    black = [np.zeros((HEIGHT, WIDTH, 3), np.uint8)] * 10
    found = panels(laid(laid(black, footage(21), 0, 20, WIDTH, 140), footage(22), 200, 60, 90, 70))
    assert best(found[:1], 0, 20 / HEIGHT, 1, 140 / HEIGHT) > 0.9
    assert best(found[1:], 200 / WIDTH, 60 / HEIGHT, 90 / WIDTH, 70 / HEIGHT) > 0.85


def test_the_picture_within_a_moving_blurred_fill_is_found() -> None:
    inner = footage(22)
    fill = [cv2.GaussianBlur(cv2.resize(picture, (569, 320))[:, 194:374], (0, 0), 12) for picture in inner]
    found = panels(laid([np.asarray(picture, np.uint8) for picture in fill], inner, 0, 110, 180, 101))
    assert best(found, 0, 110 / 320, 1, 101 / 320) > 0.9


def test_bars_around_an_inset_are_left_out_of_it() -> None:
    black = [np.zeros((90, 160, 3), np.uint8)] * 10
    barred = laid(black, footage(23), 0, 12, 160, 66)
    found = panels(laid(footage(24), barred, 80, 45, 160, 90))
    assert best(found, 80 / WIDTH, 57 / HEIGHT, 160 / WIDTH, 66 / HEIGHT) > 0.9


def test_one_picture_is_enough_for_an_inset() -> None:
    pictures: list[Pixels] = laid(footage(25, 1), footage(26, 1), 180, 30, 110, 70)
    assert best(panels(pictures), 180 / WIDTH, 30 / HEIGHT, 110 / WIDTH, 70 / HEIGHT) > 0.85


def test_there_are_never_more_than_seven() -> None:
    pictures = footage(27)
    for seed, (row, column) in enumerate((row, column) for row in range(3) for column in range(4)):
        pictures = laid(pictures, footage(30 + seed), 80 * column, 60 * row, 80, 60)
    assert 4 <= len(panels(pictures)) <= 7


def test_without_pictures_there_are_no_panels() -> None:
    assert panels([]) == ()
