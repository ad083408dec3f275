"""Long queries in parts, and lines that go on from one part to the next."""

import itertools

import numpy as np
import pytest

from firsthand.model.match import Alignment
from firsthand.recall.align import Candidates, Line
from firsthand.recall.candidates import ItemLine
from firsthand.recall.describing import Rows
from firsthand.recall.descriptors import Described
from firsthand.recall.long_queries import joined, parts


def rows(seconds: float, a_second: int = 5) -> Rows:
    times = np.arange(round(seconds * a_second)) / a_second
    codes = np.zeros((1, len(times), 64), np.uint8)
    boxes = np.tile(np.array([0, 0, 1, 1], np.float32), (len(times), 1))
    return Rows(times, boxes, Described(codes, np.zeros((len(times), 512), np.int8)))


def line(start: float, end: float, rate: float = 1.0, offset: float = 100.0, key: int = 1) -> ItemLine:
    """A line with two pictures a second, off by a tenth of a second at most."""
    times = np.arange(start, end, 0.5)
    noise = np.random.default_rng(3).uniform(-0.1, 0.1, len(times))
    whole = np.tile(np.array([0, 0, 1, 1], np.float32), (len(times), 1))
    support = Candidates(
        times, offset + rate * times + noise, np.full(len(times), 0.8), whole, whole, np.ones(len(times))
    )
    return ItemLine(key, "method/1", Line(Alignment(rate, offset), 0.6 * len(times), support))


def test_a_short_query_is_one_part() -> None:
    asked = rows(90)
    assert [part is asked for part in parts(asked)] == [True]


def test_the_parts_of_a_long_query_hold_all_of_it_and_are_small_however_long_it_is() -> None:
    most = []
    for seconds in (1200, 7200):
        asked = rows(seconds)
        made = list(parts(asked))
        assert set(np.concatenate([part.times for part in made])) == set(asked.times)
        assert all(len(part.described.vectors) == len(part.times) == len(part.boxes) for part in made)
        most.append(max(len(part.times) for part in made))
    assert max(most) < 4000
    assert most[1] == pytest.approx(most[0], rel=0.5)


def test_neighbouring_parts_overlap() -> None:
    made = list(parts(rows(3600)))
    assert len(made) > 2
    for before, after in itertools.pairwise(made):
        assert before.times[-1] - after.times[0] == pytest.approx(16, abs=1)


def test_a_line_that_goes_on_becomes_one_through_all_that_supports_it() -> None:
    [found] = joined([[line(0, 310, 1.1004)], [line(294, 620, 1.0996, 100.25)], [line(604, 900, 1.1, 100.1)]])
    assert found.line.support.query_times[[0, -1]].tolist() == [0.0, 899.5]
    assert len(np.unique(found.line.support.query_times)) == len(found.line.support.query_times)
    assert found.line.alignment.rate == pytest.approx(1.1, abs=1e-3)
    assert found.line.votes == pytest.approx(0.6 * 1800, rel=0.01)


def test_what_jumps_in_time_stays_apart() -> None:
    assert len(joined([[line(0, 310)], [line(294, 620, offset=280.0)]])) == 2


def test_lines_of_two_items_stay_apart() -> None:
    assert [one.key for one in joined([[line(0, 310)], [line(294, 620, key=2)]])] == [1, 2]


def test_a_line_that_ends_early_is_not_gone_on_with() -> None:
    assert len(joined([[line(0, 200)], [line(310, 620)]])) == 2


def test_several_lines_of_a_part_are_kept() -> None:
    found = joined([[line(0, 310), line(0, 310, offset=900.0)], [line(294, 620, offset=900.0)]])
    assert sorted(float(one.line.support.query_times[-1]) for one in found) == [309.5, 619.5]
