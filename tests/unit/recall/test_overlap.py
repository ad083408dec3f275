"""The region that two registered pictures share."""

import numpy as np
import pytest

from firsthand.model.box import WHOLE, Box
from firsthand.recall.overlap import hull, outlines, pane_of

COVER = np.array([[1.5, 0, 0.125], [0, 2.0, 0], [0, 0, 1]])
"""A wide picture cropped to fill the upper left quarter of the query: three quarters of its width are to be seen."""
QUARTER = Box(0.0, 0.0, 0.5, 0.5)
SEEN = Box(0.125, 0.0, 0.75, 1.0)


def numbers(box: Box | None) -> tuple[float, ...]:
    assert box is not None
    return box.x, box.y, box.width, box.height


def test_within_a_pane_the_outlines_end_where_it_ends() -> None:
    found = outlines(COVER, QUARTER)
    assert found is not None
    assert numbers(hull(found[0])) == pytest.approx(numbers(QUARTER), abs=1e-3)
    assert numbers(hull(found[1])) == pytest.approx(numbers(SEEN), abs=1e-3)


def test_without_a_pane_the_map_goes_on_beyond_it() -> None:
    found = outlines(COVER)
    assert found is not None
    assert numbers(hull(found[1])) == pytest.approx((0.125, 0, 0.875, 1), abs=1e-3)


def test_a_pane_is_taken_where_what_agrees_lies_within_it() -> None:
    assert pane_of(QUARTER, COVER, SEEN) == QUARTER


def test_a_pane_is_not_taken_where_more_agrees_than_it_holds() -> None:
    assert pane_of(Box(0, 0, 0.5, 1), np.eye(3), WHOLE) == WHOLE


def test_a_rectangle_that_holds_little_of_the_copy_is_no_pane() -> None:
    assert pane_of(Box(0.1, 0.1, 0.2, 0.2), np.eye(3), Box(0.1, 0.1, 0.2, 0.2)) == WHOLE


def test_pictures_that_lie_beside_one_another_share_nothing() -> None:
    assert outlines(np.array([[1, 0, 3.0], [0, 1, 0], [0, 0, 1]])) is None
