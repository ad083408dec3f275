import errno
import hashlib
import os
import stat
from pathlib import Path

import pytest

from firsthand.errors import (
    ArchiveReadOnlyError,
    CannotLinkError,
    ChangedWhileReadError,
    DiskFullError,
    EmptyFileError,
    MissingPathError,
    UnreadableMediaError,
    UnsupportedFormatError,
)
from firsthand.model.item import Keep
from firsthand.store import originals
from firsthand.store.layout import Layout

DATA = bytes(range(256)) * 9000


@pytest.fixture
def source(tmp_path: Path) -> Path:
    path = tmp_path / "clip.mp4"
    path.write_bytes(DATA)
    return path


def sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def test_the_digest_is_that_of_the_bytes(source: Path) -> None:
    assert originals.digest_of(source).hex == sha256(source)


def test_a_copy_is_private_and_read_only(source: Path, layout: Layout, tmp_path: Path) -> None:
    taken = originals.take(source, Keep.COPY, tmp_path / "copy")
    source.write_bytes(b"changed later")
    originals.verify_unchanged(taken)
    place = originals.put(taken, layout)
    assert place == layout.original(taken.digest)
    assert sha256(place) == taken.digest.hex
    assert stat.S_IMODE(place.stat().st_mode) == 0o444
    assert (taken.size_bytes, taken.keep) == (len(DATA), Keep.COPY)
    assert not (tmp_path / "copy").exists()


def test_a_link_shares_the_bytes_and_leaves_the_file_as_it_was(source: Path, layout: Layout, tmp_path: Path) -> None:
    mode = source.stat().st_mode
    taken = originals.take(source, Keep.LINK, tmp_path / "copy")
    place = originals.put(taken, layout)
    assert place is not None
    assert place.samefile(source)
    assert source.stat().st_mode == mode


def test_a_reference_is_the_file_itself(source: Path, layout: Layout, tmp_path: Path) -> None:
    (tmp_path / "alias").symlink_to(source)
    taken = originals.take(tmp_path / "alias", Keep.REFERENCE, tmp_path / "copy")
    assert taken.path == source.resolve()
    assert originals.put(taken, layout) is None
    assert not layout.originals.exists()


def test_bytes_that_are_kept_already_are_not_kept_again(source: Path, layout: Layout, tmp_path: Path) -> None:
    first = originals.put(originals.take(source, Keep.COPY, tmp_path / "a"), layout)
    assert first is not None
    inode = first.stat().st_ino
    assert originals.put(originals.take(source, Keep.LINK, tmp_path / "b"), layout) is None
    assert first.stat().st_ino == inode


def test_a_kept_file_that_was_cut_short_is_replaced(source: Path, layout: Layout, tmp_path: Path) -> None:
    place = layout.original(originals.digest_of(source))
    place.parent.mkdir(parents=True)
    place.write_bytes(b"half")
    assert originals.put(originals.take(source, Keep.COPY, tmp_path / "a"), layout) == place
    assert place.read_bytes() == DATA


@pytest.mark.parametrize("keep", [Keep.LINK, Keep.REFERENCE])
def test_a_file_that_changes_while_it_is_read_is_noticed(source: Path, tmp_path: Path, keep: Keep) -> None:
    taken = originals.take(source, keep, tmp_path / "copy")
    with source.open("ab") as file:
        file.write(b"more")
    with pytest.raises(ChangedWhileReadError, match=r"clip\.mp4"):
        originals.verify_unchanged(taken)


@pytest.mark.parametrize("keep", [*Keep])
def test_a_file_that_changes_while_it_is_digested_is_noticed(
    source: Path, tmp_path: Path, keep: Keep, monkeypatch: pytest.MonkeyPatch
) -> None:
    chunks = originals._chunks

    def disturbed(file: object, path: Path) -> object:
        yield from chunks(file, path)  # type: ignore[arg-type]
        with source.open("ab") as written:
            written.write(b"more")

    monkeypatch.setattr(originals, "_chunks", disturbed)
    with pytest.raises(ChangedWhileReadError):
        originals.take(source, keep, tmp_path / "copy")


def test_a_referenced_file_that_is_removed_meanwhile_is_missing(source: Path, tmp_path: Path) -> None:
    taken = originals.take(source, Keep.REFERENCE, tmp_path / "copy")
    source.unlink()
    with pytest.raises(MissingPathError):
        originals.verify_unchanged(taken)


def test_what_can_not_be_digested_is_told_by_its_reason(tmp_path: Path) -> None:
    (tmp_path / "empty").touch()
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "loop").symlink_to(tmp_path / "loop")
    for name, error in (
        ("nothing", MissingPathError),
        ("empty", EmptyFileError),
        ("pipe", UnsupportedFormatError),
        ("loop", UnreadableMediaError),
        (".", UnsupportedFormatError),
    ):
        with pytest.raises(error, match=name.strip(".") or "."):
            originals.digest_of(tmp_path / name)


@pytest.mark.parametrize("keep", [*Keep])
def test_a_missing_file_can_not_be_taken(tmp_path: Path, keep: Keep) -> None:
    with pytest.raises(MissingPathError):
        originals.take(tmp_path / "nothing", keep, tmp_path / "copy")


def refuse(number: int) -> object:
    def refused(*_args: object, **_options: object) -> None:
        raise OSError(number, os.strerror(number))

    return refused


@pytest.mark.parametrize(
    ("number", "error"),
    [
        (errno.EXDEV, CannotLinkError),
        (errno.EPERM, CannotLinkError),
        (errno.ENOSPC, DiskFullError),
        (errno.EROFS, ArchiveReadOnlyError),
    ],
)
def test_a_link_that_is_refused_tells_why(
    source: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int, error: type[Exception]
) -> None:
    monkeypatch.setattr(Path, "hardlink_to", refuse(number))
    with pytest.raises(error, match="another file system" if number == errno.EXDEV else "."):
        originals.take(source, Keep.LINK, tmp_path / "copy")


def test_a_copy_that_does_not_fit_tells_that_the_disk_is_full(source: Path) -> None:
    with pytest.raises(DiskFullError, match="no space"):
        originals.take(source, Keep.COPY, FullDevice())


class FullDevice(type(Path())):  # type: ignore[misc]
    """A path that is `/dev/full` when it is written."""

    def __init__(self) -> None:
        super().__init__("/dev/full")

    def open(self, mode: str = "r", *_args: object, **_options: object) -> object:
        assert mode == "xb"
        return Path("/dev/full").open("wb", buffering=0)


def test_a_source_that_fails_to_be_read_is_the_inputs_fault(source: Path, tmp_path: Path) -> None:
    class Failing:
        def read(self, _count: int) -> bytes:
            raise OSError(errno.EIO, "Input/output error")

    with pytest.raises(UnreadableMediaError, match="Input/output"):
        list(originals._chunks(Failing(), source))  # type: ignore[arg-type]
    assert tmp_path
