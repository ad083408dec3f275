"""The figures of one system: its predictions held against the right answers."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from benchmarks.recall.cards import CardScore, card_score
from benchmarks.recall.later_kinds import PLAINS
from benchmarks.recall.metrics import (
    SegmentF,
    Stretch,
    overlap_share,
    pair_average_precision,
    segment_average_precision,
    segment_f,
)
from benchmarks.recall.prediction import Outcome, Prediction
from benchmarks.recall.queries import Benchmark, Query
from benchmarks.recall.truth import STILL_SECONDS, BoxOrNone, Channel, Truth

ALIGNED_WITHIN = 0.5
"""Seconds by which the middle of a true segment may be off for its pair to count as aligned; a second for stills."""

type Pair = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Wrong:
    """A pair that was listed and shares nothing."""

    query_id: str
    edit: str
    made_as: str
    item: str
    channel: Channel
    score: float


@dataclass(frozen=True, slots=True)
class Missed:
    """A true pair that was not listed, or listed at another time (`error_seconds`)."""

    query_id: str
    edit: str
    item: str
    channel: Channel
    error_seconds: float | None


@dataclass(frozen=True, slots=True)
class EditRecall:
    """Of the true pairs of a kind of query: how many there are, were found, were found at the right time, and were
    found above the score of the highest wrong pair; and of its true segments how many there are and were found at the
    right time, each by a prediction that shares half of its stretch of the query."""

    pairs: int
    found: int
    aligned: int
    found_clean: int
    segments: int
    segments_aligned: int


@dataclass(frozen=True, slots=True)
class Distribution:
    """Median, 95th percentile and number of some errors."""

    median: float
    high: float
    count: int


@dataclass(frozen=True, slots=True)
class ChannelScore:
    """Figures of one channel; `pair_ap` to `segments` are `nan` where nothing was asked."""

    true_pairs: int
    pair_ap: float
    segment_ap: float
    segments: SegmentF
    by_edit: Mapping[str, EditRecall]
    wrong: tuple[Wrong, ...]
    missed: tuple[Missed, ...]


@dataclass(frozen=True, slots=True)
class Score:
    """All figures of a system.

    `false_alarms` are the unrelated queries with any wrong pair, and how many there are; `twin_alarms` those of other
    takes, `plain_alarms` those of hard negatives that show test bars, title cards and the like. Shares of
    right flags are over found picture pairs whose system says something.
    """

    system: str
    queries: int
    picture: ChannelScore
    sound: ChannelScore
    overall_pair_ap: float
    overall_segment_ap: float
    false_alarms: tuple[int, int]
    twin_alarms: tuple[int, int]
    plain_alarms: tuple[int, int]
    cards: CardScore
    alignment: Distribution
    boundaries: Distribution
    rate_error: Distribution
    mirrored_right: float
    direction_right: float
    rotation_right: float
    query_box_iou: float
    archive_box_iou: float


def score(benchmark: Benchmark, outcome: Outcome) -> Score:
    """The figures of an outcome; pairs about which nobody knows count neither way."""
    asked = benchmark.queries
    queries = {query.id: query for query in asked}
    ranked = [_comparable(p, queries[p.query_id]) for p in outcome.predictions if _counts(p, queries)]
    said = [p for p in ranked if p.score >= outcome.listed_from]
    picture = _channel(asked, ranked, said, "picture", len(benchmark.items))
    sound = _channel(asked, ranked, said, "sound", len(benchmark.items))
    wrong_ids = {wrong.query_id for wrong in (*picture.wrong, *sound.wrong)}
    matched = list(_matched(asked, said))
    shown = [(truth, prediction) for truth, prediction in matched if truth.channel == "picture"]
    return Score(
        outcome.system,
        len(asked),
        picture,
        sound,
        _pair_ap(asked, ranked, ("picture", "sound")),
        segment_average_precision(_true_stretches(asked, ("picture", "sound")), _stretches(ranked)),
        _alarms(asked, wrong_ids, "unrelated"),
        _alarms(asked, wrong_ids, "hardneg"),
        _alarms(asked, wrong_ids, PLAINS),
        card_score(asked, said, wrong_ids),
        _spread([_middle_error(t, p) for t, p in matched if t.rate is not None]),
        _spread([abs(p.query[n] - t.query[n]) for t, p in shown for n in (0, 1) if t.query != (0.0, STILL_SECONDS)]),
        _spread([abs(p.rate / t.rate - 1) for t, p in shown if t.rate and p.rate and t.rate * p.rate > 0]),
        _share(shown, lambda t, p: None if p.mirrored is None else p.mirrored == t.mirrored),
        _share(shown, lambda t, p: None if p.rate is None or t.rate is None else p.rate * t.rate > 0),
        _share(shown, _rotation_right),
        _median(_box_overlap(t.query_box, p.query_box) for t, p in shown),
        _median(_box_overlap(t.archive_box, p.archive_box) for t, p in shown),
    )


# --- comparable -----------------------------------------------------------------------------------------------------


def _counts(prediction: Prediction, queries: Mapping[str, Query]) -> bool:
    query = queries.get(prediction.query_id)
    return query is not None and (prediction.item, prediction.channel) not in query.answer.ignored


def _comparable(prediction: Prediction, query: Query) -> Prediction:
    """The prediction with the instant of a still widened as the truth's is."""
    still = any(t.rate is None for t in query.answer.truths if t.item == prediction.item)
    photograph = any(t.archive == (0.0, STILL_SECONDS) for t in query.answer.truths if t.item == prediction.item)
    asked = (0.0, STILL_SECONDS) if query.kind == "image" else prediction.query
    archive = prediction.archive
    if photograph and still:
        archive = (0.0, STILL_SECONDS)
    elif still or archive[1] - archive[0] < 1e-3:
        middle = (archive[0] + archive[1]) / 2
        archive = (middle - STILL_SECONDS / 2, middle + STILL_SECONDS / 2)
    if asked[1] - asked[0] < 1e-3:
        asked = (asked[0] - STILL_SECONDS / 2, asked[0] + STILL_SECONDS / 2)
    return replace(prediction, query=asked, archive=archive)


def _stretches(said: Sequence[Prediction]) -> list[Stretch]:
    return [Stretch((p.query_id, p.item, p.channel), p.query, p.archive, p.score) for p in said]


def _true_stretches(queries: Sequence[Query], channels: Sequence[Channel]) -> list[Stretch]:
    return [
        Stretch((query.id, truth.item, truth.channel), truth.query, truth.archive)
        for query in queries
        for truth in query.answer.truths
        if truth.channel in channels
    ]


# --- pairs and segments ---------------------------------------------------------------------------------------------


def _pair_ap(queries: Sequence[Query], said: Sequence[Prediction], channels: Sequence[Channel]) -> float:
    true = {(query.id, truth.item) for query in queries for truth in query.answer.truths if truth.channel in channels}
    return pair_average_precision(true, _best(p for p in said if p.channel in channels))


def _best(said: Iterator[Prediction]) -> dict[Pair, float]:
    best: dict[Pair, float] = {}
    for prediction in said:
        pair = (prediction.query_id, prediction.item)
        best[pair] = max(best.get(pair, -1.0), prediction.score)
    return best


def _channel(
    queries: Sequence[Query], ranked: Sequence[Prediction], listed: Sequence[Prediction], channel: Channel, items: int
) -> ChannelScore:
    said = [p for p in listed if p.channel == channel]
    everything = [p for p in ranked if p.channel == channel]
    truths = _true_stretches(queries, (channel,))
    true_pairs = {(query.id, t.item) for query in queries for t in query.answer.truths if t.channel == channel}
    best = _best(iter(said))
    edits = {query.id: query for query in queries}
    wrong = tuple(
        Wrong(pair[0], edits[pair[0]].edit, edits[pair[0]].made_as, pair[1], channel, value)
        for pair, value in sorted(best.items(), key=lambda entry: -entry[1])
        if pair not in true_pairs
    )
    errors = _pair_errors(queries, said, channel)
    missed = tuple(
        Missed(query_id, edits[query_id].edit, item, channel, errors.get((query_id, item)))
        for query_id, item in sorted(true_pairs)
        if not _aligned(errors.get((query_id, item)))
    )
    ignored = sum(len(query.answer.ignored) for query in queries)
    return ChannelScore(
        len(true_pairs),
        pair_average_precision(true_pairs, _best(iter(everything))),
        segment_average_precision(truths, _stretches(everything)),
        segment_f(truths, _stretches(said), len(queries) * items - len(true_pairs) - ignored),
        _by_edit(edits, true_pairs, best, errors, wrong[0].score if wrong else -1.0, _segments(queries, said, channel)),
        wrong,
        missed,
    )


def _aligned(error: float | None) -> bool:
    return error is not None and error <= ALIGNED_WITHIN


def _by_edit(  # noqa: PLR0917 - private, called in one line
    queries: Mapping[str, Query],
    true_pairs: set[Pair],
    best: Mapping[Pair, float],
    errors: Mapping[Pair, float],
    highest_wrong: float,
    segments: Mapping[str, tuple[int, int]],
) -> Mapping[str, EditRecall]:
    counts: dict[str, list[int]] = {}
    for pair in true_pairs:
        row = counts.setdefault(queries[pair[0]].edit, [0, 0, 0, 0])
        row[0] += 1
        row[1] += pair in best
        row[2] += _aligned(errors.get(pair))
        row[3] += best.get(pair, -2.0) > highest_wrong
    return {edit: EditRecall(*row, *segments.get(edit, (0, 0))) for edit, row in counts.items()}


def _segments(queries: Sequence[Query], said: Sequence[Prediction], channel: Channel) -> Mapping[str, tuple[int, int]]:
    """For each kind of query, its true segments and how many of them were found at the right time."""
    by_pair: dict[Pair, list[Prediction]] = {}
    for prediction in said:
        by_pair.setdefault((prediction.query_id, prediction.item), []).append(prediction)
    counts: dict[str, tuple[int, int]] = {}
    for query in queries:
        for truth in query.answer.truths:
            if truth.channel == channel:
                found = any(_shows(truth, one) for one in by_pair.get((query.id, truth.item), []))
                there, aligned = counts.get(query.edit, (0, 0))
                counts[query.edit] = there + 1, aligned + found
    return counts


def _shows(truth: Truth, prediction: Prediction) -> bool:
    shared = min(truth.query[1], prediction.query[1]) - max(truth.query[0], prediction.query[0])
    if shared < (truth.query[1] - truth.query[0]) / 2:
        return False
    against = _direction(prediction) * (truth.rate or 1.0) < 0
    return not against and _middle_error(truth, prediction) <= ALIGNED_WITHIN * (2.0 if truth.rate is None else 1.0)


def _pair_errors(queries: Sequence[Query], said: Sequence[Prediction], channel: Channel) -> dict[Pair, float]:
    """For each found true pair, the smallest error at the middle of any of its true segments, in ordinary tolerance."""
    errors: dict[Pair, float] = {}
    for query in queries:
        for truth in query.answer.truths:
            if truth.channel != channel:
                continue
            pair = (query.id, truth.item)
            for prediction in said:
                if (prediction.query_id, prediction.item) == pair:
                    scale = 2.0 if truth.rate is None else 1.0
                    against = _direction(prediction) * (truth.rate or 1.0) < 0
                    error = float("inf") if against else _middle_error(truth, prediction) / scale
                    errors[pair] = min(errors.get(pair, float("inf")), error)
    return errors


def _direction(prediction: Prediction) -> float:
    """The stated rate; a system that states none reads forwards."""
    return prediction.rate if prediction.rate is not None else 1.0


# --- how right ------------------------------------------------------------------------------------------------------


def _matched(queries: Sequence[Query], said: Sequence[Prediction]) -> Iterator[tuple[Truth, Prediction]]:
    """Each true segment with the prediction of its pair and channel that shares most query time with it."""
    by_pair: dict[tuple[str, str, str], list[Prediction]] = {}
    for prediction in said:
        by_pair.setdefault((prediction.query_id, prediction.item, prediction.channel), []).append(prediction)
    for query in queries:
        for truth in query.answer.truths:
            found = by_pair.get((query.id, truth.item, truth.channel), [])
            shared = [(min(p.query[1], truth.query[1]) - max(p.query[0], truth.query[0]), p) for p in found]
            if shared:
                most, prediction = max(shared, key=lambda entry: entry[0])
                if most > 0:
                    yield truth, prediction


def _middle_error(truth: Truth, prediction: Prediction) -> float:
    """Seconds between the true and the predicted archive time of the middle of the true segment."""
    true = (truth.archive[0] + truth.archive[1]) / 2
    if truth.rate is None:
        return abs((prediction.archive[0] + prediction.archive[1]) / 2 - true)
    second = (truth.query[0] + truth.query[1]) / 2
    slope = (prediction.archive[1] - prediction.archive[0]) / max(1e-6, prediction.query[1] - prediction.query[0])
    rate = prediction.rate if prediction.rate is not None else slope
    start = prediction.archive[0] if rate >= 0 else prediction.archive[1]
    return abs(start + rate * (second - prediction.query[0]) - true)


def _rotation_right(truth: Truth, prediction: Prediction) -> bool | None:
    if prediction.rotation_degrees is None:
        return None
    off = abs(prediction.rotation_degrees - truth.rotation_degrees) % 360
    return min(off, 360 - off) <= 10


def _box_overlap(true: BoxOrNone, said: BoxOrNone) -> float | None:
    return None if true is None or said is None else overlap_share(true, said)


def _median(values: Iterable[float | None]) -> float:
    known = [value for value in values if value is not None]
    return float(np.median(known)) if known else float("nan")


def _share(shown: Sequence[tuple[Truth, Prediction]], right: Callable[[Truth, Prediction], bool | None]) -> float:
    told = [verdict for truth, prediction in shown if (verdict := right(truth, prediction)) is not None]
    return sum(told) / len(told) if told else float("nan")


def _spread(errors: Sequence[float]) -> Distribution:
    if not errors:
        return Distribution(float("nan"), float("nan"), 0)
    return Distribution(float(np.median(errors)), float(np.percentile(errors, 95)), len(errors))


def _alarms(queries: Sequence[Query], wrong_ids: set[str], edit: str) -> tuple[int, int]:
    of_kind = [query.id for query in queries if query.edit == edit]
    return sum(identity in wrong_ids for identity in of_kind), len(of_kind)
