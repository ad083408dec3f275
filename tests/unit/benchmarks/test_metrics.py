from math import sqrt

import pytest

from benchmarks.recall.metrics import (
    Stretch,
    length,
    overlap_share,
    pair_average_precision,
    segment_average_precision,
    segment_f,
    shared_length,
    union,
)


def test_union_merges_overlapping_and_touching_spans() -> None:
    assert union([(4, 5), (0, 1), (1, 2), (1.5, 3)]) == ((0, 3), (4, 5))
    assert length([(4, 5), (0, 1), (1, 2), (1.5, 3)]) == 4


def test_shared_length_counts_overlap_of_unions_once() -> None:
    assert shared_length([(0, 4), (2, 6)], [(3, 5), (10, 11)]) == 2


def test_pair_ap_of_a_ranking_worked_by_hand() -> None:
    # right, wrong, right; a third true pair never listed: 1/3 * 1 + 1/3 * 2/3
    scores = {"a": 0.9, "x": 0.8, "b": 0.7}
    assert pair_average_precision({"a", "b", "c"}, scores) == pytest.approx(1 / 3 + 2 / 9)


def test_pair_ap_takes_equal_scores_together() -> None:
    assert pair_average_precision({"a"}, {"a": 0.5, "x": 0.5}) == pytest.approx(0.5)


def test_pair_ap_without_predictions_is_zero() -> None:
    assert pair_average_precision({"a"}, {}) == 0


def test_segment_ap_is_one_for_the_truth_itself() -> None:
    truth = [Stretch("p", (0, 10), (5, 15)), Stretch("q", (2, 4), (0, 2))]
    assert segment_average_precision(truth, truth) == pytest.approx(1)


def test_segment_ap_of_a_half_prediction_then_a_wrong_pair() -> None:
    truth = [Stretch("p", (0, 10), (0, 10))]
    half = Stretch("p", (0, 5), (0, 5), 0.9)
    wrong = Stretch("x", (0, 5), (0, 5), 0.8)
    rest = Stretch("p", (5, 10), (5, 10), 0.7)
    # half: P 1, R 0.5; wrong: P 0.5, R as before; rest: P 10/15, R 1
    assert segment_average_precision(truth, [rest, wrong, half]) == pytest.approx(0.5 + 0.5 * 10 / 15)


def test_segment_ap_is_the_geometric_mean_over_the_axes() -> None:
    truth = [Stretch("p", (0, 10), (0, 10))]
    loose = [Stretch("p", (0, 10), (0, 20))]
    assert segment_average_precision(truth, loose) == pytest.approx(sqrt(1 * 0.5))


def test_segment_ap_gives_nothing_for_the_right_query_time_at_the_wrong_archive_time() -> None:
    truth = [Stretch("p", (0, 10), (0, 10))]
    assert segment_average_precision(truth, [Stretch("p", (0, 10), (20, 30))]) == 0


def test_segment_f_multiplies_the_axes_without_a_root() -> None:
    truth = [Stretch("p", (0, 10), (0, 10))]
    figures = segment_f(truth, [Stretch("p", (0, 5), (0, 10))], other_pairs=4)
    assert (figures.precision, figures.recall) == pytest.approx((1, 0.5))
    assert figures.f == pytest.approx(2 / 3)
    assert (figures.missed, figures.alarmed) == (0, 0)


def test_segment_f_counts_missed_pairs_as_no_recall_and_false_pairs_as_no_precision() -> None:
    truth = [Stretch("p", (0, 10), (0, 10)), Stretch("q", (0, 10), (0, 10))]
    said = [Stretch("p", (0, 10), (0, 10)), Stretch("x", (0, 10), (0, 10))]
    figures = segment_f(truth, said, other_pairs=4)
    assert (figures.precision, figures.recall, figures.f) == pytest.approx((0.5, 0.5, 0.5))
    assert (figures.missed, figures.alarmed) == (0.5, 0.25)


def test_segment_f_sums_overlapping_predictions_as_vcsl_does() -> None:
    truth = [Stretch("p", (0, 10), (0, 10))]
    said = [Stretch("p", (0, 10), (0, 10)), Stretch("p", (5, 15), (5, 15))]
    # precision per axis (10 + 5) / (10 + 10); recall whole
    figures = segment_f(truth, said, other_pairs=1)
    assert (figures.precision, figures.recall) == pytest.approx((0.75**2, 1))


def test_overlap_of_boxes_is_intersection_over_union() -> None:
    assert overlap_share((0, 0, 1, 1), (0.5, 0, 1, 1)) == pytest.approx(1 / 3)
    assert overlap_share((0, 0, 0.2, 0.2), (0.5, 0.5, 0.1, 0.1)) == 0
