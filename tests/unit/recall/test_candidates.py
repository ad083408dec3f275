"""Which archived pictures are like those of the query, item by item."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
import pytest

from firsthand.model.match import Alignment
from firsthand.model.neighbours import Located, Neighbours
from firsthand.recall.align import Candidates, Line
from firsthand.recall.candidates import ItemLine, item_lines, strongest
from firsthand.recall.describing import Rows
from firsthand.recall.descriptors import Described
from firsthand.recall.pdq_descriptor import PdqDescriptor

type Codes = npt.NDArray[np.uint8]
type Shown = Sequence[tuple[float, Codes]]
METHOD = PdqDescriptor()


def codes(seed: int, count: int) -> Codes:
    """As far from one another as those of unrelated pictures."""
    return np.random.default_rng(seed).integers(0, 256, (count, 32), np.uint8)


def blurred(code: Codes, bits: int) -> Codes:
    """The code with so many bits changed."""
    flips = np.zeros(256, np.uint8)
    flips[:bits] = 1
    return np.asarray(code ^ np.packbits(np.random.default_rng(bits).permutation(flips)), np.uint8)


@dataclass(frozen=True, slots=True)
class Held:
    """An archive of whole pictures, searched exhaustively, but for the items `left_out`."""

    items: npt.NDArray[np.int64]
    times: npt.NDArray[np.float64]
    codes: Codes
    method: str = "pdq/1"
    left_out: frozenset[int] = frozenset()

    @property
    def size(self) -> int:
        return len(self.items) - int(np.isin(self.items, sorted(self.left_out)).sum())

    def nearest(self, asked: Codes, k: int) -> Neighbours:
        distances = np.bitwise_count(asked[:, None] ^ self.codes[None]).sum(axis=2, dtype=np.int32)
        rows = np.full((len(asked), k), -1, np.int64)
        distances[:, np.isin(self.items, sorted(self.left_out))] = 1000
        found = np.argsort(distances, axis=1, kind="stable")[:, : min(k, self.size)]
        rows[:, : found.shape[1]] = found
        return Neighbours(rows, np.where(rows >= 0, np.take_along_axis(distances, np.maximum(rows, 0), 1), -1))

    def locate(self, rows: npt.NDArray[np.int64]) -> Located:
        boxes = np.tile(np.array([0, 0, 1, 1], np.float32), (len(rows), 1))
        return Located(self.items[rows], self.times[rows], boxes, np.empty((len(rows), 0), np.int8), self.codes[rows])

    def without(self, items: frozenset[int]) -> "Held":
        return replace(self, left_out=self.left_out | items)

    def between(self, item: int, low: float, high: float) -> Located:
        raise NotImplementedError


def held(items: Mapping[int, Shown]) -> Held:
    every = [(key, time, code) for key, shown in items.items() for time, code in shown]
    return Held(
        np.array([key for key, _, _ in every], np.int64),
        np.array([time for _, time, _ in every], np.float64),
        np.stack([code for _, _, code in every]) if every else np.empty((0, 32), np.uint8),
    )


def asked(pictures: Codes, form: int = 0) -> Rows:
    """A query whose pictures look so in one of eight forms, one each half second."""
    forms = np.stack([codes(900 + place, len(pictures)) for place in range(8)])
    forms[form] = pictures
    boxes = np.tile(np.array([0, 0, 1, 1], np.float32), (len(pictures), 1))
    described = Described(forms, np.empty((len(pictures), 0), np.int8))
    return Rows(0.5 * np.arange(len(pictures)), boxes, described)


def at(pictures: Codes, start: float, rate: float = 1.0) -> list[tuple[float, Codes]]:
    return [(start + rate * 0.5 * place, code) for place, code in enumerate(pictures)]


QUERY = codes(1, 12)


@pytest.mark.parametrize("form", [0, 3, 4, 7])
def test_a_copy_is_found_at_its_place_in_whichever_form_it_is_alike(form: int) -> None:
    index = held({5: at(codes(2, 40), 0.0), 6: at([blurred(code, 30) for code in QUERY], 13.0)})
    [found] = item_lines(asked(QUERY, form), METHOD, index)
    assert (found.key, found.method) == (6, "pdq/1")
    assert found.line.alignment.rate == pytest.approx(1.0, abs=0.02)
    assert found.line.alignment.archive_time(3.0) == pytest.approx(16.0, abs=0.1)
    assert found.line.query_pictures == 12


def test_pictures_less_alike_than_the_method_asks_lead_nowhere() -> None:
    index = held({6: at([blurred(code, 100) for code in QUERY], 13.0)})
    assert item_lines(asked(QUERY), METHOD, index) == []


def test_only_the_items_asked_for_are_looked_at() -> None:
    index = held({key: at(QUERY, 10.0 * key) for key in (1, 2, 3)})
    assert {found.key for found in item_lines(asked(QUERY), METHOD, index)} == {1, 2, 3}
    assert {found.key for found in item_lines(asked(QUERY), METHOD, index, only=frozenset({2, 9}))} == {2}
    assert item_lines(asked(QUERY), METHOD, index, only=frozenset()) == []


def test_an_item_that_holds_the_footage_often_does_not_crowd_the_others_out() -> None:
    often = [shown for place in range(30) for shown in at(QUERY[:3], 20.0 * place)]
    index = held({1: often, 2: at([blurred(code, 40) for code in QUERY[:3]], 3.0)})
    keys = [found.key for found in item_lines(asked(QUERY[:3]), METHOD, index)]
    assert 2 <= keys.count(1) <= 10
    assert keys.count(2) == 1


def test_the_line_that_promises_most_comes_first() -> None:
    index = held({1: at(QUERY[:4], 3.0), 2: at(QUERY, 3.0), 3: at([blurred(code, 60) for code in QUERY], 3.0)})
    found = item_lines(asked(QUERY), METHOD, index)
    assert found[0].key == 2
    promises = [one.promise for one in found]
    assert promises == sorted(promises, reverse=True)


def test_of_very_many_lines_the_strongest_are_verified() -> None:
    boxes = np.zeros((1, 4), np.float32)
    support = Candidates(np.zeros(1), np.zeros(1), np.ones(1), boxes, boxes, np.ones(1))
    every = [ItemLine(key, "pdq/1", Line(Alignment(1.0, 0.0), float(key), support)) for key in range(1000)]
    kept = strongest(every)
    assert 10 < len(kept) < 200
    assert [one.key for one in kept] == list(range(999, 999 - len(kept), -1))


def test_an_empty_archive_and_an_empty_query_lead_nowhere() -> None:
    assert item_lines(asked(QUERY), METHOD, held({})) == []
    assert item_lines(asked(QUERY[:0]), METHOD, held({1: at(QUERY, 0.0)})) == []


def test_further_lines_of_an_item_stand_back_behind_the_first_ones_of_others() -> None:
    nothing = Candidates(
        np.zeros(0), np.zeros(0), np.zeros(0), np.zeros((0, 4), np.float32), np.zeros((0, 4), np.float32), np.zeros(0)
    )

    def line(votes: float) -> Line:
        return Line(Alignment(1.0, 0.0), votes, nothing)

    crowd = [ItemLine(key, "fake/1", line(9.0 - place), place) for key in range(1, 11) for place in range(6)]
    alone = ItemLine(99, "fake/1", line(3.5))
    ordered = strongest([*crowd, alone])
    assert len(ordered) == 48
    assert alone in ordered
    assert [one.place for one in ordered[:10]] == [0] * 10


def test_a_card_that_very_many_items_hold_leaves_a_place_to_weakly_alike_footage_of_one() -> None:
    """The card is on 80 items; of the footage before it one item holds a much-changed copy."""
    card, footage = codes(7, 10), codes(8, 6)
    items: dict[int, Shown] = {key: at(card, 3.0 + key) for key in range(80)}
    items[99] = at([blurred(code, 78) for code in footage], 5.0)
    found = item_lines(asked(np.concatenate([footage, card])), METHOD, held(items))
    assert 99 in {one.key for one in found}
    assert len(found) == 48


def test_of_many_copies_all_are_told_that_places_are_left_for() -> None:
    found = item_lines(asked(QUERY), METHOD, held({key: at(QUERY, 3.0) for key in range(40)}))
    assert {one.key for one in found} == set(range(40))


def test_hours_of_one_place_do_not_hide_another_item_that_shows_it() -> None:
    """One item holds 2,000 pictures that are all more like the query than its copy is."""
    hours = [(0.5 * n, blurred(QUERY[n % 3], 20 + n % 17)) for n in range(2000)]
    index = held({1: hours, 2: at([blurred(code, 60) for code in QUERY[:3]], 3.0)})
    assert 2 in {one.key for one in item_lines(asked(QUERY[:3]), METHOD, index)}
