"""`python -m benchmarks.scale`: an archive grown to ten million pictures, asked with real edited copies.

Everything that is made is kept in the work folder, so that a run cut short goes on where it was.
"""

import argparse
import json
import sys
import time
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.scale import described, plot
from benchmarks.scale.archive import Made, build, first_rows, whole
from benchmarks.scale.cost import Cost, cost
from benchmarks.scale.footage import clips
from benchmarks.scale.growth import grown, similarities_of_unrelated
from benchmarks.scale.recall import Asked, ClipRecall, PictureRecall, asked, clips_found, pictures
from benchmarks.scale.report import Report, Tails, markdown, write_section
from benchmarks.scale.upkeep import upkeep
from firsthand.recall.sscd import SscdDescriptor

SIZES = (10_000, 100_000, 1_000_000, 10_000_000)
_QUANTILES = (0.5, 0.99, 0.999, 0.9999, 0.99999, 0.999999)
_PAIRS_SIDE = 4000


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.scale", description=__doc__)
    add = parser.add_argument
    add("--clips", type=Path, required=True, help="folder of clips; manifest.csv and pairs.csv in it are read")
    add("--work", type=Path, default=Path("build/scale"), help="all that is made (default: %(default)s)")
    add("--real", type=int, default=300_000, help="real rows wanted (default: %(default)s)")
    add("--seconds", type=float, default=7200, help="longest time to spend on real rows (default: %(default)s)")
    add("--sizes", type=int, nargs="+", default=SIZES, help="rows of the archive (default: %(default)s)")
    add("--out", type=Path, help="Markdown file whose section is replaced, such as benchmarks/RESULTS.md")
    add("--plot", type=Path, help="SVG file, such as docs/images/growth.svg")
    return parser


def main() -> int:
    """Runs the benchmark."""
    options = _parser().parse_args()
    work: Path = options.work
    every = clips(options.clips)
    planted = described.planted(every, work)
    queries = described.queries(every, work)
    _say("real rows")
    real = described.filling(every, work, options.real, options.seconds)
    sizes = sorted(options.sizes)
    _say(f"{len(real.times)} real rows; building an archive of {sizes[-1]}")
    made = build(planted, real, sizes[-1], work)
    what = asked(every, queries)
    figures = [_figures(made, what, size, work) for size in sizes]
    report = Report(
        date=time.strftime("%Y-%m-%d"),
        clips=len(every),
        planted_rows=len(planted.times),
        real_rows=len(real.times),
        real_clips=len(np.unique(real.clips)),
        asked=what,
        tails=_tails(planted, real),
        figures=figures,
        upkeep=upkeep(made.layout),
    )
    print(markdown(report))
    if options.out:
        write_section(options.out, markdown(report))
    if options.plot:
        plot.draw([of_size[2] for of_size in figures], options.plot)
    return 0


def _figures(made: Made, what: Asked, size: int, work: Path) -> tuple[PictureRecall, ClipRecall, Cost]:
    """What one size reaches and costs, from files in `work` where it was measured before."""
    index, descriptor = whole(made.layout), SscdDescriptor()
    index = first_rows(index, size) if size < index.size else index
    of_pictures = _kept(
        work / f"pictures-{size}.json", lambda: pictures(what, made, index, descriptor.candidate_similarity)
    )
    of_clips = _kept(work / f"clips-{size}.json", lambda: clips_found(what, made, index, time.process_time))
    of_cost = _kept(work / f"cost-{size}.json", lambda: cost(made.layout, size, _cost_queries(what, work)))
    of_pictures["among"] = {
        name: {int(k): share for k, share in shares.items()} for name, shares in of_pictures["among"].items()
    }
    return PictureRecall(**of_pictures), ClipRecall(**of_clips), Cost(**of_cost)


def _kept(file: Path, measure: Callable[[], PictureRecall | ClipRecall | Cost]) -> dict[str, Any]:
    if not file.exists():
        _say(f"measuring {file.stem}")
        file.write_text(json.dumps(asdict(measure()), indent=1))
    found: dict[str, Any] = json.loads(file.read_text())
    return found


def _cost_queries(what: Asked, work: Path) -> Path:
    """Pictures with a caption, clip after clip: what a query of 60 seconds is like."""
    file = work / "cost-queries.npz"
    places = np.flatnonzero(what.edits == "caption")
    places = places[np.argsort(what.rows.clips[places], kind="stable")]
    rows = what.rows
    described.Described(rows.vectors[places], rows.clips[places], rows.groups[places], rows.times[places]).save(file)
    return file


def _tails(planted: described.Described, real: described.Described) -> Tails:
    """The similarity of planted pictures to unrelated real ones, and to made ones."""
    block = next(grown(real, 1, seed=2))
    of_real = similarities_of_unrelated(planted.vectors, real.vectors, _PAIRS_SIDE)
    of_made = similarities_of_unrelated(planted.vectors, block.vectors, _PAIRS_SIDE)
    return Tails(
        _QUANTILES,
        tuple(np.quantile(of_real, _QUANTILES).tolist()),
        tuple(np.quantile(of_made, _QUANTILES).tolist()),
        float(of_real.std()),
        float(of_made.std()),
    )


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


if __name__ == "__main__":
    raise SystemExit(main())
