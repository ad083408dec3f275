"""`python -m benchmarks.sampling`: which model, and how many pictures a second, find most for their cost.

On the queries of `benchmarks.recall` that share pictures with the archive, up to the candidate lines: a true pair
counts as placed where one of the lines that would be verified leads to its item at the right time. Every file is
described once, at all instants that any of the samplings wants; panels are looked for in the shots of today's sampler,
so that samplings differ in their instants alone. Descriptors are kept in the work folder: a run that was cut short goes
on where it stopped.
"""

import argparse
import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np

from benchmarks.recall.clips import SOUNDS
from benchmarks.recall.decode import decode_cpu_seconds
from benchmarks.recall.queries import Benchmark, Query, Request, build
from benchmarks.recall.report import table, write_section
from benchmarks.sampling.files import MODELS, SIDES, File, Timed, kept
from benchmarks.sampling.found import Figures, figures, pictures_of
from benchmarks.sampling.instants import FIXED, SAMPLINGS, TODAY

ITEM_SIDE, QUERY_SIDE = 448, 640
"""Longer sides at which pictures are described, as in `firsthand.recall.reading`."""
CHOSEN = "sscd-distilled"
"""What the product uses where it is installed."""


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.sampling", description=__doc__)
    add = parser.add_argument
    add("--clips", type=Path, required=True, help="folder of clips, as for benchmarks.recall")
    add("--work", type=Path, default=Path("build/recall"), help="rendered files and descriptors (default: %(default)s)")
    add("--queries", type=int, default=100, help="how many are drawn (default: %(default)s)")
    add("--seed", type=int, default=3)
    add("--asked", type=int, default=36, help="how many of those with a right answer are asked (default: %(default)s)")
    add("--out", type=Path, help="Markdown file whose section is replaced, such as benchmarks/RESULTS.md")
    return parser


@dataclass(frozen=True, slots=True)
class Measured:
    """All figures, and the CPU seconds a second of the archive that is decoded, and decoded with thumbnails."""

    request: Request
    benchmark: Benchmark
    queries: Sequence[Query]
    models: Sequence[Figures]
    sides: Sequence[Figures]
    decode: float
    looking: float


def measure(request: Request, asked: int) -> Measured:
    """Describes what was not described yet, and asks; the first queries of a benchmark are of all kinds."""
    benchmark = build(request)
    queries = [query for query in benchmark.queries if pictures_of(query)][:asked]
    models = {name: Timed(make()) for name, make in MODELS.items()}
    sides = {name: Timed(make()) for name, make in SIDES.items()}
    folder = request.work / "sampling"
    items = [benchmark.archive / item for item in benchmark.items]
    files: dict[Path, File] = {}
    for path, side in [*((path, ITEM_SIDE) for path in items), *((query.path, QUERY_SIDE) for query in queries)]:
        files[path] = kept(path, side, models, sides, folder)
    seconds = sum(benchmark.item_seconds)
    return Measured(
        request,
        benchmark,
        queries,
        [figures(benchmark, files, queries, models[name], (name, at)) for name in models for at in SAMPLINGS],
        [figures(benchmark, files, queries, sides[name], (name, TODAY)) for name in sides],
        decode_cpu_seconds([path for path in items if path.suffix.lower() not in SOUNDS], folder / "decode") / seconds,
        sum(files[path].cpu_seconds["looking"] for path in items) / seconds,
    )


def markdown(measured: Measured) -> str:
    """The section of `RESULTS.md`."""
    benchmark, request = measured.benchmark, measured.request
    head = [
        "model",
        "sampling",
        "pairs placed",
        "mean rank of the right line",
        "lines a query",
        "descriptors an hour",
        "CPU s per video s",
        "÷ bare decode",
    ]
    made = (
        f"`uv run python -m benchmarks.sampling --clips DIR` · {dt.datetime.now(dt.UTC).date().isoformat()} · "
        f"seed {request.seed} · one thread, no GPU"
    )
    asked = (
        f"{len(measured.queries)} queries that share pictures with {len(benchmark.items)} items "
        f"({sum(benchmark.item_seconds) / 60:.1f} minutes). Placed: among the lines that would be verified, one leads "
        "to the item within 0.5 s of the right time (1 s for stills); windows, the second look, are left out. CPU is "
        f"that of the model alone on the archive; decoding it takes {measured.decode:.4f} s per video second, "
        f"{measured.looking:.4f} s with a thumbnail of every picture. The sampling is that of the archive; queries "
        "are sampled two to five times a second, as by the product. Panels are those of a query's shots at every "
        "picture, and the last rows are at the archive's instants with another side of the network's input."
    )
    rows = [_row(one, measured.decode) for one in (*measured.models, *measured.sides)]
    title = "## Sampling: which model, and how many pictures a second"
    return "\n\n".join([title, made, asked, table([head, *rows]), _shown(measured)])


def _shown(measured: Measured) -> str:
    """What the table shows, in two sentences."""
    by_name = {(one.method, one.sampling): one for one in measured.models}
    today = by_name[CHOSEN, TODAY]
    rates = ", ".join(f"{len(by_name[CHOSEN, at].placed)} at {at}" for at in FIXED)
    share = today.descriptors_per_hour / by_name[CHOSEN, "5 a second"].descriptors_per_hour
    others = " and ".join(
        f"{name} {len(one.placed)} for {one.cpu_per_second / today.cpu_per_second:.1f} times the CPU"
        for name in MODELS
        if name != CHOSEN and (one := by_name[name, TODAY])
    )
    sides = ", ".join(f"{len(one.placed)} at {one.method.split()[-1]}" for one in measured.sides)
    return (
        f"Of {today.pairs} pairs {CHOSEN} places {rates}, and {len(today.placed)} sampled adaptively with {share:.0%} "
        f"of the descriptors of 5 a second, which is what the product does. At the same instants {others}; by the side "
        f"of its input {CHOSEN} places {sides}, and 224 is used."
    )


def _row(one: Figures, decode: float) -> list[str]:
    ranks = list(one.placed.values())
    return [
        one.method,
        one.sampling,
        f"{len(ranks)} of {one.pairs}",
        f"{np.mean(ranks):.2f}" if ranks else "-",
        f"{one.lines_per_query:.1f}",
        f"{one.descriptors_per_hour:,.0f}",
        f"{one.cpu_per_second:.4f}",
        f"{one.cpu_per_second / decode:.2f}",
    ]


def main() -> int:
    """Runs the measurement."""
    options = _parser().parse_args()
    cv2.setNumThreads(1)
    measured = measure(Request(options.clips, options.work, options.queries, options.seed), options.asked)
    text = markdown(measured) + "\n"
    print(text)
    if options.out:
        write_section(options.out, text, "benchmarks.sampling")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
