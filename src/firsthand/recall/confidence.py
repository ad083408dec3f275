"""How sure a verified overlap is: calibrated on pairs of known truth.

The calibration is data, written by the benchmark (`python -m benchmarks.calibrate`) and versioned with the methods:
logistic regression on what verification measured, apart for moving stretches and for stills.
"""

import math
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from importlib import resources

import msgspec

from firsthand.recall.align import Line
from firsthand.recall.verifying import Verified


class Curve(msgspec.Struct, frozen=True):
    """A logistic curve: weights of named features, the size of its sample, and where a match is first listed."""

    bias: float
    weights: dict[str, float]
    positives: int
    negatives: int
    listed_from: float


class FalseMatches(msgspec.Struct, frozen=True):
    """False matches seen on unrelated footage at the operating point, with the hours compared."""

    observed: int
    query_hours: float
    archive_hours: float
    upper_95_per_1000_h: float | None
    basis: str


class Growth(msgspec.Struct, frozen=True):
    """How much less sure the same overlap is in a larger archive than the one that the curves were fitted in.

    The more pictures an archive holds, the more wrong lines are verified for a query, each of them a chance to err.
    """

    pictures: int
    logit_a_tenfold: float
    basis: str

    def shift(self, pictures: int) -> float:
        """What the logit of a confidence changes by in an archive of so many pictures."""
        return -self.logit_a_tenfold * max(0.0, math.log10(max(1, pictures) / self.pictures))


class Calibration(msgspec.Struct, frozen=True):
    """All curves, what the archive's size changes, and the false matches observed."""

    version: str
    curves: dict[str, Curve]
    false_matches: FalseMatches
    growth: Growth | None = None


@cache
def calibration() -> Calibration:
    """The calibration shipped with the program."""
    data = resources.files("firsthand.recall").joinpath("calibration.json").read_bytes()
    return msgspec.json.decode(data, type=Calibration)


@dataclass(frozen=True, slots=True)
class Judgement:
    """A confidence from 0 to 1, and whether it reaches the operating point."""

    confidence: float
    listed: bool


def curve_name(verified: Verified) -> str:
    """The curve that fits: `moving`, `instant` (a still of something that moves) or `still` (nothing moves)."""
    if verified.agreement is not None:
        return "moving"
    return "instant" if verified.still is not None and verified.still.motion is not None else "still"


def measured(verified: Verified, line: Line) -> dict[str, float]:
    """The features by name, each growing with the likeness."""
    inliers = max((inliers for _, _, inliers in verified.pairs), default=0)
    values = {
        "inliers": math.log1p(verified.registration.inliers / max(1, len(verified.pairs))),
        "best_inliers": math.log1p(inliers),
        "votes": math.log1p(line.votes),
    }
    if verified.agreement is not None:
        values["motion"] = verified.agreement.motion
        values["prominence"] = verified.agreement.prominence
        values["picture"] = verified.agreement.picture
        values["frames"] = math.log1p(verified.agreement.frames)
        values["share"] = verified.agreement.share
        values["detail"] = verified.agreement.detail
    if verified.still is not None:
        values["picture"] = verified.still.picture
        values["motion"] = verified.still.motion or 0.0
        values["prominence"] = verified.still.prominence or 0.0
    return values


def judge(verified: Verified, line: Line, archive_pictures: int) -> Judgement:
    """The calibrated confidence of an overlap found among so many described pictures."""
    curve = calibration().curves[curve_name(verified)]
    values = measured(verified, line)
    total = curve.bias + sum(weight * values[name] for name, weight in curve.weights.items())
    growth = calibration().growth
    total += growth.shift(archive_pictures) if growth is not None else 0.0
    confidence = 1 / (1 + math.exp(-max(-60.0, min(60.0, total))))
    return Judgement(confidence, confidence >= curve.listed_from)


def sample_size(curves: Iterable[str] = ("moving",)) -> int | None:
    """The pairs of known truth that the least well measured of some curves rests on; `None` where none is a curve."""
    known = calibration().curves
    return min((known[name].positives + known[name].negatives for name in curves if name in known), default=None)
