from pathlib import Path

import pytest

durability = pytest.importorskip("benchmarks.durability")


def test_what_was_acknowledged_survives_a_kill_and_a_second_run_completes(tmp_path: Path) -> None:
    durability.make_clips(tmp_path / "clips", 4)
    for number, seconds in enumerate((0.6, 3.0, 5.0)):
        durability.kill_and_check(tmp_path / "clips", tmp_path / f"archive{number}", seconds)
