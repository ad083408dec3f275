"""`python -m benchmarks.recall`: makes the queries, asks the systems, and reports."""

import argparse
import sys
from pathlib import Path

from benchmarks.recall.queries import Request, build


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.recall", description=__doc__)
    parser.add_argument(
        "--clips", type=Path, required=True, help="folder of clips; manifest.csv and pairs.csv are read"
    )
    parser.add_argument("--work", type=Path, default=Path(".benchmark/recall"), help="rendered files and caches")
    parser.add_argument("--queries", type=int, default=150)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--split", type=float, default=0.7, help="share of the groups that the archive holds")
    parser.add_argument("--edits", default="", help="kinds of queries, by commas (default: all)")
    parser.add_argument("--processes", type=int, default=1, help="for rendering")
    return parser


def main() -> int:
    """Runs the benchmark."""
    options = _parser().parse_args()
    edits = tuple(name for name in options.edits.split(",") if name)
    request = Request(
        options.clips, options.work, options.queries, options.seed, options.split, edits, options.processes
    )
    benchmark = build(request)
    print(f"{len(benchmark.queries)} queries against {len(benchmark.items)} items", file=sys.stderr)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
