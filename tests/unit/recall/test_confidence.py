"""The calibration that ships."""

import pytest

from firsthand.recall.confidence import calibration, sample_size


def test_every_curve_ships_with_its_sample_and_only_grows_with_likeness() -> None:
    curves = calibration().curves
    assert set(curves) == {"moving", "instant", "still"}
    for curve in curves.values():
        assert all(weight >= 0 for weight in curve.weights.values())
        assert 0.5 <= curve.listed_from < 1
    assert curves["moving"].positives > 100


def test_the_sample_named_is_that_of_the_least_known_curve() -> None:
    assert sample_size(("moving", "still")) == sample_size(("still",))
    assert sample_size(("same bytes",)) is None


def test_the_same_overlap_is_less_sure_in_a_larger_archive_and_never_surer() -> None:
    growth = calibration().growth
    assert growth is not None
    assert growth.shift(0) == growth.shift(growth.pictures) == 0
    assert growth.shift(10 * growth.pictures) == pytest.approx(-growth.logit_a_tenfold)
    assert growth.shift(1000 * growth.pictures) == pytest.approx(-3 * growth.logit_a_tenfold)
    assert growth.logit_a_tenfold > 0
