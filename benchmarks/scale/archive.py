"""The archive that is measured: one of the largest size, of which smaller ones are the first rows."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from benchmarks.scale.described import Described
from benchmarks.scale.growth import METHOD, SHOTS_OF_ITEM, Builder, grown
from firsthand.archive.open import open_holdings
from firsthand.store.descriptors import Columns
from firsthand.store.fingerprints import Stretches
from firsthand.store.index import ExhaustiveIndex
from firsthand.store.layout import Layout


@dataclass(frozen=True, slots=True)
class Made:
    """Where the archive lies, and the clip and group of each of its first items, which hold real pictures.

    `clip_of_key` and `group_of_key` know planted items alone.
    """

    layout: Layout
    clip_of_key: dict[int, int]
    group_of_key: dict[int, int]


def build(planted: Described, real: Described, largest: int, work: Path) -> Made:
    """The archive with at least `largest` rows: planted clips, real rows, made rows; kept from run to run."""
    layout = Layout(work / f"archive-{largest}")
    clips, firsts = np.unique(planted.clips, return_index=True)
    keys = range(1, len(clips) + 1)
    made = Made(
        layout,
        dict(zip(keys, clips.tolist(), strict=True)),
        dict(zip(keys, planted.groups[firsts].tolist(), strict=True)),
    )
    if not layout.database.exists():
        Builder(layout).add(_blocks(planted, real, largest))
    return made


def _blocks(planted: Described, real: Described, largest: int) -> Iterator[tuple[Described, int]]:
    yield planted, 1
    yield real, SHOTS_OF_ITEM
    left = largest - len(planted.times) - len(real.times)
    if left > 0:
        for block in grown(real, left):
            yield block, SHOTS_OF_ITEM


def first_rows(index: ExhaustiveIndex, rows: int) -> ExhaustiveIndex:
    """The index as it was when the archive held so many rows, to an item."""
    stretches, columns = index.stretches, index.columns
    kept = int(np.searchsorted(stretches.starts + stretches.counts, rows, side="right"))
    end = int(stretches.starts[kept - 1] + stretches.counts[kept - 1])
    return ExhaustiveIndex(
        index.method,
        Columns(columns.times[:end], columns.boxes[:end], columns.codes[:end], columns.vectors[:end]),
        Stretches(stretches.items[:kept], stretches.starts[:kept], stretches.counts[:kept]),
    )


def whole(layout: Layout) -> ExhaustiveIndex:
    """The index as `match` opens it."""
    with open_holdings(layout) as holdings:
        index = holdings.index(METHOD)
    if index is None:
        raise ValueError("expected an archive with descriptors")
    return index
