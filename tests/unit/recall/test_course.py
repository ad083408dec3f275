"""The course of time through measured alignments."""

import pytest

from firsthand.model.match import Alignment
from firsthand.recall.course import Point, fitted


def points(rate: float, offset: float, seconds: float, jitter: float = 0.01) -> list[Point]:
    """One every twenty seconds, off by `jitter` to one side and the other."""
    times = [20.0 * place for place in range(round(seconds / 20))]
    return [Point(time, offset + rate * time + (-1) ** place * jitter, 200) for place, time in enumerate(times)]


def test_a_rate_is_told_by_points_far_apart() -> None:
    found = fitted(points(1.1, 30.0, 1200), Alignment(1.09, 31.0))
    assert found.rate == pytest.approx(1.1, abs=1e-4)
    assert found.archive_time(1200) == pytest.approx(1350, abs=0.03)


def test_a_copy_at_its_own_speed_has_rate_1_exactly() -> None:
    found = fitted(points(1.0, 5.0, 7200), Alignment(1.001, 4.0))
    assert found.rate == 1.0
    assert found.offset == pytest.approx(5.0, abs=0.01)


def test_what_runs_backwards_has_rate_minus_1() -> None:
    assert fitted(points(-1.0, 900.0, 600), Alignment(-1.002, 900.5)).rate == -1.0


def test_a_slow_drift_is_no_steady_rate() -> None:
    found = fitted(points(1.0004, 5.0, 7200), Alignment(1.0, 5.0))
    assert found.rate == pytest.approx(1.0004, abs=2e-5)


def test_a_stray_point_changes_nothing() -> None:
    measured = points(1.1, 30.0, 400)
    measured[3] = Point(60.0, 96.5, 200)
    assert fitted(measured, Alignment(1.1, 30.0)).archive_time(390) == pytest.approx(459, abs=0.05)


def test_points_that_are_near_one_another_keep_the_rate() -> None:
    found = fitted(points(1.1, 30.0, 40), Alignment(1.05, 30.0))
    assert found.rate == 1.05
    assert found.archive_time(10) == pytest.approx(41.0, abs=0.02)


def test_without_points_nothing_changes() -> None:
    start = Alignment(0.9, 4.0)
    assert fitted([], start) is start
