"""How sure a shared stretch of sound is: calibrated on pairs of known truth, apart from pictures.

The calibration is data, written by `python -m benchmarks.calibrate_sound`. Where an item's sound track is lost, only
the landmarks count, on a curve of their own.
"""

import math
from collections.abc import Iterable
from functools import cache
from importlib import resources

import msgspec

from firsthand.recall import confidence
from firsthand.recall.confidence import Calibration, Judgement

HEARD, LANDMARKS_ALONE = "sound", "sound-landmarks"
"""Curves: with the waves and spectra of both sides, and without."""


@cache
def sound_calibration() -> Calibration:
    """The calibration shipped with the program."""
    data = resources.files("firsthand.recall").joinpath("sound_calibration.json").read_bytes()
    return msgspec.json.decode(data, type=Calibration)


def judge_sound(name: str, features: dict[str, float]) -> Judgement:
    """The calibrated confidence of a stretch, by the curve of that name."""
    curve = sound_calibration().curves[name]
    total = curve.bias + sum(weight * features[feature] for feature, weight in curve.weights.items())
    certainty = 1 / (1 + math.exp(-max(-60.0, min(60.0, total))))
    return Judgement(certainty, certainty >= curve.listed_from)


def sample_size(curves: Iterable[str]) -> int | None:
    """The pairs of known truth that the least well measured of some curves rests on, of pictures and of sound."""
    names = tuple(curves)
    known = sound_calibration().curves
    sizes = [known[name].positives + known[name].negatives for name in names if name in known]
    pictures = confidence.sample_size(name for name in names if name not in known)
    return min([*sizes, *((pictures,) if pictures is not None else ())], default=None)
