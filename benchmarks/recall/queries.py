"""The set of queries: drawn from a seed, rendered, written down with their right answers, and read back."""

import dataclasses
import hashlib
import json
import multiprocessing
import random
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from benchmarks.recall.clips import Clip, read_clips, read_pairs
from benchmarks.recall.corpus import Corpus, build_corpus, put_clip
from benchmarks.recall.kin import read_family
from benchmarks.recall.kinds import KINDS, Picker
from benchmarks.recall.later_kinds import CARDS, HARD, LATER, PLAINS, card_span
from benchmarks.recall.parts import Item
from benchmarks.recall.plan import Plan
from benchmarks.recall.render import render
from benchmarks.recall.truth import Answer, BoxOrNone, Truth, answer

UNRELATED_SHARE = 0.25
TWINS = 10
TWIN_KINDS = ("reencode", "mirror", "caption", "crop", "grade", "still")


@dataclass(frozen=True, slots=True)
class Query:
    """A file to ask about.

    `edit` is its kind, or `unrelated`, `hardneg`, `sharedcard` or `plain`; `made_as` is the kind that those went
    through as well. `card` is the stretch of it that shows an end card of many items, in seconds.
    """

    id: str
    edit: str
    made_as: str
    path: Path
    kind: str
    seconds: float
    answer: Answer
    card: tuple[float, float] | None = None


@dataclass(frozen=True, slots=True)
class Benchmark:
    """An archive folder and the queries to ask it. `items` are names within `archive`, `item_seconds` their lengths."""

    archive: Path
    items: tuple[str, ...]
    item_seconds: tuple[float, ...]
    queries: tuple[Query, ...]


@dataclass(frozen=True, slots=True)
class Request:
    """What set of queries is wanted; `edits` empty means all kinds.

    `count` is that of the kinds that came first, with the unrelated ones; the later kinds are drawn beside them, as
    many of each.
    """

    clips: Path
    work: Path
    count: int = 150
    seed: int = 1
    split: float = 0.7
    edits: tuple[str, ...] = ()
    processes: int = 1


def build(request: Request) -> Benchmark:
    """The benchmark that was asked for: rendered where it wasn't yet, and written to `queries.json`."""
    request.work.mkdir(parents=True, exist_ok=True)
    clips = read_clips(request.clips, request.work)
    family = read_family(request.clips, clips, read_pairs(request.clips), request.work)
    corpus = build_corpus(request.clips, clips, family, split=request.split, seed=request.seed)
    drawn = list(draw(corpus, request))
    archive = request.work / f"archive-{_archive_key(corpus.items)}"
    files = [(item.plan, archive / item.name) for item in corpus.items if item.plan is not None]
    for item in corpus.items:
        if item.plan is None:
            put_clip(request.clips / item.parts[0].clip, archive / item.name)
    queries = []
    for identity, edit, made_as, plan in drawn:
        path = request.work / "queries" / f"{identity}-{plan.digest()}{plan.suffix}"
        files.append((plan, path))
        right = answer(plan, corpus)
        queries.append(Query(identity, edit, made_as, path, plan.kind, plan.seconds, right, card_span(plan)))
    _render_all(files, request)
    seconds = tuple(sum(part.seconds for part in item.parts) for item in corpus.items)
    benchmark = Benchmark(archive, tuple(item.name for item in corpus.items), seconds, tuple(queries))
    write(benchmark, [plan for _, _, _, plan in drawn], corpus.items, request)
    return benchmark


def _archive_key(items: Sequence[Item]) -> str:
    plans = [item.plan.digest() for item in items if item.plan is not None]
    names = [item.name for item in items]
    return hashlib.sha256(json.dumps([plans, names]).encode()).hexdigest()[:10]


def draw(corpus: Corpus, request: Request) -> Iterator[tuple[str, str, str, Plan]]:
    """Identity, edit, the kind it was made as, and plan of each query; each depends on the seed and its identity."""
    kinds = tuple(kind for kind in KINDS if _wanted(kind, request))
    unrelated = round(request.count * UNRELATED_SHARE) if _wanted("unrelated", request) else 0
    twins = min(TWINS, request.count // 10) if corpus.twins and _wanted("hardneg", request) else 0
    positives = request.count - unrelated - twins if kinds else 0
    for number in range(positives):
        kind = kinds[number % len(kinds)]
        yield _drawn(f"{kind}-{number // len(kinds):02d}", kind, kind, corpus.known, corpus, request)
    every = kinds or tuple(KINDS)
    for number in range(unrelated):
        yield _drawn(
            f"unrelated-{number:02d}", "unrelated", every[number % len(every)], corpus.strangers, corpus, request
        )
    for number in range(twins):
        made_as = TWIN_KINDS[number % len(TWIN_KINDS)]
        yield _drawn(f"hardneg-{number:02d}", "hardneg", made_as, corpus.twins, corpus, request)
    yield from _later(corpus, request, each=max(1, positives // len(kinds)) if kinds else request.count)


def _later(corpus: Corpus, request: Request, each: int) -> Iterator[tuple[str, str, str, Plan]]:
    """The kinds that came later: the same number of each, and of each hard negative but for those of one sort."""
    wanted = tuple(kind for kind in LATER if _wanted(kind, request))
    if not any(_wanted(kind, request) for kind in KINDS):
        each = max(1, request.count // max(1, len(wanted)))
    for kind in wanted:
        for number in range(each):
            yield _drawn(f"{kind}-{number:02d}", kind, kind, corpus.known, corpus, request)
    for number in range(each if _wanted(CARDS, request) else 0):
        yield _drawn(f"{CARDS}-{number:02d}", CARDS, CARDS, corpus.strangers, corpus, request)
    for number, made_as in enumerate(tuple(HARD)[1:] if _wanted(PLAINS, request) else ()):
        yield _drawn(f"{PLAINS}-{number:02d}", PLAINS, made_as, corpus.strangers, corpus, request)


def _wanted(edit: str, request: Request) -> bool:
    return not request.edits or edit in request.edits


def _drawn(  # noqa: PLR0917 - private, called in three lines
    identity: str, edit: str, made_as: str, sources: Sequence[Clip], corpus: Corpus, request: Request
) -> tuple[str, str, str, Plan]:
    rng = random.Random(f"{request.seed}/{identity}")  # noqa: S311 - repeatable, not secret
    return identity, edit, made_as, {**KINDS, **LATER, **HARD}[made_as](Picker(rng, sources, corpus.strangers))


def _render_all(files: Sequence[tuple[Plan, Path]], request: Request) -> None:
    missing = [(plan, path) for plan, path in files if not path.exists()]
    if request.processes == 1 or len(missing) < 2:
        for plan, path in missing:
            render(plan, request.clips, path)
        return
    fresh = multiprocessing.get_context("spawn")  # OpenCV's threads do not survive a fork
    with ProcessPoolExecutor(request.processes, mp_context=fresh) as pool:
        jobs = [pool.submit(render, plan, request.clips, path) for plan, path in missing]
        for job in jobs:
            job.result()


# --- queries.json ---------------------------------------------------------------------------------------------------


def write(benchmark: Benchmark, plans: Sequence[Plan], items: Sequence[Item], request: Request) -> None:
    """`queries.json` in the work folder: parameters and right answers."""
    document = {
        "seed": request.seed,
        "split": request.split,
        "archive": str(benchmark.archive),
        "items": [
            {"name": item.name, "seconds": seconds, "parts": [dataclasses.asdict(part) for part in item.parts]}
            for item, seconds in zip(items, benchmark.item_seconds, strict=True)
        ],
        "queries": [
            {
                "id": query.id,
                "edit": query.edit,
                "made_as": query.made_as,
                "path": str(query.path),
                "kind": query.kind,
                "seconds": query.seconds,
                "truths": [dataclasses.asdict(truth) for truth in query.answer.truths],
                "ignored": query.answer.ignored,
                "card": query.card,
                "plan": dataclasses.asdict(plan),
            }
            for query, plan in zip(benchmark.queries, plans, strict=True)
        ],
    }
    (request.work / "queries.json").write_text(json.dumps(document, indent=1))


def read(work: Path) -> Benchmark:
    """The benchmark that the last run wrote into the work folder: files with their right answers, nothing rendered."""
    document = json.loads((work / "queries.json").read_text())
    return Benchmark(
        Path(document["archive"]),
        tuple(item["name"] for item in document["items"]),
        tuple(item["seconds"] for item in document["items"]),
        tuple(_query(row) for row in document["queries"]),
    )


def _query(row: dict[str, object]) -> Query:
    fields = {name: row[name] for name in ("id", "edit", "made_as", "kind", "seconds")}
    truths = tuple(_truth(truth) for truth in _rows(row["truths"]))
    ignored = tuple((item, channel) for item, channel in row["ignored"])  # type: ignore[attr-defined]
    card = _span(row.get("card"))
    return Query(path=Path(str(row["path"])), answer=Answer(truths, ignored), card=card, **fields)  # type: ignore[arg-type]


def _span(value: object) -> tuple[float, float] | None:
    return (float(value[0]), float(value[1])) if isinstance(value, list) else None


def _rows(value: object) -> list[dict[str, object]]:
    return value if isinstance(value, list) else []


def _truth(row: dict[str, object]) -> Truth:
    pairs: dict[str, object] = {name: _box(row[name]) for name in ("query", "archive", "query_box", "archive_box")}
    return Truth(**{**row, **pairs})  # type: ignore[arg-type]


def _box(value: object) -> BoxOrNone:
    return tuple(value) if isinstance(value, list) else None
