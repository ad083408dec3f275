from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from benchmarks.recall.peers.sscd import Frames, vote
from benchmarks.recall.peers.vpdq import distances
from benchmarks.recall.prediction import Outcome, Prediction
from benchmarks.recall.queries import Benchmark, Query
from benchmarks.recall.report import write_section
from benchmarks.recall.score import score
from benchmarks.recall.truth import Answer, Truth

TRUTH = Truth("a", "picture", (0.0, 4.0), (10.0, 14.0), 1.0, query_box=(0, 0, 1, 1))


def query(identity: str, edit: str, *truths: Truth, ignored: tuple[str, ...] = (), kind: str = "video") -> Query:
    answer = Answer(truths, tuple((item, "picture") for item in ignored))
    return Query(identity, edit, edit, Path(identity), kind, 4.0, answer)


BENCHMARK = Benchmark(
    Path(),
    ("a", "b", "c"),
    (20.0, 20.0, 20.0),
    (
        query("q", "crop", TRUTH, ignored=("c",)),
        query("u", "unrelated"),
        query("s", "still", Truth("b", "picture", (0.0, 1.0), (4.5, 5.5), None), kind="image"),
    ),
)
RIGHT = Prediction("q", "a", "picture", (0.0, 4.0), (10.1, 14.1), 0.9, rate=1.0, mirrored=False)


def test_a_right_answer_is_found_aligned_and_measured_at_its_middle() -> None:
    figures = score(BENCHMARK, Outcome("x", predictions=(RIGHT,)))
    assert figures.alignment.median == pytest.approx(0.1)
    crop = figures.picture.by_edit["crop"]
    assert (crop.pairs, crop.found, crop.aligned, crop.found_clean) == (1, 1, 1, 1)
    assert figures.picture.pair_ap == pytest.approx(0.5)
    assert figures.mirrored_right == 1


def test_pairs_that_nobody_knows_count_neither_way() -> None:
    unknown = replace(RIGHT, item="c", score=1.0)
    figures = score(BENCHMARK, Outcome("x", predictions=(RIGHT, unknown)))
    assert figures.picture.wrong == ()
    assert figures.picture.pair_ap == pytest.approx(0.5)


def test_a_wrong_pair_is_listed_and_raises_the_clean_threshold() -> None:
    wrong = replace(RIGHT, query_id="u", item="b", score=0.95)
    figures = score(BENCHMARK, Outcome("x", predictions=(RIGHT, wrong)))
    assert [(w.query_id, w.item) for w in figures.picture.wrong] == [("u", "b")]
    assert figures.false_alarms == (1, 1)
    assert figures.picture.by_edit["crop"].found_clean == 0


def test_a_backwards_answer_to_a_forward_query_is_not_aligned() -> None:
    figures = score(BENCHMARK, Outcome("x", predictions=(replace(RIGHT, rate=-1.0),)))
    assert figures.picture.by_edit["crop"].aligned == 0
    assert figures.direction_right == 0


def test_the_instant_of_a_still_is_compared_as_a_second() -> None:
    still = Prediction("s", "b", "picture", (0.0, 0.0), (5.0, 5.0), 0.9)
    figures = score(BENCHMARK, Outcome("x", predictions=(RIGHT, still)))
    assert figures.picture.by_edit["still"].aligned == 1
    assert figures.picture.segments.recall == pytest.approx((1 * 3.9 / 4 + 1) / 2)


def test_votes_gather_on_one_offset() -> None:
    vectors = np.eye(8, 512, dtype=np.float32)
    whole = Frames(np.arange(8.0), vectors, 0.0)
    part = Frames(np.arange(3.0), vectors[4:7], 0.0)
    assert [segment[:4] for segment in vote(part, whole, 1.0, 0.5)] == [(0.0, 3.0, 4.0, 7.0)]


def test_hamming_distance_counts_bits() -> None:
    assert distances(np.array([[0b1011, 0]], np.uint8), np.array([[0, 1]], np.uint8)).tolist() == [[4]]


def test_a_section_replaces_only_itself(tmp_path: Path) -> None:
    path = tmp_path / "RESULTS.md"
    write_section(path, "first\n")
    path.write_text(path.read_text() + "others\n")
    write_section(path, "second\n")
    text = path.read_text()
    assert "first" not in text
    assert "second\n" in text
    assert text.endswith("others\n")


def test_each_true_segment_of_a_pair_counts_for_itself() -> None:
    """A loop of two: one repetition is found, the other is not."""
    loop = query("l", "looped", TRUTH, replace(TRUTH, query=(4.0, 8.0)))
    figures = score(replace(BENCHMARK, queries=(loop,)), Outcome("x", predictions=(replace(RIGHT, query_id="l"),)))
    looped = figures.picture.by_edit["looped"]
    assert (looped.pairs, looped.aligned, looped.segments, looped.segments_aligned) == (1, 1, 2, 1)
