from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from sqlite3 import Connection

import pytest

from firsthand.model.capture import Capture
from firsthand.model.digest import Digest
from firsthand.model.item import DateBasis, Facts, Item, Keep, Kind, Provenance
from firsthand.model.selection import Selection
from firsthand.store import captures, items
from firsthand.store.database import open_for_writing
from firsthand.store.layout import Layout
from firsthand.store.totals import count_by_collection, count_by_kind, totals, withdrawn_count

NOW = datetime(2026, 5, 6, tzinfo=UTC)
STATED = Provenance("reader", "https://x.example/1", "2024-05", DateBasis.TYPED, "kharkiv", "anna")


@pytest.fixture
def db(layout: Layout) -> Iterator[Connection]:
    with open_for_writing(layout) as opened:
        yield opened


def test_an_item_comes_back_as_it_went_in(db: Connection, item: Callable[..., Item]) -> None:
    full = item(1, provenance=STATED)
    bare = item(2, facts=Facts(Kind.IMAGE, "png", None, None, None, 1, None, None), keep=Keep.REFERENCE)
    key, other = items.insert(db, full, None), items.insert(db, bare, Path("/far/away"))
    assert items.get(db, key).item == full
    assert items.find(db, full.digest) == items.get(db, key)
    assert items.get(db, other).item == bare
    assert items.get(db, other).reference == Path("/far/away")
    assert [held.item for held in items.live(db)] == [full, bare]


def test_a_path_that_is_no_unicode_comes_back(db: Connection, item: Callable[..., Item]) -> None:
    odd = item(1, path="clips/\udcff.mp4")
    items.insert(db, odd, None)
    assert [held.item for held in items.live_at_path(db, "clips/\udcff.mp4")] == [odd]


def test_an_unknown_key_or_digest_is_told(db: Connection) -> None:
    with pytest.raises(KeyError):
        items.get(db, 7)
    assert items.find(db, Digest("0" * 64)) is None


def test_a_withdrawn_item_is_in_no_list_but_not_forgotten(db: Connection, item: Callable[..., Item]) -> None:
    key = items.insert(db, item(1, provenance=STATED), None)
    items.withdraw(db, key, NOW)
    assert list(items.live(db)) == []
    assert items.live_at_path(db, "clips/1.mp4") == ()
    assert items.live_with_prefix(db, "000") == ()
    assert items.get(db, key).withdrawn == NOW
    assert totals(db).items == 0
    assert count_by_kind(db) == {}
    assert count_by_collection(db) == {}
    assert withdrawn_count(db) == 1


def test_a_withdrawn_item_comes_back_with_what_is_said_now(db: Connection, item: Callable[..., Item]) -> None:
    key = items.insert(db, item(1), None)
    items.withdraw(db, key, NOW)
    items.bring_back(db, key, Capture(NOW, "new.mp4", STATED))
    back = items.get(db, key)
    assert (back.withdrawn, back.item.path, back.item.provenance, back.item.added) == (None, "new.mp4", STATED, NOW)
    assert back.item.facts == item(1).facts


def test_further_captures_are_listed_in_order_of_time(db: Connection, item: Callable[..., Item]) -> None:
    key = items.insert(db, item(1), None)
    late, early = Capture(NOW, "b.mp4", STATED), Capture(NOW - timedelta(days=1), "c\udcff.mp4", Provenance())
    captures.record(db, key, late)
    captures.record(db, key, early)
    assert captures.further(db, key) == (early, late)
    assert [held.key for held in items.live_at_path(db, "b.mp4")] == [key]


def test_any_capture_puts_an_item_into_a_collection(db: Connection, item: Callable[..., Item]) -> None:
    first = items.insert(db, item(1, provenance=STATED), None)
    second = items.insert(db, item(2, provenance=Provenance(collection="odesa", published="2023")), None)
    items.insert(db, item(3), None)
    captures.record(db, first, Capture(NOW, "b.mp4", Provenance(collection="odesa")))
    assert [held.key for held in items.live(db, ["odesa"])] == [first, second]
    assert [held.key for held in items.live(db, ["kharkiv", "nowhere"])] == [first]
    assert count_by_collection(db) == {"kharkiv": 1, "odesa": 2}
    assert totals(db, Selection(collections=("kharkiv",))).items == 1


def test_totals_are_sums_over_live_items(db: Connection, item: Callable[..., Item]) -> None:
    items.insert(db, item(1, provenance=Provenance(published="2024-05-01")), None)
    items.insert(db, item(2, provenance=Provenance(published="2024-05")), None)
    items.insert(db, item(3, facts=Facts(Kind.IMAGE, "png", None, 1, 1, 1, None, None)), None)
    found = totals(db)
    assert (found.items, found.hours, found.size_bytes, found.earliest) == (3, 1.0, 30, "2024-05")
    assert count_by_kind(db) == {"image": 1, "video": 2}


def test_an_empty_archive_amounts_to_nothing(db: Connection) -> None:
    found = totals(db)
    assert (found.items, found.hours, found.size_bytes, found.earliest) == (0, 0, 0, None)


def test_a_prefix_finds_every_digest_that_starts_with_it(db: Connection, item: Callable[..., Item]) -> None:
    digests = [Digest("ab" + "0" * 62), Digest("abf" + "f" * 61), Digest("ac" + "0" * 62)]
    for digest in digests:
        items.insert(db, item(1, digest=digest), None)
    assert [held.item.digest for held in items.live_with_prefix(db, "ab")] == digests[:2]
    assert [held.item.digest for held in items.live_with_prefix(db, "abff")] == digests[1:2]


def test_an_item_says_anew_where_its_bytes_lie(db: Connection, layout: Layout, item: Callable[..., Item]) -> None:
    key = items.insert(db, item(1), None)
    assert items.get(db, key).original(layout) == layout.original(item(1).digest)
    items.relocate(db, key, Keep.REFERENCE, Path("/far/away"))
    assert items.get(db, key).original(layout) == Path("/far/away")
    assert items.get(db, key).item.keep is Keep.REFERENCE
