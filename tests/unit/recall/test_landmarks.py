import numpy as np
import pytest
from sounds import faster, heard, melody, white

from firsthand.media.observer import HERTZ
from firsthand.model.sound import TICKS_A_SECOND
from firsthand.recall.landmarks import Landmarks, Peaks, asking, covered_seconds, pairs, sound_print
from firsthand.recall.spectrum import HOP


def tone(seconds: float) -> np.ndarray:
    return (0.3 * np.sin(2 * np.pi * 440.3 * np.arange(round(seconds * HERTZ)) / HERTZ)).astype(np.float32)


@pytest.mark.parametrize(
    "sound",
    [
        np.zeros(10 * HERTZ, np.float32),
        tone(10),
        tone(10) + white(1, 10, 0.003),
        white(2, 60),
        np.cumsum(white(3, 20)).astype(np.float32) / 30,
    ],
    ids=["silence", "a tone", "a tone in noise", "white noise", "brown noise"],
)
def test_silence_tones_and_noise_give_no_hashes(sound: np.ndarray) -> None:
    made = sound_print(heard(sound))
    assert made is not None
    assert len(made.hashes) == 0
    assert len(heard(sound).peaks(query=True).frames) < 3


def test_no_sound_at_all_gives_no_print() -> None:
    assert sound_print(Landmarks()) is None


def test_blocks_change_nothing() -> None:
    sound = melody(1, 130.0)
    one, other = sound_print(heard(sound, len(sound))), sound_print(heard(sound, 777))
    assert one is not None
    assert other is not None
    assert len(one.hashes) > 2000
    assert np.array_equal(one.hashes, other.hashes)
    assert np.array_equal(one.times, other.times)


def test_a_block_border_changes_nothing() -> None:
    whole, cut = heard(melody(1, 130.0)).peaks(query=False), heard(melody(1, 130.0)[:-HERTZ]).peaks(query=False)
    assert np.allclose(whole.frames[: len(cut.frames) - 60], cut.frames[:-60])


def test_hashes_stand_where_they_sound_and_follow_a_shift() -> None:
    sound = melody(2, 10.0)
    made, later = sound_print(heard(sound)), sound_print(heard(np.concatenate([np.zeros(64 * HOP, np.float32), sound])))
    assert made is not None
    assert later is not None
    assert made.ticks == 10 * TICKS_A_SECOND
    first = set(zip(made.hashes.tolist(), (made.times + 64 * HOP * TICKS_A_SECOND // HERTZ).tolist(), strict=True))
    second = set(zip(later.hashes.tolist(), later.times.tolist(), strict=True))
    assert len(first & second) > 0.9 * len(first)


@pytest.mark.parametrize("rate", [0.94, 1.0, 1.06])
def test_a_query_asks_for_what_the_item_holds_at_every_speed(rate: float) -> None:
    sound = melody(3, 8.0)
    made = sound_print(heard(sound))
    assert made is not None
    peaks = heard(faster(sound, rate)).peaks(query=True)
    asked = asking(peaks, pairs(peaks, query=True), speed=rate, tempo=rate)
    assert np.isin(made.hashes, asked.hashes).mean() > 0.5
    wrong = asking(peaks, pairs(peaks, query=True), speed=rate * 1.06, tempo=rate * 1.06)
    assert np.isin(made.hashes, wrong.hashes).mean() < 0.15


def test_the_stretches_with_landmarks_are_joined_and_kept_within_the_sound() -> None:
    frames = np.array([10.0, 20.0, 500.0])  # 0.2, 0.35 and 8.03 s
    found = covered_seconds(Peaks(frames, np.zeros(3)), 8.5)
    assert found == (pytest.approx((0.0, 1.352)), pytest.approx((7.032, 8.5)))
