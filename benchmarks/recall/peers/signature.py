"""The MPEG-7 video signature of ffmpeg's filter `signature`, pair by pair.

It has no index and cannot read the signatures that it writes, so each pair is decoded anew: only a stated subset of
pairs is asked, every true one and a seeded sample of others.
"""

import json
import random
import re
import shutil
from collections.abc import Iterator, Sequence
from pathlib import Path

import av

from benchmarks.recall.clips import VIDEOS
from benchmarks.recall.measure import run
from benchmarks.recall.prediction import Outcome, Prediction, Usage
from benchmarks.recall.queries import Benchmark, Query

HOW = "needs an ffmpeg binary with the filter `signature` on PATH (Debian: apt install ffmpeg)"
FALSE_PER_QUERY = 1
MATCHING = re.compile(r"matching of video 0 at ([\d.]+) and 1 at ([\d.]+), (\d+) frames matching")


def ask(benchmark: Benchmark, work: Path, *, name: str) -> Outcome:
    """What the filter says of the subset; answers are kept in `work`, with what they cost."""
    program = shutil.which("ffmpeg")
    if program is None:
        return Outcome(name, absent=HOW)
    kept_path = work / "systems" / name / "pairs.json"
    kept_path.parent.mkdir(parents=True, exist_ok=True)
    kept: dict[str, dict[str, object]] = json.loads(kept_path.read_text()) if kept_path.exists() else {}
    pairs = list(_subset(benchmark))
    predictions: list[Prediction] = []
    cpu = wall = peak = 0.0
    for query, item in pairs:
        key = f"{query.path.name}|{benchmark.archive.name}/{item}"
        if key not in kept:
            kept[key] = _compare(program, query.path, benchmark.archive / item, kept_path.parent)
            kept_path.write_text(json.dumps(kept))
        answer = kept[key]
        cpu, wall = cpu + _number(answer["cpu"]), wall + _number(answer["wall"])
        peak = max(peak, _number(answer["peak"]))
        predictions.extend(_read(query, item, str(answer["said"]), benchmark))
    true = sum(1 for query in benchmark.queries for _ in _true_items(query))
    note = (
        f"pairwise only: asked about {len(pairs)} pairs of videos, of them {true} that share pictures and "
        f"{FALSE_PER_QUERY} other a query; its figures for wrong pairs and precision are therefore flattering"
    )
    return Outcome(name, _version(program, kept_path.parent), tuple(predictions), None, Usage(cpu, wall, peak), note)


def _subset(benchmark: Benchmark) -> Iterator[tuple[Query, str]]:
    videos = [item for item in benchmark.items if Path(item).suffix.lower() in VIDEOS]
    for query in benchmark.queries:
        if query.kind != "video":
            continue
        true = list(_true_items(query))
        unclear = {item for item, _ in query.answer.ignored}
        others = [item for item in videos if item not in true and item not in unclear]
        rng = random.Random(query.id)  # noqa: S311 - repeatable, not secret
        sample = rng.sample(others, min(FALSE_PER_QUERY, len(others)))
        yield from ((query, item) for item in [*true, *sample])


def _true_items(query: Query) -> Iterator[str]:
    if query.kind == "video":
        found = {truth.item for truth in query.answer.truths if truth.channel == "picture"}
        yield from sorted(item for item in found if Path(item).suffix.lower() in VIDEOS)


def _compare(program: str, query: Path, item: Path, folder: Path) -> dict[str, object]:
    graph = "[0:v][1:v]signature=nb_inputs=2:detectmode=full"
    argv = [program, "-hide_banner", "-nostdin", "-nostats", "-threads", "1", "-i", str(query), "-threads", "1"]
    done = run([*argv, "-i", str(item), "-filter_complex", graph, "-f", "null", "-"], folder / "run")
    said = "\n".join(match.group(0) for match in MATCHING.finditer(done.complaint))
    usage = done.usage
    return {"said": said, "cpu": usage.cpu_seconds, "wall": usage.wall_seconds, "peak": usage.peak_megabytes}


def _read(query: Query, item: str, said: str, benchmark: Benchmark) -> Iterator[Prediction]:
    """Its lines as predictions: the score is the share of the query's frames that match."""
    for start, archive_start, frames in MATCHING.findall(said):
        fps = _fps(query.path)
        seconds = int(frames) / fps
        low, high = float(start), float(archive_start)
        item_seconds = benchmark.item_seconds[benchmark.items.index(item)]
        made = max(0.04, min(seconds, query.seconds - low, item_seconds - high))
        score = seconds / query.seconds
        yield Prediction(query.id, item, "picture", (low, low + made), (high, high + made), score)


def _fps(path: Path) -> float:
    with av.open(str(path)) as container:
        return float(container.streams.video[0].average_rate or 25)


def _version(program: str, folder: Path) -> str:
    words: Sequence[str] = run([program, "-version"], folder / "version").output.split()
    return f"ffmpeg {words[2]}" if len(words) > 2 else "ffmpeg"


def _number(value: object) -> float:
    return float(value) if isinstance(value, int | float) else 0.0
