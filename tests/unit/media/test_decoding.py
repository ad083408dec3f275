"""Which stretches of a video are decoded in haste."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from firsthand.media.cadence import Cadence
from firsthand.media.decoding import Stretches


def taken(times: list[float], between_keys: int) -> list[bool]:
    stretches = Stretches()
    return [stretches.takes(time, is_key=index % between_keys == 0) for index, time in enumerate(times)]


@pytest.mark.parametrize("between_keys", [1, 25, 50, 250])
def test_about_a_third_is_taken_however_far_key_frames_lie_apart(between_keys: int) -> None:
    chosen = taken([index / 25 for index in range(25 * 600)], between_keys)
    assert 0.25 < sum(chosen) / len(chosen) < 0.55


@given(st.integers(1, 300), st.integers(10, 60))
def test_a_stretch_begins_at_a_key_frame_and_lasts_half_a_second(between_keys: int, rate: int) -> None:
    chosen = taken([index / rate for index in range(rate * 40)], between_keys)
    begun = [index for index, now in enumerate(chosen) if now and not (index and chosen[index - 1])]
    assert chosen[0]
    assert all(index % between_keys == 0 for index in begun)
    for index in begun:
        length = chosen[index:].index(False) if False in chosen[index:] else None
        assert length is None or length >= 0.5 * rate


def test_times_out_of_order_spend_and_earn_nothing() -> None:
    stretches = Stretches()
    assert [stretches.takes(time, is_key=time == 0) for time in (0.0, 0.12, 0.04, 0.08, None)] == [True] * 5


def test_without_a_key_frame_nothing_is_taken() -> None:
    stretches = Stretches()
    assert not any(stretches.takes(index / 25, is_key=False) for index in range(100))


def test_a_picture_is_due_a_little_early_and_never_twice() -> None:
    cadence = Cadence(0.1)
    due = [index for index in range(31) if cadence.is_due(index / 30)]
    assert due == list(range(0, 31, 3))
