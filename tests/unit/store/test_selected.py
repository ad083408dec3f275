from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from sqlite3 import Connection

import pytest

from firsthand.model.capture import Capture
from firsthand.model.fingerprint import Fingerprint
from firsthand.model.item import Facts, Item, Kind, Provenance
from firsthand.model.selection import EVERYTHING, Selection
from firsthand.store import captures, fingerprints, items
from firsthand.store.database import open_for_writing, transaction
from firsthand.store.index import open_index
from firsthand.store.layout import Layout
from firsthand.store.totals import totals

VIDEO = Facts(Kind.VIDEO, "mp4", 3600.0, 4, 3, 9, "h264", None)
IMAGE = Facts(Kind.IMAGE, "png", None, 4, 3, 1, None, None)


@pytest.fixture
def db(layout: Layout, item: Callable[..., Item], fingerprint: Callable[..., Fingerprint]) -> Iterator[Connection]:
    """Four items: a video of 2020, an image of May 2024, a video and an image without a date."""
    with open_for_writing(layout) as opened, transaction(opened):
        for number, (facts, published) in enumerate(
            [(VIDEO, "2020"), (IMAGE, "2024-05"), (VIDEO, None), (IMAGE, None)], start=1
        ):
            key = items.insert(opened, item(number, facts=facts, provenance=Provenance(published=published)), None)
            fingerprints.add(opened, layout, key, fingerprint(number, 3))
    with open_for_writing(layout) as opened:
        yield opened


def keys(db: Connection, layout: Layout, selection: Selection) -> list[int]:
    index = open_index(db, layout, "test/1", selection)
    assert index is not None
    return list(index.stretches.items.tolist())


@pytest.mark.parametrize(
    ("selection", "expected"),
    [
        (EVERYTHING, [1, 2, 3, 4]),
        (Selection(kinds=(Kind.VIDEO,)), [1, 3]),
        (Selection(kinds=(Kind.VIDEO, Kind.IMAGE)), [1, 2, 3, 4]),
        (Selection(published_since="2021"), [2]),
        (Selection(published_until="2020-06"), [1]),
        (Selection(kinds=(Kind.IMAGE,), published_since="2020"), [2]),
        (Selection(kinds=(Kind.SOUND,)), []),
    ],
)
def test_a_selection_prunes_what_is_scanned(
    db: Connection, layout: Layout, selection: Selection, expected: list[int]
) -> None:
    assert keys(db, layout, selection) == expected
    assert totals(db, selection).items == len(expected)


def test_items_that_only_lack_a_date_are_counted(db: Connection) -> None:
    assert totals(db, Selection(published_since="2021")).undated_left_out == 2
    assert totals(db, Selection(kinds=(Kind.IMAGE,), published_since="2021")).undated_left_out == 1
    assert totals(db).undated_left_out == 0


def test_the_date_of_any_capture_counts(db: Connection, layout: Layout) -> None:
    captures.record(db, 3, Capture(datetime.now(UTC), "again.mp4", Provenance(published="2022-03-04")))
    assert keys(db, layout, Selection(published_since="2022")) == [2, 3]
    assert totals(db, Selection(published_since="2022")).undated_left_out == 1


def test_the_same_bytes_are_told_only_where_the_selection_holds_them(db: Connection, item: Callable[..., Item]) -> None:
    assert items.live_key(db, item(1).digest, Selection(kinds=(Kind.VIDEO,))) == 1
    assert items.live_key(db, item(1).digest, Selection(kinds=(Kind.IMAGE,))) is None


def test_only_items_that_lack_a_better_method_are_scanned(
    db: Connection, layout: Layout, fingerprint: Callable[..., Fingerprint]
) -> None:
    with transaction(db):
        for key in (1, 4):
            fingerprints.add(db, layout, key, fingerprint(key, 2, method="better/2"))
    index = open_index(db, layout, "test/1", lacking=("better/2",))
    assert index is not None
    assert index.stretches.items.tolist() == [2, 3]
    assert index.size == 6
