import json
import resource
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Any

import click
import pytest

from firsthand.desk.cli.app import COMMANDS, app
from firsthand.desk.cli.archive import archive
from firsthand.desk.cli.when import When

type Run = Callable[..., Any]
type Picture = Callable[..., str]


def test_help_costs_little(firsthand: Run) -> None:
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    done = firsthand("--help")
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    assert done.code == 0
    assert "Examples:" in done.out
    assert after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime < 0.3


def test_help_imports_nothing_heavy() -> None:
    script = "import sys, firsthand.desk.cli.run; print(*sys.modules)"
    loaded = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True).stdout.split()  # noqa: S603
    assert not {"numpy", "av", "cv2", "faiss", "rich", "msgspec", "sqlite3", "multiprocessing"} & set(loaded)


@pytest.mark.parametrize("group", [app, archive])
def test_every_command_can_be_imported_and_says_in_its_list_what_its_help_says(group: click.Group) -> None:
    context = click.Context(group)
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        assert command is not None
        assert command.name == name
        assert command.epilog
        assert "Examples:" in command.epilog


def test_entries_name_modules_of_ours() -> None:
    for entry in COMMANDS.values():
        assert import_module(entry.command.split(":")[0])


def test_the_version_is_told_before_and_after_a_command(firsthand: Run) -> None:
    assert firsthand("--version").out == firsthand("archive", "ls", "--version").out == "firsthand 0.1.0\n"


def test_a_picture_goes_in_and_out_again(firsthand: Run, picture: Picture) -> None:
    added = firsthand("add", picture(), "--source", "a reader", "--published", "2024-05", "--json")
    assert (added.code, added.document["errors"], added.document["schema"]) == (0, [], "firsthand.add/1")
    (one,) = added.document["items"]
    assert (one["id"], one["path"], one["kind"]) == (f"sha256:{one['sha256']}", "a.png", "image")
    assert (one["already_held"], one["duration_seconds"]) == (False, None)
    (listed,) = firsthand("archive", "ls", "--json").document["items"]
    assert (listed["id"], listed["source"], listed["published"], listed["date_basis"]) == (
        one["id"],
        "a reader",
        "2024-05",
        "typed",
    )
    shown = firsthand("archive", "show", one["id"][:13], "--json").document
    assert shown["item"] == listed
    assert Path(shown["original"]).is_file()
    assert firsthand("archive", "stats", "--json").document["sums"]["items"] == 1
    (gone,) = firsthand("archive", "rm", "a.png", "--json").document["items"]
    assert gone["id"] == one["id"]
    assert firsthand("archive", "ls", "--json").document["items"] == []


def test_common_options_work_before_and_after_the_command(firsthand: Run, picture: Picture, tmp_path: Path) -> None:
    other = str(tmp_path / "other")
    assert firsthand("--archive", other, "--json", "add", picture()).document["items"]
    for words in (
        ("--archive", other, "archive", "--json", "ls"),
        ("archive", "--archive", other, "ls", "--json"),
        ("--json", "archive", "ls", "--archive", other),
    ):
        assert len(firsthand(*words).document["items"]) == 1


def test_people_see_a_line_an_item_and_a_closing_line(firsthand: Run, picture: Picture, tmp_path: Path) -> None:
    for seed in range(2):
        picture(f"in/{seed}.png", seed)
    picture("in/twin.png", 1)
    (tmp_path / "in" / "notes.txt").write_text("x")
    done = firsthand("add", "in", "gone.mp4")
    lines = done.out.splitlines()
    assert [line.split()[0] for line in lines[:3]] == ["added", "added", "already"]
    assert lines[3] == (
        "2 added, 1 already held, 1 not read, 1 other file passed over; the archive holds 2 items, 0.0 minutes."
    )
    assert done.code == 1
    assert done.err.splitlines()[-1] == "firsthand: gone.mp4: does not exist"


def test_quiet_says_only_what_failed(firsthand: Run, picture: Picture) -> None:
    done = firsthand("add", picture(), "gone.mp4", "--quiet")
    assert (done.out, done.err) == ("", "firsthand: gone.mp4: does not exist\n")


def test_lines_of_json_are_items_alone(firsthand: Run, picture: Picture) -> None:
    done = firsthand("add", picture(), "gone.mp4", "--jsonl")
    (line,) = done.out.splitlines()
    assert json.loads(line)["path"] == "a.png"
    assert done.code == 1


def test_wrong_usage_is_one_sentence_and_exit_code_two(firsthand: Run, picture: Picture) -> None:
    for words in (
        ("add",),
        ("add", picture(), "--published", "yesterday"),
        ("add", picture(), "--json", "--jsonl"),
        ("add", picture(), "--keep", "shred"),
        ("archive", "show"),
        ("nonsense",),
        ("archive", "ls", "--nonsense"),
    ):
        done = firsthand(*words)
        assert (done.code, done.out) == (2, "")
        assert len(done.err.splitlines()) == 1
        assert done.err.startswith("firsthand: ")


def test_a_missing_archive_is_exit_code_three_in_every_reading_command(firsthand: Run) -> None:
    for words in (("ls",), ("show", "x"), ("stats",), ("rm", "x")):
        done = firsthand("archive", *words, "--json")
        assert done.code == 3
        assert [problem["error"] for problem in done.document["errors"]] == ["archive-missing"]
        assert len(done.err.splitlines()) == 1


def test_a_newer_archive_is_exit_code_three(firsthand: Run, picture: Picture, tmp_path: Path) -> None:
    import sqlite3

    firsthand("add", picture())
    with sqlite3.connect(tmp_path / "archive" / "archive.sqlite3") as db:
        db.execute("PRAGMA user_version = 99")
    db.close()
    done = firsthand("add", picture("b.png", 1), "--json")
    assert (done.code, done.document["errors"][0]["error"]) == (3, "archive-newer")


def test_wrong_inputs_are_named_each_with_its_reason(firsthand: Run, tmp_path: Path) -> None:
    (tmp_path / "empty.mp4").touch()
    (tmp_path / "text.mp4").write_text("just words\n")
    (tmp_path / "folder").mkdir()
    done = firsthand("add", "empty.mp4", "text.mp4", "folder", "gone.mp4", "--json")
    errors = {problem["path"]: problem["error"] for problem in done.document["errors"]}
    assert errors == {
        "empty.mp4": "empty-file",
        "text.mp4": "unsupported-format",
        "folder": "no-media",
        "gone.mp4": "missing-path",
    }
    assert (done.code, done.document["items"], len(done.err.splitlines())) == (1, [], 4)


def test_hidden_characters_of_a_name_are_written_out(firsthand: Run, picture: Picture) -> None:
    name = picture("a\u202egnp.\x1b[31m.png")
    added = firsthand("add", name)
    for text in (added.out, firsthand("archive", "ls").out, firsthand("archive", "show", name).out):
        assert "\u202e" not in text
        assert "\x1b" not in text
        assert "⟨U+202E⟩" in text


def test_a_name_that_is_no_unicode_is_listed(firsthand: Run, picture: Picture, tmp_path: Path) -> None:
    (tmp_path / picture()).rename(tmp_path / "odd\udcff.png")
    done = firsthand("add", "odd\udcff.png", "--json")
    assert (done.code, done.document["items"][0]["path"]) == (0, "odd\\xff.png")
    assert firsthand("archive", "ls").code == 0


def test_a_reader_that_goes_away_ends_the_list_quietly(firsthand: Run, picture: Picture, tmp_path: Path) -> None:
    firsthand("add", picture())
    command = f"{sys.executable} -m firsthand --archive {tmp_path}/archive archive ls --json | true"
    done = subprocess.run(["sh", "-c", command], capture_output=True, text=True, check=True)  # noqa: S603, S607
    assert done.stderr == ""


def test_an_interrupt_is_exit_code_130_with_nothing_half_written(
    firsthand: Run, picture: Picture, tmp_path: Path
) -> None:
    for seed in range(30):
        picture(f"in/{seed:02}.png", seed)
    command = [sys.executable, "-m", "firsthand", "--archive", str(tmp_path / "archive"), "add", "--jsonl", "in"]
    process = subprocess.Popen(command, cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)  # noqa: S603
    assert process.stdout is not None
    first = process.stdout.readline()
    time.sleep(0.1)
    process.send_signal(signal.SIGINT)
    rest, err = process.communicate(timeout=60)
    told = [json.loads(line)["id"] for line in [first, *rest.splitlines()]]
    held = {one["id"] for one in firsthand("archive", "ls", "--json").document["items"]}
    assert process.returncode == 130
    assert err.splitlines()[-1] == "firsthand: interrupted"
    assert set(told) <= held
    assert len(held) < 30
    assert [path.name for path in (tmp_path / "archive" / "incoming").iterdir()] == ["gate"]


def test_a_defect_is_told_as_one_and_shown_only_when_asked(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from firsthand.desk.cli import run

    def broken(*_args: object, **options: Any) -> None:  # noqa: ANN401
        options["obj"]["verbose"] = verbose
        raise ZeroDivisionError("by nothing")

    monkeypatch.setattr(run.app, "main", broken)
    for verbose in (False, True):
        with pytest.raises(SystemExit) as ended:
            run.run()
        err = capsys.readouterr().err
        assert ended.value.code == 1
        assert "defect of the program" in err
        assert ("Traceback" in err) == verbose


@pytest.mark.parametrize(
    "text", ["2024", "2024-05", "2024-05-01", "2024-05-01T14:30", "2024-05-01 14:30:10.5Z", "2024-02-29T00:00+02:00"]
)
def test_a_date_of_any_precision_is_kept_as_typed(text: str) -> None:
    assert When().convert(text, None, None) == text


@pytest.mark.parametrize(
    "text", ["", "24", "2024-13", "2024-5", "2023-02-29", "2024-05-01T25:00", "2024-05-01T", "0000", "May 2024", "٢٠٢٤"]
)
def test_what_is_no_date_is_refused(text: str) -> None:
    with pytest.raises(click.BadParameter, match="expected a date"):
        When().convert(text, None, None)
