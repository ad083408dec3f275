"""vPDQ 0.2.5: a list of PDQ hashes a file; a query's share of frames that any frame of the item matches.

Its own rule lists an item from a share of 80 % on, with distance at most 31 and quality at least 50; the score is the
share, so that the curves see every rank. vPDQ has no times of a match: it is given the hull of its matching frames.
"""

import json
import os
import shutil
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from benchmarks.recall.clips import VIDEOS
from benchmarks.recall.measure import run
from benchmarks.recall.prediction import Outcome, Prediction, Usage
from benchmarks.recall.queries import Benchmark

INTERPRETER = "VPDQ_PYTHON"
HOW = (
    f"set {INTERPRETER} to the Python of an environment with vpdq==0.2.5 (source only: needs cmake, pkg-config, a C++ "
    "compiler and Debian's libavcodec-dev, libavformat-dev, libavutil-dev, libavdevice-dev, libavfilter-dev, "
    "libswscale-dev and libswresample-dev)"
)
DISTANCE = 31
QUALITY = 50


@dataclass(frozen=True, slots=True)
class Hashes:
    """Bits (uint8, shape (n, 32)) and seconds of the frames of a file whose quality suffices."""

    bits: npt.NDArray[np.uint8]
    seconds: npt.NDArray[np.float64]


def ask(benchmark: Benchmark, work: Path, *, name: str, seconds_per_hash: float) -> Outcome:
    """What vPDQ says, if it is installed."""
    interpreter = os.environ.get(INTERPRETER)
    if interpreter is None or shutil.which(interpreter) is None:
        return Outcome(name, absent=HOW)
    folder = work / "systems" / name
    hashed: list[list[Hashes]] = []
    costs: list[Usage] = []
    items = [benchmark.archive / item for item in benchmark.items]
    for step, paths in (("add", items), ("match", [query.path for query in benchmark.queries])):
        folder.mkdir(parents=True, exist_ok=True)
        job = folder / f"{step}.json"
        videos = [str(path) for path in paths if path.suffix.lower() in VIDEOS]
        job.write_text(json.dumps({"paths": videos, "seconds_per_hash": seconds_per_hash}))
        child = Path(__file__).with_name("vpdq_child.py")
        done = run([interpreter, "-P", str(child), str(job)], folder / step)
        if done.code:
            return Outcome(name, absent=f"{HOW}: {done.complaint.strip()[-300:]}")
        answer = json.loads(done.output[done.output.index('{"features"') :])
        features = dict(zip(videos, answer["features"], strict=True))
        hashed.append([_hashes(features.get(str(path), [])) for path in paths])
        costs.append(done.usage)
    predictions = tuple(_predict(benchmark, hashed[1], hashed[0], seconds_per_hash))
    note = f"a hash every {seconds_per_hash:g} s; segment: hull of matching frames (vPDQ itself gives none)"
    return Outcome(name, "0.2.5", predictions, costs[0], costs[1], note)


def _hashes(features: Sequence[tuple[str, int, float]]) -> Hashes:
    good = [(bytes.fromhex(text), second) for text, quality, second in features if quality >= QUALITY]
    bits = np.array([list(code) for code, _ in good], np.uint8).reshape(len(good), 32)
    return Hashes(bits, np.array([second for _, second in good]))


def _predict(
    benchmark: Benchmark, queries: Sequence[Hashes], items: Sequence[Hashes], step: float
) -> Iterator[Prediction]:
    for query, asked in zip(benchmark.queries, queries, strict=True):
        for name, held in zip(benchmark.items, items, strict=True):
            close = distances(asked.bits, held.bits) <= DISTANCE
            if close.any():
                q, r = asked.seconds[close.any(1)], held.seconds[close.any(0)]
                spans = (float(q.min()), float(q.max() + step)), (float(r.min()), float(r.max() + step))
                yield Prediction(query.id, name, "picture", *spans, float(close.any(1).mean()))


def distances(first: npt.NDArray[np.uint8], second: npt.NDArray[np.uint8]) -> npt.NDArray[np.int64]:
    """Hamming distances, shape (len(first), len(second))."""
    return np.bitwise_count(first[:, None, :] ^ second[None, :, :]).sum(2, dtype=np.int64)
