"""What moves, shot by shot, and up to where it moves together."""

import numpy as np
import numpy.typing as npt
import pytest
from recall_footage import movers

from firsthand.recall.shots import agreeing_shots, moving_run

type Rows = npt.NDArray[np.float32]


def shown(seed: int, start: float = 0.0, seconds: float = 3.0) -> Rows:
    """Footage of a place of its own as rows of level brightness, ten pictures a second."""
    times = start + np.arange(0, seconds, 0.1)
    rows = movers(seed, times, place=seed).frames.reshape(len(times), -1).astype(np.float32)
    return np.asarray(rows - rows.mean(axis=1, keepdims=True), np.float32)


def held(seed: int, pictures: int = 30) -> Rows:
    return np.repeat(shown(seed, seconds=0.1), pictures, axis=0)


def test_shots_that_both_sides_share_are_kept_across_the_cut() -> None:
    both = np.concatenate([shown(1), shown(20)])
    assert agreeing_shots(both, both.copy()) == (slice(0, 60), True)


def test_another_shot_before_a_shared_one_is_left_out() -> None:
    card = shown(3)
    kept, moves = agreeing_shots(np.concatenate([shown(1), card]), np.concatenate([shown(20), card]))
    assert kept.start == pytest.approx(30, abs=1)
    assert (kept.stop, moves) == (60, True)


def test_a_picture_shared_before_a_cut_does_not_make_what_follows_move_together() -> None:
    """A test card before footage on one side, and before other footage on the other."""
    card = held(4)
    kept, moves = agreeing_shots(np.concatenate([card, shown(5)]), np.concatenate([card, shown(21)]))
    assert kept == slice(0, 30)
    assert not moves


def test_pictures_that_one_side_alone_holds_do_not_move() -> None:
    query = np.concatenate([held(6), held(7)])
    _, moves = agreeing_shots(query, np.concatenate([shown(6), shown(7)]))
    assert not moves


def test_many_still_shots_in_one_order_tell_by_their_order() -> None:
    slides = np.concatenate([held(seed, 20) for seed in (8, 9, 22, 23)])
    assert agreeing_shots(slides, slides.copy()) == (slice(0, 80), True)


def test_one_shot_is_taken_whole() -> None:
    assert agreeing_shots(shown(1), shown(1)) == (slice(0, 30), True)


def test_what_moves_together_ends_where_one_side_jumps() -> None:
    """Two seconds of footage and the same again, against four seconds of the footage."""
    query = np.concatenate([shown(1, 0.0, 2.0), shown(1, 0.0, 2.0)])
    run = moving_run(query, shown(1, 0.0, 4.0))
    assert run.start == 0
    assert run.stop == pytest.approx(20, abs=2)


def test_a_noisy_copy_is_kept_whole() -> None:
    clear = shown(1, 0.0, 4.0)
    noisy = clear + np.random.default_rng(1).normal(0, 8, clear.shape).astype(np.float32)
    assert moving_run(noisy, clear) == slice(0, 40)
