"""`python -m benchmarks.memory`: the most memory that any process takes to add and to match a long video.

The video is made: windows that wander over textured pictures, another picture every twelve seconds, a box that moves.
Read it at a few lengths, and what grows with length shows.
"""

import argparse
import sys
from pathlib import Path

import cv2
import numpy as np

from benchmarks.recall.measure import run
from firsthand.media.write import VideoWriter

_SIZE = (256, 144)
_SHOT_SECONDS = 12
_PICTURES = 40


def make(path: Path, hours: float, rate: int) -> Path:
    """A video of so many hours, `rate` pictures a second."""
    if path.exists():
        return path
    path.parent.mkdir(parents=True, exist_ok=True)
    random = np.random.default_rng(1)
    grounds = [
        cv2.resize(random.integers(0, 256, (20, 32, 3), np.uint8), (400, 240), interpolation=cv2.INTER_CUBIC)
        for _ in range(_PICTURES)
    ]
    unfinished = path.with_name(f"unfinished-{path.name}")
    with VideoWriter(unfinished, *_SIZE, rate) as writer:
        for index in range(round(hours * 3600 * rate)):
            seconds = index / rate
            shot = int(seconds // _SHOT_SECONDS)
            left = round(60 + 60 * np.sin(0.5 * seconds + shot))
            top = round(40 + 40 * np.cos(0.4 * seconds + shot))
            picture = np.roll(grounds[shot % _PICTURES], shot, axis=2)[
                top : top + _SIZE[1], left : left + _SIZE[0]
            ].copy()
            picture[40:80, round(100 + 90 * np.sin(seconds)) :][:, :40] = shot * 7 % 256
            writer.write(picture)
    unfinished.replace(path)
    return path


def main() -> int:
    """Makes the videos, adds and matches each, and prints a table."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.memory", description=__doc__)
    parser.add_argument("--hours", type=float, nargs="+", default=[0.25, 1.0, 2.0])
    parser.add_argument("--rate", type=int, default=3, help="pictures a second (default: %(default)s)")
    parser.add_argument("--work", type=Path, default=Path("build/memory"))
    options = parser.parse_args()
    print("| hours | add: peak MB | core s | match: peak MB | core s |\n| --- | --- | --- | --- | --- |")
    for hours in options.hours:
        video = make(options.work / f"{hours:g}h-{options.rate}.mp4", hours, options.rate)
        archive = options.work / f"archive-{hours:g}-{options.rate}"
        cells = []
        for words in (("add", "--keep", "reference"), ("match",)):
            program = [sys.executable, "-m", "firsthand", *words, str(video), "--archive", str(archive), "--quiet"]
            done = run(program, options.work / words[0])
            if done.code:
                print(done.complaint, file=sys.stderr)
            cells += [f"{done.usage.peak_megabytes:.0f}", f"{done.usage.cpu_seconds:.0f}"]
        print(f"| {hours:g} | {' | '.join(cells)} |", flush=True)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
