"""The instants that samplings describe, and which lines count as placed."""

import numpy as np
import pytest

from benchmarks.recall.truth import Truth
from benchmarks.sampling.found import index_of, is_right
from benchmarks.sampling.instants import Glimpse, evenly, shots
from firsthand.model.match import Alignment
from firsthand.recall.align import Candidates, Line
from firsthand.recall.candidates import ItemLine
from firsthand.recall.describing import Rows
from firsthand.recall.descriptors import Described
from firsthand.recall.sampling import OF_ITEM, OF_QUERY


def glimpses(times: list[float], levels: list[int]) -> list[Glimpse]:
    return [
        Glimpse(time, np.full((18, 32), level, np.uint8), (320, 180)) for time, level in zip(times, levels, strict=True)
    ]


def line(rate: float, offset: float, archive: float = 0.0) -> ItemLine:
    boxes = np.zeros((1, 4), np.float32)
    support = Candidates(np.zeros(1), np.array([archive]), np.ones(1), boxes, boxes, np.ones(1))
    return ItemLine(0, "pdq/1", Line(Alignment(rate, offset), 1.0, support))


def test_even_samplings_take_the_first_picture_of_each_beat() -> None:
    times = [round(0.3 * place, 1) for place in range(10)]
    assert evenly(glimpses(times, [0] * 10), 1.0).tolist() == [0.0, 1.2, 2.1]
    assert evenly(glimpses(times, [0] * 10), 5.0).tolist() == times
    assert evenly([], 1.0).tolist() == []


def test_the_sampler_keeps_its_pace() -> None:
    times = [0.1 * place for place in range(31)]
    still = glimpses(times, [90] * 31)
    assert np.concatenate(shots(still, OF_QUERY)) == pytest.approx(np.arange(0, 3.01, 0.5), abs=0.101)
    assert np.concatenate(shots(still, OF_ITEM)) == pytest.approx(np.arange(0, 3.01, 1.0), abs=0.101)


def test_a_cut_parts_shots() -> None:
    found = shots(glimpses([0.0, 0.1, 0.2, 0.3], [10, 10, 200, 200]), OF_QUERY)
    assert [shot.tolist() for shot in found] == [[0.0], [0.2]]


@pytest.mark.parametrize(("offset", "right"), [(20.0, True), (20.45, True), (19.4, False)])
def test_a_line_is_right_within_half_a_second_at_the_middle(offset: float, *, right: bool) -> None:
    truth = Truth("a", "picture", (0.0, 4.0), (20.0, 24.0), 1.0)
    assert is_right(line(1.0, offset), truth) is right


def test_a_still_is_right_within_a_second_of_its_instant() -> None:
    truth = Truth("a", "picture", (0.0, 1.0), (7.5, 8.5), None)
    assert is_right(line(1.0, 0.0, archive=8.9), truth)
    assert not is_right(line(1.0, 8.0, archive=9.1), truth)


def test_the_archive_in_memory_names_items_by_their_place() -> None:
    def rows(count: int) -> Rows:
        codes = np.arange(count * 32, dtype=np.uint8).reshape(1, count, 32)
        return Rows(
            np.arange(count, dtype=np.float64),
            np.zeros((count, 4), np.float32),
            Described(codes, np.empty((count, 0), np.int8)),
        )

    index = index_of([rows(2), rows(0), rows(3)], "pdq/1")
    assert index.size == 5
    assert index.locate(np.array([0, 1, 2, 4])).items.tolist() == [0, 0, 2, 2]
