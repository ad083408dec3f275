import errno
import os
import stat
from pathlib import Path

import pytest

from firsthand.errors import ArchiveReadOnlyError, ArchiveWriteError, DiskFullError
from firsthand.model.digest import Digest
from firsthand.store import durable, reviews
from firsthand.store.layout import Layout
from firsthand.store.workspace import workspace
from firsthand.store.writing import writing


@pytest.mark.parametrize(
    ("number", "error"),
    [
        (errno.ENOSPC, DiskFullError),
        (errno.EDQUOT, DiskFullError),
        (errno.EROFS, ArchiveReadOnlyError),
        (errno.EACCES, ArchiveReadOnlyError),
        (errno.EIO, ArchiveWriteError),
    ],
)
def test_a_refused_write_is_told_as_the_archives(number: int, error: type[Exception]) -> None:
    with pytest.raises(error, match="place") as told, writing(Path("place")):
        raise OSError(number, os.strerror(number))
    assert type(told.value) is error


def test_a_full_device_is_a_full_disk() -> None:
    with pytest.raises(DiskFullError), writing(Path("/dev/full")), Path("/dev/full").open("wb", buffering=0) as file:
        file.write(b"x")


def test_a_file_is_put_in_place_under_folders_that_are_made(tmp_path: Path) -> None:
    (tmp_path / "new").write_bytes(b"new")
    place = tmp_path / "a" / "b" / "c"
    durable.put_in_place(tmp_path / "new", place)
    assert place.read_bytes() == b"new"
    assert not (tmp_path / "new").exists()
    assert stat.S_IMODE(place.parent.stat().st_mode) == 0o700


def test_file_and_folder_are_synced_around_the_move(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    done: list[str] = []
    monkeypatch.setattr(
        os, "fsync", lambda descriptor: done.append(Path(f"/proc/self/fd/{descriptor}").readlink().name)
    )
    replace = Path.replace
    monkeypatch.setattr(Path, "replace", lambda old, new: (done.append("move"), replace(old, new))[1])
    (tmp_path / "new").write_bytes(b"new")
    durable.put_in_place(tmp_path / "new", tmp_path / "place")
    assert done == ["new", "move", tmp_path.name]


def test_a_review_file_lies_under_the_digest_with_its_suffix(tmp_path: Path, layout: Layout) -> None:
    (tmp_path / "made.webm").write_bytes(b"film")
    digest = Digest("ab" + "0" * 62)
    place = reviews.put(tmp_path / "made.webm", layout, digest)
    assert place == layout.folder / "reviews" / "ab" / f"{digest.hex}.webm"
    assert stat.S_IMODE(place.stat().st_mode) == 0o444


def test_a_workspace_is_gone_after_its_block_however_that_ends(layout: Layout) -> None:
    with pytest.raises(RuntimeError), workspace(layout) as work:  # noqa: PT012 (what is cut short)
        (work / "file").write_bytes(b"x")
        raise RuntimeError
    assert [path.name for path in layout.incoming.iterdir()] == ["gate"]


def test_the_next_writer_clears_what_killed_writers_left(layout: Layout) -> None:
    child = os.fork()
    if not child:
        with workspace(layout) as work:
            (work / "file").write_bytes(b"x")
            os.kill(os.getpid(), 9)
    os.waitpid(child, 0)
    (left,) = [path for path in layout.incoming.iterdir() if path.is_dir()]
    with workspace(layout) as work:
        assert not left.exists()
        assert work.is_dir()


def test_a_workspace_in_use_is_left_alone(layout: Layout) -> None:
    with workspace(layout) as first:
        with workspace(layout) as second:
            assert first.is_dir()
            assert second != first
        assert first.is_dir()
