"""Hashes of sound: what is added is there at once, what is withdrawn is gone at once, however runs are merged."""

import os
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, datetime

import numpy as np
import pytest

from firsthand.errors import ArchiveDamagedError
from firsthand.model.item import Item
from firsthand.model.selection import Selection
from firsthand.model.sound import HASH_BITS, SoundPrint
from firsthand.store import items, migrations, sounds
from firsthand.store.database import open_for_reading, open_for_writing, transaction
from firsthand.store.hash_runs import merged, packed, ticks_of
from firsthand.store.layout import Layout
from firsthand.store.sound_index import open_sound_index

METHOD = "landmarks/1"


def sound(seed: int, count: int = 50, ticks: int = 400, alphabet: int = 30) -> SoundPrint:
    random = np.random.default_rng(seed)
    return SoundPrint(
        METHOD, ticks, random.integers(0, alphabet, count).astype(np.uint32), np.sort(random.integers(0, ticks, count))
    )


@pytest.fixture
def db(layout: Layout) -> Iterator[sqlite3.Connection]:
    with open_for_writing(layout) as connection:
        yield connection


type Put = Callable[[int, SoundPrint], int]


@pytest.fixture
def put(db: sqlite3.Connection, layout: Layout, item: Callable[..., Item]) -> Put:
    def run(number: int, made: SoundPrint) -> int:
        with transaction(db):
            key = items.insert(db, item(number), None)
            sounds.add(db, layout, key, made)
        return key

    return run


def found(layout: Layout, hashes: list[int], most: int = 10**6) -> set[tuple[int, int, int]]:
    with open_for_reading(layout) as db:
        index = open_sound_index(db, layout, METHOD)
        if index is None:
            return set()
        hits = index.lookup(np.array(hashes, np.uint32), most)
    return set(zip(hits.asked.tolist(), hits.items.tolist(), hits.times.tolist(), strict=True))


def plain(held: dict[int, SoundPrint], hashes: list[int]) -> set[tuple[int, int, int]]:
    """The same by looking at everything."""
    return {
        (asked, key, time)
        for asked, wanted in enumerate(hashes)
        for key, one in held.items()
        for value, time in zip(one.hashes.tolist(), one.times.tolist(), strict=True)
        if value == wanted
    }


def test_a_lookup_finds_what_looking_at_everything_finds(layout: Layout, db: sqlite3.Connection, put: Put) -> None:
    held: dict[int, SoundPrint] = {}
    asked = [3, 3, 29, 0, 400_000]
    for number in range(1, 2 * sounds.FAN_IN + 5):
        made = sound(number, count=0 if number == 7 else 40)
        held[put(number, made)] = made
        if number % 9 == 0:
            assert found(layout, asked) == plain(held, asked)
    assert found(layout, asked) == plain(held, asked)
    levels = [run.level for run in sounds.runs(db, METHOD)]
    assert levels.count(1) == 2
    assert levels.count(0) < sounds.FAN_IN


def test_a_withdrawn_item_is_gone_at_once_and_back_at_once(layout: Layout, db: sqlite3.Connection, put: Put) -> None:
    one, other = put(1, sound(1)), put(2, sound(2))
    items.withdraw(db, one, datetime.now(UTC))
    assert {item for _, item, _ in found(layout, list(range(30)))} == {other}
    db.execute("UPDATE item SET withdrawn = NULL")
    assert {item for _, item, _ in found(layout, list(range(30)))} == {one, other}


def test_an_add_that_fails_leaves_nothing(
    layout: Layout, db: sqlite3.Connection, put: Put, item: Callable[..., Item]
) -> None:
    key = put(1, sound(1))

    def broken() -> None:
        with transaction(db):
            sounds.add(db, layout, items.insert(db, item(2), None), sound(2))
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        broken()
    assert {one for _, one, _ in found(layout, list(range(30)))} == {key}
    again = put(3, sound(3))
    held = {key: sound(1), again: sound(3)}
    assert found(layout, list(range(30))) == plain(held, list(range(30)))


def test_a_reader_that_began_before_a_merge_still_reads(layout: Layout, put: Put) -> None:
    held = {put(number, sound(number)): sound(number) for number in range(1, sounds.FAN_IN)}
    with open_for_reading(layout) as before:
        before.execute("SELECT count(*) FROM item").fetchone()
        put(sounds.FAN_IN, sound(sounds.FAN_IN))
        index = open_sound_index(before, layout, METHOD)
        assert index is not None
        hits = index.lookup(np.arange(30, dtype=np.uint32), 10**6)
    assert len(hits.items) == sum(len(one.hashes) for one in held.values())


def test_files_that_no_row_names_are_cleared_a_day_later(layout: Layout, put: Put) -> None:
    for number in range(1, sounds.FAN_IN + 1):
        put(number, sound(number))
    folder = sounds.files(layout, METHOD).folder
    assert len(list(folder.iterdir())) == sounds.FAN_IN + 1
    for path in folder.iterdir():
        os.utime(path, (0, 0))
    for number in range(sounds.FAN_IN + 1, 2 * sounds.FAN_IN + 1):
        put(number, sound(number))
    assert len(list(folder.iterdir())) == sounds.FAN_IN + 2
    assert len({one for _, one, _ in found(layout, list(range(30)))}) == 2 * sounds.FAN_IN


def test_the_rarest_hashes_come_first_where_there_are_too_many(layout: Layout, put: Put) -> None:
    hashes = np.array([1] * 50 + [2] * 3, np.uint32)
    put(1, SoundPrint(METHOD, 100, hashes, np.arange(53)))
    assert {asked for asked, _, _ in found(layout, [1, 2], most=20)} == {1}


def test_collections_are_kept_to(db: sqlite3.Connection, put: Put) -> None:
    one, _ = put(1, sound(1)), put(2, sound(2))
    db.execute("UPDATE item SET collection = 'a' WHERE key = ?", (one,))
    assert sounds.live_stretches(db, METHOD, Selection(collections=("a",))).items.tolist() == [one]


def test_a_missing_run_is_damage(layout: Layout, put: Put) -> None:
    put(1, sound(1))
    for path in sounds.files(layout, METHOD).folder.iterdir():
        path.unlink()
    with pytest.raises(ArchiveDamagedError, match="sound hashes"):
        found(layout, [1])


def test_an_archive_of_version_1_has_no_sound_and_is_brought_to_version_2(layout: Layout) -> None:
    layout.folder.mkdir()
    with closing(sqlite3.connect(layout.database, isolation_level=None)) as old:
        migrations.migrate(old, "old", migrations.MIGRATIONS[:1])
        assert sounds.live_stretches(old, METHOD).items.size == 0
        assert sounds.runs(old, METHOD) == ()
        assert sounds.heard(old) == ()
        assert sounds.recorded(old, 1) == ()
        assert sounds.has(old, 1, METHOD) is None
    assert found(layout, [1]) == set()
    with open_for_reading(layout) as db:
        assert migrations.version(db) == 2


def test_merging_in_blocks_is_sorting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("firsthand.store.hash_runs._MERGED_AT_ONCE", 64)
    random = np.random.default_rng(0)
    runs = [
        packed(random.integers(0, 1 << HASH_BITS, n).astype(np.uint32), random.integers(0, 9, n)) for n in (300, 1, 70)
    ]
    blocks = list(merged(runs))
    assert len(blocks) > 3
    assert np.array_equal(np.concatenate(blocks), np.sort(np.concatenate(runs)))
    assert ticks_of(blocks[0]).max() < 9


@pytest.mark.parametrize(
    ("hashes", "times", "complaint"),
    [([1], [], "a time for each"), ([1 << HASH_BITS], [0], "bits"), ([1], [10], "within"), ([1], [-1], "within")],
)
def test_an_impossible_print_is_refused(hashes: list[int], times: list[int], complaint: str) -> None:
    with pytest.raises(ValueError, match=complaint):
        SoundPrint(METHOD, 10, np.array(hashes, np.uint32), np.array(times, np.int64))
