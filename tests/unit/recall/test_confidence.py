"""The calibration that ships."""

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
