"""How shared end cards are reported: as a short segment at the right time, and nothing beyond it."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from benchmarks.recall.later_kinds import CARDS
from benchmarks.recall.prediction import Prediction
from benchmarks.recall.queries import Query
from benchmarks.recall.truth import Channel, Truth

OVER_SECONDS = 0.5
"""By so much may a segment exceed what query and item share before it counts as too long."""


@dataclass(frozen=True, slots=True)
class Reported:
    """Of the pairs of a query's card and an item that ends in it, how many were reported, and of these too long."""

    pairs: int
    found: int
    too_long: int


@dataclass(frozen=True, slots=True)
class CardScore:
    """Cards by channel; `alarms` are the queries of unknown footage with a card that match any item without one."""

    picture: Reported
    sound: Reported
    alarms: tuple[int, int]


def card_score(queries: Sequence[Query], said: Sequence[Prediction], wrong_ids: Collection[str]) -> CardScore:
    """The figures of the listed predictions; `wrong_ids` are queries with a pair that shares nothing."""
    by_pair: dict[tuple[str, str, str], list[Prediction]] = {}
    for one in said:
        by_pair.setdefault((one.query_id, one.item, one.channel), []).append(one)
    unknown = [query.id for query in queries if query.edit == CARDS]
    return CardScore(
        _reported(queries, by_pair, "picture"),
        _reported(queries, by_pair, "sound"),
        (sum(identity in wrong_ids for identity in unknown), len(unknown)),
    )


def _reported(
    queries: Sequence[Query], by_pair: Mapping[tuple[str, str, str], Sequence[Prediction]], channel: Channel
) -> Reported:
    pairs = found = too_long = 0
    for query in queries:
        for item, truths in _shared(query, channel).items():
            card = [truth for truth in truths if query.card and _inside(truth.query, query.card)]
            if not card:
                continue
            told = [p for p in by_pair.get((query.id, item, channel), []) if _meets(p.query, card[0].query)]
            pairs += 1
            found += bool(told)
            too_long += any(_beyond(prediction, truths) for prediction in told)
    return Reported(pairs, found, too_long)


def _shared(query: Query, channel: Channel) -> Mapping[str, list[Truth]]:
    by_item: dict[str, list[Truth]] = {}
    for truth in query.answer.truths:
        if truth.channel == channel:
            by_item.setdefault(truth.item, []).append(truth)
    return by_item


def _inside(span: tuple[float, float], outer: tuple[float, float]) -> bool:
    return span[0] >= outer[0] - 0.05 and span[1] <= outer[1] + 0.05


def _meets(first: tuple[float, float], second: tuple[float, float]) -> bool:
    return min(first[1], second[1]) > max(first[0], second[0])


def _beyond(prediction: Prediction, truths: Sequence[Truth]) -> bool:
    """Whether it reaches beyond all that the pair shares, on either side."""
    for said, true in (
        (prediction.query, [t.query for t in truths]),
        (prediction.archive, [t.archive for t in truths]),
    ):
        if (
            said[0] < min(low for low, _ in true) - OVER_SECONDS
            or said[1] > max(high for _, high in true) + OVER_SECONDS
        ):
            return True
    return False
