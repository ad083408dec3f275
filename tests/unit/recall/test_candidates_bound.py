from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pytest

from firsthand.model.neighbours import Located, Neighbours
from firsthand.recall import candidates
from firsthand.recall.candidates import item_lines
from firsthand.recall.describing import Rows
from firsthand.recall.descriptors import Described, Pictures

FLOOR = 0.2


@dataclass(frozen=True, slots=True)
class Compared:
    """Compares vectors by their cosine; codes are row numbers that nobody reads."""

    method: str = "made/1"
    model: str | None = None
    candidate_similarity: float = FLOOR

    def describe(self, pictures: Pictures, *, query: bool) -> Described:
        raise NotImplementedError

    def similarity(
        self,
        query: Described,
        form: npt.NDArray[np.intp],  # noqa: ARG002
        row: npt.NDArray[np.intp],
        codes: npt.NDArray[np.uint8],  # noqa: ARG002
        vectors: npt.NDArray[np.int8],
    ) -> npt.NDArray[np.float64]:
        left, right = query.vectors[row].astype(float), vectors.astype(float)
        return np.asarray(
            np.einsum("ij,ij->i", left, right) / np.linalg.norm(left, axis=1) / np.linalg.norm(right, axis=1)
        )


@dataclass(frozen=True, slots=True)
class Plain:
    """Items of vectors, a second apart, compared with everything."""

    vectors: npt.NDArray[np.int8]
    items: npt.NDArray[np.int64]
    times: npt.NDArray[np.float64]
    asked: npt.NDArray[np.int8]
    method: str = "made/1"

    @property
    def size(self) -> int:
        return len(self.items)

    def nearest(self, codes: npt.NDArray[np.uint8], k: int) -> Neighbours:
        asked = self.asked[codes[:, 0]].astype(float)
        order = np.argsort(-(asked @ self.vectors.T.astype(float)), axis=1)[:, :k]
        return Neighbours(order.astype(np.int64), np.zeros(order.shape, np.int32))

    def locate(self, rows: npt.NDArray[np.int64]) -> Located:
        boxes = np.tile(np.array([0, 0, 1, 1], np.float32), (len(rows), 1))
        codes = np.zeros((len(rows), 1), np.uint8)
        return Located(self.items[rows], self.times[rows], boxes, self.vectors[rows], codes)

    def without(self, items: frozenset[int]) -> "Plain":
        raise NotImplementedError

    def between(self, item: int, low: float, high: float) -> Located:
        raise NotImplementedError


def scene(seed: int) -> tuple[Rows, Plain]:
    """A query of 12 pictures, ten items of noise that share a little with them, and a copy of 6 pictures."""
    random = np.random.default_rng(seed)
    query = random.normal(0, 30, (12, 24))
    noise = random.normal(0, 30, (150, 24)) + 0.3 * query[random.integers(0, 12, 150)]
    copy = query[3:9] + random.normal(0, 8, (6, 24))
    vectors = np.clip(np.concatenate([noise, copy]), -127, 127).astype(np.int8)
    items = np.append(np.arange(150) // 15, np.full(6, 99))
    times = np.append(np.arange(150) % 15, np.arange(6)).astype(float)
    asked = np.clip(query, -127, 127).astype(np.int8)
    boxes = np.tile(np.array([0, 0, 1, 1], np.float32), (12, 1))
    rows = Rows(np.arange(12.0), boxes, Described(np.arange(12, dtype=np.uint8).reshape(1, 12, 1), asked))
    return rows, Plain(vectors, items, times, asked)


@pytest.mark.parametrize("seed", range(4))
def test_passing_over_items_that_promise_little_changes_no_answer(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    rows, index = scene(seed)
    monkeypatch.setattr(candidates, "_LINES", 3)
    few = item_lines(rows, Compared(), index)
    monkeypatch.setattr(candidates, "_LINES", 1000)
    every = item_lines(rows, Compared(), index)
    assert len(few) == 3 < len(every)
    assert [(one.key, one.line.votes, one.line.alignment) for one in few] == [
        (one.key, one.line.votes, one.line.alignment) for one in every[:3]
    ]
    assert few[0].key == 99
    assert few[0].line.alignment.offset == pytest.approx(-3, abs=0.3)


def test_only_the_items_asked_for_are_told() -> None:
    rows, index = scene(0)
    assert {one.key for one in item_lines(rows, Compared(), index, only=frozenset({4, 99}))} == {4, 99}
    assert item_lines(rows, Compared(), index, only=frozenset()) == []


def test_nothing_is_found_where_nothing_is_alike() -> None:
    rows, index = scene(0)
    assert item_lines(rows, Compared(candidate_similarity=1.1), index) == []
