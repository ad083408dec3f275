"""Stills of footage, and of other times of the same place."""

import numpy as np
import pytest
from recall_footage import movers

from firsthand.recall.still import still_agreement
from firsthand.recall.tracks import Track

TIMES = np.arange(0, 10, 0.1)
ARCHIVE = movers(1, TIMES)


def still(seconds: float, seed: int = 1) -> Track:
    return Track(np.zeros(1), movers(seed, np.array([seconds])).frames)


def test_a_still_agrees_with_its_instant_and_stands_out_there() -> None:
    found = still_agreement(still(4.3), ARCHIVE, np.eye(3), (0.0, 4.8))
    assert found is not None
    assert found.instant == pytest.approx((0.0, 4.3))
    assert found.motion is not None
    assert found.prominence is not None
    assert found.motion > 0.95
    assert found.prominence > 0.3
    assert found.picture > 0.98
    assert found.share > 0.6


def test_its_instant_is_found_far_from_where_features_agree() -> None:
    found = still_agreement(still(4.3), ARCHIVE, np.eye(3), (0.0, 8.0))
    assert found is not None
    assert found.instant == pytest.approx((0.0, 4.3))


def test_an_image_has_no_length_and_its_instant_lies_within_the_stretch_that_looks_like_it() -> None:
    found = still_agreement(still(6.0), ARCHIVE, np.eye(3), (0.0, 6.0))
    assert found is not None
    assert found.query == (0.0, 0.0)
    low, high = found.archive
    assert low <= 6.0 < high
    assert high - low < 1.5


def test_brightness_and_contrast_of_a_still_do_not_matter() -> None:
    plain = still(4.3)
    graded = Track(plain.times, np.asarray(60 + 0.6 * plain.frames, np.uint8))
    found = still_agreement(graded, ARCHIVE, np.eye(3), (0.0, 4.3))
    assert found is not None
    assert found.motion is not None
    assert found.motion > 0.9


@pytest.mark.parametrize("seed", [2, 3, 4, 5, 6])
def test_the_same_place_at_another_time_does_not_move_alike(seed: int) -> None:
    found = still_agreement(still(4.3, seed), ARCHIVE, np.eye(3), (0.0, 4.3))
    assert found is not None
    assert found.motion is not None
    assert found.motion < 0.7


def test_the_place_without_what_moves_in_it_agrees_with_no_instant() -> None:
    empty = Track(np.zeros(1), movers(1, np.zeros(1), count=0).frames)
    found = still_agreement(empty, ARCHIVE, np.eye(3), (0.0, 4.3))
    assert found is not None
    assert found.motion is not None
    assert found.motion < 0.7


def test_where_nothing_moves_only_likeness_is_told() -> None:
    held = movers(1, TIMES, count=0)
    found = still_agreement(Track(np.zeros(1), held.frames[:1]), held, np.eye(3), (0.0, 5.0))
    assert found is not None
    assert found.motion is None
    assert found.prominence is None
    assert found.picture == pytest.approx(1.0, abs=1e-3)


def test_a_video_asked_against_a_held_still_has_the_instant_on_its_own_side() -> None:
    found = still_agreement(ARCHIVE, still(4.3), np.eye(3), (4.8, 0.0))
    assert found is not None
    assert found.instant == pytest.approx((4.3, 0.0))
    assert found.archive == (0.0, 0.0)
    assert found.query[0] <= 4.3 < found.query[1]
    assert found.motion is not None
    assert found.motion > 0.95


def test_a_still_held_in_a_video_has_the_stretch_that_shows_it() -> None:
    held = np.repeat(still(4.3).frames, 20, axis=0)
    query = Track(np.arange(20) / 10 + 2.0, held)
    found = still_agreement(query, ARCHIVE, np.eye(3), (3.0, 4.3))
    assert found is not None
    assert found.query == pytest.approx((2.0, 4.0))
    assert found.instant == pytest.approx((3.0, 4.3))


def test_pictures_that_hardly_overlap_are_not_compared() -> None:
    aside = np.array([[1, 0, 0.98], [0, 1, 0], [0, 0, 1.0]])
    assert still_agreement(still(4.3), ARCHIVE, aside, (0.0, 4.3)) is None


def test_without_pictures_nothing_is_compared() -> None:
    none = Track(np.empty(0), np.empty((0, 40, 72), np.uint8))
    assert still_agreement(none, ARCHIVE, np.eye(3), (0.0, 4.3)) is None
    assert still_agreement(still(4.3), none, np.eye(3), (0.0, 4.3)) is None


def test_a_picture_that_a_video_holds_between_other_shots_is_a_still_of_what_does_not_move() -> None:
    """What moves before and after it says nothing of it."""
    photograph = movers(30, np.zeros(1)).frames
    before, after = movers(31, np.arange(0, 2, 0.1)).frames, movers(32, np.arange(0, 2, 0.1)).frames
    shown = np.concatenate([before, np.repeat(photograph, 30, axis=0), after])
    found = still_agreement(
        Track(np.arange(len(shown)) / 10, shown), Track(np.zeros(1), photograph), np.eye(3), (3.0, 0.0)
    )
    assert found is not None
    assert found.motion is None
    assert found.picture > 0.95
    assert found.query == (pytest.approx(2.0, abs=0.11), pytest.approx(5.0, abs=0.11))


def test_an_instant_of_footage_that_a_video_holds_is_found_in_the_footage() -> None:
    """The query holds one picture between other shots; the item is the side that moves."""
    held = np.repeat(movers(1, np.array([4.3])).frames, 30, axis=0)
    beside = movers(33, np.arange(0, 3, 0.1)).frames
    query = Track(np.arange(60) / 10, np.concatenate([beside, held]))
    found = still_agreement(query, ARCHIVE, np.eye(3), (4.5, 4.6))
    assert found is not None
    assert found.instant[1] == pytest.approx(4.3)
    assert found.motion is not None
    assert found.motion > 0.9
