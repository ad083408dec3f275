import hashlib
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from firsthand.archive import add as use_case
from firsthand.archive.add import Acknowledged, Intake, add
from firsthand.archive.listing import list_items
from firsthand.archive.open import open_holdings
from firsthand.archive.outcome import Refused
from firsthand.archive.remove import remove
from firsthand.archive.show import show
from firsthand.archive.walk import Found
from firsthand.errors import DiskFullError, MissingPathError, UnknownCollectionError
from firsthand.model.item import Keep, Kind, Provenance
from firsthand.model.selection import Selection
from firsthand.store import fingerprints
from firsthand.store.layout import Layout

type Clip = Callable[..., str]
type Put = Callable[..., list[Any]]
type Fake = Any


def files(folder: Path) -> set[str]:
    return {path.name for path in folder.rglob("*") if path.is_file()}


def test_an_item_is_kept_with_its_bytes_review_and_descriptors(layout: Layout, clip: Clip, put: Put) -> None:
    path = clip(data=b"one")
    (done,) = put(path, source="reader")
    digest = hashlib.sha256(Path(path).read_bytes()).hexdigest()
    shown = show(layout, path)
    assert (done.path, done.already_held, done.item) == (path, False, shown.item)
    assert shown.item.digest.hex == digest
    assert shown.original is not None
    assert shown.original.read_bytes() == Path(path).read_bytes()
    assert shown.review is not None
    assert shown.review.suffix == ".webm"
    assert [(one.method, one.count) for one in shown.fingerprints] == [("fake/1", 1)]
    assert shown.item.provenance == Provenance(source="reader")


def test_answers_come_in_the_order_given_and_failures_among_them(layout: Layout, clip: Clip, put: Put) -> None:
    paths = [clip(f"{number}.png", b"bad" if number % 5 == 0 else bytes([number])) for number in range(20)]
    done = put(*paths)
    assert [one.path for one in done] == paths
    assert [isinstance(one, Refused) for one in done] == [number % 5 == 0 for number in range(20)]
    assert done[0].reason == "is broken"
    assert [item.path for item in list_items(layout)] == [one.path for one in done if isinstance(one, Acknowledged)]


def test_an_item_is_acknowledged_only_when_others_can_see_it(layout: Layout, clip: Clip, reader: Fake) -> None:
    paths = [clip(f"{number}.png", bytes([number])) for number in range(4)]
    for number, one in enumerate(add(map(Found, paths), layout, Intake(Keep.COPY, Provenance(), reader))):
        with open_holdings(layout) as holdings:
            assert holdings.totals.items == number + 1
        assert isinstance(one, Acknowledged)
        assert layout.original(one.item.digest).exists()


def test_the_same_bytes_are_held_once_and_not_read_again(layout: Layout, clip: Clip, put: Put, reader: Fake) -> None:
    first, second = clip("a.png"), clip("b.png")
    put(first, source="one")
    (again,) = put(second, source="two")
    assert again.already_held
    assert reader.read == ["a.png"]
    shown = show(layout, second)
    assert (shown.item.path, shown.item.provenance.source) == (first, "one")
    assert [(one.path, one.provenance.source) for one in shown.captures] == [(second, "two")]


def test_the_same_bytes_twice_in_one_run_make_one_item(layout: Layout, clip: Clip, put: Put) -> None:
    done = put(clip("a.png"), clip("b.png"), clip("c.png"))
    assert [one.already_held for one in done] == [False, True, True]
    assert len(list_items(layout)) == 1
    assert len(files(layout.originals)) == len(files(layout.reviews)) == 1


def test_running_again_records_nothing_new(layout: Layout, clip: Clip, put: Put) -> None:
    path = clip()
    for _ in range(3):
        put(path, source="one")
    assert show(layout, path).captures == ()


def test_a_withdrawn_item_comes_back_as_added_with_what_is_said_now(
    layout: Layout, clip: Clip, put: Put, reader: Fake
) -> None:
    path = clip()
    put(path, source="wrong")
    assert len([*remove(layout, [path])]) == 1
    assert list_items(layout) == ()
    (back,) = put(path, source="right")
    shown = show(layout, path)
    assert not back.already_held
    assert shown.item.provenance.source == "right"
    assert [one.provenance.source for one in shown.captures] == ["wrong"]
    assert len(reader.read) == 1
    with open_holdings(layout) as holdings:
        index = holdings.index("fake/1")
        assert index is not None
        assert index.size == 1


@pytest.mark.parametrize("keep", [*Keep])
def test_bytes_are_kept_as_asked(layout: Layout, clip: Clip, put: Put, keep: Keep) -> None:
    path = clip()
    (done,) = put(path, keep=keep)
    shown = show(layout, path)
    assert done.item.keep is keep
    assert shown.original is not None
    assert shown.original.samefile(path) == (keep is not Keep.COPY)
    assert (shown.original == Path(path)) == (keep is Keep.REFERENCE)


def test_a_copy_asked_for_later_replaces_a_reference(layout: Layout, clip: Clip, put: Put) -> None:
    path = clip()
    put(path, keep=Keep.REFERENCE)
    (again,) = put(path, keep=Keep.COPY)
    Path(path).unlink()
    shown = show(layout, path)
    assert again.already_held
    assert shown.item.keep is Keep.COPY
    assert shown.original is not None


def test_lost_bytes_are_kept_again_when_they_come_by(layout: Layout, clip: Clip, put: Put) -> None:
    path = clip()
    (done,) = put(path)
    layout.original(done.item.digest).unlink()
    put(path)
    assert layout.original(done.item.digest).exists()


def test_a_refused_file_leaves_nothing(layout: Layout, clip: Clip, put: Put) -> None:
    put(clip(data=b"bad"))
    assert list_items(layout) == ()
    assert files(layout.folder) <= {"archive.sqlite3", "archive.sqlite3-wal", "archive.sqlite3-shm", "gate"}


def test_a_file_that_is_gone_is_missing(layout: Layout, put: Put) -> None:
    (one,) = put("nowhere.png")
    assert isinstance(one.error, MissingPathError)
    assert one.reason == "does not exist"
    assert list_items(layout) == ()


@pytest.mark.parametrize("failing", ["insert", "COMMIT"])
def test_an_item_that_can_not_be_committed_leaves_no_file(
    layout: Layout, clip: Clip, put: Put, monkeypatch: pytest.MonkeyPatch, failing: str
) -> None:
    put(clip("a.png", b"first"))
    before = files(layout.originals) | files(layout.reviews)

    def full(*_args: object) -> None:
        raise DiskFullError("no space is left")

    def none_at_the_end(*args: Fake) -> None:
        add_rows(*args)
        args[0].execute("CREATE TEMP TRIGGER stop BEFORE INSERT ON main.review BEGIN SELECT RAISE(ROLLBACK, 'x'); END")

    add_rows = fingerprints.add
    monkeypatch.setattr(fingerprints, "add", full if failing == "insert" else none_at_the_end)
    with pytest.raises((DiskFullError, sqlite3.Error)):
        put(clip("b.png", b"second"))
    assert files(layout.originals) | files(layout.reviews) == before
    assert len(list_items(layout)) == 1


def test_files_of_an_item_that_was_committed_after_all_stay(
    layout: Layout, clip: Clip, put: Put, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An interrupt may arrive right after the commit."""

    def interrupted(*_args: object, **_options: object) -> None:
        raise KeyboardInterrupt

    path = clip()
    transaction = use_case.transaction

    class CommittedThenInterrupted:
        def __init__(self, db: sqlite3.Connection) -> None:
            self.inner = transaction(db)

        def __enter__(self) -> None:
            self.inner.__enter__()

        def __exit__(self, *_: object) -> None:
            self.inner.__exit__(None, None, None)
            interrupted()

    monkeypatch.setattr(use_case, "transaction", CommittedThenInterrupted)
    with pytest.raises(KeyboardInterrupt):
        put(path)
    monkeypatch.undo()
    shown = show(layout, path)
    assert shown.original is not None
    assert shown.review is not None


def test_closing_early_ends_every_thread_and_clears_the_workspace(layout: Layout, clip: Clip, reader: Fake) -> None:
    ended = threading.Event()
    paths = [clip(f"{number}.png", bytes([number])) for number in range(20)]
    reader.meanwhile = lambda path: None if path.name == "0.png" else ended.wait(10) and None
    intake = Intake(Keep.COPY, Provenance(), reader, end_readers=ended.set)
    before = threading.active_count()
    adding = add(map(Found, paths), layout, intake)
    next(adding)
    adding.close()
    assert ended.is_set()
    assert threading.active_count() == before
    assert files(layout.incoming) == {"gate"}
    assert [item.path for item in list_items(layout)] == paths[:1]


def test_a_file_that_changes_while_it_is_read_is_refused(layout: Layout, clip: Clip, put: Put, reader: Fake) -> None:
    def grow(path: Path) -> None:
        with path.open("ab") as file:
            file.write(b"more")

    reader.meanwhile = grow
    (one,) = put(clip(), keep=Keep.REFERENCE)
    assert one.error.code == "changed-while-read"
    assert list_items(layout) == ()


def test_progress_is_told_by_the_path_that_was_given(layout: Layout, clip: Clip, reader: Fake) -> None:
    heard: list[tuple[str, float]] = []
    path = clip()
    intake = Intake(Keep.COPY, Provenance(), reader, on_progress=lambda *told: heard.append(told))
    assert len([*add([Found(path)], layout, intake)]) == 1
    assert heard == [(path, 0.0), (path, 0.5)]


def test_two_writers_at_once_make_one_whole_archive(layout: Layout, clip: Clip) -> None:
    paths = [clip(f"{number}.png", bytes([number])) for number in range(8)]
    script = (
        "import sys, conftest as c; from pathlib import Path\n"
        "from firsthand.archive.add import *; from firsthand.store.layout import Layout\n"
        "made = Intake(Keep.COPY, Provenance(), c.FakeReader())\n"
        "done = [*add(map(Found, sys.argv[2:]), Layout(Path(sys.argv[1])), made)]\n"
        "assert all(isinstance(one, Acknowledged) for one in done), done"
    )
    command = [sys.executable, "-c", script, str(layout.folder), *paths]
    running = [subprocess.Popen(command, cwd=Path(__file__).parent) for _ in range(2)]  # noqa: S603
    assert [process.wait(60) for process in running] == [0, 0]
    assert len(list_items(layout)) == 8
    assert len(files(layout.originals)) == 8
    with closing(sqlite3.connect(layout.database)) as db:
        assert db.execute("SELECT count(*), sum(count), max(start) FROM fingerprint").fetchone() == (8, 8, 7)


def test_holdings_tell_what_lies_where(layout: Layout, clip: Clip, put: Put) -> None:
    path = clip()
    (done,) = put(path, published="2024-05", collection="odesa")
    with open_holdings(layout, Selection(collections=("odesa",))) as holdings:
        assert (holdings.collections, holdings.methods) == (("odesa",), ("fake/1",))
        assert (holdings.totals.items, holdings.totals.hours, holdings.totals.earliest) == (1, 1.0, "2024-05")
        index = holdings.index("fake/1")
        assert index is not None
        (key,) = index.locate(index.nearest(index.columns.codes[:1], 1).rows[0]).items.tolist()
        assert holdings.item(key) == done.item
        review, original = holdings.review(key), holdings.original(key)
        assert review is not None
        assert review.is_file()
        assert original == layout.original(done.item.digest)
        original.unlink()
        assert holdings.original(key) is None
        assert holdings.index("other/1") is None
    with (
        pytest.raises(UnknownCollectionError, match="odesa"),
        open_holdings(layout, Selection(collections=("nowhere",))),
    ):
        pass
    with open_holdings(layout, Selection(kinds=(Kind.IMAGE,))) as holdings:
        assert (holdings.totals.items, holdings.methods, holdings.index("fake/1")) == (0, (), None)
