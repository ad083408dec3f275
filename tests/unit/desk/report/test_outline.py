import pytest

from firsthand.desk.report.outline import drawable


def test_an_outline_of_the_whole_picture_stays_in_sight() -> None:
    shown = drawable(((0, 0), (1, 0), (1, 1), (0, 1)))
    assert len(shown) == 4
    assert all(0 < x < 1 and 0 < y < 1 for x, y in shown)


def test_a_region_that_reaches_beyond_the_picture_is_cut_along_its_edge() -> None:
    shown = drawable(((0.5, -1.0), (3.0, 0.5), (0.5, 2.0)))
    assert len(shown) >= 4
    assert all(0 <= x <= 1 and 0 <= y <= 1 for x, y in shown)


@pytest.mark.parametrize(
    "outline", [(), ((0, 0), (1, 1)), ((2, 2), (3, 2), (3, 3)), ((0, 0), (float("nan"), 0), (1, 1), (0, 1))]
)
def test_nothing_is_drawn_where_no_region_can_be(outline: tuple) -> None:
    assert drawable(outline) == ()


def test_an_outline_whose_sides_cross_is_kept_within_the_picture() -> None:
    shown = drawable(((0, 0), (2, 2), (2, 0), (0, 2)))
    assert len(shown) == 4
    assert all(0 < x < 1 and 0 < y < 1 for x, y in shown)
