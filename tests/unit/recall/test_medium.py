"""Review tracks, read as they are needed."""

from fractions import Fraction
from pathlib import Path

import cv2
import numpy as np
import pytest
from recall_footage import Pixels, painting

from firsthand.media.encode import png_bytes
from firsthand.media.observe import observe
from firsthand.media.review import ReviewWriter
from firsthand.media.review_stretch import read_gray
from firsthand.media.write import VideoWriter
from firsthand.recall.medium import Medium, within

SIZE = (160, 96)


def shown(second: int) -> Pixels:
    """Each second shows a painting of its own."""
    return painting(second, *SIZE)


def review(folder: Path, seconds: int) -> Path:
    clip, out = folder / "clip.mkv", folder / "clip.webm"
    with VideoWriter(clip, *SIZE, Fraction(5), "ffv1") as writer:
        for place in range(5 * seconds):
            writer.write(shown(place // 5))
    observe(clip, [ReviewWriter(out, interval_seconds=0.2)])
    return out


def still(folder: Path) -> Path:
    image, out = folder / "image.png", folder / "image.webp"
    image.write_bytes(png_bytes(shown(1)))
    observe(image, [ReviewWriter(out)])
    return out


def apart(one: Pixels, other: Pixels) -> float:
    return float(np.abs(one.astype(int) - other.astype(int)).mean())


def test_pictures_are_those_at_the_times_asked_for_in_that_order(tmp_path: Path) -> None:
    medium = Medium(review(tmp_path, 4), still=False, longest_side=160)
    got = medium.pictures([3.4, 0.4, 2.4, 0.4])
    assert [min(range(4), key=lambda n, one=one: apart(one, shown(n))) for one in got] == [3, 0, 2, 0]


def test_a_picture_is_read_once(tmp_path: Path) -> None:
    path = review(tmp_path, 2)
    medium = Medium(path, still=False, longest_side=160)
    [first] = medium.pictures([1.4])
    path.unlink()
    assert medium.pictures([1.4])[0] is first


def test_a_track_is_grey_small_and_between_the_times_asked_for(tmp_path: Path) -> None:
    track = Medium(review(tmp_path, 4), still=False, longest_side=80).track(0.9, 1.9)
    assert track.times == pytest.approx([1.0, 1.2, 1.4, 1.6, 1.8])
    assert track.size == (80, 48)
    grey = cv2.cvtColor(cv2.resize(shown(1), (80, 48), interpolation=cv2.INTER_AREA), cv2.COLOR_RGB2GRAY)
    assert apart(track.frames[2], grey) < 10


def test_a_short_medium_is_read_whole_at_the_first_look(tmp_path: Path) -> None:
    path = review(tmp_path, 4)
    medium = Medium(path, still=False, longest_side=80, duration_seconds=4.0)
    assert len(medium.track(1.0, 1.5).times) == 20
    path.unlink()
    assert len(medium.track(-5.0, 50.0).times) == 20


def test_of_a_long_medium_what_is_asked_for_later_is_read_later(tmp_path: Path) -> None:
    medium = Medium(review(tmp_path, 4), still=False, longest_side=80, duration_seconds=4000.0)
    assert medium.track(1.9, 2.5).times == pytest.approx([2.0, 2.2, 2.4])
    assert medium.track(0.9, 1.3).times == pytest.approx([1.0, 1.2])
    assert medium.track(1.1, 2.3).times == pytest.approx([1.2, 1.4, 1.6, 1.8, 2.0, 2.2])
    assert len(medium.track(0.0, 9.0).times) == 20


def test_a_still_is_a_track_of_one_picture_at_time_0(tmp_path: Path) -> None:
    track = Medium(still(tmp_path), still=True, longest_side=80).track(-6.0, 6.0)
    assert track.times.tolist() == [0.0]
    assert track.size == (80, 48)


def test_features_are_those_of_the_region_asked_for_and_may_be_mirrored(tmp_path: Path) -> None:
    medium = Medium(review(tmp_path, 2), still=False, longest_side=160)
    whole, left = medium.features(0.4, (0, 0, 1, 1)), medium.features(0.4, (0, 0, 0.5, 1))
    assert left.width / left.height == pytest.approx(80 / 96, abs=0.02)
    assert whole.width / whole.height == pytest.approx(160 / 96, abs=0.02)
    assert 0 < len(left.places) < len(whole.places)
    mirrored = medium.features(0.4, (0, 0, 1, 1), mirrored=True)
    assert np.sort(whole.width - mirrored.places[:, 0]) == pytest.approx(np.sort(whole.places[:, 0]), abs=1e-3)
    assert medium.features(0.4, (0, 0, 1, 1)) is whole


def test_fractions_of_a_region_become_fractions_of_the_picture() -> None:
    first, last = (within((0.2, 0.4, 0.5, 0.1)) @ np.array([[0, 1], [0, 1], [1, 1.0]])).T.tolist()
    assert first == pytest.approx([0.2, 0.4, 1.0])
    assert last == pytest.approx([0.7, 0.5, 1.0])


def test_stretches_far_apart_are_read_without_what_lies_between(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    read: list[float] = []

    def noting(path: Path, width: int, height: int, start: float, end: float) -> tuple[np.ndarray, Pixels]:
        read.append(end - start)
        return read_gray(path, width, height, start, end)

    monkeypatch.setattr("firsthand.recall.medium.read_gray", noting)
    medium = Medium(review(tmp_path, 200), still=False, longest_side=80, duration_seconds=200.0)
    medium.track(4.0, 9.0)
    medium.track(170.0, 171.0)
    medium.track(6.0, 7.0)
    assert max(read) <= 20.0
    assert sum(read) <= 40.0


def test_what_is_kept_of_a_long_track_has_a_bound_and_what_made_room_is_read_anew(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pictures = 250
    monkeypatch.setattr("firsthand.recall.medium._KEPT_BYTES", pictures * 80 * 48)
    medium = Medium(review(tmp_path, 200), still=False, longest_side=80, duration_seconds=200.0)
    first = medium.track(5.0, 6.0)
    for start in range(0, 200, 10):
        medium.track(float(start), start + 10.0)
        assert medium.kept_bytes <= pictures * 80 * 48
    again = medium.track(5.0, 6.0)
    assert np.array_equal(first.frames, again.frames)
    assert first.times.tolist() == again.times.tolist()


def test_pictures_beyond_those_that_are_kept_are_all_given(tmp_path: Path) -> None:
    medium = Medium(review(tmp_path, 60), still=False, longest_side=80)
    times = [second + 0.4 for second in range(60)]
    got = medium.pictures(times)
    assert len(got) == 60
    for second in (0, 30, 59):
        assert min(range(60), key=lambda n, one=got[second]: apart(one, shown(n))) == second
