"""What is true of a made query: which archive items share its pictures or its sound, where, and how they were moved.

Derived from the plan and the kinship of clips alone, never from a look at the rendered pictures.
"""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

import cv2
import numpy as np
import numpy.typing as npt

from benchmarks.recall.corpus import Corpus
from benchmarks.recall.edits import EFFECTS, Matrix, Size, place_matrix
from benchmarks.recall.footage import working_size
from benchmarks.recall.parts import Item, Part
from benchmarks.recall.plan import Cut, Edit, Layer, Plan, Shot, Voice

type Span = tuple[float, float]
type Channel = Literal["picture", "sound"]
type BoxOrNone = tuple[float, float, float, float] | None

STILL_SECONDS = 1.0
"""The length that the instant of a still is given on an axis of time, so that overlaps have a measure."""
SHORTEST_PICTURE = 0.4
"""A shared stretch shorter than this is neither asked for nor held against anyone."""
SHORTEST_SOUND = 2.5
LONG_SIDE = 640
"""Clips are read at this length of their longer side."""


@dataclass(frozen=True, slots=True)
class Truth:
    """A stretch that a query shares with an archive item.

    `rate` is archive seconds per query second, negative where the query runs backwards, `None` where a side is a
    still. Boxes are fractions (left, top, width, height) of the upright pictures, `None` where not known.
    """

    item: str
    channel: Channel
    query: tuple[float, float]
    archive: tuple[float, float]
    rate: float | None
    mirrored: bool = False
    rotation_degrees: float = 0.0
    query_box: BoxOrNone = None
    archive_box: BoxOrNone = None


@dataclass(frozen=True, slots=True)
class Answer:
    """The right answer to a query: its truths, and the (item, channel) pairs that count neither way."""

    truths: tuple[Truth, ...]
    ignored: tuple[tuple[str, Channel], ...]


def answer(plan: Plan, corpus: Corpus) -> Answer:
    """The right answer to the query that `plan` makes."""
    truths: list[Truth] = []
    unclear: set[tuple[str, Channel]] = set()
    for cut, span, geometry in _picture_cuts(plan, corpus):
        for item, part in _parts(corpus):
            still = plan.kind == "image"
            found = _shared(cut, span, item, part, corpus=corpus, channel="picture", still=still)
            if isinstance(found, Truth):
                truths.append(_placed(found, geometry, cut.clip, part, item))
            elif found == "unclear":
                unclear.add((item.name, "picture"))
    for voice in plan.voices:
        for item, part in _parts(corpus):
            found = _sounding(voice, item, part, corpus)
            if isinstance(found, Truth):
                truths.append(found)
            elif found == "unclear":
                unclear.add((item.name, "sound"))
    true_pairs = {(truth.item, truth.channel) for truth in truths}
    unknown_items = {name for name, channel in unclear if channel == "picture" and (name, channel) not in true_pairs}
    unclear |= {(name, "sound") for name in unknown_items if (name, "sound") not in true_pairs}
    return Answer(tuple(truths), tuple(sorted(unclear - true_pairs)))


def _parts(corpus: Corpus) -> Iterator[tuple[Item, Part]]:
    for item in corpus.items:
        for part in item.parts:
            yield item, part


# --- time -----------------------------------------------------------------------------------------------------------


def _shared(
    cut: Cut, span: Span, item: Item, part: Part, *, corpus: Corpus, channel: Channel, still: bool
) -> Truth | Literal["unclear"] | None:
    kinship = corpus.family.of(cut.clip, part.clip)
    if kinship is None or (channel == "picture" and cut.clip == part.clip and cut.clip in corpus.family.still):
        return "unclear"
    if kinship.offset_seconds is None:
        return None
    offset = kinship.offset_seconds + part.at - part.start
    if corpus.clips[part.clip].kind == "image":
        query = (0.0, STILL_SECONDS) if still else span
        return Truth(item.name, channel, query, (0.0, STILL_SECONDS), None)
    low, high = part.at, part.at + part.seconds
    if still or cut.rate == 0:
        instant = cut.start + offset
        if not low <= instant <= high:
            return "unclear"
        query = (0.0, STILL_SECONDS) if still else span
        return Truth(item.name, channel, query, (instant - STILL_SECONDS / 2, instant + STILL_SECONDS / 2), None)
    return _overlap(cut, span, item.name, offset=offset, inside=(low, high), channel=channel)


def _overlap(
    cut: Cut, span: Span, name: str, *, offset: float, inside: Span, channel: Channel
) -> Truth | Literal["unclear"] | None:
    """The part of the query's span whose archive time lies `inside`."""
    ends = [cut.start + offset, cut.start + offset + cut.rate * (span[1] - span[0])]
    low, high = max(min(ends), inside[0]), min(max(ends), inside[1])
    if high <= low:
        return "unclear"  # another moment of the same take: nobody could say that nothing is shared
    times = sorted(span[0] + (second - ends[0]) / cut.rate for second in (low, high))
    shortest = SHORTEST_PICTURE if channel == "picture" else SHORTEST_SOUND
    if times[1] - times[0] < shortest:
        return "unclear"
    return Truth(name, channel, (times[0], times[1]), (low, high), cut.rate)


def _sounding(voice: Voice, item: Item, part: Part, corpus: Corpus) -> Truth | Literal["unclear"] | None:
    clip = corpus.clips[voice.cut.clip]
    kinship = corpus.family.of(clip.name, part.clip)
    if kinship is None:
        return "unclear"
    if kinship.sound is False or corpus.clips[part.clip].kind == "image":
        return None
    span = (voice.at, voice.at + voice.seconds)
    found = _shared(voice.cut, span, item, part, corpus=corpus, channel="sound", still=False)
    quiet = clip.loud_seconds < 0.7 * clip.seconds
    if isinstance(found, Truth) and (quiet or kinship.sound is None):
        return "unclear"
    return found


# --- geometry -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Geometry:
    """How a clip's pictures lie in the query's.

    Attributes:
        matrix: from the clip's pixels (at `before`) to the query's (at `after`).
        visible: float64, shape (n, 2), the outline in query pixels of what remains of the clip.
    """

    matrix: Matrix
    before: Size
    after: Size
    visible: npt.NDArray[np.float64]


def _picture_cuts(plan: Plan, corpus: Corpus) -> Iterator[tuple[Cut, tuple[float, float], Geometry]]:
    start = 0
    for shot in plan.shots:
        span = (start / plan.fps, (start + shot.frames) / plan.fps)
        start += shot.frames
        for number, layer in enumerate(shot.layers):
            if not _hidden(shot, number):
                yield layer.cut, span, _geometry(layer, plan, corpus)


def _hidden(shot: Shot, number: int) -> bool:
    return any(layer.box == (0.0, 0.0, 1.0, 1.0) and layer.fit == "cover" for layer in shot.layers[number + 1 :])


def _geometry(layer: Layer, plan: Plan, corpus: Corpus) -> Geometry:
    clip = corpus.clips[layer.cut.clip]
    before = working_size((clip.width, clip.height), LONG_SIDE)
    matrix, size = np.eye(3), before
    outline = _corners(before)
    canvas = (plan.width, plan.height)
    outline, matrix, size = _follow(outline, matrix, size, layer.edits)
    placing = place_matrix(size, canvas, layer.box, layer.fit)
    outline = _clip(_map(placing, outline), layer.box, canvas)
    matrix = placing @ matrix
    outline, matrix, size = _follow(outline, matrix, canvas, plan.edits)
    return Geometry(matrix, before, size, outline)


def _follow(
    outline: npt.NDArray[np.float64], matrix: Matrix, size: Size, edits: Sequence[Edit]
) -> tuple[npt.NDArray[np.float64], Matrix, Size]:
    for edit in edits:
        step, size = EFFECTS[edit.name].move(edit.values, size)
        matrix = step @ matrix
        outline = _clip(_map(step, outline), (0.0, 0.0, 1.0, 1.0), size)
    return outline, matrix, size


def _corners(size: Size) -> npt.NDArray[np.float64]:
    width, height = size
    return np.array([[0, 0], [width, 0], [width, height], [0, height]], np.float64)


def _map(matrix: Matrix, points: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    if not len(points):
        return points
    mapped = np.column_stack([points, np.ones(len(points))]) @ matrix.T
    return np.asarray(mapped[:, :2] / mapped[:, 2:], np.float64)


def _clip(
    outline: npt.NDArray[np.float64], box: tuple[float, float, float, float], size: Size
) -> npt.NDArray[np.float64]:
    if len(outline) < 3:
        return np.zeros((0, 2))
    frame = (_corners((1, 1)) * [box[2], box[3]] + [box[0], box[1]]) * size
    hull = cv2.convexHull(outline.astype(np.float32))
    area, shared = cv2.intersectConvexConvex(hull, frame.astype(np.float32))
    return shared.reshape(-1, 2).astype(np.float64) if area > 0 and shared is not None else np.zeros((0, 2))


def _placed(truth: Truth, geometry: Geometry, clip: str, part: Part, item: Item) -> Truth:
    mirrored, degrees = orientation(geometry.matrix, geometry.before)
    query_box = hull_box(geometry.visible, geometry.after)
    archive_box: BoxOrNone = None
    if part.clip == clip and len(geometry.visible):
        source = _map(np.linalg.inv(geometry.matrix), geometry.visible)
        size = geometry.before
        if item.plan is not None:
            canvas = (item.plan.width, item.plan.height)
            layer = next(s.layers[0] for s in item.plan.shots if s.layers[0].cut.clip == clip)
            source, size = _map(place_matrix(size, canvas, layer.box, layer.fit), source), canvas
        archive_box = hull_box(source, size)
    return Truth(
        truth.item,
        truth.channel,
        truth.query,
        truth.archive,
        truth.rate,
        mirrored,
        degrees,
        query_box if part.clip == clip else None,
        archive_box,
    )


def orientation(matrix: Matrix, size: Size) -> tuple[bool, float]:
    """Whether a matrix mirrors, and by how many degrees clockwise (0 to 360) it turns after mirroring."""
    points = np.array([[size[0] / 2, size[1] / 2], [size[0] / 2 + 1, size[1] / 2], [size[0] / 2, size[1] / 2 + 1]])
    centre, right, down = _map(matrix, points)
    linear = np.column_stack([right - centre, down - centre])
    mirrored = bool(np.linalg.det(linear) < 0)
    if mirrored:
        linear = linear @ np.diag([-1.0, 1.0])
    return mirrored, round(math.degrees(math.atan2(linear[1, 0], linear[0, 0])) % 360, 2) % 360


def hull_box(points: npt.NDArray[np.float64], size: Size) -> BoxOrNone:
    """The axis-aligned hull of the points within a picture, as fractions."""
    if not len(points):
        return None
    low = np.clip(points.min(0) / size, 0, 1)
    high = np.clip(points.max(0) / size, 0, 1)
    return float(low[0]), float(low[1]), float(high[0] - low[0]), float(high[1] - low[1])
