import numpy as np
import pytest
from sounds import faster, melody, white

from firsthand.recall.sound_agree import Course, Sounding, agree


def test_a_rough_course_is_refined_to_the_millisecond() -> None:
    item = melody(1, 12.0)
    query = item[24_080:56_080]  # from 3.01 s, 4 s long
    course, (stretch,) = agree(Sounding(0.0, query), Sounding(0.0, item), Course(1.003, 1.003, 2.98), (0.2, 3.8))
    assert course.at(2.0) == pytest.approx(5.01, abs=0.001)
    assert course.tempo == pytest.approx(1.0, abs=0.0005)
    assert (stretch.start, stretch.end) == (pytest.approx(0.0, abs=0.05), pytest.approx(4.0, abs=0.05))
    assert stretch.spectrum > 0.95
    assert stretch.wave > 0.8


def test_noise_as_loud_as_the_sound_moves_nothing() -> None:
    item = melody(2, 12.0)
    query = faster(item[16_000:56_000], 1.05)
    noisy = query + white(3, len(query) / 8000, float(np.sqrt((query**2).mean())))[: len(query)]
    course, found = agree(Sounding(0.0, noisy), Sounding(0.0, item), Course(1.05, 1.05, 2.02), (0.2, 4.5))
    assert course.at(2.0) == pytest.approx(2.0 + 2 * 1.05, abs=0.003)
    assert found[0].spectrum > 0.1


def test_the_ends_are_where_the_sound_changes() -> None:
    item = melody(4, 20.0)
    query = np.concatenate([melody(5, 5.0), item[40_000:72_000], melody(6, 5.0)])  # 5 to 9 s
    _, (stretch,) = agree(Sounding(0.0, query), Sounding(0.0, item), Course(1.0, 1.0, 0.0), (6.0, 8.0))
    assert (stretch.start, stretch.end) == (pytest.approx(5.0, abs=0.4), pytest.approx(9.0, abs=0.4))


@pytest.mark.parametrize("seed", [21, 22, 23])
def test_a_jingle_of_few_pure_tones_ends_where_it_ends(seed: int) -> None:
    """Its steady tones, taken as what is usual, would make all other sound look alike."""
    time = np.arange(32_000) / 8000
    tones = sum(np.sin(2 * np.pi * pitch * time) * (1 + np.sin(9 * pitch * time / 400)) for pitch in (440, 660, 1100))
    jingle = (0.05 * np.asarray(tones)).astype(np.float32)
    item = np.concatenate([melody(seed, 5.0), jingle])
    query = np.concatenate([melody(seed + 50, 5.0), jingle])
    _, (stretch,) = agree(Sounding(0.0, query), Sounding(0.0, item), Course(1.0, 1.0, 0.0), (5.3, 8.8))
    assert stretch.start == pytest.approx(5.0, abs=0.5)
    assert stretch.end == pytest.approx(9.0, abs=0.1)


def test_what_led_to_a_line_by_chance_does_not_draw_other_sound_into_it() -> None:
    """The line's first landmark lies three seconds before the sound that is shared."""
    same = melody(31, 4.0)
    item, query = np.concatenate([melody(32, 5.0), same]), np.concatenate([melody(33, 5.0), same])
    _, (stretch,) = agree(Sounding(0.0, query), Sounding(0.0, item), Course(1.0, 1.0, 0.0), (2.0, 8.8))
    assert stretch.start == pytest.approx(5.0, abs=0.5)


def test_other_sound_does_not_agree() -> None:
    _, found = agree(Sounding(0.0, melody(7, 5.0)), Sounding(0.0, melody(8, 5.0)), Course(1.0, 1.0, 0.0), (0.2, 4.8))
    assert all(stretch.spectrum < 0.2 and stretch.wave < 0.2 for stretch in found)


def test_silence_agrees_with_nothing() -> None:
    silence = np.zeros(40_000, np.float32)
    _, found = agree(Sounding(0.0, silence), Sounding(0.0, silence), Course(1.0, 1.0, 0.0), (0.2, 4.8))
    assert found == ()
