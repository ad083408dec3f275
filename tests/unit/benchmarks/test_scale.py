from pathlib import Path

import numpy as np
import pytest

described = pytest.importorskip("benchmarks.scale.described")
footage = pytest.importorskip("benchmarks.scale.footage")
growth = pytest.importorskip("benchmarks.scale.growth")
archive = pytest.importorskip("benchmarks.scale.archive")


def real(clips: int = 12, pictures: int = 6) -> "described.Described":
    """Clips of two groups, each around a middle of its own."""
    random = np.random.default_rng(0)
    middles = np.repeat(random.normal(0, 20, (clips, 512)), pictures, axis=0)
    vectors = np.clip(middles + random.normal(0, 8, middles.shape), -127, 127).astype(np.int8)
    numbers = np.repeat(np.arange(clips), pictures)
    return described.Described(vectors, numbers, numbers % 2, np.tile(np.arange(float(pictures)), clips))


def within(one: "described.Described") -> float:
    rows = growth.units(one.vectors)
    same = one.clips[1:] == one.clips[:-1]
    return float(np.einsum("ij,ij->i", rows[1:][same], rows[:-1][same]).mean())


def test_made_clips_hang_together_like_real_ones_and_are_as_far_from_others() -> None:
    source = real()
    block = next(growth.grown(source, 1))
    assert within(block) == pytest.approx(within(source), abs=0.05)
    random = np.random.default_rng(1)
    others = np.clip(random.normal(0, 20, (400, 512)), -127, 127).astype(np.int8)
    spreads = [float(growth.similarities_of_unrelated(others, one.vectors, 400).std()) for one in (source, block)]
    assert spreads[1] == pytest.approx(spreads[0], rel=0.15)


def test_an_archive_holds_the_planted_clips_first_and_smaller_ones_are_its_beginning(tmp_path: Path) -> None:
    planted = real(3)
    made = archive.build(planted, real(), 5000, tmp_path)
    index = archive.whole(made.layout)
    assert index.size >= 5000
    assert made.clip_of_key == {1: 0, 2: 1, 3: 2}
    found = index.nearest(planted.codes[:1], 1).rows[:, 0]
    assert index.locate(found).items.tolist() == [1]
    small = archive.first_rows(index, 60)
    assert small.size <= 60
    np.testing.assert_array_equal(small.nearest(planted.codes, 5).rows[:, 0], np.arange(len(planted.times)))


def test_clips_that_are_related_play_one_part(tmp_path: Path) -> None:
    for name in "abc":
        (tmp_path / f"{name}.mp4").write_bytes(b"x")
    (tmp_path / "manifest.csv").write_text("path,group\na.mp4,one\nb.mp4,two\n")
    (tmp_path / "pairs.csv").write_text("a,b,kind\na.mp4,b.mp4,same\n")
    first, second, third = footage.clips(tmp_path)
    assert first.group == second.group != third.group
    assert first.part is second.part
