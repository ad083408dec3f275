"""Long overlaps, followed from a place where they are sure."""

from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
import pytest
from recall_footage import movers

from firsthand.model.match import Alignment
from firsthand.recall.agree import Agreement, agreement
from firsthand.recall.following import PIECE_SECONDS, followed
from firsthand.recall.tracks import Track

RATE = 5  # pictures a second


@dataclass
class Held:
    """Footage that notes how many seconds of it were read at once."""

    whole: Track
    read: list[float] = field(default_factory=list)

    def track(self, start: float, end: float) -> Track:
        self.read.append(end - start)
        return self.whole.between(start, end)


def times(start: float, end: float, rate: float = 1.0) -> npt.NDArray[np.float64]:
    """Instants of an item that a query shows which plays it from `start` to `end` at `rate`."""
    return np.arange(start, end, rate / RATE)


def shown(*parts: Track) -> Track:
    """A query of these pictures, one after the other."""
    frames = np.concatenate([part.frames for part in parts])
    return Track(np.arange(len(frames)) / RATE, frames)


@pytest.fixture(scope="module")
def item() -> Track:
    """Ten minutes of a fixed camera."""
    return movers(1, times(0, 600))


def sure(query: Track, item: Track, alignment: Alignment, at: float, matrix: npt.NDArray[np.float64]) -> Agreement:
    """The agreement about an instant of the query."""
    low, high = sorted((alignment.archive_time(at - 12), alignment.archive_time(at + 12)))
    found = agreement(
        query.between(at - 12, at + 12), item.between(low - 1, high + 1), matrix, alignment, (at - 10, at + 10)
    )
    assert found is not None
    return found


def follow(
    query: Track,
    item: Track,
    alignment: Alignment,
    at: float,
    matrix: npt.NDArray[np.float64] | None = None,
) -> list[Agreement]:
    matrix = np.eye(3) if matrix is None else matrix
    return list(followed(Held(query), Held(item), sure(query, item, alignment, at, matrix)))


def test_the_whole_of_a_long_item_is_one_stretch(item: Track) -> None:
    [found] = follow(shown(item), item, Alignment(1.0, 0.0), 300)
    assert (found.start, found.end) == (0.0, pytest.approx(600, abs=0.3))
    assert found.alignment.rate == 1.0
    assert found.alignment.offset == pytest.approx(0, abs=0.02)
    assert found.frames == len(item.times)


def test_neither_side_is_read_by_more_than_a_piece_at_once(item: Track) -> None:
    query = shown(movers(1, times(30, 560, 1.2)))
    held = Held(query), Held(item)
    found = followed(*held, sure(query, item, Alignment(1.2, 30.0), 200, np.eye(3)))
    assert found[0].end - found[0].start > 400
    assert max(held[0].read) <= PIECE_SECONDS
    assert max(held[1].read) <= 1.25 * PIECE_SECONDS + 2.5


@pytest.mark.parametrize("rate", [1.1, 0.87, -1.0])
def test_another_speed_is_told_to_a_fraction_of_a_picture_at_both_ends(item: Track, rate: float) -> None:
    low, high = 60.0, 540.0
    instants = times(low, high, rate) if rate > 0 else times(low, high)[::-1]
    query = shown(movers(1, instants))
    begin = float(instants[0])
    [found] = follow(query, item, Alignment(rate * 1.002, begin - 0.002 * rate * 100), 100)
    assert found.start == 0.0
    assert found.end == pytest.approx(len(query.times) / RATE, abs=0.3)
    for at in (0.0, found.end):
        assert found.alignment.archive_time(at) == pytest.approx(begin + rate * at, abs=0.05)


def test_a_mirrored_excerpt_between_other_footage_has_its_own_ends(item: Track) -> None:
    other = [movers(seed, times(0, 90), place=seed) for seed in (21, 22)]
    query = shown(other[0], movers(1, times(200, 420)), other[1])
    query = Track(query.times, query.frames[:, :, ::-1].copy())
    mirrored = np.array([[-1.0, 0, 1], [0, 1, 0], [0, 0, 1]])
    [found] = follow(query, item, Alignment(1.0, 110.0), 200, mirrored)
    assert (found.start, found.end) == (pytest.approx(90, abs=0.3), pytest.approx(310, abs=0.3))
    assert found.alignment.archive_time(90) == pytest.approx(200, abs=0.05)


def test_a_cut_out_within_a_fixed_camera_s_footage_ends_the_stretch(item: Track) -> None:
    query = shown(movers(1, times(0, 200)), movers(1, times(380, 600)))
    [first] = follow(query, item, Alignment(1.0, 0.0), 100)
    [second] = follow(query, item, Alignment(1.0, 180.0), 300)
    assert (first.start, first.end) == (0.0, pytest.approx(200, abs=2.0))
    assert (second.start, second.end) == (pytest.approx(200, abs=2.0), pytest.approx(420, abs=0.3))


def test_a_break_of_half_a_minute_parts_the_stretch_and_one_of_two_seconds_does_not(item: Track) -> None:
    away = [movers(31, times(0, seconds), place=31) for seconds in (30, 2)]
    query = shown(movers(1, times(0, 200)), away[0], movers(1, times(230, 400)), away[1], movers(1, times(402, 500)))
    first, second = follow(query, item, Alignment(1.0, 0.0), 100)
    assert (first.start, first.end) == (0.0, pytest.approx(200, abs=0.3))
    assert (second.start, second.end) == (pytest.approx(230, abs=0.3), pytest.approx(500, abs=0.3))


def test_the_same_place_at_another_hour_is_not_followed(item: Track) -> None:
    query = shown(movers(1, times(0, 60)), movers(2, times(60, 300)))
    [found] = follow(query, item, Alignment(1.0, 0.0), 30)
    assert (found.start, found.end) == (0.0, pytest.approx(60, abs=2.0))
