"""`python -m benchmarks.cost`: CPU of adding and of asking against a bare decode, at 1280 x 720 in H.264.

The video is made: real clips, six seconds of each, scaled and cropped to 1280 x 720 at 30 frames a second, joined and
encoded by x264 as people encode (medium, CRF 23, a key frame at least every two seconds), with sound as AAC. Parts are
measured inside one process, round by round with the bare decode; whole commands with all that starting them costs.
"""

import argparse
import datetime as dt
import os
import random
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path

import av
import cv2
import numpy as np

from benchmarks.recall.clips import VIDEOS
from benchmarks.recall.measure import run
from benchmarks.recall.report import table, write_section
from firsthand.errors import InputError
from firsthand.media.decoding import Decoding
from firsthand.media.observe import observe
from firsthand.media.review import ReviewWriter
from firsthand.media.sound_review import SUFFIX, SoundReviewWriter
from firsthand.media.write import VideoWriter
from firsthand.recall.describing import Describing
from firsthand.recall.landmarks import Landmarks, sound_print
from firsthand.recall.methods import chosen_method, descriptor, stored_methods
from firsthand.recall.reading import ITEM_PANEL_SECONDS, SAMPLE_SIDE, read_query
from firsthand.recall.sampling import OF_ITEM, Sampler

WIDTH, HEIGHT, RATE = 1280, 720, 30
_CLIP_SECONDS = 6
_LEAST_SIDE = 480
_X264 = {"preset": "medium", "crf": "23", "g": "60", "x264-params": "log-level=none"}


def make(clips: Path, out: Path, seconds: float, seed: int) -> Path:
    """The video of about so many seconds, from the larger ones of the clips in an order by chance."""
    if out.exists():
        return out
    out.parent.mkdir(parents=True, exist_ok=True)
    files = sorted(path for path in clips.rglob("*") if path.suffix.lower() in VIDEOS)
    random.Random(seed).shuffle(files)  # noqa: S311 - an order, not a secret
    sound = np.random.default_rng(seed).normal(0, 0.05, round(seconds + _CLIP_SECONDS) * 44_100).astype(np.float32)
    sound *= np.repeat(np.random.default_rng(seed + 1).random(len(sound) // 11_025 + 1), 11_025)[: len(sound)]
    written = 0
    with VideoWriter(out, WIDTH, HEIGHT, RATE, "libx264", bit_rate=0, options=_X264) as writer:
        writer.add_sound(sound, 44_100)
        while written < seconds * RATE:
            for path in files:
                written += _append(writer, path) if written < seconds * RATE else 0
    return out


def _append(writer: VideoWriter, path: Path) -> int:
    """Frames written: one for each thirtieth of a second of the clip's first seconds; none of small clips."""
    written = 0
    with av.open(str(path)) as container:
        if not container.streams.video:
            return 0
        stream = container.streams.video[0]
        if min(stream.width, stream.height) < _LEAST_SIDE:
            return 0
        for frame in container.decode(stream):
            if frame.time is None or frame.time >= _CLIP_SECONDS:
                break
            picture = _fitted(frame.to_ndarray(format="rgb24"))
            while written / RATE <= frame.time:
                writer.write(picture)
                written += 1
    return written


def _fitted(
    picture: np.ndarray[tuple[int, ...], np.dtype[np.uint8]],
) -> np.ndarray[tuple[int, ...], np.dtype[np.uint8]]:
    height, width = picture.shape[:2]
    scale = max(WIDTH / width, HEIGHT / height)
    size = (max(WIDTH, round(width * scale)), max(HEIGHT, round(height * scale)))
    large = np.asarray(cv2.resize(picture, size, interpolation=cv2.INTER_CUBIC), np.uint8)
    top, left = (size[1] - HEIGHT) // 2, (size[0] - WIDTH) // 2
    return large[top : top + HEIGHT, left : left + WIDTH]


def _bare(video: Path) -> None:
    with av.open(str(video)) as container:
        stream = container.streams.video[0]
        stream.codec_context.thread_count = 1
        for _ in container.decode(stream):
            pass


def _reading(video: Path, decoding: Decoding, *, fingerprint: bool, review: bool, sound: bool) -> None:
    describing = Describing(
        [descriptor(name) for name in stored_methods(chosen_method())],
        query=False,
        panel_seconds=float("inf") if decoding is Decoding.FAST else ITEM_PANEL_SECONDS,
    )
    landmarks = Landmarks()
    with tempfile.TemporaryDirectory() as folder:
        observers = [ReviewWriter(Path(folder) / "review")] if review else []
        sampler = [Sampler(describing.shot, OF_ITEM, longest_side=SAMPLE_SIDE)] if fingerprint else []
        listeners = [landmarks, SoundReviewWriter(Path(folder) / f"sound{SUFFIX}")] if sound else []
        observe(video, [*observers, *sampler], listeners=listeners, decoding=decoding)
        if sound:
            sound_print(landmarks)


def parts(video: Path) -> Mapping[str, Callable[[], None]]:
    def reading(
        decoding: Decoding, *, fingerprint: bool = True, review: bool = True, sound: bool = True
    ) -> Callable[[], None]:
        return lambda: _reading(video, decoding, fingerprint=fingerprint, review=review, sound=sound)

    lean, fast = Decoding.LEAN, Decoding.FAST
    return {
        "bare decode of all frames": lambda: _bare(video),
        "lean decode": reading(lean, fingerprint=False, review=False, sound=False),
        "fingerprint of the pictures (lean decode, sampling, SSCD and PDQ with panels)": reading(
            lean, review=False, sound=False
        ),
        "the same with the fingerprint of the sound and its track": reading(lean, review=False),
        "all of `add`, with the review track": reading(lean),
        "`--fast`: fingerprint of the pictures": reading(fast, review=False, sound=False),
        "`--fast`: all of `add`": reading(fast),
        "a query, decoded in full and described with its panels, its sound and its tracks": lambda: _asked(video),
    }


def _spent() -> float:
    """CPU seconds of this process and of its children that ended."""
    return sum(os.times()[:4])


def _asked(video: Path) -> None:
    with tempfile.TemporaryDirectory() as folder:
        read_query(video, Path(folder), methods=(descriptor(chosen_method()).method,))


def _seconds(work: Callable[[], None]) -> float:
    started = _spent()
    work()
    return _spent() - started


def commands(video: Path, work: Path, other: Path) -> Mapping[str, float]:
    """CPU seconds of whole commands: adding to a new archive, and asking an archive that holds another video."""
    found: dict[str, float] = {}
    archive, empty = work / "held", work / "new"
    for folder in (archive, empty, work / "fast"):
        subprocess.run(["rm", "-rf", str(folder)], check=True)  # noqa: S603, S607
    asked = {
        "": ["add", str(other), "--archive", str(archive), "--keep", "reference"],
        "`firsthand add`": ["add", str(video), "--archive", str(empty), "--keep", "reference"],
        "`firsthand add --fast`": ["add", str(video), "--archive", str(work / "fast"), "--keep", "reference", "--fast"],
        "`firsthand match`, of other footage": ["match", str(video), "--archive", str(archive)],
        "`firsthand match`, of the same footage": ["match", str(video), "--archive", str(empty)],
    }
    for name, words in asked.items():
        done = run([sys.executable, "-m", "firsthand", *words, "--quiet"], work / "run")
        if done.code:
            raise InputError(done.complaint)
        if name:
            found[name] = done.usage.cpu_seconds
    return found


def main() -> int:
    """Makes the videos, measures, and prints or writes the table."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.cost", description=__doc__)
    parser.add_argument("--clips", type=Path, required=True, help="folder of real clips")
    parser.add_argument("--work", type=Path, default=Path("build/cost"))
    parser.add_argument("--seconds", type=float, default=120.0, help="of video (default: %(default)s)")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument(
        "--out", type=Path, help="Markdown file whose section is replaced, such as benchmarks/RESULTS.md"
    )
    options = parser.parse_args()
    cv2.setNumThreads(1)
    video = make(options.clips, options.work / f"{options.seconds:g}-1.mp4", options.seconds, 1)
    other = make(options.clips, options.work / f"{options.seconds:g}-2.mp4", options.seconds, 2)
    timed: dict[str, list[float]] = {}
    for _ in range(options.rounds):
        for name, part in parts(video).items():
            timed.setdefault(name, []).append(_seconds(part))
    base = statistics.median(timed["bare decode of all frames"])
    whole = commands(video, options.work, other)
    rows = [
        [name, f"{statistics.median(spent):.2f}", f"{statistics.median(spent) / base:.2f}"]
        for name, spent in timed.items()
    ]
    rows += [[name, f"{spent:.2f}", f"{spent / base:.2f}"] for name, spent in whole.items()]
    rate = video.stat().st_size * 8 / options.seconds / 1e6
    made = f"`uv run python -m benchmarks.cost --clips DIR` · {dt.datetime.now(dt.UTC).date().isoformat()} · one thread"
    how = (
        f"{options.seconds:g} s of real clips joined, {WIDTH} x {HEIGHT} at {RATE} frames a second, {rate:.1f} Mb/s, "
        f"x264 medium. Method {chosen_method()}; the archive is sampled once a second, and more where it changes. CPU "
        f"seconds, medians of {options.rounds} rounds; whole commands once, with their start and, asking, with "
        "verification. The other footage of the last but one is of the same clips in another order, so that it is "
        "verified, too."
    )
    head = ["part", "CPU s", "÷ bare decode"]
    text = "\n\n".join(
        ["## Cost: adding and asking against a bare decode, 720p H.264", made, how, table([head, *rows])]
    )
    print(text)
    if options.out:
        write_section(options.out, text + "\n", "benchmarks.cost")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
