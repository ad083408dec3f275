"""Where in the picture two stretches show the same."""

import cv2
import numpy as np
import numpy.typing as npt
from recall_footage import footage

from firsthand.recall.region import agreeing_region

type Frames = npt.NDArray[np.float32]
EVERYWHERE = np.ones((40, 72), bool)


def frames(seed: int, width: int = 72, height: int = 40, count: int = 12) -> Frames:
    seen = footage(seed, count)
    return np.stack([cv2.resize(cv2.cvtColor(one, cv2.COLOR_RGB2GRAY), (width, height)) for one in seen]).astype(
        np.float32
    )


def noisy(pictures: Frames, seed: int = 0) -> Frames:
    return (pictures + np.random.default_rng(seed).normal(0, 3, pictures.shape)).astype(np.float32)


def test_the_same_pictures_agree_all_over() -> None:
    found = agreeing_region(noisy(frames(1)), frames(1), EVERYWHERE)
    assert found is not None
    assert (found.left, found.top, found.right, found.bottom) == (0, 0, 72, 40)
    assert found.pixels.mean() > 0.95
    assert found.likeness > 0.9


def test_brightness_and_contrast_do_not_matter() -> None:
    found = agreeing_region(40 + 0.5 * frames(1), frames(1), EVERYWHERE)
    assert found is not None
    assert found.pixels.all()
    assert found.likeness > 0.99


def test_only_the_inset_agrees_where_a_copy_fills_a_part() -> None:
    query, archive = frames(2), frames(3)
    query[:, 12:32, 20:56] = archive[:, 12:32, 20:56]
    found = agreeing_region(noisy(query), archive, EVERYWHERE)
    assert found is not None
    assert np.abs(np.array([found.left, found.top, found.right, found.bottom]) - (20, 12, 56, 32)).max() <= 4
    assert not found.pixels[:8].any()


def test_a_caption_over_a_copy_is_left_out() -> None:
    query, archive = frames(4), frames(4)
    query[:, 24:34, 8:64] = np.random.default_rng(1).integers(0, 2, (10, 56)) * 250
    found = agreeing_region(noisy(query), archive, EVERYWHERE)
    assert found is not None
    assert (found.top, found.bottom) == (0, 40)
    assert found.pixels[26:32, 12:60].mean() < 0.4
    assert found.pixels[:20].mean() > 0.95


def test_a_caption_on_the_archived_side_is_left_out_too() -> None:
    query, archive = frames(4), frames(4)
    archive[:, 24:34, 8:64] = np.random.default_rng(1).integers(0, 2, (10, 56)) * 250
    found = agreeing_region(noisy(query), archive, EVERYWHERE)
    assert found is not None
    assert found.pixels[26:32, 12:60].mean() < 0.4


def test_what_the_query_does_not_reach_is_left_out() -> None:
    inside = EVERYWHERE.copy()
    inside[:, 50:] = False
    found = agreeing_region(noisy(frames(5)), frames(5), inside)
    assert found is not None
    assert not found.pixels[:, 50:].any()
    assert found.pixels[:, :48].mean() > 0.95


def test_a_speck_that_agrees_is_chance() -> None:
    query, archive = frames(7), frames(27)
    query[:, 8:16, 8:16] = archive[:, 8:16, 8:16]
    assert agreeing_region(query, archive, EVERYWHERE) is None


def test_other_footage_agrees_nowhere_or_hardly() -> None:
    for seed in range(6, 12):
        found = agreeing_region(frames(seed), frames(seed + 20), EVERYWHERE)
        assert found is None or found.pixels.mean() < 0.3
