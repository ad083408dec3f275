"""What moves tells a copy from another take of the same place."""

import cv2
import numpy as np
import pytest

from firsthand.model.match import Alignment
from firsthand.recall.agree import GRID, Track, agreement

HEIGHT = 40


def scene(seed: int, seconds: float = 12.0, movers: int = 6, place: int = 7) -> Track:
    """Blobs that wander over a textured place: the place is one for all seeds, the paths are not."""
    ground = cv2.resize(np.random.default_rng(place).integers(40, 200, (10, 18), np.uint8), (GRID, HEIGHT))
    rng = np.random.default_rng(seed)
    phase, speed = rng.uniform(0, 6, (movers, 2)), rng.uniform(0.4, 1.6, (movers, 2))
    times = np.arange(0, seconds, 0.1)
    frames = []
    for time in times:
        frame = ground.copy()
        for start, pace in zip(phase, speed, strict=True):
            x, y = (np.sin(start + pace * time) + 1) / 2 * (GRID - 8, HEIGHT - 8)
            cv2.circle(frame, (int(x) + 4, int(y) + 4), 5, 250, -1, cv2.LINE_AA)
        frames.append(frame)
    return Track(times, np.stack(frames))


def excerpt(track: Track, start: float, end: float) -> Track:
    part = track.between(start, end)
    return Track(part.times - part.times[0], part.frames)


def test_a_copy_agrees_at_its_offset() -> None:
    archive = scene(1)
    query = excerpt(archive, 3.0, 8.0)
    found = agreement(query, archive, np.eye(3), Alignment(1.0, 3.3), (0.0, 4.9))
    assert found is not None
    assert found.motion > 0.9
    assert found.alignment.archive_time(2.5) == pytest.approx(5.5, abs=0.03)
    assert (found.start, found.end) == pytest.approx((0.0, 5.0), abs=0.2)


def test_another_take_of_the_same_place_does_not_agree() -> None:
    found = agreement(excerpt(scene(2), 3.0, 8.0), scene(1), np.eye(3), Alignment(1.0, 3.0), (0.0, 4.9), search=True)
    assert found is None or found.motion < 0.45


def test_a_search_finds_an_alignment_far_from_the_vote() -> None:
    archive = scene(3)
    found = agreement(excerpt(archive, 6.0, 10.0), archive, np.eye(3), Alignment(0.5, 0.0), (0.0, 3.9), search=True)
    assert found is not None
    assert found.alignment.rate == pytest.approx(1.0, abs=0.02)
    assert found.alignment.archive_time(2.0) == pytest.approx(8.0, abs=0.05)


def test_footage_that_runs_backwards_agrees_backwards() -> None:
    archive = scene(4)
    part = archive.between(2.0, 8.0)
    query = Track(part.times - part.times[0], part.frames[::-1])
    found = agreement(query, archive, np.eye(3), Alignment(-1.0, 8.2), (0.0, 5.9))
    assert found is not None
    assert found.motion > 0.9
    assert found.alignment.rate == pytest.approx(-1.0, abs=0.02)


def test_where_nothing_moves_nothing_is_claimed() -> None:
    still = scene(1, movers=0)
    found = agreement(excerpt(still, 2.0, 6.0), still, np.eye(3), Alignment(1.0, 2.0), (0.0, 3.9))
    assert found is not None
    assert found.motion == 0.0


def beside(archive: Track, other: np.ndarray, width: int = 44) -> Track:
    """The archive's footage, right of `width` pixels under something else."""
    frames = archive.frames.copy()
    frames[:, :, width:] = other[..., width:]
    return Track(archive.times, frames)


@pytest.mark.parametrize(("what", "confined"), [("other footage", True), ("a bar", True), ("a caption", False)])
def test_a_copy_ends_at_other_footage_and_at_bars_but_goes_on_under_captions(what: str, *, confined: bool) -> None:
    archive = scene(5)
    still = cv2.resize(np.random.default_rng(9).integers(0, 255, (10, 18), np.uint8), (GRID, HEIGHT))
    covers = {
        "other footage": scene(6, place=8).frames,
        "a bar": np.full((1, HEIGHT, GRID), 16, np.uint8),
        "a caption": still[None],
    }
    query = excerpt(beside(archive, covers[what]), 2.0, 9.0)
    found = agreement(query, archive, np.eye(3), Alignment(1.0, 2.0), (0.0, 6.9))
    assert found is not None
    assert found.region.width < 0.8
    assert found.confined is confined
