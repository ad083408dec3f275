"""`python -m benchmarks.sound`: how well sound is found by itself, under edits, and what it costs.

The search by sound is asked alone, without pictures. Cuts of all clips go through the edits of `benchmarks.sound_edits`
and are asked of an archive of all clips; then the queries of `benchmarks.recall` that carry sound are asked of that
benchmark's archive. Seeds are others than those of the calibration.
"""

import argparse
import datetime as dt
import platform
import re
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from importlib import metadata
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np

from benchmarks.recall.clips import Clip, read_clips, read_pairs
from benchmarks.recall.kin import read_family
from benchmarks.recall.queries import Request, build
from benchmarks.sound_desk import sound_desk
from benchmarks.sound_edits import EDITS
from benchmarks.sound_samples import NEAR_SECONDS, asked
from firsthand.media.observe import observe
from firsthand.media.observer import Listener
from firsthand.media.sound_review import SoundReviewWriter
from firsthand.recall.landmarks import Landmarks
from firsthand.recall.reading import HEAVY
from firsthand.sandbox.call import warm

START, END = "<!-- benchmarks.sound: start -->", "<!-- benchmarks.sound: end -->"
KINDS = ("soundtrack", "soundbite", "compilation", "reencode", "unrelated", "hardneg")


@dataclass(slots=True)
class Count:
    """What became of some pairs of queries and items."""

    asked: int = 0
    found: int = 0
    errors: list[float] = field(default_factory=list)
    rate_errors: list[float] = field(default_factory=list)

    @property
    def share(self) -> str:
        return f"{self.found} of {self.asked}" if self.asked else "-"


@dataclass(slots=True)
class Cuts:
    """The figures of edited cuts, by edit and seconds, and how many other pairs were listed."""

    counts: dict[tuple[str, float], Count] = field(default_factory=lambda: defaultdict(Count))
    wrong: int = 0
    seconds: float = 0.0


def cuts(options: argparse.Namespace, clips: Sequence[Clip], lengths: Sequence[float]) -> Cuts:
    """Asks edited cuts of an archive of all clips."""
    family = read_family(options.clips, clips, read_pairs(options.clips), options.work)
    made = Cuts()
    with sound_desk(options.clips, [clip.name for clip in clips], options.work / "all") as desk:
        for one in asked(
            desk, clips, options.clips, options.work, lengths=lengths, seed=options.seed, most=options.cuts
        ):
            count = made.counts[one.edit, one.seconds]
            count.asked += 1
            made.seconds += one.seconds
            listed = [found for found in one.found if found.listed]
            near = [found for found in listed if desk.name(found) == one.clip and abs(one.error(found)) < NEAR_SECONDS]
            if near:
                count.found += 1
                count.errors.append(abs(one.error(near[0])))
                count.rate_errors.append(abs((near[0].segment.rate or 1.0) - one.tempo))
            for found in listed:
                kinship = family.of(one.clip, desk.name(found))
                made.wrong += kinship is not None and kinship.sound is False
    return made


@dataclass(slots=True)
class Recalled:
    """The figures of the recall benchmark's queries, by kind, and the wrong pairs."""

    counts: dict[str, Count] = field(default_factory=lambda: defaultdict(Count))
    wrong: list[str] = field(default_factory=list)
    queries: int = 0
    seconds: float = 0.0
    cpu_seconds: float = 0.0


def recalled(options: argparse.Namespace) -> Recalled:
    """Asks the queries of the recall benchmark that carry sound."""
    work = options.work / f"recall-{options.recall_seed}"
    benchmark = build(Request(options.clips, work, count=options.queries, seed=options.recall_seed, edits=KINDS))
    made = Recalled()
    with sound_desk(benchmark.archive, benchmark.items, work / "sounds") as desk:
        for query in benchmark.queries:
            made.queries += 1
            made.seconds += query.seconds
            listed = [(desk.name(found), found.segment) for found in desk.ask(query.path).found if found.listed]
            truths = [truth for truth in query.answer.truths if truth.channel == "sound"]
            for truth in truths:
                kind = _kind(query.edit, truth.rate)
                made.counts[kind].asked += 1
                middle = (truth.query[0] + truth.query[1]) / 2
                wanted = truth.archive[0] + (truth.rate or 1.0) * (middle - truth.query[0])
                errors = [
                    (
                        abs(float(one.archive.start) + (one.rate or 1.0) * (middle - float(one.query.start)) - wanted),
                        one,
                    )
                    for item, one in listed
                    if item == truth.item
                ]
                best = min(errors, key=lambda pair: pair[0], default=None)
                if best is not None and best[0] < NEAR_SECONDS:
                    made.counts[kind].found += 1
                    made.counts[kind].errors.append(best[0])
                    made.counts[kind].rate_errors.append(abs((best[1].rate or 1.0) - (truth.rate or 1.0)))
            known = {truth.item for truth in truths} | {
                item for item, channel in query.answer.ignored if channel == "sound"
            }
            made.wrong += [f"{query.id}: {item}" for item in {item for item, _ in listed} - known]
    return made


def _kind(edit: str, rate: float | None) -> str:
    hard = edit == "soundtrack" and rate is not None and abs(rate - 1) > 0.01
    return "soundtrack, 3 to 4 s, 6 % faster, noise at 6 dB" if hard else edit


@dataclass(frozen=True, slots=True)
class Cost:
    """CPU seconds a second of sound of the video clips, and of a bare decode of their pictures."""

    pictures: float
    hearing: float
    landmarks: float
    review: float


def cost(options: argparse.Namespace, clips: Sequence[Clip]) -> Cost:
    """What listening costs beside one pass that decodes pictures."""
    paths = [options.clips / clip.name for clip in clips if clip.kind == "video" and clip.loud_seconds]
    seconds = sum(clip.seconds for clip in clips if clip.kind == "video" and clip.loud_seconds)
    with TemporaryDirectory() as folder:
        review = Path(folder) / "sound.opus"
        spent = [
            sum(_cpu_seconds(path, make) for path in paths) / seconds
            for make in ((), (_Deaf,), (Landmarks,), (lambda: SoundReviewWriter(review),))
        ]
    return Cost(spent[0], spent[1] - spent[0], spent[2] - spent[1], spent[3] - spent[1])


class _Deaf:
    def sound(self, samples: object) -> None:
        pass

    def close(self) -> None:
        pass


def _cpu_seconds(path: Path, listeners: Iterable[Callable[[], Listener]]) -> float:
    started = time.process_time()
    observe(path, listeners=[make() for make in listeners])
    return time.process_time() - started


def markdown(options: argparse.Namespace, made: Cuts, recall: Recalled, spent: Cost, lengths: Sequence[float]) -> str:
    """The section of `RESULTS.md`."""
    libraries = ", ".join(f"{name} {metadata.version(name)}" for name in ("av", "numpy", "opencv-python-headless"))
    head = (
        "## Sound by itself\n\n"
        f"`uv run python -m benchmarks.sound --clips DIR` · {dt.datetime.now(dt.UTC).date()} · seeds {options.seed} "
        f"(cuts) and {options.recall_seed} (queries) · "
        f"Python {platform.python_version()}, {libraries}\n\n"
        "The search by sound is asked without pictures. Below: cuts listed at the right item within "
        f"{NEAR_SECONDS:g} s, of those asked; each of another group of clips, {options.cuts} at most. The clips are "
        "few and short: about 20 sound files and the sound of about 60 videos."
    )
    rows = [
        "| cut, edited | " + " | ".join(f"{length:g} s" for length in lengths) + " |",
        "|---" * (len(lengths) + 1) + "|",
    ]
    rows += [
        f"| {edit} | " + " | ".join(made.counts[edit, length].share for length in lengths) + " |" for edit in EDITS
    ]
    exact = [error for (edit, _), count in made.counts.items() if "pitch kept" not in edit for error in count.errors]
    rates = [error for count in made.counts.values() for error in count.rate_errors]
    notes = (
        f"Other pairs listed: {made.wrong}, in {made.seconds / 3600:.2f} hours of queries. Alignment error, median · "
        f"95th: {_pair(exact)} s (pitch-kept edits left out, whose own truth is no finer than 10 ms); rate error: "
        f"{_pair(rates)}."
    )
    table = [
        "| query of the recall benchmark | sounds found | alignment error, median · 95th (s) | rate error |",
        "|---|---|---|---|",
    ]
    for kind, count in sorted(recall.counts.items()):
        table.append(f"| {kind} | {count.share} | {_pair(count.errors)} | {_pair(count.rate_errors)} |")
    after = (
        f"{recall.queries} queries, {recall.seconds / 60:.1f} minutes; other pairs listed: {len(recall.wrong)}. A "
        "sound that the query shares for 2.5 s or longer counts, however faint it is."
    )
    costs = (
        f"CPU against a bare decode of the pictures of the same clips (most are small: {1000 * spent.pictures:.1f} ms "
        f"a second): decoding and resampling sound {spent.hearing / spent.pictures:.3f}, landmarks "
        f"{spent.landmarks / spent.pictures:.3f} ({1000 * spent.landmarks:.2f} ms a second), the Opus track "
        f"{spent.review / spent.pictures:.3f}."
    )
    return "\n\n".join([head, "\n".join(rows), notes, "\n".join(table), after, costs]) + "\n"


def _pair(values: Sequence[float]) -> str:
    return f"{np.median(values):.4f} · {np.percentile(values, 95):.4f}" if values else "-"


def write_section(path: Path, text: str) -> None:
    """Puts the section between its markers; whatever else stands in the file stays."""
    section, old = f"{START}\n{text}{END}\n", path.read_text()
    pattern = re.compile(re.escape(START) + ".*?" + re.escape(END) + "\n", re.DOTALL)
    path.write_text(pattern.sub(lambda _: section, old) if pattern.search(old) else f"{old.rstrip()}\n\n{section}")


def main() -> None:
    """Runs the benchmark."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.sound", description=__doc__)
    parser.add_argument("--clips", type=Path, required=True)
    parser.add_argument("--work", type=Path, default=Path("build/sound"))
    parser.add_argument("--seed", type=int, default=25)
    parser.add_argument("--recall-seed", type=int, default=25, help="of the recall benchmark's queries")
    parser.add_argument("--cuts", type=int, default=12, help="for each edit and length")
    parser.add_argument("--queries", type=int, default=60)
    parser.add_argument("--lengths", default="3,5,10")
    parser.add_argument("--out", type=Path, help="Markdown file whose section is replaced")
    options = parser.parse_args()
    warm(HEAVY)
    options.work.mkdir(parents=True, exist_ok=True)
    clips = [clip for clip in read_clips(options.clips, options.work) if clip.kind != "image"]
    lengths = [float(part) for part in options.lengths.split(",")]
    spent = cost(options, clips)
    recall = recalled(options)
    print("wrong:", recall.wrong)
    text = markdown(options, cuts(options, clips, lengths), recall, spent, lengths)
    print(text)
    if options.out:
        write_section(options.out, text)


if __name__ == "__main__":
    main()
