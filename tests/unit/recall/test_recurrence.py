"""Stretches that recur in many items, and what they weigh."""

import numpy as np
import numpy.typing as npt
import pytest

from firsthand.model.match import Channel, Segment
from firsthand.model.span import Span
from firsthand.recall.recurrence import MANY, Shared, recurring, weight

type Codes = npt.NDArray[np.uint8]


def shared(
    key: int,
    *,
    query: tuple[float, float] = (6.0, 10.0),
    archive: tuple[float, float] = (20.0, 24.0),
    seconds: float | None = 24.0,
    recurs_in: int | None = None,
    channel: Channel = Channel.PICTURE,
) -> Shared:
    segment = Segment(
        channel, Span.of(*query), Span.of(*archive), 1.0, mirrored=False, rotation_degrees=0, query_box=None,
        archive_box=None, confidence=0.99, method="sscd/1", evidence=(), recurs_in=recurs_in,
    )  # fmt: skip
    return Shared(key, segment, seconds)


def scene(seed: int) -> Codes:
    return np.random.default_rng(seed).integers(0, 256, (18, 64), np.uint8)


def of_its_own(key: int, low: float, _high: float) -> Codes:
    """Each item shows footage of its own before the stretch, and nothing after it."""
    return scene(key) if low < 20 else np.zeros((0, 64), np.uint8)


def the_same(_key: int, _low: float, _high: float) -> Codes:
    return scene(1)


def test_a_card_of_many_unrelated_items_is_told_with_their_number() -> None:
    assert recurring([shared(key) for key in range(9)], of_its_own) == (9,) * 9


def test_few_items_are_not_many() -> None:
    assert recurring([shared(key) for key in range(MANY - 1)], of_its_own) == (None,) * (MANY - 1)


def test_copies_of_one_footage_do_not_make_it_common() -> None:
    """They go on alike before and after the stretch that the query shows."""
    assert recurring([shared(key) for key in range(9)], the_same) == (None,) * 9


def test_items_that_hold_nothing_else_are_copies_of_one_another() -> None:
    whole = [shared(key, archive=(0.0, 4.0), seconds=4.0) for key in range(9)]
    assert recurring(whole, of_its_own) == (None,) * 9


def test_footage_beside_the_card_does_not_recur() -> None:
    own = shared(50, query=(0.0, 6.0), archive=(3.0, 9.0), seconds=30.0)
    assert recurring([own, *(shared(key) for key in range(8))], of_its_own) == (None, *(8,) * 8)


def test_a_stretch_that_goes_on_beyond_the_card_does_not_recur() -> None:
    longer = shared(50, query=(0.0, 10.0), archive=(14.0, 24.0))
    assert recurring([longer, *(shared(key) for key in range(8))], of_its_own)[0] is None


def test_sound_and_pictures_are_counted_apart() -> None:
    every = [shared(key, channel=Channel.SOUND if key % 2 else Channel.PICTURE) for key in range(8)]
    assert recurring(every, of_its_own) == (None,) * 8


def test_the_more_items_the_less_weight() -> None:
    weights = [weight(shared(1, recurs_in=number), 10.0) for number in (6, 12, 60)]
    assert weights == sorted(weights, reverse=True)
    assert weights[-1] == pytest.approx(1 / (1 + np.log2(12)))


@pytest.mark.parametrize(
    ("one", "query_seconds"),
    [
        (shared(1), 10.0),
        (shared(1, archive=(0.0, 4.0), seconds=4.0, recurs_in=9), 10.0),
        (shared(1, recurs_in=9), 4.5),
        (shared(1, recurs_in=9), None),
    ],
    ids=["it does not recur", "it is all of the item", "it is all of the query", "the query is an image"],
)
def test_a_stretch_keeps_its_weight_where(one: Shared, query_seconds: float | None) -> None:
    assert weight(one, query_seconds) == 1.0
