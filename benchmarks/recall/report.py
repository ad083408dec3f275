"""The figures as Markdown, as JSON, and the list of what went wrong."""

import dataclasses
import math
import platform
import re
from collections.abc import Sequence
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path

from benchmarks.recall.cards import Reported
from benchmarks.recall.kinds import KINDS
from benchmarks.recall.later_kinds import CARDS, LATER, PLAINS
from benchmarks.recall.prediction import Outcome, Usage
from benchmarks.recall.queries import Benchmark, Request
from benchmarks.recall.score import ChannelScore, Distribution, EditRecall, Score

NOTHING = "-"


@dataclass(frozen=True, slots=True)
class Report:
    """Everything that a run showed. Decode seconds are CPU of a bare single-thread decode of the same files."""

    date: str
    request: Request
    benchmark: Benchmark
    outcomes: Sequence[Outcome]
    scores: Sequence[Score]
    archive_decode_seconds: float
    query_decode_seconds: float


def markdown(report: Report) -> str:
    """The section of `RESULTS.md`."""
    parts = [
        _head(report),
        table(_main_rows(report)),
        _edits(report, "picture"),
        _edits(report, "sound"),
        _notes(report),
    ]
    return "\n\n".join(part for part in parts if part) + "\n"


def write_section(path: Path, text: str, program: str = "benchmarks.recall") -> None:
    """Puts the section of a program between its markers, replacing the last one; whatever else is there stays."""
    start, end = (f"<!-- {program}: {edge} -->" for edge in ("start", "end"))
    section = f"{start}\n{text}{end}\n"
    old = (
        path.read_text()
        if path.exists()
        else "# Results of the benchmarks\n\nGenerated: run the named command again.\n\n"
    )
    pattern = re.compile(re.escape(start) + ".*?" + re.escape(end) + "\n", re.DOTALL)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(pattern.sub(lambda _: section, old) if pattern.search(old) else old + section)


# --- head -----------------------------------------------------------------------------------------------------------


def _head(report: Report) -> str:
    benchmark, request = report.benchmark, report.request
    seconds = sum(query.seconds for query in benchmark.queries)
    counts = {name: sum(query.edit == name for query in benchmark.queries) for name in ("unrelated", "hardneg", PLAINS)}
    libraries = ", ".join(f"{name} {metadata.version(name)}" for name in ("av", "numpy", "opencv-python-headless"))
    title = "## Recall: has this footage been seen before, and where"
    made = (
        f"`uv run python -m benchmarks.recall --clips DIR` · {report.date} · seed {request.seed} · 2 cores, no GPU · "
        f"Python {platform.python_version()}, {libraries}"
    )
    asked = (
        f"{len(benchmark.queries)} queries ({seconds / 60:.1f} minutes; {counts['unrelated']} of footage that the "
        f"archive lacks, {counts['hardneg']} other takes of places and people in it, {counts[PLAINS]} with "
        f"title cards, test bars and the like before such footage) against {len(benchmark.items)} "
        f"items ({sum(benchmark.item_seconds) / 60:.1f} minutes). A pair is a query and an item that shares pictures "
        "(or sound) with it; pairs whose relation nobody knows, and other moments of the same take, count neither way. "
        "Precision curves see all that a system ranks; counts and F, what it lists."
    )
    return f"{title}\n\n{made}\n\n{asked}"


# --- main table -----------------------------------------------------------------------------------------------------


def _main_rows(report: Report) -> list[list[str]]:
    scores = report.scores
    rows = [["", *(score.system for score in scores)]]

    def row(name: str, values: Sequence[str]) -> None:
        rows.append([name, *values])

    picture = [score.picture for score in scores]
    row("pair micro-AP, picture", [_number(p.pair_ap) for p in picture])
    row("segment micro-AP, picture (VSC)", [_number(p.segment_ap) for p in picture])
    row("segment F, picture (VCSL)", [_f(p) for p in picture])
    row("true pairs missed · other pairs alarmed (FRR · FAR)", [_rates(p) for p in picture])
    row("pairs found · at the right time, picture", [_found(p) for p in picture])
    row("wrong pairs listed, picture · sound", [f"{len(s.picture.wrong)} · {len(s.sound.wrong)}" for s in scores])
    row("unrelated queries with a false match", [_part(s.false_alarms) for s in scores])
    row("other takes with a false match", [_part(s.twin_alarms) for s in scores])
    row("hard negatives (bars, titles, logos …) with a false match", [_part(s.plain_alarms) for s in scores])
    row("shared cards reported · of them too long, picture", [_cards(s.cards.picture) for s in scores])
    row("shared cards reported · of them too long, sound", [_cards(s.cards.sound) for s in scores])
    row("unknown footage with a shared card: any other match", [_part(s.cards.alarms) for s in scores])
    row(
        "pair · segment micro-AP, sound",
        [f"{_number(s.sound.pair_ap)} · {_number(s.sound.segment_ap)}" for s in scores],
    )
    row("segment F, sound", [_f(s.sound) for s in scores])
    row(
        "pair · segment micro-AP, both",
        [f"{_number(s.overall_pair_ap)} · {_number(s.overall_segment_ap)}" for s in scores],
    )
    row("alignment error, median · 95th (s)", [_errors(s.alignment) for s in scores])
    row("segment ends' error, median · 95th (s)", [_errors(s.boundaries) for s in scores])
    row("rate error, median · 95th", [_errors(s.rate_error) for s in scores])
    row("mirror · direction · rotation right", [_flags(s) for s in scores])
    row(
        "boxes, median IoU, query · archive",
        [f"{_number(s.query_box_iou)} · {_number(s.archive_box_iou)}" for s in scores],
    )
    rows.extend(_cost_rows(report))
    return rows


def _cost_rows(report: Report) -> list[list[str]]:
    by_name = {outcome.system: outcome for outcome in report.outcomes}
    used = [by_name[score.system] for score in report.scores]
    archive_seconds, query_seconds = (
        sum(report.benchmark.item_seconds),
        sum(q.seconds for q in report.benchmark.queries),
    )
    return [
        ["CPU of adding ÷ bare decode", *(_ratio(o.add, report.archive_decode_seconds) for o in used)],
        ["CPU of asking ÷ bare decode", *(_ratio(o.match, report.query_decode_seconds) for o in used)],
        ["CPU s per video s, adding", *(_ratio(o.add, archive_seconds) for o in used)],
        ["CPU s per video s, asking", *(_ratio(o.match, query_seconds) for o in used)],
        ["peak memory, adding · asking (MB)", *(f"{_peak(o.add)} · {_peak(o.match)}" for o in used)],
        ["wall, adding · asking (s)", *(f"{_wall(o.add)} · {_wall(o.match)}" for o in used)],
    ]


def _number(value: float) -> str:
    return NOTHING if math.isnan(value) else f"{value:.3f}"


def _f(score: ChannelScore) -> str:
    figures = score.segments
    if not score.true_pairs:
        return NOTHING
    return f"{figures.f:.3f} (P {figures.precision:.3f}, R {figures.recall:.3f})"


def _rates(score: ChannelScore) -> str:
    return f"{score.segments.missed:.3f} · {score.segments.alarmed:.5f}"


def _found(score: ChannelScore) -> str:
    found = sum(edit.found for edit in score.by_edit.values())
    aligned = sum(edit.aligned for edit in score.by_edit.values())
    return f"{found} · {aligned} of {score.true_pairs}"


def _part(part: tuple[int, int]) -> str:
    return f"{part[0]} of {part[1]}"


def _cards(reported: Reported) -> str:
    return f"{reported.found} of {reported.pairs} · {reported.too_long}" if reported.pairs else NOTHING


def _errors(errors: Distribution) -> str:
    return f"{errors.median:.3f} · {errors.high:.3f}" if errors.count else NOTHING


def _flags(score: Score) -> str:
    return " · ".join(_number(v) for v in (score.mirrored_right, score.direction_right, score.rotation_right))


def _ratio(usage: Usage | None, base: float) -> str:
    return NOTHING if usage is None or not usage.cpu_seconds or not base else f"{usage.cpu_seconds / base:.2f}"


def _peak(usage: Usage | None) -> str:
    return NOTHING if usage is None else f"{usage.peak_megabytes:.0f}"


def _wall(usage: Usage | None) -> str:
    return NOTHING if usage is None else f"{usage.wall_seconds:.0f}"


# --- by edit --------------------------------------------------------------------------------------------------------


def _edits(report: Report, channel: str) -> str:
    channels = [score.picture if channel == "picture" else score.sound for score in report.scores]
    names = [name for name in (*KINDS, *LATER, CARDS) if any(name in score.by_edit for score in channels)]
    if not names:
        return ""
    told = "pairs found / at the right time / found above every wrong pair · segments at the right time"
    rows = [[f"{channel}: {told}", "pairs · segments", *_systems(report)]]
    for name in names:
        cells = [score.by_edit.get(name) for score in channels]
        known = [cell for cell in cells if cell is not None]
        there = f"{max(cell.pairs for cell in known)} · {max(cell.segments for cell in known)}"
        rows.append([name, there, *(_cell(cell) if cell else NOTHING for cell in cells)])
    return table(rows)


def _cell(cell: EditRecall) -> str:
    return f"{cell.found}/{cell.aligned}/{cell.found_clean} · {cell.segments_aligned}"


def _systems(report: Report) -> list[str]:
    return [score.system for score in report.scores]


def table(rows: Sequence[Sequence[str]]) -> str:
    """A Markdown table; the first row is its head."""
    lines = ["| " + " | ".join(row) + " |" for row in rows]
    return "\n".join([lines[0], "|---" * len(rows[0]) + "|", *lines[1:]])


# --- notes ----------------------------------------------------------------------------------------------------------


def _notes(report: Report) -> str:
    lines = [
        f"- {outcome.system} {outcome.version}: {outcome.note or 'as it comes'}."
        for outcome in report.outcomes
        if outcome.absent is None
    ]
    lines += [f"- {outcome.system} was not run: {outcome.absent}" for outcome in report.outcomes if outcome.absent]
    return "\n".join(lines)


# --- for programs and for debugging ---------------------------------------------------------------------------------


def as_json(report: Report) -> dict[str, object]:
    """All figures; `nan` stands as `null`."""
    return {
        "schema": "firsthand.benchmark.recall/1",
        "date": report.date,
        "seed": report.request.seed,
        "queries": len(report.benchmark.queries),
        "items": len(report.benchmark.items),
        "decode_cpu_seconds": {"archive": report.archive_decode_seconds, "queries": report.query_decode_seconds},
        "systems": [_plain(dataclasses.asdict(score)) for score in report.scores],
        "usage": [_costs(outcome) for outcome in report.outcomes],
    }


def _costs(outcome: Outcome) -> dict[str, object]:
    told: dict[str, object] = {
        "system": outcome.system,
        "version": outcome.version,
        "note": outcome.note,
        "absent": outcome.absent,
    }
    for step, usage in (("add", outcome.add), ("match", outcome.match)):
        told[step] = dataclasses.asdict(usage) if usage else None
    return told


def _plain(value: object) -> object:
    if isinstance(value, dict):
        return {key: _plain(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(inner) for inner in value]
    return None if isinstance(value, float) and not math.isfinite(value) else value


def mistakes(report: Report) -> dict[str, object]:
    """Wrong pairs, and true pairs that were missed or misplaced, by system."""
    return {
        score.system: _plain(
            {
                "wrong": [dataclasses.asdict(wrong) for wrong in (*score.picture.wrong, *score.sound.wrong)],
                "missed": [dataclasses.asdict(missed) for missed in (*score.picture.missed, *score.sound.missed)],
            }
        )
        for score in report.scores
    }
