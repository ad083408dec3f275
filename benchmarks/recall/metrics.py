"""The published metrics of video copy localisation, on stretches of time.

A pair is a (query, item); a stretch is a box of a query span and an archive span, with seconds on both axes.
"""

import itertools
from collections import defaultdict
from collections.abc import Collection, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import sqrt

type Span = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Stretch:
    """A box in the plane of query time and archive time; `score` is meaningless for truths."""

    pair: Hashable
    query: Span
    archive: Span
    score: float = 1.0

    def axis(self, number: int) -> Span:
        """The query span (0) or the archive span (1)."""
        return self.archive if number else self.query

    def meets(self, other: "Stretch") -> bool:
        """Whether the two boxes share an area."""
        return all(min(self.axis(n)[1], other.axis(n)[1]) > max(self.axis(n)[0], other.axis(n)[0]) for n in (0, 1))


def union(spans: Iterable[Span]) -> tuple[Span, ...]:
    """The spans merged where they overlap or touch, in order."""
    merged: list[Span] = []
    for low, high in sorted(spans):
        if merged and low <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(high, merged[-1][1]))
        else:
            merged.append((low, high))
    return tuple(merged)


def length(spans: Iterable[Span]) -> float:
    """The length of the union of the spans."""
    return sum(high - low for low, high in union(spans))


def shared_length(first: Sequence[Span], second: Sequence[Span]) -> float:
    """The length of the intersection of two unions: |A| + |B| - |A or B|."""
    return max(0.0, length(first) + length(second) - length([*first, *second]))


def pair_average_precision[P: Hashable](true_pairs: Collection[P], scores: Mapping[P, float]) -> float:
    """Micro average precision over pairs: sum of P_i (R_i - R_{i-1}) over the distinct scores from the highest down.

    Recall counts all true pairs, those without any prediction too (VSC2022, `average_precision`).
    """
    if not true_pairs:
        return float("nan")
    ranked = sorted(scores.items(), key=lambda entry: -entry[1])
    right = listed = 0
    precision_sum = recall = 0.0
    for _, group in itertools.groupby(ranked, key=lambda entry: entry[1]):
        pairs = [pair for pair, _ in group]
        listed += len(pairs)
        right += sum(pair in true_pairs for pair in pairs)
        precision_sum += right / listed * (right / len(true_pairs) - recall)
        recall = right / len(true_pairs)
    return precision_sum


def segment_average_precision(truths: Sequence[Stretch], predictions: Sequence[Stretch]) -> float:
    """Segment micro average precision of the VSC2022 matching track (`match_metric`).

    Predictions of all pairs enter by falling score, equal scores together. Precision and recall are the geometric
    means over both axes of lengths: intersection of the predictions with those truths of their pair that they meet,
    over all predictions, and over all truths.
    """
    if not truths:
        return float("nan")
    by_pair = _by_pair(truths)
    wanted = [sum(length(t.axis(n) for t in pair) for pair in by_pair.values()) for n in (0, 1)]
    so_far: dict[Hashable, list[Stretch]] = defaultdict(list)
    shares: dict[Hashable, tuple[tuple[float, float], tuple[float, float]]] = {}
    hit, said = [0.0, 0.0], [0.0, 0.0]
    total = recall = 0.0
    for _, group in itertools.groupby(sorted(predictions, key=lambda p: -p.score), key=lambda p: p.score):
        for pair, members in _by_pair(list(group)).items():
            so_far[pair].extend(members)
            before = shares.get(pair, ((0.0, 0.0), (0.0, 0.0)))
            after = _pair_lengths(by_pair.get(pair, ()), so_far[pair])
            shares[pair] = after
            for n in (0, 1):
                hit[n] += after[n][0] - before[n][0]
                said[n] += after[n][1] - before[n][1]
        precision = sqrt(max(0.0, hit[0] / said[0] * hit[1] / said[1])) if said[0] and said[1] else 0.0
        now = sqrt(max(0.0, hit[0] / wanted[0] * hit[1] / wanted[1]))
        total += precision * (now - recall)
        recall = now
    return total


def _by_pair(stretches: Sequence[Stretch]) -> dict[Hashable, list[Stretch]]:
    found: dict[Hashable, list[Stretch]] = defaultdict(list)
    for stretch in stretches:
        found[stretch.pair].append(stretch)
    return found


def _pair_lengths(
    truths: Sequence[Stretch], predictions: Sequence[Stretch]
) -> tuple[tuple[float, float], tuple[float, float]]:
    """For each axis: the shared length with the truths that are met, and the length of the predictions."""
    met = [truth for truth in truths if any(truth.meets(prediction) for prediction in predictions)]
    query, archive = (
        (
            shared_length([p.axis(n) for p in predictions], [t.axis(n) for t in met]),
            length(p.axis(n) for p in predictions),
        )
        for n in (0, 1)
    )
    return query, archive


@dataclass(frozen=True, slots=True)
class SegmentF:
    """VCSL's precision, recall and F of segments; `missed` true pairs (FRR), `alarmed` others (FAR), as shares."""

    precision: float
    recall: float
    f: float
    missed: float
    alarmed: float


def segment_f(truths: Sequence[Stretch], predictions: Sequence[Stretch], other_pairs: int) -> SegmentF:
    """VCSL's segment precision, recall and F (`vcsl/metric.py`), averaged over pairs.

    Per pair, P = P_query · P_archive and R alike, where for each prediction the union over the truths that it meets of
    their intersection is summed, over the summed lengths of predictions; recall with roles swapped. A pair without
    predictions has no precision, one without truths no recall (the metric's "exact ones", left out of the means).

    Args:
        other_pairs: how many pairs without truth were asked about.
    """
    true_pairs, said_pairs = _by_pair(truths), _by_pair(predictions)
    precisions = [_coverage(said, true_pairs.get(pair, [])) for pair, said in said_pairs.items()]
    recalls = [_coverage(true, said_pairs.get(pair, [])) for pair, true in true_pairs.items()]
    precision = sum(precisions) / len(precisions) if precisions else 0.0
    recall = sum(recalls) / len(recalls) if recalls else 0.0
    f = 2 * precision * recall / (precision + recall) if precision + recall else 0.0
    missed = sum(pair not in said_pairs for pair in true_pairs)
    alarmed = sum(pair not in true_pairs for pair in said_pairs)
    return SegmentF(precision, recall, f, missed / max(1, len(true_pairs)), alarmed / max(1, other_pairs))


def _coverage(boxes: Sequence[Stretch], others: Sequence[Stretch]) -> float:
    """The product over the axes of the share of the boxes' summed lengths that boxes of `others` cover."""
    product = 1.0
    for n in (0, 1):
        covered = whole = 0.0
        for box in boxes:
            low, high = box.axis(n)
            met = [other.axis(n) for other in others if box.meets(other)]
            covered += length((max(low, a), min(high, b)) for a, b in met)
            whole += high - low
        product *= covered / whole if whole else 0.0
    return product


def overlap_share(first: tuple[float, ...], second: tuple[float, ...]) -> float:
    """Intersection over union of two boxes (left, top, width, height)."""
    width = min(first[0] + first[2], second[0] + second[2]) - max(first[0], second[0])
    height = min(first[1] + first[3], second[1] + second[3]) - max(first[1], second[1])
    shared = max(0.0, width) * max(0.0, height)
    whole = first[2] * first[3] + second[2] * second[3] - shared
    return shared / whole if whole else 0.0
