"""A stretch of a review track is what reading all of it gives there."""

from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

from firsthand.errors import InputError
from firsthand.media.observe import observe
from firsthand.media.review import ReviewWriter, review_gray
from firsthand.media.review_stretch import read_gray
from firsthand.media.write import VideoWriter


@pytest.fixture(scope="module")
def review(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Twelve seconds of noise that changes with every picture."""
    folder = tmp_path_factory.mktemp("review")
    clip, out = folder / "clip.mkv", folder / "review.webm"
    random = np.random.default_rng(5)
    with VideoWriter(clip, 64, 48, Fraction(10), "ffv1") as writer:
        for _ in range(120):
            writer.write(np.kron(random.integers(0, 256, (6, 8, 3), np.uint8), np.ones((8, 8, 1), np.uint8)))
    observe(clip, [ReviewWriter(out)])
    return out


@pytest.mark.parametrize(("start", "end"), [(0.0, 2.0), (3.05, 3.95), (4.0, 6.0), (7.3, 12.0), (10.0, 99.0)])
def test_it_is_the_same_to_the_last_grey_level(review: Path, start: float, end: float) -> None:
    times, frames = read_gray(review, 32, 24, start, end)
    expected_times, expected = review_gray(review, 32, 24, start, end)
    assert len(times) > 5
    assert times == pytest.approx(expected_times, abs=1e-9)
    assert np.array_equal(frames, expected)


def test_beyond_the_end_there_is_nothing(review: Path) -> None:
    times, frames = read_gray(review, 32, 24, 40.0, 60.0)
    assert times.shape == (0,)
    assert frames.shape == (0, 24, 32)


def test_what_is_no_review_track_is_named(tmp_path: Path) -> None:
    other = tmp_path / "other.webm"
    other.write_bytes(b"nothing of the kind")
    with pytest.raises(InputError):
        read_gray(other, 32, 24, 0.0, 1.0)
