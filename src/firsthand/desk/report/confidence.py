"""A calibrated confidence in words that a reader can weigh."""

import math

_Z = 1.959964
"""The normal quantile of a two-sided 95 % interval."""


def band(confidence: float, sample_size: int) -> tuple[int, int]:
    """The 95 % interval around `confidence`, in whole matches of a hundred, widened outwards.

    Wilson's score interval (Wilson 1927, doi:10.1080/01621459.1927.10502953) for a share measured on `sample_size`.
    """
    if sample_size < 1:
        return 0, 100
    spread = _Z * math.sqrt(confidence * (1 - confidence) / sample_size + _Z**2 / (4 * sample_size**2))
    shrink = 1 + _Z**2 / sample_size
    centre = confidence + _Z**2 / (2 * sample_size)
    low, high = (centre - spread) / shrink, (centre + spread) / shrink
    return max(0, math.floor(100 * low + 1e-9)), min(100, math.ceil(100 * high - 1e-9))


def band_words(confidence: float, sample_size: int | None) -> str:
    """Such as `97 to 100 of 100` with a dash, or `about 99 of 100` where the size of the sample is not known."""
    if sample_size is None:
        return f"about {math.floor(100 * confidence)} of 100"
    if sample_size < 1:
        return "not measured yet"
    low, high = band(confidence, sample_size)
    return f"{low} of 100" if low == high else f"{low}\N{EN DASH}{high} of 100"


def confidence_sentence(confidence: float, sample_size: int | None) -> str:
    """What the confidence rests on, in one sentence."""
    if sample_size is not None and sample_size < 1:
        return "How often such matches are right has not been measured yet."
    share = band_words(confidence, sample_size)
    if sample_size is None:
        return f"{share.capitalize()} such matches on the benchmark were right, of a number that is not stated."
    noun = "match" if sample_size == 1 else "matches"
    return f"{share} such matches on the benchmark were right (95% interval, measured on {sample_size:,} {noun})."
