from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from firsthand.media.clock import PresentationClock

STEP = 0.04


def presented(stamps: list[float | None]) -> list[float]:
    clock = PresentationClock(STEP)
    return [round(clock.present(stamp, STEP), 6) for stamp in stamps]


def test_times_count_from_the_first_frame() -> None:
    assert presented([7.0, 7.04, 7.5]) == [0.0, 0.04, 0.5]


def test_missing_times_come_from_the_frame_rate() -> None:
    assert presented([None, None, None]) == [0.0, 0.04, 0.08]
    assert presented([1.0, None, 1.08]) == [0.0, 0.04, 0.08]
    assert presented([None, 5.0, 5.04]) == [0.0, 0.04, 0.08]


def test_one_doubled_time_does_not_move_its_followers() -> None:
    assert presented([0.0, 0.04, 0.04, 0.08, 0.12]) == [0.0, 0.04, 0.06, 0.08, 0.12]


def test_a_file_without_any_clock_runs_at_its_frame_rate() -> None:
    assert presented([0.0] * 4) == [0.0, 0.02, 0.06, 0.1]


def test_a_count_that_starts_anew_is_joined_on() -> None:
    assert presented([100.0, 100.04, 0.0, 0.04]) == [0.0, 0.04, 0.08, 0.12]
    assert presented([0.0, 0.04, 9e6, 9e6 + 0.04]) == [0.0, 0.04, 0.08, 0.12]


def test_the_end_is_the_end_of_the_last_frame() -> None:
    clock = PresentationClock(STEP)
    clock.present(0.0, 2.5)
    assert clock.end_seconds == 2.5
    clock.present(3.0, 1e12)
    assert round(clock.end_seconds, 6) == 3.04


@given(st.lists(st.none() | st.floats(-1e12, 1e12)))
def test_times_strictly_increase_whatever_the_file_says(stamps: list[float | None]) -> None:
    clock = PresentationClock(STEP)
    times = [clock.present(stamp, None) for stamp in stamps]
    assert all(earlier < later for earlier, later in pairwise(times))
    assert times[:1] in ([], [0.0])
