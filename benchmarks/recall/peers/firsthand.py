"""`firsthand` itself, through its public command line in processes of their own."""

import json
import shutil
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

from benchmarks.recall.measure import Run, run
from benchmarks.recall.prediction import Outcome, Prediction
from benchmarks.recall.queries import Benchmark


def ask(benchmark: Benchmark, work: Path, *, name: str, environment: Mapping[str, str]) -> Outcome:
    """What `firsthand add` and `firsthand match` say; a fresh archive each time."""
    folder = work / "systems" / name
    archive = folder / "archive"
    shutil.rmtree(archive, ignore_errors=True)
    program = [sys.executable, "-m", "firsthand"]
    added = run(
        [*program, "add", str(benchmark.archive.resolve()), "--archive", str(archive), "--json"],
        folder / "add",
        environment=environment,
    )
    if not _usable(added, "items"):
        return Outcome(name, absent=f"`firsthand add` ended with {added.code}: {added.complaint.strip()[-300:]}")
    queries = [str(query.path.resolve()) for query in benchmark.queries]
    asked = run(
        [*program, "match", *queries, "--archive", str(archive), "--json"], folder / "match", environment=environment
    )
    if not _usable(asked, "queries"):
        return Outcome(name, absent=f"`firsthand match` ended with {asked.code}: {asked.complaint.strip()[-300:]}")
    document = json.loads(asked.output)
    note = f"{len(document['errors'])} queries could not be read" if document.get("errors") else ""
    predictions = tuple(read_matches(document, benchmark))
    return Outcome(name, document["version"], predictions, added.usage, asked.usage, note)


def _usable(done: Run, field: str) -> bool:
    """Whether the command printed its document: exit code 1 names unreadable inputs and has done the rest."""
    try:
        return done.code in {0, 1} and field in json.loads(done.output)
    except ValueError:
        return False


def read_matches(document: Mapping[str, object], benchmark: Benchmark) -> Iterator[Prediction]:
    """The segments of a `firsthand.match/1` document as predictions; its score is the segment's confidence."""
    by_path = {str(query.path.resolve()): query.id for query in benchmark.queries}
    root = benchmark.archive.resolve()
    for query in _rows(document["queries"]):
        identity = by_path[str(Path(str(query["path"])).resolve())]
        for match in _rows(query["matches"]):
            path = Path(str(match["path"])).resolve()
            item = str(path.relative_to(root)) if path.is_relative_to(root) else str(path)
            for segment in _rows(match["segments"]):
                yield _prediction(identity, item, segment)


def _prediction(identity: str, item: str, segment: Mapping[str, object]) -> Prediction:
    query, archive = _numbers(segment["query"]), _numbers(segment["archive"])
    return Prediction(
        identity,
        item,
        "sound" if segment["channel"] == "sound" else "picture",
        (query[0], query[1]),
        (archive[0], archive[1]),
        _number(segment["confidence"]) or 0.0,
        rate=_number(segment["rate"]),
        mirrored=bool(segment["mirrored"]),
        rotation_degrees=_number(segment["rotation_degrees"]),
        query_box=_box(segment["query_box"]),
        archive_box=_box(segment["archive_box"]),
    )


def _rows(value: object) -> list[dict[str, object]]:
    return value if isinstance(value, list) else []


def _number(value: object) -> float | None:
    return float(value) if isinstance(value, int | float) else None


def _numbers(value: object) -> list[float]:
    return [float(number) for number in value] if isinstance(value, list) else [0.0, 0.0]


def _box(value: object) -> tuple[float, float, float, float] | None:
    if not isinstance(value, list):
        return None
    left, top, width, height = _numbers(value)
    return left, top, width, height
