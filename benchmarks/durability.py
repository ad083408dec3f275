"""`uv run python -m benchmarks.durability`: kills `firsthand add` at random moments and looks at what is left.

Each round adds generated clips to a new archive, kills the process outright (SIGKILL) at a random moment, checks that
every acknowledged item is there with its bytes, review file and descriptors, adds once more, and checks that the
archive is complete, without duplicates and without anything that no item needs. It tells of the death of a process,
not of a loss of power.
"""

import argparse
import hashlib
import json
import random
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import time
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import av
import numpy as np

_WIDTHS = {"times": 8, "boxes": 16}


@dataclass(frozen=True, slots=True)
class Round:
    """What one killed run had acknowledged, what was then found, and how long it had run."""

    seconds: float
    acknowledged: int
    found: int
    killed: bool


def make_clips(folder: Path, count: int, seed: int = 0) -> None:
    """Small clips that all differ: a drifting pattern, one second at 10 pictures a second, 96 x 64."""
    folder.mkdir(parents=True, exist_ok=True)
    numbers = np.random.default_rng(seed)
    for index in range(count):
        with av.open(str(folder / f"clip{index:03}.mp4"), "w") as container:
            stream = container.add_stream("mpeg4", rate=10)
            stream.width, stream.height, stream.pix_fmt = 96, 64, "yuv420p"
            pattern = np.kron(numbers.integers(0, 256, (8, 12, 3)), np.ones((8, 8, 1))).astype(np.uint8)
            for step in range(10):
                picture = av.VideoFrame.from_ndarray(np.roll(pattern, 4 * step, axis=1), format="rgb24")
                container.mux(stream.encode(picture))
            container.mux(stream.encode(None))


def kill_and_check(clips: Path, archive: Path, seconds: float) -> Round:
    """One round; raises `AssertionError` where a promise is broken."""
    began = time.monotonic()
    process = subprocess.Popen(  # noqa: S603 (this very interpreter)
        _command(archive, "add", "--jsonl", str(clips)), stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    )
    try:
        process.wait(seconds)
    except subprocess.TimeoutExpired:
        process.kill()
    told, _ = process.communicate()
    seconds = time.monotonic() - began
    acknowledged = {json.loads(line)["sha256"] for line in told.splitlines(keepends=True) if line.endswith(b"\n")}
    found = _held(archive)
    assert acknowledged <= found, f"lost {len(acknowledged - found)} of {len(acknowledged)} acknowledged items"
    _check_files(archive, found)
    again = subprocess.run(_command(archive, "add", "--json", str(clips)), capture_output=True, check=False)  # noqa: S603
    assert again.returncode == 0, again.stderr.decode()
    expected = {hashlib.sha256(clip.read_bytes()).hexdigest() for clip in clips.iterdir()}
    answered = json.loads(again.stdout)["items"]
    assert {one["sha256"] for one in answered} == expected
    assert {one["sha256"] for one in answered if one["already_held"]} == found
    assert _held(archive) == expected
    _check_files(archive, expected)
    _check_nothing_else(archive, expected)
    return Round(seconds, len(acknowledged), len(found), process.returncode != 0)


def _command(archive: Path, *words: str) -> list[str]:
    return [sys.executable, "-m", "firsthand", "--archive", str(archive), "--quiet", *words]


def _held(archive: Path) -> set[str]:
    """The digests that the archive lists, none twice; nothing where no archive was made yet."""
    listed = subprocess.run(_command(archive, "archive", "ls", "--json"), capture_output=True, check=False)  # noqa: S603
    document = json.loads(listed.stdout)
    if listed.returncode != 0:
        assert document["errors"][0]["error"] == "archive-missing", document["errors"]
    digests = [one["sha256"] for one in document["items"]]
    assert len(set(digests)) == len(digests), "an item is listed twice"
    return set(digests)


def _check_files(archive: Path, digests: set[str]) -> None:
    for digest in digests:
        kept = archive / "originals" / digest[:2] / digest
        assert hashlib.sha256(kept.read_bytes()).hexdigest() == digest, f"{digest} is not what it was"
        assert [*(archive / "reviews" / digest[:2]).glob(f"{digest}.*")], f"the review file of {digest} is gone"
    for method, rows, widths in _methods(archive):
        for name, width in widths.items():
            size = (archive / "descriptors" / method.replace("/", "-") / f"{name}.bin").stat().st_size
            assert size >= rows * width, f"{method}: {name} is shorter than its rows"


def _check_nothing_else(archive: Path, digests: set[str]) -> None:
    """Nothing in the archive that no item needs."""
    with closing(sqlite3.connect(archive / "archive.sqlite3")) as db:
        assert db.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        assert db.execute("PRAGMA foreign_key_check").fetchall() == []
    for folder in ("originals", "reviews"):
        names = [path.stem for path in (archive / folder).rglob("*") if path.is_file()]
        assert sorted(names) == sorted(digests), f"{folder} holds something else"
    assert [path.name for path in (archive / "incoming").iterdir()] == ["gate"], "a writer's folder was left behind"
    for method, rows, widths in _methods(archive):
        for name, width in widths.items():
            size = (archive / "descriptors" / method.replace("/", "-") / f"{name}.bin").stat().st_size
            assert size == rows * width, f"{method}: {name} holds more than its rows"


def _methods(archive: Path) -> list[tuple[str, int, dict[str, int]]]:
    if not (archive / "archive.sqlite3").exists():
        return []
    with closing(sqlite3.connect(archive / "archive.sqlite3")) as db:
        if db.execute("PRAGMA user_version").fetchone() == (0,):
            return []
        rows = db.execute(
            "SELECT name, code_bytes, dimensions, max(start + count) FROM method JOIN fingerprint ON method = name "
            "GROUP BY name"
        )
        return [
            (name, count, {**_WIDTHS, "codes": code_bytes, "vectors": dimensions})
            for name, code_bytes, dimensions, count in rows
        ]


def main() -> None:
    """Run the rounds and print what each found."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=20, help="kills to be made")
    parser.add_argument("--clips", type=int, default=16)
    parser.add_argument("--seed", type=int, default=0)
    asked = parser.parse_args()
    moments = random.Random(asked.seed)  # noqa: S311 (moments, not secrets)
    work = Path(tempfile.mkdtemp(prefix="firsthand-durability-"))
    try:
        make_clips(work / "clips", asked.clips, asked.seed)
        undisturbed = kill_and_check(work / "clips", work / "whole", 600)
        print(f"undisturbed: {undisturbed.acknowledged} acknowledged in {undisturbed.seconds:.1f} s")
        kills = attempts = 0
        longest = undisturbed.seconds
        while kills < asked.rounds:
            archive = work / f"archive{attempts}"
            done = kill_and_check(work / "clips", archive, moments.uniform(0.2, longest))
            shutil.rmtree(archive)
            attempts += 1
            kills += done.killed
            longest = longest if done.killed else min(longest, done.seconds)  # the machine may be less busy by now
            print(
                f"{f'kill {kills}' if done.killed else 'ended before'}: after {done.seconds:.1f} s, "
                f"{done.acknowledged} acknowledged, {done.found} found, complete after a second run",
                flush=True,
            )
        print(f"{kills} kills: nothing acknowledged was lost, no duplicates, nothing left behind")
    finally:
        shutil.rmtree(work, ignore_errors=True)


if __name__ == "__main__":
    main()
