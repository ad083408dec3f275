"""`python -m benchmarks.memory`: the most memory that any process takes to add and to match long videos, and the time.

The video is made: windows that wander over textured pictures, another picture every twelve seconds, a box that moves,
a melody. It is matched against itself, so that the whole of it is shared. Read it at a few lengths, and what grows
with length shows.
"""

import argparse
import platform
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import cv2
import msgspec
import numpy as np
import numpy.typing as npt

from benchmarks.recall.measure import run
from benchmarks.recall.report import table, write_section
from firsthand.media.write import VideoWriter

_SIZE = (320, 180)
"""As large as pictures are compared at; larger ones cost more to read, not to compare."""
_SHOT_SECONDS = 12
_PICTURES = 40
_HERTZ = 16_000
_NOTES = 24
_NOTE_SECONDS = 0.25
_BOUND_MEGABYTES = 500


def make(path: Path, hours: float, rate: int) -> Path:
    """A video of so many hours, `rate` pictures a second."""
    if path.exists():
        return path
    path.parent.mkdir(parents=True, exist_ok=True)
    random = np.random.default_rng(1)
    grounds = [
        cv2.resize(random.integers(0, 256, (20, 32, 3), np.uint8), (500, 300), interpolation=cv2.INTER_CUBIC)
        for _ in range(_PICTURES)
    ]
    unfinished = path.with_name(f"unfinished-{path.name}")
    with VideoWriter(unfinished, *_SIZE, rate) as writer:
        writer.add_sound(_melody(random, hours * 3600), _HERTZ)
        for index in range(round(hours * 3600 * rate)):
            seconds = index / rate
            shot = int(seconds // _SHOT_SECONDS)
            left = round(80 + 80 * np.sin(0.5 * seconds + shot))
            top = round(60 + 60 * np.cos(0.4 * seconds + shot))
            picture = np.roll(grounds[shot % _PICTURES], shot, axis=2)[
                top : top + _SIZE[1], left : left + _SIZE[0]
            ].copy()
            picture[50:100, round(130 + 120 * np.sin(seconds)) :][:, :50] = shot * 7 % 256
            writer.write(picture)
    unfinished.replace(path)
    return path


def _melody(random: np.random.Generator, seconds: float) -> npt.NDArray[np.float32]:
    """Notes that are struck and fade, float32, shape (n,)."""
    length = round(_NOTE_SECONDS * _HERTZ)
    times = np.arange(length, dtype=np.float32) / _HERTZ
    fading = np.exp(-6 * times)
    notes = [fading * np.sin(2 * np.pi * 220 * 2 ** (step / 7) * times) for step in range(_NOTES)]
    chosen = random.integers(0, _NOTES, (round(seconds / _NOTE_SECONDS), 2))
    struck = np.array(notes, np.float32)
    return np.concatenate([0.3 * (struck[low] + struck[high]) for low, high in chosen])


@dataclass(frozen=True, slots=True)
class Measured:
    """What one length took: peak of the largest process in megabytes and CPU seconds, and what was found.

    `found` are the shared stretches by channel: how many, the query seconds they cover, and how far the instants that
    they align lie apart at most.
    """

    hours: float
    added: tuple[float, float]
    matched: tuple[float, float]
    found: dict[str, tuple[int, float, float]]


def measured(hours: float, rate: int, work: Path) -> Measured:
    """Adds and matches a video of so many hours.

    Raises:
        RuntimeError: the program failed.
    """
    video = make(work / f"{hours:g}h-{rate}.mp4", hours, rate)
    archive = work / f"archive-{hours:g}-{rate}-{datetime.now(UTC):%Y%m%d%H%M%S}"
    costs, output = [], ""
    for words in (("add", "--keep", "reference"), ("match", "--json")):
        program = [sys.executable, "-m", "firsthand", *words, str(video), "--archive", str(archive), "--quiet"]
        done = run(program, work / words[0])
        if done.code:
            raise RuntimeError(done.complaint)
        costs.append((done.usage.peak_megabytes, done.usage.cpu_seconds))
        output = done.output
    return Measured(hours, costs[0], costs[1], _found(output))


def _found(output: str) -> dict[str, tuple[int, float, float]]:
    """The segments that the document tells of, by channel."""
    segments = [
        one
        for query in msgspec.json.decode(output)["queries"]
        for match in query["matches"]
        for one in match["segments"]
    ]
    told: dict[str, tuple[int, float, float]] = {}
    for one in segments:
        count, seconds, apart = told.get(one["channel"], (0, 0.0, 0.0))
        (start, end), held = one["query"], one["archive"]
        apart = max(apart, abs(held[0] - start), abs(held[1] - end))
        told[one["channel"]] = count + 1, seconds + end - start, apart
    return told


def section(rows: Sequence[Measured], rate: int) -> str:
    """The section of `RESULTS.md`."""
    head = ["hours", "add: peak MB", "core s", "match: peak MB", "core s", "pictures shared", "sound shared"]
    cells = [
        [
            f"{one.hours:g}",
            *(f"{value:.0f}" for value in (*one.added, *one.matched)),
            *(_told(one, channel) for channel in ("picture", "sound")),
        ]
        for one in rows
    ]
    return f"""## Memory: what long footage takes

`uv run python -m benchmarks.memory` · {datetime.now(UTC):%Y-%m-%d} · 2 cores, no GPU · \
Python {platform.python_version()}, numpy {np.__version__}

A made video ({_SIZE[0]} x {_SIZE[1]}, {rate} pictures a second, another picture every {_SHOT_SECONDS} seconds, a \
melody) is added to an empty archive and then matched against it: all of it is shared. Peak memory is that of the \
largest process, CPU that of all of them; the goal is {_BOUND_MEGABYTES} MB whatever the length. Shared: segments, of \
how much of the video, and how far their ends lie from the same instants of the item. Larger pictures cost more to \
decode; what is compared is never larger.

{table([head, *cells])}
"""


def _told(one: Measured, channel: str) -> str:
    if channel not in one.found:
        return "none"
    count, seconds, apart = one.found[channel]
    return f"{count}, {seconds / (3600 * one.hours):.2%}, {apart:.3f} s"


def main() -> int:
    """Makes the videos, adds and matches each, and prints the section."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.memory", description=__doc__)
    parser.add_argument("--hours", type=float, nargs="+", default=[0.25, 1.0, 2.0])
    parser.add_argument("--rate", type=int, default=10, help="pictures a second (default: %(default)s)")
    parser.add_argument("--work", type=Path, default=Path("build/memory"))
    parser.add_argument("--out", type=Path, help="Markdown file whose section is replaced")
    options = parser.parse_args()
    rows = []
    for hours in options.hours:
        rows.append(measured(hours, options.rate, options.work))
        print(rows[-1], flush=True)
    text = section(rows, options.rate)
    print(text)
    if options.out:
        write_section(options.out, text, "benchmarks.memory")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
