"""`python -m benchmarks.recall`: makes the queries, asks the systems side by side, and reports."""

import argparse
import datetime as dt
import json
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from benchmarks.recall.decode import decode_cpu_seconds
from benchmarks.recall.prediction import Outcome
from benchmarks.recall.queries import Benchmark, Request, build
from benchmarks.recall.report import Report, as_json, markdown, mistakes, write_section
from benchmarks.recall.score import score
from benchmarks.recall.systems import DEFAULT, SYSTEMS


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.recall", description=__doc__)
    add = parser.add_argument
    add("--clips", type=Path, required=True, help="folder of clips; manifest.csv and pairs.csv in it are read")
    add("--work", type=Path, default=Path("build/recall"), help="rendered files and caches (default: %(default)s)")
    add("--queries", type=int, default=150, help="how many (default: %(default)s)")
    add("--seed", type=int, default=1)
    add("--split", type=float, default=0.7, help="share of the groups that the archive holds (default: %(default)s)")
    add("--edits", type=_names, default=(), help="kinds of queries, by commas (default: all)")
    add("--systems", type=_names, default=DEFAULT, help=f"of {', '.join(SYSTEMS)} (default: {','.join(DEFAULT)})")
    add("--processes", type=int, default=1, help="for rendering (default: %(default)s)")
    add("--at-once", type=int, default=1, help="systems asked side by side; costs are CPU's (default: %(default)s)")
    add("--out", type=Path, help="Markdown file whose section is replaced, such as benchmarks/RESULTS.md")
    add("--json", type=Path, help="file for all figures")
    add("--only-build", action="store_true", help="render the queries and ask nobody")
    return parser


def _names(text: str) -> tuple[str, ...]:
    return tuple(name for name in text.split(",") if name)


def main() -> int:
    """Runs the benchmark."""
    options = _parser().parse_args()
    unknown = [name for name in options.systems if name not in SYSTEMS]
    if unknown:
        print(f"expected systems of {', '.join(SYSTEMS)}, got {', '.join(unknown)}", file=sys.stderr)
        return 2
    request = Request(
        options.clips, options.work, options.queries, options.seed, options.split, options.edits, options.processes
    )
    benchmark = build(request)
    print(f"{len(benchmark.queries)} queries against {len(benchmark.items)} items", file=sys.stderr)
    if not options.only_build:
        _report(_ask(benchmark, request, options.systems, options.at_once), options)
    return 0


def _ask(benchmark: Benchmark, request: Request, systems: tuple[str, ...], at_once: int) -> Report:
    def outcome(name: str) -> Outcome:
        print(f"asking {name}", file=sys.stderr)
        told = SYSTEMS[name](benchmark, request.work)
        print(f"{name}: " + (f"not run: {told.absent}" if told.absent else "done"), file=sys.stderr)
        return told

    with ThreadPoolExecutor(at_once) as pool:  # each system is a process of its own
        outcomes = list(pool.map(outcome, systems))
    return Report(
        dt.datetime.now(dt.UTC).date().isoformat(),
        request,
        benchmark,
        outcomes,
        [score(benchmark, outcome) for outcome in outcomes if outcome.absent is None],
        decode_cpu_seconds([benchmark.archive / item for item in benchmark.items], request.work / "decode"),
        decode_cpu_seconds([query.path for query in benchmark.queries], request.work / "decode"),
    )


def _report(report: Report, options: argparse.Namespace) -> None:
    text = markdown(report)
    print(text)
    (options.work / "misses.json").write_text(json.dumps(mistakes(report), indent=1))
    if options.out:
        write_section(options.out, text)
    if options.json:
        options.json.write_text(json.dumps(as_json(report), indent=1))


if __name__ == "__main__":
    raise SystemExit(main())
