"""The archive's database: opened for reading or for writing, its failures told as the archive's."""

import shutil
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from urllib.parse import quote

from firsthand.errors import (
    ArchiveDamagedError,
    ArchiveMissingError,
    ArchiveReadOnlyError,
    ArchiveWriteError,
    DiskFullError,
    FirsthandError,
)
from firsthand.model.selection import can_lie_between
from firsthand.store import migrations
from firsthand.store.durable import make_folder
from firsthand.store.layout import Layout

_PATIENCE_SECONDS = 60.0
_DAMAGED = {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_FORMAT}
_READ_ONLY = {sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_PERM}
_NO_SHARED_MEMORY = {sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_READONLY, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_FULL}


@contextmanager
def open_for_reading(layout: Layout) -> Iterator[sqlite3.Connection]:
    """One consistent snapshot of an archive, which may lie where nothing can be written.

    Raises:
        ArchiveMissingError: there is none.
        ArchiveDamagedError: it is no database of ours, or it can't be read.
        ArchiveNewerError: a newer program wrote it.
    """
    _refuse_missing(layout)
    with _told(layout, writes=False), _readable(layout) as db:
        found = _version(db, layout)
        if found == 0:  # its making was cut short before it held anything
            raise _missing(layout)
        if found < len(migrations.MIGRATIONS):
            with suppress(ArchiveWriteError), open_for_writing(layout):
                """Brings it to the newest version; one that can't be written is read as it is."""
        db.execute("BEGIN")
        yield db


@contextmanager
def open_for_writing(layout: Layout) -> Iterator[sqlite3.Connection]:
    """A connection that may write; the archive is made where there is none, and brought to the newest version.

    Raises:
        ArchiveDamagedError: there is something else, or it can't be read.
        ArchiveNewerError: a newer program wrote it.
        ArchiveReadOnlyError: it may not be written.
        DiskFullError: no space is left.
    """
    _refuse_other(layout)
    make_folder(layout.folder)
    with _told(layout, writes=True), closing(_connect(layout.database, "mode=rwc")) as db:
        _version(db, layout)
        db.execute("PRAGMA journal_mode = WAL")
        db.execute("PRAGMA synchronous = FULL")
        db.execute("PRAGMA foreign_keys = ON")
        migrations.migrate(db, str(layout.folder))
        with transaction(db):
            db.execute(
                "UPDATE item SET key = key WHERE FALSE"
            )  # a read-only archive is noticed before any work is done
        yield db


@contextmanager
def transaction(db: sqlite3.Connection) -> Iterator[None]:
    """Hold the write lock; commit at the end, or leave everything as it was."""
    db.execute("BEGIN IMMEDIATE")
    try:
        yield
        db.execute("COMMIT")
    except BaseException:
        if db.in_transaction:
            db.execute("ROLLBACK")
        raise


def _connect(path: Path, options: str) -> sqlite3.Connection:
    db = sqlite3.connect(
        f"file:{quote(str(path.absolute()))}?{options}",
        uri=True,
        timeout=_PATIENCE_SECONDS,
        isolation_level=None,
        check_same_thread=False,
    )
    db.execute("PRAGMA trusted_schema = OFF")
    db.create_function("can_lie_between", 3, can_lie_between, deterministic=True)
    return db


@contextmanager
def _readable(layout: Layout) -> Iterator[sqlite3.Connection]:
    """A connection that reads, where no shared memory can be made too (read-only or full file system)."""
    with closing(_connect(layout.database, "mode=ro")) as db:
        try:
            db.execute("SELECT 1 FROM sqlite_schema").fetchone()
        except sqlite3.Error as error:
            if _primary(error) not in _NO_SHARED_MEMORY:
                raise
        else:
            yield db
            return
    with _apart(layout.database) as db:
        yield db


@contextmanager
def _apart(path: Path) -> Iterator[sqlite3.Connection]:
    """A connection that needs no shared memory: on the file alone, or on a private copy where a log goes with it."""
    log = path.with_name(path.name + "-wal")
    if not log.exists() or log.stat().st_size == 0:
        with closing(_connect(path, "mode=ro&immutable=1")) as db:
            yield db
        return
    with tempfile.TemporaryDirectory(prefix="firsthand-") as folder:
        for file in (path, log):
            shutil.copyfile(file, Path(folder) / file.name)
        with closing(_connect(Path(folder) / path.name, "mode=rw")) as db:
            yield db


def _version(db: sqlite3.Connection, layout: Layout) -> int:
    """The version of the archive's tables, once it is sure that they are ours and known."""
    (marked,) = db.execute("PRAGMA application_id").fetchone()
    (tables,) = db.execute("SELECT count(*) FROM sqlite_schema").fetchone()
    if tables and marked != migrations.APPLICATION_ID:
        raise ArchiveDamagedError(f"{layout.database}: expected an archive of firsthand, got another database")
    found = migrations.version(db)
    migrations.refuse_newer(found, str(layout.folder))
    return found


def _refuse_missing(layout: Layout) -> None:
    _refuse_other(layout)
    if not layout.database.exists() or layout.database.stat().st_size == 0:
        raise _missing(layout)


def _missing(layout: Layout) -> ArchiveMissingError:
    return ArchiveMissingError(f"{layout.folder}: there is no archive here; `firsthand add` makes one")


def _refuse_other(layout: Layout) -> None:
    if layout.folder.exists() and not layout.folder.is_dir():
        raise ArchiveMissingError(f"{layout.folder}: expected an archive's folder, got a file")
    empty = not layout.database.exists() or layout.database.stat().st_size == 0
    if empty and layout.originals.exists():
        raise ArchiveDamagedError(f"{layout.database}: the archive's database is gone, though its files are there")


@contextmanager
def _told(layout: Layout, *, writes: bool) -> Iterator[None]:
    """Turn SQLite's errors into ours; those that only a defect of this program can cause stay what they are."""
    try:
        yield
    except sqlite3.Error as error:
        ours = _ours(error, layout, writes=writes)
        if ours is None:
            raise
        raise ours from error


def _ours(error: sqlite3.Error, layout: Layout, *, writes: bool) -> FirsthandError | None:
    code = _primary(error)
    if writes and (code == sqlite3.SQLITE_FULL or (code == sqlite3.SQLITE_IOERR and _is_full(layout))):
        return DiskFullError(f"{layout.folder}: no space is left to write to the archive")
    if writes and code in _READ_ONLY:
        return ArchiveReadOnlyError(f"{layout.folder}: the archive may not be written")
    if code in _DAMAGED or code == sqlite3.SQLITE_CANTOPEN:
        return ArchiveDamagedError(f"{layout.database}: the archive's database can't be read ({error})")
    if code in {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}:
        return ArchiveWriteError(f"{layout.folder}: another process has kept the archive locked for too long")
    return None


def _primary(error: sqlite3.Error) -> int:
    return getattr(error, "sqlite_errorcode", sqlite3.SQLITE_ERROR) & 0xFF


def _is_full(layout: Layout) -> bool:
    return shutil.disk_usage(layout.folder).free < 2**16
