"""Which pictures are described."""

from collections.abc import Iterable

import cv2
import numpy as np
import numpy.typing as npt
from av import VideoFrame

from firsthand.media.orientation import Orientation
from firsthand.media.picture import Picture, Scaler
from firsthand.recall.sampling import OF_ITEM, OF_QUERY, Pace, Sampler, Shot

SIZE = (32, 18)


def frame(grey: npt.NDArray[np.uint8], scale: int = 4) -> npt.NDArray[np.uint8]:
    large = np.kron(grey, np.ones((scale, scale), np.uint8))
    return np.asarray(cv2.cvtColor(large, cv2.COLOR_GRAY2RGB), np.uint8)


def noise(seed: int, low: int = 60, high: int = 190) -> npt.NDArray[np.uint8]:
    return np.random.default_rng(seed).integers(low, high, SIZE[::-1], np.uint8)


def sampled(
    pictures: Iterable[npt.NDArray[np.uint8]], rate: float = 25, longest_side: int = 128, pace: Pace = OF_QUERY
) -> list[Shot]:
    shots: list[Shot] = []
    sampler = Sampler(shots.append, pace, longest_side=longest_side)
    scaler = Scaler()
    for index, rgb in enumerate(pictures):
        made = VideoFrame.from_ndarray(rgb, format="rgb24")
        sampler.picture(Picture(made, scaler, time_seconds=index / rate, index=index, orientation=Orientation()))
    sampler.close()
    return shots


def times(shots: Iterable[Shot]) -> list[float]:
    return [time for shot in shots for time in shot.times]


def test_a_picture_at_rest_is_sampled_twice_a_second() -> None:
    shots = sampled([frame(noise(1))] * 251)
    gaps = np.diff(times(shots))
    assert times(shots)[0] == 0.0
    assert np.all((gaps >= 0.45) & (gaps <= 0.55))


def test_a_picture_that_changes_is_sampled_five_times_a_second() -> None:
    shots = sampled(frame(noise(seed, 115, 150)) for seed in range(100))
    gaps = np.diff(times(shots))
    assert len(shots) == 1
    assert np.all((gaps >= 0.15) & (gaps <= 0.25))


def test_an_item_is_sampled_once_a_second_at_rest_and_little_more_where_it_changes() -> None:
    at_rest = np.diff(times(sampled([frame(noise(1))] * 251, pace=OF_ITEM)))
    assert np.all((at_rest >= 0.95) & (at_rest <= 1.1))
    changing = np.diff(times(sampled((frame(noise(seed, 100, 165)) for seed in range(100)), pace=OF_ITEM)))
    assert np.all((changing >= 0.35) & (changing <= 0.5))


def test_slow_change_is_sampled_more_often_than_rest_and_less_than_haste() -> None:
    grey = noise(2, 0, 120)
    shots = sampled(frame(np.asarray(grey + step, np.uint8)) for step in range(100))
    assert 2 * 4 + 1 < len(times(shots)) < 5 * 4


def test_a_cut_starts_a_shot_with_the_next_picture_that_is_looked_at() -> None:
    shots = sampled([frame(noise(3))] * 28 + [frame(noise(4))] * 28)
    assert [shot.times[0] for shot in shots] == [0.0, 1.2]
    assert [time for shot in shots for time in shot.times if 28 / 25 <= time < 1.2 + 0.44] == [1.2]
    assert np.array_equal(shots[1].pictures[0], sampled([frame(noise(4))])[0].pictures[0])


def test_flicker_does_not_sample_every_picture() -> None:
    dark, light = frame(np.full(SIZE[::-1], 10, np.uint8)), frame(np.full(SIZE[::-1], 240, np.uint8))
    shots = sampled([dark, light] * 50, rate=60)
    assert len(times(shots)) < 100 / 3


def test_a_long_shot_is_handed_on_in_parts_of_at_most_forty() -> None:
    shots = sampled([frame(noise(5))] * 700)
    assert [len(shot.times) for shot in shots] == [40, 19]
    assert np.all(np.diff(times(shots)) > 0)
    assert all(len(shot.times) == len(shot.pictures) for shot in shots)


def test_pictures_of_a_shot_have_one_size_also_where_the_medium_changes_its_own() -> None:
    grey = noise(6)
    shots = sampled([frame(grey)] * 30 + [frame(grey, 3)] * 30)
    assert [shot.pictures[0].shape[:2] for shot in shots] == [(72, 128), (54, 96)]
    for shot in shots:
        assert len({picture.shape for picture in shot.pictures}) == 1


def test_pictures_are_handed_on_no_larger_than_asked() -> None:
    [shot] = sampled([frame(noise(7), 10)], longest_side=100)
    assert shot.pictures[0].shape == (56, 100, 3)


def test_a_medium_without_pictures_has_no_shots() -> None:
    assert sampled([]) == []
