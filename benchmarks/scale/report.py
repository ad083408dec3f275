"""The figures as a section of `RESULTS.md`."""

import platform
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from benchmarks.scale.cost import FIRST_PASS, SECOND_PASS, Cost
from benchmarks.scale.recall import ABSENT_CLIPS, NEIGHBOURS, PLANTED_CLIPS, Asked, ClipRecall, PictureRecall
from benchmarks.scale.upkeep import Upkeep

_START = "<!-- benchmarks.scale: start -->"
_END = "<!-- benchmarks.scale: end -->"


@dataclass(frozen=True, slots=True)
class Tails:
    """Quantiles and spread of the similarity of unrelated pictures, real ones and made ones."""

    quantiles: tuple[float, ...]
    real: tuple[float, ...]
    made: tuple[float, ...]
    real_spread: float
    made_spread: float


@dataclass(frozen=True, slots=True)
class Report:
    """Everything that a run showed."""

    date: str
    clips: int
    planted_rows: int
    real_rows: int
    real_clips: int
    asked: Asked
    tails: Tails
    figures: Sequence[tuple[PictureRecall, ClipRecall, Cost]]
    upkeep: Upkeep


def markdown(report: Report) -> str:
    """The section."""
    return "\n\n".join([_head(report), _tails(report.tails), _costs(report), _pictures(report), _clips(report)]) + "\n"


def write_section(path: Path, text: str) -> None:
    """Puts the section between its markers, replacing the last one; whatever else stands in the file stays."""
    section, old = f"{_START}\n{text}{_END}\n", path.read_text()
    pattern = re.compile(re.escape(_START) + ".*?" + re.escape(_END) + "\n", re.DOTALL)
    path.write_text(pattern.sub(lambda _: section, old) if pattern.search(old) else f"{old}\n{section}")


def _head(report: Report) -> str:
    rows = report.asked.rows
    planted = len(np.unique(rows.clips[report.asked.planted]))
    absent = len(np.unique(rows.clips[~report.asked.planted]))
    return f"""## Size: what ten million pictures change

`uv run python -m benchmarks.scale --clips DIR --work build/scale` · {report.date} · one thread · \
Python {platform.python_version()}, numpy {np.__version__}

An archive of `sscd-distilled/1` descriptors. Its first rows are real: {report.planted_rows:,} pictures of {planted} \
clips as they are, then {report.real_rows:,} pictures of {report.real_clips:,} changed versions of other clips \
(windows of 8 to 100 % of the area, mirrors, turns, grades, captions, blur, insets and joins with another clip, JPEG \
at 120 to 300 lines). The rest is arithmetic on those: a made clip takes the middle of two clips of different groups, \
mixed at 0.3 to 0.7, and the residuals of a third, picture by picture. It is asked with {len(rows.times):,} edited \
pictures and windows of the {planted} clips and of {absent} that it lacks; no group stands on two sides.

What this can't show: the scenes are those of {report.clips} clips, so ten million pictures have fewer kinds of scenes \
than ten million real ones; no made item is another recording of a planted place, the hardest wrong answer, which \
`benchmarks.recall` asks for at small size; a false picture is not a false match, which verification stands before. \
The table of cosines says how far made rows are like real ones: to 1 in 1,000 nearly, and beyond it they are too far \
from everything. So the most alike wrong pairs are real rows at every size, and recall above *every* wrong pair says \
nothing about sizes beyond the real rows; what crowds, costs and comes near the 96th neighbour is what growth shows."""


def _table(heading: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = [heading, ["---"] * len(heading), *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def _tails(tails: Tails) -> str:
    heading = ["cosine to unrelated pictures", "spread", *(f"1 in {1 / (1 - q):,.0f}" for q in tails.quantiles)]
    rows = [
        ["real", f"{tails.real_spread:.4f}", *(f"{value:.3f}" for value in tails.real)],
        ["made", f"{tails.made_spread:.4f}", *(f"{value:.3f}" for value in tails.made)],
    ]
    return _table(heading, rows)


def _costs(report: Report) -> str:
    heading = [
        "pictures",
        "opened (s)",
        "scan (ms a descriptor)",
        f"first pass, {FIRST_PASS} descriptors (core s)",
        f"with {SECOND_PASS} windows more (core s)",
        "resident (MB)",
        "of it not the system's to take back",
    ]
    rows = [
        [
            f"{cost.size:,}",
            f"{cost.open_seconds:.2f}",
            f"{cost.scan_milliseconds:.2f}",
            f"{cost.first_pass_seconds:.2f}",
            f"{cost.both_passes_seconds:.2f}",
            f"{cost.resident_megabytes:,.0f}",
            f"{cost.anonymous_megabytes:,.0f}",
        ]
        for _, _, cost in report.figures
    ]
    note = (
        "A 60-second query: its pictures at two to five a second with their panels, then eight pictures' windows where "
        "the first pass leaves any unexplained. Scan, rerank and vote; reading the query and verifying are not in it. "
        "Opening always lists the items of the largest archive. ![growth](../docs/images/growth.svg)\n\n"
        f"In the largest archive an item of 150 descriptors is added in {report.upkeep.add:.2f} s, withdrawn in "
        f"{report.upkeep.withdraw:.2f} s and added again in {report.upkeep.add_again:.2f} s on the clock, synced to "
        "the disk; the next index that is opened knows of it."
    )
    return f"{_table(heading, rows)}\n\n{note}"


def _pictures(report: Report) -> str:
    sizes = [one for one, _, _ in report.figures]
    heading = ["single pictures", *(f"{one.size:,}" for one in sizes)]
    edits = list(sizes[0].among)
    rows = [
        [
            name,
            *(
                " / ".join(f"{one.among[name][k]:.2f}" for k in NEIGHBOURS)
                + f" · {one.at_rare[name]:.2f} · {one.at_zero[name]:.2f}"
                for one in sizes
            ),
        ]
        for name in edits
    ]
    rows += [
        ["similarity of a wrong pair, 1 picture in 1,000 above", *(f"{one.rare:.3f}" for one in sizes)],
        ["highest similarity of a wrong pair", *(f"{one.threshold:.3f}" for one in sizes)],
        ["distance of the 96th nearest, median (of 512)", *(f"{one.farthest:.0f}" for one in sizes)],
        ["wrong rows above the candidate similarity, a picture", *(f"{one.above_floor:.1f}" for one in sizes)],
    ]
    counts = "/".join(map(str, NEIGHBOURS))
    note = (
        f"Share of pictures whose own is among the {counts} nearest · among 96 and above the similarity that 1 query "
        "in 1,000 has a wrong pair beyond · and above every wrong pair's."
    )
    return f"{_table(heading, rows)}\n\n{note}"


def _clips(report: Report) -> str:
    found = [one for _, one, _ in report.figures]
    heading = ["whole clips, by the vote", *(f"{one.size:,}" for one in found)]
    rows = [
        [name, *(f"{one.verified[name]:.2f} · {one.at_zero[name]:.2f}" for one in found)] for name in found[0].verified
    ]
    rows.append(["wrong lines verified, a clip that is absent", *(f"{one.wrong_lines:.1f}" for one in found)])
    rows.append(["votes of the strongest wrong line", *(f"{one.most_wrong_votes:.2f}" for one in found)])
    note = (
        f"{PLANTED_CLIPS} planted and {ABSENT_CLIPS} absent clips. Share of clips whose own line is among the 48 that "
        "are verified · whose line has more votes than every wrong line of any query, before anything is verified."
    )
    return f"{_table(heading, rows)}\n\n{note}"
