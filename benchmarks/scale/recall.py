"""How many edited pictures and clips are found among the first so many rows, where nothing wrong is."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from benchmarks.scale.archive import Made
from benchmarks.scale.described import INSET, Described
from benchmarks.scale.footage import Clip, Part
from benchmarks.scale.growth import units
from firsthand.recall.candidates import item_lines
from firsthand.recall.describing import Rows
from firsthand.recall.descriptors import Described as Forms
from firsthand.recall.sscd import SscdDescriptor
from firsthand.store.index import ExhaustiveIndex

NEIGHBOURS = (24, 96, 256)
PLANTED_CLIPS, ABSENT_CLIPS = 24, 12
_PICTURES = 6  # of each edited clip, spread evenly
_INSET_PICTURES = 1  # with all windows of each
_AT_ONCE = 400
_ASKED_AS_CLIPS = ("caption", "crop 25 %", "screen photo", "mirror, crop, caption", INSET)
_SAME_SECONDS = 0.7  # a neighbour of the right clip this near in time shows the same picture, or one next to it


@dataclass(frozen=True, slots=True)
class Asked:
    """Edited clips: for each picture the edit, the clip (a number) and what it is; insets count by window.

    Attributes:
        rows: what is asked, one entry a picture or window.
        edits: the names of the edits, one entry a row.
        planted: whether the archive holds the clip, one entry a row.
    """

    rows: Described
    edits: npt.NDArray[np.str_]
    planted: npt.NDArray[np.bool_]


def asked(every: list[Clip], queries: Mapping[str, Described]) -> Asked:
    """The pictures that are asked for."""
    parts, names = [], []
    for name, one in queries.items():
        keep = _spread(one, _INSET_PICTURES if name == INSET else _PICTURES)
        parts.append(Described(one.vectors[keep], one.clips[keep], one.groups[keep], one.times[keep]))
        names += [name] * int(keep.sum())
    rows = Described(*(np.concatenate([getattr(part, field) for part in parts]) for field in Described.__slots__))
    is_planted = np.array([clip.part is Part.PLANTED for clip in every])
    return Asked(rows, np.array(names), is_planted[rows.clips])


def _spread(one: Described, most: int) -> npt.NDArray[np.bool_]:
    """All rows of at most so many instants of each clip, spread evenly."""
    keep = np.zeros(len(one.times), bool)
    for clip in np.unique(one.clips):
        places = np.flatnonzero(one.clips == clip)
        times = np.unique(one.times[places])
        kept = times[np.unique(np.linspace(0, len(times) - 1, most).astype(int))]
        keep[places[np.isin(one.times[places], kept)]] = True
    return keep


@dataclass(frozen=True, slots=True)
class PictureRecall:
    """What single pictures reach at one size.

    Attributes:
        size: rows of the archive.
        among: share of planted pictures whose own picture is among the k nearest codes, by edit and k.
        at_zero: share of them, by edit, that are found among 96 with a similarity above every wrong pair's.
        at_rare: the same above what 1 picture in 1,000 has a wrong pair beyond.
        threshold: the highest similarity of a wrong pair.
        rare: the similarity that 1 picture in 1,000 has a wrong pair beyond.
        farthest: the Hamming distance of the 96th nearest, at the median.
        above_floor: wrong rows among the 96 above the method's candidate similarity, on average.
    """

    size: int
    among: dict[str, dict[int, float]]
    at_zero: dict[str, float]
    at_rare: dict[str, float]
    threshold: float
    rare: float
    farthest: float
    above_floor: float


@dataclass(frozen=True, slots=True)
class _Near:
    """The nearest rows of each picture asked for, nearest code first; all of shape (pictures, k)."""

    keys: npt.NDArray[np.int64]
    times: npt.NDArray[np.float64]
    similarities: npt.NDArray[np.float32]
    distances: npt.NDArray[np.int32]


def _nearest(what: Asked, index: ExhaustiveIndex) -> _Near:
    keys, times, similarities, distances = [], [], [], []
    for start in range(0, len(what.rows.times), _AT_ONCE):
        part = slice(start, start + _AT_ONCE)
        found = index.nearest(what.rows.codes[part], max(NEIGHBOURS))
        located = index.locate(found.rows.ravel())
        archived = units(located.vectors).reshape(*found.rows.shape, -1)
        keys.append(located.items.reshape(found.rows.shape))
        times.append(located.times.reshape(found.rows.shape))
        similarities.append(np.einsum("nd,nkd->nk", units(what.rows.vectors[part]), archived))
        distances.append(found.distances)
    return _Near(*map(np.concatenate, (keys, times, similarities, distances)))


def pictures(what: Asked, made: Made, index: ExhaustiveIndex, floor: float) -> PictureRecall:
    """The shares; for an inset a picture is found if any of its windows is."""
    near = _nearest(what, index)
    clips = np.vectorize(lambda key: made.clip_of_key.get(key, -1))(near.keys)
    groups = np.vectorize(lambda key: made.group_of_key.get(key, -1))(near.keys)
    apart = np.abs(near.times - what.rows.times[:, None])
    right = (clips == what.rows.clips[:, None]) & (apart <= _SAME_SECONDS)
    wrong = groups != what.rows.groups[:, None]
    similarities = near.similarities
    of_wrong = np.where(wrong[:, :96], similarities[:, :96], -1).max(axis=1)
    threshold, rare = float(of_wrong.max()), float(np.quantile(of_wrong, 0.999))
    among: dict[str, dict[int, float]] = {}
    at_zero, at_rare = {}, {}
    for name in map(str, np.unique(what.edits)):
        of = (what.edits == name) & what.planted
        pictures_of = np.stack([what.rows.clips[of], np.round(what.rows.times[of] * 1000)], axis=1)
        among[name] = {k: _share(pictures_of, right[of, :k].any(axis=1)) for k in NEIGHBOURS}
        of_right = np.where(right[of, :96], similarities[of, :96], -1).max(axis=1)
        at_zero[name] = _share(pictures_of, of_right > threshold)
        at_rare[name] = _share(pictures_of, of_right > rare)
    return PictureRecall(
        index.size,
        among,
        at_zero,
        at_rare,
        threshold,
        rare,
        float(np.median(near.distances[:, 95])),
        float((wrong[:, :96] & (similarities[:, :96] >= floor)).sum(axis=1).mean()),
    )


def _share(pictures_of: npt.NDArray[np.float64], found: npt.NDArray[np.bool_]) -> float:
    """The share of different pictures of which any row was found."""
    _, which = np.unique(pictures_of, axis=0, return_inverse=True)
    return float((np.bincount(which.ravel(), found) > 0).mean())


@dataclass(frozen=True, slots=True)
class ClipRecall:
    """What whole clips reach at one size, through the program's own vote.

    Attributes:
        size: rows of the archive.
        verified: share of planted clips whose own line is among those that go to verification, by edit.
        at_zero: share of them, by edit, whose line has more votes than every wrong line of any query.
        most_wrong_votes: the votes of the strongest wrong line.
        wrong_lines: lines that go to verification for a clip that the archive lacks, on average.
        core_seconds: processor seconds a clip, search and vote, on average.
    """

    size: int
    verified: dict[str, float]
    at_zero: dict[str, float]
    most_wrong_votes: float
    wrong_lines: float
    core_seconds: float


def rows_of(what: Asked, keep: npt.NDArray[np.bool_]) -> Rows:
    """Some pictures as `match` describes a query."""
    rows = what.rows
    boxes = np.tile(np.array([0, 0, 1, 1], np.float32), (int(keep.sum()), 1))
    return Rows(rows.times[keep], boxes, Forms(rows.codes[keep][None], rows.vectors[keep]))


def clips_found(what: Asked, made: Made, index: ExhaustiveIndex, clock: Callable[[], float]) -> ClipRecall:
    """The shares, one query a clip and edit, of some clips and the harder edits."""
    descriptor = SscdDescriptor()
    ranks: dict[str, list[tuple[bool, float]]] = {}
    most_wrong, spent, asked_for = 0.0, 0.0, 0
    of_absent: list[int] = []
    planted = np.unique(what.rows.clips[what.planted])[:PLANTED_CLIPS]
    absent = np.unique(what.rows.clips[~what.planted])[:ABSENT_CLIPS]
    for name in _ASKED_AS_CLIPS:
        for clip in (*planted, *absent):
            keep = (what.edits == name) & (what.rows.clips == clip)
            if not keep.any():
                continue
            began = clock()
            lines = item_lines(rows_of(what, keep), descriptor, index)
            spent += clock() - began
            asked_for += 1
            group = int(what.rows.groups[keep][0])
            wrong = [line.line.votes for line in lines if made.group_of_key.get(line.key, -1) != group]
            most_wrong = max([most_wrong, *wrong])
            if not what.planted[keep][0]:
                of_absent.append(len(wrong))
            else:
                own = [line.line.votes for line in lines if made.clip_of_key.get(line.key, -1) == clip]
                ranks.setdefault(str(name), []).append((bool(own), max(own, default=0.0)))
    return ClipRecall(
        index.size,
        {name: float(np.mean([found for found, _ in every])) for name, every in ranks.items()},
        {name: float(np.mean([votes > most_wrong for _, votes in every])) for name, every in ranks.items()},
        most_wrong,
        float(np.mean(of_absent)),
        spent / max(1, asked_for),
    )
