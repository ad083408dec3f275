"""What every `recall.DescriptorIndex` promises; run by the store's index and by one in memory."""

import subprocess
import sys
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Protocol

import numpy as np
import numpy.typing as npt
import pytest

from firsthand.model.digest import Digest
from firsthand.model.fingerprint import Fingerprint
from firsthand.model.item import Facts, Item, Keep, Kind, Provenance
from firsthand.model.neighbours import Located, Neighbours
from firsthand.recall.index import DescriptorIndex
from firsthand.store import fingerprints, items
from firsthand.store.database import open_for_reading, open_for_writing, transaction
from firsthand.store.index import open_index
from firsthand.store.layout import Layout

METHOD = "contract/1"
CODE_BYTES = 32
DIMENSIONS = 6


class Archive(Protocol):
    """What the suite does to whatever an index is made from; keys count from 1."""

    def add(self, fingerprint: Fingerprint) -> int: ...

    def remove(self, key: int) -> None: ...

    def index(self) -> DescriptorIndex: ...


@dataclass(frozen=True, slots=True)
class MemoryIndex:
    """The plainest index: every distance, sorted."""

    method: str
    stored: dict[int, tuple[int, Fingerprint]]

    @property
    def size(self) -> int:
        return sum(len(fingerprint.times) for _, fingerprint in self.stored.values())

    def nearest(self, codes: npt.NDArray[np.uint8], k: int) -> Neighbours:
        rows = np.full((len(codes), k), -1, np.int64)
        distances = np.full((len(codes), k), -1, np.int32)
        for place, code in enumerate(codes):
            found = sorted(
                (int(np.bitwise_count(code ^ other).sum()), start + offset)
                for start, fingerprint in self.stored.values()
                for offset, other in enumerate(fingerprint.codes)
            )[:k]
            for rank, (distance, row) in enumerate(found):
                rows[place, rank], distances[place, rank] = row, distance
        return Neighbours(rows, distances)

    def locate(self, rows: npt.NDArray[np.int64]) -> Located:
        found = [self._one(int(row)) for row in rows]
        return Located(
            items=np.array([key for key, _, _ in found], np.int64),
            times=np.array([one.times[at] for _, one, at in found], np.float64),
            boxes=np.array([one.boxes[at] for _, one, at in found], np.float32).reshape(-1, 4),
            vectors=np.array([one.vectors[at] for _, one, at in found], np.int8).reshape(-1, DIMENSIONS),
            codes=np.array([one.codes[at] for _, one, at in found], np.uint8).reshape(-1, CODE_BYTES),
        )

    def without(self, items: frozenset[int]) -> "MemoryIndex":
        return MemoryIndex(self.method, {key: one for key, one in self.stored.items() if key not in items})

    def between(self, item: int, low: float, high: float) -> Located:
        start, one = self.stored.get(item, (0, a_fingerprint(0, 0)))
        return self.locate(start + np.flatnonzero((one.times >= low) & (one.times <= high)))

    def _one(self, row: int) -> tuple[int, Fingerprint, int]:
        for key, (start, fingerprint) in self.stored.items():
            if start <= row < start + len(fingerprint.times):
                return key, fingerprint, row - start
        raise ValueError(f"expected rows of live descriptors, got {row}")


@dataclass(slots=True)
class MemoryArchive:
    stored: dict[int, tuple[int, Fingerprint]] = field(default_factory=dict)
    rows: int = 0
    last: int = 0

    def add(self, fingerprint: Fingerprint) -> int:
        self.last += 1
        self.stored[self.last] = (self.rows, fingerprint)
        self.rows += len(fingerprint.times)
        return self.last

    def remove(self, key: int) -> None:
        del self.stored[key]

    def index(self) -> DescriptorIndex:
        return MemoryIndex(METHOD, dict(self.stored))


@dataclass(slots=True)
class StoredArchive:
    """Every act opens the archive anew, as another process would."""

    layout: Layout
    last: int = 0

    def add(self, fingerprint: Fingerprint) -> int:
        self.last += 1
        with open_for_writing(self.layout) as db, transaction(db):
            key = items.insert(db, an_item(self.last), None)
            fingerprints.add(db, self.layout, key, fingerprint)
        return key

    def remove(self, key: int) -> None:
        with open_for_writing(self.layout) as db:
            items.withdraw(db, key, datetime.now(UTC))

    def index(self) -> DescriptorIndex:
        with open_for_reading(self.layout) as db:
            opened = open_index(db, self.layout, METHOD)
        assert opened is not None
        return opened


@pytest.fixture(params=["memory", "store"])
def archive(request: pytest.FixtureRequest, tmp_path: Path) -> Archive:
    return MemoryArchive() if request.param == "memory" else StoredArchive(Layout(tmp_path / "archive"))


def an_item(number: int) -> Item:
    return Item(
        digest=Digest(f"{number:064x}"),
        size_bytes=1,
        path=f"{number}.mp4",
        facts=Facts(Kind.VIDEO, "mp4", 1.0, 4, 3, 1, "h264", None),
        provenance=Provenance(),
        keep=Keep.COPY,
        added=datetime.now(UTC),
    )


def a_fingerprint(seed: int, count: int = 5) -> Fingerprint:
    random = np.random.default_rng(seed)
    return Fingerprint(
        method=METHOD,
        model=None,
        times=np.sort(random.random(count)) * 60,
        boxes=random.random((count, 4), np.float32),
        codes=random.integers(0, 256, (count, CODE_BYTES), np.uint8),
        vectors=random.integers(-128, 128, (count, DIMENSIONS)).astype(np.int8),
    )


def brute(codes: npt.NDArray[np.uint8], query: npt.NDArray[np.uint8]) -> list[int]:
    return sorted(int(np.bitwise_count(query ^ code).sum()) for code in codes)


def test_the_nearest_come_first_with_their_true_distances(archive: Archive) -> None:
    stored = [a_fingerprint(seed) for seed in range(4)]
    for one in stored:
        archive.add(one)
    queries = a_fingerprint(99, 3).codes
    found = archive.index().nearest(queries, 7)
    everything = np.concatenate([one.codes for one in stored])
    for query, distances in zip(queries, found.distances, strict=True):
        assert distances.tolist() == brute(everything, query)[:7]


def test_results_have_the_types_that_were_promised(archive: Archive) -> None:
    archive.add(a_fingerprint(0))
    index = archive.index()
    found = index.nearest(a_fingerprint(1, 2).codes, 3)
    located = index.locate(found.rows[0])
    assert (found.rows.dtype, found.distances.dtype) == (np.int64, np.int32)
    assert (found.rows.shape, found.distances.shape) == ((2, 3), (2, 3))
    assert (located.items.dtype, located.times.dtype, located.boxes.dtype) == (np.int64, np.float64, np.float32)
    assert (located.vectors.dtype, located.codes.dtype) == (np.int8, np.uint8)


def test_places_without_a_neighbour_are_minus_one(archive: Archive) -> None:
    archive.add(a_fingerprint(0, 2))
    found = archive.index().nearest(a_fingerprint(0, 2).codes, 4)
    assert found.rows[:, 2:].tolist() == [[-1, -1], [-1, -1]]
    assert found.distances[:, 2:].tolist() == [[-1, -1], [-1, -1]]
    assert (found.rows[:, :2] >= 0).all()


def test_equal_distances_are_ordered_by_row(archive: Archive) -> None:
    same = a_fingerprint(5, 9)
    same.codes[:] = same.codes[0]
    archive.add(same)
    rows = archive.index().nearest(same.codes[:1], 4).rows[0]
    assert rows.tolist() == sorted(rows.tolist()) == list(range(4))


def test_a_removed_item_is_gone_at_once(archive: Archive) -> None:
    keys = [archive.add(a_fingerprint(seed)) for seed in range(3)]
    archive.remove(keys[1])
    index = archive.index()
    found = index.nearest(a_fingerprint(1).codes, 15)
    live = found.rows[found.rows >= 0]
    assert index.size == 10
    assert set(index.locate(live).items.tolist()) == {keys[0], keys[2]}
    assert (found.rows >= 0).sum(axis=1).tolist() == [10] * 5


def test_an_added_item_is_found_by_the_next_index(archive: Archive) -> None:
    archive.add(a_fingerprint(0))
    archive.index()
    key = archive.add(a_fingerprint(1))
    index = archive.index()
    found = index.nearest(a_fingerprint(1).codes, 1)
    assert found.distances.tolist() == [[0]] * 5
    assert index.locate(found.rows[:, 0]).items.tolist() == [key] * 5


def test_an_index_that_is_open_keeps_its_answers(archive: Archive) -> None:
    key = archive.add(a_fingerprint(0))
    index = archive.index()
    archive.remove(key)
    archive.add(a_fingerprint(1))
    assert index.size == 5
    assert index.nearest(a_fingerprint(0).codes, 1).distances.tolist() == [[0]] * 5


def test_located_rows_are_what_was_put_in(archive: Archive) -> None:
    stored = {archive.add(one): one for one in (a_fingerprint(seed, 4) for seed in range(3))}
    index = archive.index()
    for key, one in stored.items():
        located = index.locate(index.nearest(one.codes, 1).rows[:, 0])
        assert located.items.tolist() == [key] * 4
        np.testing.assert_array_equal(located.times, one.times)
        np.testing.assert_array_equal(located.boxes, one.boxes)
        np.testing.assert_array_equal(located.vectors, one.vectors)
        np.testing.assert_array_equal(located.codes, one.codes)


def test_rows_that_are_not_live_are_refused(archive: Archive) -> None:
    first, second = archive.add(a_fingerprint(0)), archive.add(a_fingerprint(1))
    archive.add(a_fingerprint(2))
    gone = archive.index().nearest(a_fingerprint(1).codes, 1).rows[:, 0]
    archive.remove(second)
    for rows in (gone, np.array([-1]), np.array([10_000])):
        with pytest.raises(ValueError, match="live descriptors"):
            archive.index().locate(rows)
    assert first


def test_items_that_are_left_out_are_not_found_and_the_others_as_before(archive: Archive) -> None:
    keys = [archive.add(a_fingerprint(seed)) for seed in range(3)]
    index = archive.index()
    fewer = index.without(frozenset({keys[0], 10_000}))
    found = fewer.nearest(a_fingerprint(0).codes, 15)
    assert (index.size, fewer.size) == (15, 10)
    assert (found.rows >= 0).sum(axis=1).tolist() == [10] * 5
    assert set(index.locate(found.rows[found.rows >= 0]).items.tolist()) == {keys[1], keys[2]}
    assert fewer.without(frozenset(keys)).size == 0


def test_what_an_item_shows_between_two_times_is_told(archive: Archive) -> None:
    archive.add(a_fingerprint(0))
    one = a_fingerprint(1, 12)
    key = archive.add(one)
    index = archive.index()
    low, high = float(one.times[3]), float(one.times[7])
    found = index.between(key, low, high)
    assert found.times.tolist() == one.times[3:8].tolist()
    np.testing.assert_array_equal(found.codes, one.codes[3:8])
    assert set(found.items.tolist()) == {key}
    assert len(index.between(key, 100.0, 200.0).times) == 0
    assert len(index.between(10_000, 0.0, 60.0).times) == 0


def test_the_index_names_its_method(archive: Archive) -> None:
    archive.add(a_fingerprint(0))
    assert archive.index().method == METHOD


def test_both_indexes_answer_alike_however_the_live_rows_are_scattered(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("firsthand.store.index._LONG_RUN", 16)
    monkeypatch.setattr("firsthand.store.index._GATHERED_ROWS", 16)
    memory, stored = MemoryArchive(), StoredArchive(Layout(tmp_path / "archive"))
    for seed, count in enumerate([3, 40, 1, 7, 2, 9, 30, 5]):
        assert memory.add(a_fingerprint(seed, count)) == stored.add(a_fingerprint(seed, count))
    for key in (2, 4, 6):
        memory.remove(key)
        stored.remove(key)
    queries = a_fingerprint(50, 6).codes
    expected, got = memory.index().nearest(queries, 60), stored.index().nearest(queries, 60)
    np.testing.assert_array_equal(got.rows, expected.rows)
    np.testing.assert_array_equal(got.distances, expected.distances)


def test_an_item_added_by_another_process_is_found_at_once(tmp_path: Path) -> None:
    archive = StoredArchive(Layout(tmp_path / "archive"))
    archive.add(a_fingerprint(0))
    archive.index()
    child = (
        "import pathlib, test_descriptor_index as suite\n"
        f"layout = suite.Layout(pathlib.Path({str(archive.layout.folder)!r}))\n"
        "suite.StoredArchive(layout, 1).add(suite.a_fingerprint(7))"
    )
    subprocess.run([sys.executable, "-c", child], cwd=Path(__file__).parent, check=True)  # noqa: S603
    assert archive.index().nearest(a_fingerprint(7).codes, 1).distances.tolist() == [[0]] * 5


def test_codes_of_another_width_are_refused(tmp_path: Path) -> None:
    archive = StoredArchive(Layout(tmp_path / "archive"))
    archive.add(a_fingerprint(0))
    with pytest.raises(ValueError, match="32 bytes"):
        archive.index().nearest(np.zeros((1, 31), np.uint8), 1)
