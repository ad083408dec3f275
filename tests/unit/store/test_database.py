import os
import shutil
import sqlite3
import stat
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from firsthand.errors import (
    ArchiveDamagedError,
    ArchiveMissingError,
    ArchiveNewerError,
    ArchiveReadOnlyError,
    DiskFullError,
)
from firsthand.model.item import Item
from firsthand.store import items
from firsthand.store.database import open_for_reading, open_for_writing, transaction
from firsthand.store.layout import Layout

_CAN_MOUNT = (
    sys.platform == "linux"
    and shutil.which("unshare") is not None
    and subprocess.run(["unshare", "-m", "true"], check=False, capture_output=True).returncode == 0  # noqa: S607
)
needs_mounts = pytest.mark.skipif(not _CAN_MOUNT, reason="needs a mount namespace of its own")


def count(layout: Layout) -> int:
    with open_for_reading(layout) as db:
        return len(list(items.live(db)))


def in_namespace(setup: str, python: str, layout: Layout) -> str:
    """What `python` prints where `setup` was done to the file systems; `$A` and `layout` are the archive."""
    lines = (
        "import pathlib",
        "from firsthand.errors import *",
        "from firsthand.store import items",
        "from firsthand.store.database import *",
        "from firsthand.store.layout import Layout",
        f"layout = Layout(pathlib.Path({str(layout.folder)!r}))",
        python,
    )
    done = subprocess.run(  # noqa: S603
        ["unshare", "-m", "sh", "-ec", f'{setup}\nexec "$P" -c "$C"'],  # noqa: S607
        env={**os.environ, "A": str(layout.folder), "P": sys.executable, "C": "\n".join(lines)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


READ_ONLY = 'mount --bind "$A" "$A"; mount -o remount,bind,ro "$A"'
COUNT = "with open_for_reading(layout) as db: print(len(list(items.live(db))))"
WRITE = """
try:
    with open_for_writing(layout): print("opened")
except FirsthandError as error: print(type(error).__name__)
"""


def test_writing_makes_a_private_archive(layout: Layout) -> None:
    with open_for_writing(layout):
        pass
    assert stat.S_IMODE(layout.folder.stat().st_mode) == 0o700
    assert count(layout) == 0


def test_writes_are_durable_and_checked(layout: Layout) -> None:
    with open_for_writing(layout) as db:
        assert db.execute("PRAGMA journal_mode").fetchone() == ("wal",)
        assert db.execute("PRAGMA synchronous").fetchone() == (2,)
        assert db.execute("PRAGMA foreign_keys").fetchone() == (1,)
        strict = db.execute("SELECT strict FROM pragma_table_list WHERE schema = 'main' AND name NOT LIKE 'sqlite%'")
        assert {flag for (flag,) in strict} == {1}


def test_reading_a_missing_archive_makes_nothing(layout: Layout) -> None:
    with pytest.raises(ArchiveMissingError, match="firsthand add"), open_for_reading(layout):
        pass
    assert not layout.folder.exists()


def test_an_archive_whose_making_was_cut_short_is_missing(layout: Layout) -> None:
    layout.folder.mkdir()
    with closing(sqlite3.connect(layout.database)) as db:
        db.execute("PRAGMA journal_mode = WAL")
    with pytest.raises(ArchiveMissingError), open_for_reading(layout):
        pass
    with open_for_writing(layout):
        pass
    assert count(layout) == 0


def test_a_file_in_place_of_the_folder_is_named(layout: Layout) -> None:
    layout.folder.write_text("x")
    for opened in (open_for_reading, open_for_writing):
        with pytest.raises(ArchiveMissingError, match="got a file"), opened(layout):
            pass


@pytest.mark.parametrize("opened", [open_for_reading, open_for_writing])
def test_what_is_no_database_is_damaged(layout: Layout, opened: Callable[..., object]) -> None:
    layout.folder.mkdir()
    layout.database.write_text("not a database, though long enough to be read as one" * 99)
    with pytest.raises(ArchiveDamagedError, match="can't be read"), opened(layout):  # type: ignore[attr-defined]
        pass


@pytest.mark.parametrize("opened", [open_for_reading, open_for_writing])
def test_a_database_of_another_program_is_left_alone(layout: Layout, opened: Callable[..., object]) -> None:
    layout.folder.mkdir()
    with closing(sqlite3.connect(layout.database)) as db:
        db.execute("CREATE TABLE other (x)")
    with pytest.raises(ArchiveDamagedError, match="another database"), opened(layout):  # type: ignore[attr-defined]
        pass


@pytest.mark.parametrize("opened", [open_for_reading, open_for_writing])
def test_a_newer_archive_is_named_as_one(layout: Layout, opened: Callable[..., object]) -> None:
    with open_for_writing(layout) as db:
        db.execute("PRAGMA user_version = 99")
    with pytest.raises(ArchiveNewerError, match="version 99"), opened(layout):  # type: ignore[attr-defined]
        pass


def test_a_lost_database_is_damage_and_not_an_empty_archive(layout: Layout) -> None:
    with open_for_writing(layout):
        layout.originals.mkdir()
    layout.database.unlink()
    for opened in (open_for_reading, open_for_writing):
        with pytest.raises(ArchiveDamagedError, match="is gone"), opened(layout):
            pass


def test_a_damaged_page_is_told_as_damage(layout: Layout, item: Callable[..., Item]) -> None:
    with open_for_writing(layout) as db, transaction(db):
        for number in range(500):
            items.insert(db, item(number), None)
    with layout.database.open("r+b") as file:
        file.seek(4096)
        file.write(b"\xff" * 4096 * 20)
    with pytest.raises(ArchiveDamagedError), open_for_reading(layout) as db:
        list(items.live(db))


def test_a_failed_transaction_leaves_everything_as_it_was(layout: Layout, item: Callable[..., Item]) -> None:
    with open_for_writing(layout) as db:
        with pytest.raises(KeyError), transaction(db):  # noqa: PT012 (what is cut short)
            items.insert(db, item(), None)
            raise KeyError
        assert list(items.live(db)) == []


def test_a_reader_keeps_its_snapshot(layout: Layout, item: Callable[..., Item]) -> None:
    with open_for_writing(layout) as db, open_for_reading(layout) as reader:
        assert list(items.live(reader)) == []
        items.insert(db, item(), None)
        assert list(items.live(reader)) == []
    assert count(layout) == 1


@pytest.fixture
def one_item(layout: Layout, item: Callable[..., Item]) -> Layout:
    with open_for_writing(layout) as db:
        items.insert(db, item(), None)
    return layout


@needs_mounts
def test_a_read_only_archive_answers_and_refuses_to_be_written(one_item: Layout) -> None:
    assert in_namespace(READ_ONLY, COUNT, one_item) == "1"
    assert in_namespace(READ_ONLY, WRITE, one_item) == ArchiveReadOnlyError.__name__


@needs_mounts
@pytest.mark.parametrize("lost", [[], ["archive.sqlite3-shm"]])
def test_a_read_only_archive_tells_what_a_killed_writer_committed(one_item: Layout, lost: list[str]) -> None:
    killed = (
        "import os, sqlite3, sys; db = sqlite3.connect(sys.argv[1]); "
        "db.execute('UPDATE item SET withdrawn = 1'); db.commit(); os._exit(0)"
    )
    subprocess.run([sys.executable, "-c", killed, str(one_item.database)], check=True)  # noqa: S603
    assert one_item.database.with_name("archive.sqlite3-wal").stat().st_size
    for name in lost:
        (one_item.folder / name).unlink()
    assert in_namespace(READ_ONLY, COUNT, one_item) == "0"


@needs_mounts
def test_an_archive_on_a_full_disk_answers_and_says_that_it_is_full(one_item: Layout) -> None:
    full = (
        'cp "$A/archive.sqlite3" "$A/../saved"; mount -t tmpfs -o size=64k none "$A"; '
        'cp "$A/../saved" "$A/archive.sqlite3"; head -c 70000 /dev/zero > "$A/filler" 2>/dev/null || true'
    )
    assert in_namespace(full, COUNT, one_item) == "1"
    assert in_namespace(full, WRITE, one_item) == DiskFullError.__name__


def test_an_odd_folder_name_is_no_option_of_the_database(tmp_path: Path) -> None:
    layout = Layout(tmp_path / "a?mode=ro#x%41")
    with open_for_writing(layout):
        pass
    assert layout.database.exists()
    assert count(layout) == 0
