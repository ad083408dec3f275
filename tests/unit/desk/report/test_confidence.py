import pytest

from firsthand.desk.report.confidence import band, band_words, confidence_sentence


def test_the_band_is_wilsons_interval_widened_to_whole_matches() -> None:
    # R: prop.test(238, 240, correct = FALSE)$conf.int is 0.9702 to 0.9977.
    assert band(238 / 240, 240) == (97, 100)


def test_a_perfect_share_of_a_small_sample_is_not_told_as_certain() -> None:
    assert band(1.0, 10) == (72, 100)


def test_a_larger_sample_narrows_the_band() -> None:
    widths = [high - low for low, high in (band(0.9, size) for size in (10, 100, 1000))]
    assert widths == sorted(widths, reverse=True)


@pytest.mark.parametrize("size", [0, -1])
def test_without_a_sample_the_band_holds_everything(size: int) -> None:
    assert band(0.99, size) == (0, 100)


def test_a_confidence_that_was_never_calibrated_is_not_given_a_number() -> None:
    assert confidence_sentence(0.99, 0) == "How often such matches are right has not been measured yet."
    assert band_words(0.99, 0) == "not measured yet"


def test_the_sentence_names_the_sample() -> None:
    assert confidence_sentence(238 / 240, 240) == (
        "97\N{EN DASH}100 of 100 such matches on the benchmark were right (95% interval, measured on 240 matches)."
    )
    assert "not stated" in confidence_sentence(0.991, None)
    assert confidence_sentence(0.991, None).startswith("About 99 of 100")
