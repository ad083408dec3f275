import os
from collections.abc import Callable
from pathlib import Path

from firsthand.archive.outcome import Refused
from firsthand.archive.walk import Found, PassedOver, walk
from firsthand.errors import EmptyFileError, MissingPathError, NoMediaError, UnsupportedFormatError

type Clip = Callable[..., str]


def below(tmp_path: Path, *paths: str) -> list[tuple[str, str]]:
    return [
        (type(one).__name__, os.path.relpath(one.path, tmp_path))
        for one in walk(paths, tmp_path / "footage" / "archive")
    ]


def test_folders_are_walked_in_order_of_name(tmp_path: Path, clip: Clip) -> None:
    for name in ("footage/b.png", "footage/a/z.png", "footage/c.png"):
        clip(name)
    assert below(tmp_path, str(tmp_path / "footage")) == [
        ("Found", "footage/a/z.png"),
        ("Found", "footage/b.png"),
        ("Found", "footage/c.png"),
    ]


def test_paths_are_answered_in_the_order_given_and_as_they_were_written(tmp_path: Path, clip: Clip) -> None:
    first, second = clip("b.png"), clip("a.png")
    odd = second.replace("a.png", "./a.png")
    assert [*walk([first, "nowhere.png", odd], tmp_path / "archive")][::2] == [Found(first), Found(odd)]


def test_a_path_where_nothing_is_is_refused(tmp_path: Path) -> None:
    (one,) = walk([str(tmp_path / "nothing")], tmp_path / "archive")
    assert isinstance(one, Refused)
    assert isinstance(one.error, MissingPathError)
    assert one.reason == "does not exist"


def test_hidden_files_and_the_archive_itself_are_left_out(tmp_path: Path, clip: Clip) -> None:
    for name in ("footage/.hidden.png", "footage/.git/x.png", "footage/archive/originals/x.png", "footage/a.png"):
        clip(name)
    assert below(tmp_path, str(tmp_path / "footage")) == [("Found", "footage/a.png")]
    (one,) = walk([str(tmp_path / "footage/archive")], tmp_path / "footage/archive")
    assert isinstance(one, Refused)
    assert one.reason == "is the archive's own folder"


def test_a_hidden_file_that_is_named_is_meant(tmp_path: Path, clip: Clip) -> None:
    assert below(tmp_path, clip(".hidden.png")) == [("Found", ".hidden.png")]


def test_links_that_lead_back_end(tmp_path: Path, clip: Clip) -> None:
    clip("footage/a/x.png")
    (tmp_path / "footage/a/back").symlink_to(tmp_path / "footage")
    (tmp_path / "footage/self").symlink_to(tmp_path / "footage/self")
    (tmp_path / "footage/nowhere.mp4").symlink_to("gone")
    assert below(tmp_path, str(tmp_path / "footage")) == [
        ("Found", "footage/a/x.png"),
        ("PassedOver", "footage/nowhere.mp4"),
        ("PassedOver", "footage/self"),
    ]


def test_a_folder_that_is_linked_into_another_is_walked_once(tmp_path: Path, clip: Clip) -> None:
    clip("elsewhere/x.png")
    (tmp_path / "footage").mkdir()
    for name in ("one", "two"):
        (tmp_path / "footage" / name).symlink_to(tmp_path / "elsewhere")
    assert below(tmp_path, str(tmp_path / "footage")) == [("Found", "footage/one/x.png")]


def test_what_is_no_medium_is_passed_over_unless_its_name_promises_one(tmp_path: Path, clip: Clip) -> None:
    clip("footage/a.png")
    (tmp_path / "footage/notes.txt").write_text("notes")
    (tmp_path / "footage/fake.mp4").write_text("notes")
    (tmp_path / "footage/empty.mov").touch()
    os.mkfifo(tmp_path / "footage/pipe")
    found = [*walk([str(tmp_path / "footage")], tmp_path / "archive")]
    assert [type(one) for one in found] == [Found, Refused, Refused, PassedOver, PassedOver]
    errors = [type(one.error) for one in found if isinstance(one, Refused)]
    assert errors == [EmptyFileError, UnsupportedFormatError]


def test_a_single_file_that_is_no_medium_is_refused(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("notes")
    (one,) = walk([str(tmp_path / "notes.txt")], tmp_path / "archive")
    assert isinstance(one, Refused)
    assert "notes.txt" not in one.reason


def test_a_folder_without_media_is_refused_once_for_all(tmp_path: Path) -> None:
    (tmp_path / "footage/deep").mkdir(parents=True)
    (tmp_path / "footage/deep/notes.txt").write_text("notes")
    found = [*walk([str(tmp_path / "footage")], tmp_path / "archive")]
    assert [type(one) for one in found] == [PassedOver, Refused]
    assert isinstance(found[1], Refused)
    assert isinstance(found[1].error, NoMediaError)
