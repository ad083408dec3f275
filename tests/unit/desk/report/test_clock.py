from datetime import UTC, datetime, timedelta, timezone

import pytest

from firsthand.desk.report.clock import civil, on_medium, stretch


@pytest.mark.parametrize(
    ("seconds", "shown"),
    [(0, "0:00.0"), (9.2, "0:09.2"), (59.96, "1:00.0"), (3599.96, "1:00:00.0"), (3723.45, "1:02:03.4")],
)
def test_times_carry_over_when_they_are_rounded(seconds: float, shown: str) -> None:
    assert on_medium(seconds) == shown


def test_a_stretch_without_length_is_one_time() -> None:
    assert stretch((12.4, 12.4)) == "0:12.4"
    assert stretch((0, 9.2)) == "0:00.0\N{EN DASH}0:09.2"


def test_moments_are_told_in_utc() -> None:
    local = datetime(2026, 11, 20, 10, 12, tzinfo=timezone(timedelta(hours=1)))
    assert civil(local) == "20 November 2026, 09:12 UTC"
    assert civil(datetime(2026, 1, 2, 3, 4, tzinfo=UTC)) == "2 January 2026, 03:04 UTC"
