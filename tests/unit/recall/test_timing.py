"""At which alignment of time what moves moves together."""

import numpy as np
import numpy.typing as npt
import pytest
from recall_footage import movers

from firsthand.model.match import Alignment
from firsthand.recall.timing import Motion, Pictures, compared, motion, widely

TICKS = np.arange(0, 14, 0.1)


def rows(seed: int, at: npt.NDArray[np.float64], **look: int) -> npt.NDArray[np.float32]:
    """What a camera sees at the times `at` of its own clock, a row a picture."""
    return movers(seed, at, **look).frames.reshape(len(at), -1).astype(np.float32)


def copy(seconds: float, rate: float, offset: float, seed: int = 1) -> Pictures:
    """A query of so many seconds that shows the archive's time `offset + rate * time`."""
    times = np.arange(0, seconds, 0.1)
    return compared(times, rows(seed, offset + rate * times), TICKS, rows(seed, TICKS))


def every(pictures: Pictures) -> npt.NDArray[np.bool_]:
    return np.ones(len(pictures.plain.times), bool)


def near(pictures: Pictures, start: Alignment) -> Motion:
    return motion(pictures, every(pictures), start)


@pytest.mark.parametrize("error", [-0.4, -0.07, 0.0, 0.33])
def test_the_offset_is_found_to_a_fraction_of_a_picture(error: float) -> None:
    found = near(copy(5.0, 1.0, 4.03), Alignment(1.0, 4.03 + error))
    assert found.alignment.archive_time(2.5) == pytest.approx(6.53, abs=0.03)
    assert found.alignment.rate == pytest.approx(1.0, abs=0.01)
    assert found.motion > 0.9
    assert found.prominence > 0.3


@pytest.mark.parametrize(("rate", "start"), [(1.25, 1.22), (0.8, 0.82), (-1.0, -1.02), (-1.25, -1.22)])
def test_rate_and_direction_are_refined(rate: float, start: float) -> None:
    offset = 2.0 if rate > 0 else 11.0
    found = near(copy(6.0, rate, offset), Alignment(start, offset + 3 * (rate - start)))
    assert found.alignment.rate == pytest.approx(rate, abs=0.015)
    assert found.alignment.archive_time(3.0) == pytest.approx(offset + 3 * rate, abs=0.05)
    assert found.motion > 0.9


@pytest.mark.parametrize("seed", [2, 3, 4, 5])
def test_what_moves_otherwise_does_not_agree(seed: int) -> None:
    times = np.arange(0, 5, 0.1)
    pictures = compared(times, rows(seed, 4 + times), TICKS, rows(1, TICKS))
    assert near(pictures, Alignment(1.0, 4.0)).motion < 0.45


def test_where_nothing_moves_the_alignment_stays_as_it_was() -> None:
    times = np.arange(0, 5, 0.1)
    pictures = compared(times, rows(1, times, count=0), TICKS, rows(1, TICKS, count=0))
    found = near(pictures, Alignment(1.1, 3.3))
    assert found.motion == found.prominence == 0.0
    assert found.alignment == Alignment(1.1, 3.3)
    assert found.moving < 1.0


def test_where_the_archive_does_not_reach_nothing_is_claimed() -> None:
    found = near(copy(5.0, 1.0, 4.0), Alignment(1.0, 60.0))
    assert found == Motion(Alignment(1.0, 60.0), 0.0, 0.0, 0.0)


def test_brightness_and_contrast_of_a_copy_do_not_matter() -> None:
    times = np.arange(0, 5, 0.1)
    dim = 30 + 0.4 * rows(1, 4 + times)
    found = near(compared(times, np.asarray(dim, np.float32), TICKS, rows(1, TICKS)), Alignment(1.0, 4.2))
    assert found.alignment.archive_time(2.5) == pytest.approx(6.5, abs=0.03)
    assert found.motion > 0.9


@pytest.mark.parametrize(
    ("rate", "offset", "voted"),
    [
        (1.0, 7.0, Alignment(1.0, 1.0)),
        (1.0, 3.0, Alignment(0.6, 6.0)),
        (1.5, 3.0, Alignment(1.0, 1.0)),
        (0.6, 6.0, Alignment(1.0, 2.0)),
        (-1.0, 12.0, Alignment(1.0, 4.0)),
        (-1.4, 12.0, Alignment(1.0, 2.0)),
    ],
)
def test_a_wide_search_finds_place_rate_and_direction_far_from_the_vote(
    rate: float, offset: float, voted: Alignment
) -> None:
    pictures = copy(5.0, rate, offset)
    found, core = widely(pictures, every(pictures), voted)
    assert found.rate == pytest.approx(rate, rel=0.06)
    assert found.archive_time(2.5) == pytest.approx(offset + 2.5 * rate, abs=0.15)
    assert core.all()


def test_a_vote_that_explains_what_moves_stays() -> None:
    pictures = copy(5.0, 1.0, 4.0)
    assert widely(pictures, every(pictures), Alignment(1.0, 4.0))[0] == Alignment(1.0, 4.0)


def test_a_vote_stays_where_nothing_explains_more() -> None:
    times = np.arange(0, 5, 0.1)
    pictures = compared(times, rows(1, times, count=0), TICKS, rows(1, TICKS, count=0))
    assert widely(pictures, every(pictures), Alignment(1.0, 4.0))[0] == Alignment(1.0, 4.0)


def test_a_brief_stretch_is_looked_for_with_the_pictures_around_it() -> None:
    pictures = copy(5.0, 1.0, 7.0)
    core = (pictures.plain.times >= 2.35) & (pictures.plain.times <= 2.65)
    found, told = widely(pictures, core, Alignment(1.0, 1.0))
    assert found.archive_time(2.5) == pytest.approx(9.5, abs=0.15)
    assert told.sum() > core.sum()
