"""Lines of archive time over query time."""

import numpy as np
import pytest

from firsthand.recall.align import Candidates, lines


def candidates(times: list[float], archive: list[float], similarity: float = 0.7) -> Candidates:
    count = len(times)
    boxes = np.tile(np.array([0, 0, 1, 1], np.float32), (count, 1))
    return Candidates(np.array(times), np.array(archive), np.full(count, similarity), boxes, boxes, np.ones(count))


@pytest.mark.parametrize(("rate", "offset"), [(1.0, 12.3), (1.25, 4.0), (0.5, 30.0), (-1.0, 60.0)])
def test_rate_and_offset_are_recovered_among_stray_votes(rate: float, offset: float) -> None:
    rng = np.random.default_rng(3)
    times = np.arange(0, 10, 0.5)
    stray = rng.uniform(0, 10, 15), rng.uniform(0, 100, 15)
    every = candidates([*times, *stray[0]], [*(offset + rate * times), *stray[1]])
    best = lines(every, 0.2)[0]
    assert best.alignment.rate == pytest.approx(rate, abs=0.03)
    assert best.alignment.archive_time(5.0) == pytest.approx(offset + rate * 5, abs=0.15)
    assert best.query_pictures >= 19


def test_two_excerpts_are_two_lines() -> None:
    first, second = np.arange(0, 5, 0.5), np.arange(20, 25, 0.5)
    found = lines(candidates([*first, *second], [*(first + 40), *(second - 15)]), 0.2)
    offsets = sorted(round(line.alignment.archive_time(0.0)) for line in found[:2])
    assert offsets == [-15, 40]


def test_without_candidates_there_are_no_lines() -> None:
    assert lines(candidates([], []), 0.2) == ()
