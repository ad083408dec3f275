"""What the descriptors of a model find at a sampling, as far as descriptors decide: up to the candidate lines."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from benchmarks.recall.queries import Benchmark, Query
from benchmarks.recall.score import ALIGNED_WITHIN
from benchmarks.recall.truth import Truth
from benchmarks.sampling.files import File
from benchmarks.sampling.instants import OF_QUERIES
from firsthand.recall.candidates import ItemLine, item_lines
from firsthand.recall.describing import Rows
from firsthand.recall.descriptors import Descriptor
from firsthand.store.descriptors import Columns
from firsthand.store.fingerprints import Stretches
from firsthand.store.index import ExhaustiveIndex


@dataclass(frozen=True, slots=True)
class Figures:
    """Of one method at one sampling. `placed` holds the rank of the first right line of each placed pair, from 1."""

    method: str
    sampling: str
    pairs: int
    placed: Mapping[tuple[str, str], int]
    lines_per_query: float
    descriptors_per_hour: float
    cpu_per_second: float


def index_of(items: Sequence[Rows], method: str) -> ExhaustiveIndex:
    """The archive in memory; an item's key is its place."""
    counts = np.array([len(rows.times) for rows in items])
    filled = np.flatnonzero(counts)
    return ExhaustiveIndex(
        method,
        Columns(
            np.concatenate([rows.times for rows in items]),
            np.concatenate([rows.boxes for rows in items]),
            np.concatenate([rows.described.codes[0] for rows in items]),
            np.concatenate([rows.described.vectors for rows in items]),
        ),
        Stretches(filled, (np.cumsum(counts) - counts)[filled], counts[filled]),
    )


def is_right(found: ItemLine, truth: Truth) -> bool:
    """Whether a line leads to the right time of its item: at the middle of the truth, or at the instant of a still."""
    middle = sum(truth.archive) / 2
    if truth.rate is None:
        return abs(float(np.median(found.line.support.archive_times)) - middle) <= 2 * ALIGNED_WITHIN
    return abs(found.line.alignment.archive_time(sum(truth.query) / 2) - middle) <= ALIGNED_WITHIN


def figures(
    benchmark: Benchmark,
    files: Mapping[Path, File],
    queries: Sequence[Query],
    descriptor: Descriptor,
    called: tuple[str, str],
) -> Figures:
    """What a method finds in an archive at a sampling; both as they are `called` in `files`."""
    name, at = called
    items = [files[benchmark.archive / item].sampled(at, name) for item in benchmark.items]
    index = index_of(items, descriptor.method)
    pairs: set[tuple[str, str]] = set()
    placed: dict[tuple[str, str], int] = {}
    lines = 0
    for query in queries:
        found = item_lines(files[query.path].sampled(OF_QUERIES, name), descriptor, index)
        lines += len(found)
        for truth in pictures_of(query):
            pair = (query.id, truth.item)
            pairs.add(pair)
            key = benchmark.items.index(truth.item)
            ranks = [rank for rank, one in enumerate(found, 1) if one.key == key and is_right(one, truth)]
            if ranks:
                placed[pair] = min(ranks[0], placed.get(pair, ranks[0]))
    every = sum(len(file.rows[name].times) for file in files.values())
    each = sum(file.cpu_seconds[name] for file in files.values()) / every
    seconds = sum(benchmark.item_seconds)
    count = sum(len(rows.times) for rows in items)
    return Figures(name, at, len(pairs), placed, lines / len(queries), count / seconds * 3600, each * count / seconds)


def pictures_of(query: Query) -> list[Truth]:
    return [truth for truth in query.answer.truths if truth.channel == "picture"]
