from pathlib import Path

from firsthand.media.allowance import reading_limits


def test_a_large_file_may_take_longer_than_a_small_one_and_none_takes_for_ever(tmp_path: Path) -> None:
    path = tmp_path / "film.mp4"
    assert reading_limits(path).cpu_seconds == 300
    with path.open("wb") as file:
        file.truncate(100_000_000)
    assert reading_limits(path).cpu_seconds == 3300
    assert reading_limits(path).wall_seconds == 6600
    with path.open("wb") as file:
        file.truncate(1 << 40)
    assert reading_limits(path).cpu_seconds == 12 * 3600
